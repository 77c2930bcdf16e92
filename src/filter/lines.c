/* One record a line.
 *
 * A line above the limit is read to its end and refused; memory is the limit, not the line. An
 * empty line is a record without bytes, so that whoever counts lines finds one out for each in. */
#include <inttypes.h>
#include <string.h>

#include "base/slice.h"
#include "filter/intake.h"

/* Drops the rest of a line that was refused. True when its end was found. */
static bool skip_line(struct intake *intake)
{
    desk_slice bytes = window_bytes(&intake->window);
    const char *hit = bytes.len ? memchr(bytes.data, '\n', bytes.len) : NULL;
    window_drop(&intake->window, hit ? (size_t)(hit + 1 - bytes.data) : bytes.len);
    intake->is_skipping = !hit;
    return hit != NULL;
}

static enum intake_status refuse_long(struct intake *intake, struct arena *arena, struct item *item)
{
    intake_begin(intake, item);
    intake->is_skipping = true;
    intake->scanned = 0;
    skip_line(intake);
    return intake_refuse(item, arena, "input-too-large",
                         "the line has more than %zu bytes, the limit (limits.input); its rest "
                         "was skipped",
                         intake->record_bytes_max);
}

/* Bytes were lost: what is there is the beginning of a line. What follows may be the end of another
 * or a whole one; it is given, and refused where it is none. */
static enum intake_status refuse_gap(struct intake *intake, struct arena *arena, struct item *item)
{
    intake_begin(intake, item);
    window_drop(&intake->window, window_bytes(&intake->window).len);
    intake->scanned = 0;
    intake->is_skipping = false;
    return intake_refuse(item, arena, "damaged-input", "%s", intake->window.input->reason);
}

static enum intake_status give(struct intake *intake, struct arena *arena, size_t len,
                               struct item *item)
{
    desk_slice line = slice_sub(window_bytes(&intake->window), 0, len);
    intake_begin(intake, item);
    item->record.value = arena_copy(arena, slice_trim(line));
    item->record.is_null = slice_is(item->record.value, "null");
    intake->scanned = 0;
    window_drop(&intake->window, len);
    if (slice_trim(line).len && !item->record.value.data)
        return intake_fail(intake, "out of memory");
    return INTAKE_ITEM;
}

/* Looks at what is there; INTAKE_WAIT when that is no whole line. */
static enum intake_status look(struct intake *intake, struct arena *arena, struct item *item)
{
    if (intake->is_skipping && !skip_line(intake))
        return INTAKE_WAIT;
    desk_slice bytes = window_bytes(&intake->window);
    const char *hit = bytes.len > intake->scanned
                          ? memchr(bytes.data + intake->scanned, '\n', bytes.len - intake->scanned)
                          : NULL;
    size_t len = hit ? (size_t)(hit - bytes.data) : bytes.len;
    intake->scanned = len;
    if (len > intake->record_bytes_max)
        return refuse_long(intake, arena, item);
    return hit ? give(intake, arena, len + 1, item) : INTAKE_WAIT;
}

enum intake_status lines_next(struct intake *intake, struct arena *arena, bool may_wait,
                              struct item *item)
{
    for (;;) {
        enum intake_status found = look(intake, arena, item);
        if (found != INTAKE_WAIT)
            return found;
        enum input_status status = window_more(&intake->window, may_wait);
        size_t left = window_bytes(&intake->window).len;
        switch (status) {
        case INPUT_BYTES:
            break;
        case INPUT_WAIT:
            return INTAKE_WAIT;
        case INPUT_GAP:
            return refuse_gap(intake, arena, item);
        case INPUT_END:
            return left && !intake->is_skipping ? give(intake, arena, left, item) : INTAKE_END;
        case INPUT_STOPPED:
            intake->left_bytes = left;
            return INTAKE_END;
        case INPUT_FAILED:
            return intake_fail(intake, intake->window.input->reason);
        }
    }
}
