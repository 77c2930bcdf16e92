/* Reading lines from a file descriptor with a bound on memory.
 *
 * A line longer than the bound is given cut to bound + 1 bytes, so that the engine rejects it by
 * size, and the rest of it is read and dropped. */
#ifndef COMMANDS_LINES_H
#define COMMANDS_LINES_H

#include <copydesk/slice.h>
#include <stdbool.h>

struct line_reader {
    int fd;
    size_t line_bytes_max;
    char *buffer;
    size_t capacity, start, end; /* unread bytes are [start, end) */
    size_t scanned;              /* no line end before this position */
    bool is_at_eof, is_skipping, has_failed;
};

void line_reader_init(struct line_reader *reader, int fd, size_t line_bytes_max);
void line_reader_deinit(struct line_reader *reader);
/* The next line without its end, valid until the next call. False at the end, or when has_failed
 * (errno is set). */
bool line_reader_next(struct line_reader *reader, desk_slice *line);

#endif
