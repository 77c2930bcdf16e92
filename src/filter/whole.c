/* The input as one record. */
#include "base/slice.h"
#include "filter/intake.h"

static enum intake_status give(struct intake *intake, struct arena *arena, struct item *item)
{
    desk_slice bytes = window_bytes(&intake->window);
    intake->is_skipping = true;
    intake_begin(intake, item);
    item->record.value = arena_copy(arena, bytes);
    window_drop(&intake->window, bytes.len);
    if (bytes.len && !item->record.value.data)
        return intake_fail(intake, "out of memory");
    return INTAKE_ITEM;
}

static enum intake_status refuse(struct intake *intake, struct arena *arena, struct item *item,
                                 const char *code)
{
    intake->is_skipping = true;
    intake_begin(intake, item);
    if (code)
        return intake_refuse(item, arena, code, "%s", intake->window.input->reason);
    return intake_refuse(item, arena, "input-too-large",
                         "the document has more than %zu bytes, the limit (limits.input)",
                         intake->record_bytes_max);
}

enum intake_status whole_next(struct intake *intake, struct arena *arena, bool may_wait,
                              struct item *item)
{
    while (!intake->is_skipping) {
        enum input_status status = window_more(&intake->window, may_wait);
        if (window_bytes(&intake->window).len > intake->record_bytes_max)
            return refuse(intake, arena, item, NULL);
        switch (status) {
        case INPUT_BYTES:
            break;
        case INPUT_WAIT:
            return INTAKE_WAIT;
        case INPUT_GAP:
            return refuse(intake, arena, item, "damaged-input");
        case INPUT_END:
            return give(intake, arena, item);
        case INPUT_STOPPED:
            intake->left_bytes = window_bytes(&intake->window).len;
            return INTAKE_END;
        case INPUT_FAILED:
            return intake_fail(intake, intake->window.input->reason);
        }
    }
    return INTAKE_END;
}
