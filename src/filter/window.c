/* A growing window over an input. */
#include "filter/window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"

/* READ_BYTES: room offered to a read. KEPT_BYTES: what stays allocated when nothing is unread, so
 * that one giant record does not hold its memory for ever. */
enum { READ_BYTES = 1 << 16, KEPT_BYTES = 1 << 22 };

void window_init(struct window *window, struct input *input)
{
    *window = (struct window){.input = input};
}

void window_deinit(struct window *window)
{
    free(window->buffer);
}

static void shrink(struct window *window)
{
    if (window->start < window->end || window->capacity <= KEPT_BYTES)
        return;
    free(window->buffer);
    window->buffer = NULL;
    window->start = window->end = window->capacity = 0;
}

static bool make_room(struct window *window)
{
    shrink(window);
    if (window->capacity - window->end >= READ_BYTES)
        return true;
    if (window->start) {
        memmove(window->buffer, window->buffer + window->start, window->end - window->start);
        window->end -= window->start;
        window->start = 0;
    }
    if (window->capacity - window->end >= READ_BYTES)
        return true;
    size_t wanted = window->capacity * 2 + 2 * READ_BYTES;
    char *grown = realloc(window->buffer, wanted);
    if (!grown)
        return false;
    window->buffer = grown;
    window->capacity = wanted;
    return true;
}

enum input_status window_more(struct window *window, bool may_wait)
{
    if (!make_room(window)) {
        snprintf(window->input->reason, sizeof window->input->reason, "out of memory");
        return INPUT_FAILED;
    }
    struct input_room room = {window->buffer + window->end, window->capacity - window->end, 0};
    enum input_status status = input_read(window->input, &room, may_wait);
    window->end += room.used;
    return status;
}

desk_slice window_bytes(const struct window *window)
{
    return slice_of(window->buffer + window->start, window->end - window->start);
}

void window_drop(struct window *window, size_t count)
{
    window->start += count;
    window->offset += count;
}
