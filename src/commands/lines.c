/* The bounded line reader. */
#include "commands/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/slice.h"

enum { READ_BYTES = 1 << 16 };

void line_reader_init(struct line_reader *reader, int fd, size_t line_bytes_max)
{
    *reader = (struct line_reader){.fd = fd, .line_bytes_max = line_bytes_max};
}

void line_reader_deinit(struct line_reader *reader)
{
    free(reader->buffer);
}

static bool make_room(struct line_reader *reader)
{
    if (reader->start) {
        memmove(reader->buffer, reader->buffer + reader->start, reader->end - reader->start);
        reader->end -= reader->start;
        reader->scanned -= reader->start;
        reader->start = 0;
    }
    if (reader->capacity - reader->end >= READ_BYTES)
        return true;
    size_t wanted = reader->capacity * 2 + 2 * READ_BYTES;
    char *grown = realloc(reader->buffer, wanted);
    if (!grown)
        return false;
    reader->buffer = grown;
    reader->capacity = wanted;
    return true;
}

static bool fill(struct line_reader *reader)
{
    ssize_t got;
    if (!make_room(reader)) {
        errno = ENOMEM;
        reader->has_failed = true;
        return false;
    }
    do
        got = read(reader->fd, reader->buffer + reader->end, reader->capacity - reader->end);
    while (got < 0 && errno == EINTR);
    reader->has_failed = got < 0;
    reader->is_at_eof = got == 0;
    reader->end += got > 0 ? (size_t)got : 0;
    return got > 0;
}

/* Drops what is left of a line that was cut. */
static void skip_rest(struct line_reader *reader)
{
    while (reader->is_skipping) {
        const char *hit = memchr(reader->buffer + reader->start, '\n', reader->end - reader->start);
        reader->start = hit ? (size_t)(hit + 1 - reader->buffer) : reader->end;
        reader->scanned = reader->start;
        reader->is_skipping = !hit;
        if (!hit && !fill(reader))
            break;
    }
}

static bool give(struct line_reader *reader, size_t len, size_t end_len, desk_slice *line)
{
    *line = slice_of(reader->buffer + reader->start, len);
    if (len && end_len && line->data[len - 1] == '\r')
        line->len--;
    reader->start += len + end_len;
    reader->scanned = reader->start;
    return true;
}

bool line_reader_next(struct line_reader *reader, desk_slice *line)
{
    skip_rest(reader);
    for (;;) {
        size_t unscanned = reader->end - reader->scanned;
        const char *hit =
            unscanned ? memchr(reader->buffer + reader->scanned, '\n', unscanned) : NULL;
        if (hit)
            return give(reader, (size_t)(hit - reader->buffer) - reader->start, 1, line);
        reader->scanned = reader->end;
        if (reader->end - reader->start > reader->line_bytes_max) {
            reader->is_skipping = true;
            return give(reader, reader->line_bytes_max + 1, 0, line);
        }
        if (reader->is_at_eof || reader->has_failed || !fill(reader))
            break;
    }
    size_t left = reader->end - reader->start;
    return left && !reader->has_failed && give(reader, left, 0, line);
}
