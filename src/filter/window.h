/* The part of an input that is looked at: grows until the reader has seen a whole record.
 *
 * window.input's INPUT_GAP goes through: the bytes before and after it do not belong together. */
#ifndef FILTER_WINDOW_H
#define FILTER_WINDOW_H

#include <copydesk/slice.h>

#include "filter/input.h"

struct window {
    struct input *input;
    char *buffer;
    size_t start, end, capacity; /* unread bytes are [start, end) */
    uint64_t offset;             /* in the decompressed stream, of buffer[start] */
};

void window_init(struct window *window, struct input *input);
void window_deinit(struct window *window);
/* Reads more behind what is there, which may move. */
enum input_status window_more(struct window *window, bool may_wait);
/* All unread bytes, valid until the next call. */
desk_slice window_bytes(const struct window *window);
/* Drops `count` bytes at the start. */
void window_drop(struct window *window, size_t count);

#endif
