/* The bytes of a file descriptor, decompressed where they are gzip or Zstandard.
 *
 * The format is told by the first bytes. Members and frames that follow each other are read as one
 * stream, as .warc.gz files are made. A damaged one ends in INPUT_GAP; the next call goes on with
 * the next member or frame that can be found.
 *
 *     struct input input;
 *     input_init(&input, fd, stop_fd);
 *     while ((status = input_read(&input, &room, false)) == INPUT_BYTES) ...
 *     input_deinit(&input);
 *
 * One thread per input. */
#ifndef FILTER_INPUT_H
#define FILTER_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filter/codec.h"

enum input_status {
    INPUT_BYTES,   /* there is at least one */
    INPUT_WAIT,    /* there is none yet; only when the caller does not want to wait */
    INPUT_GAP,     /* bytes are lost here; input.reason says which and why */
    INPUT_END,     /* from now on always */
    INPUT_STOPPED, /* stop_fd became readable; from now on always */
    INPUT_FAILED   /* input.reason says why; from now on always */
};

enum { INPUT_REASON_SIZE = 160 };

struct input {
    int fd, stop_fd;
    const struct codec *codec; /* NULL: plain, or not known yet */
    void *decoder;
    unsigned char *raw; /* bytes as they came, unread ones are [start, end) */
    size_t start, end;
    uint64_t raw_offset;   /* in the file, of raw[start] */
    uint64_t frame_offset; /* in the file, of the member or frame under way */
    bool is_known;         /* the format is */
    bool is_in_frame, has_more_out, is_lost, is_at_end;
    bool owes_gap;    /* good bytes came first */
    bool is_stopping; /* stop_fd was readable */
    size_t to_drain;  /* of the descriptor, before INPUT_STOPPED */
    char reason[INPUT_REASON_SIZE];
};

/* Room for bytes; `used` is set by input_read. */
struct input_room {
    char *data;
    size_t size, used;
};

/* fd stays the caller's. stop_fd: readable when reading is to end; -1: none. */
void input_init(struct input *input, int fd, int stop_fd);
void input_deinit(struct input *input);
enum input_status input_read(struct input *input, struct input_room *room, bool may_wait);

#endif
