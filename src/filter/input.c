/* Reading, and decompressing by the first bytes. */
#include "filter/input.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* As much as a pipe of Linux holds. */
enum { RAW_BYTES = 1 << 16 };

void input_init(struct input *input, int fd, int stop_fd)
{
    *input = (struct input){.fd = fd, .stop_fd = stop_fd};
}

void input_deinit(struct input *input)
{
    if (input->codec)
        input->codec->close(input->decoder);
    free(input->raw);
}

static enum input_status fail(struct input *input, const char *reason)
{
    snprintf(input->reason, sizeof input->reason, "%s", reason);
    return INPUT_FAILED;
}

/* --- the descriptor ------------------------------------------------------------------------ */

/* What a pipe or socket holds when reading is to stop: its writer takes that for delivered, so it
 * is still read. A file keeps what was not read. */
static enum input_status begin_stop(struct input *input)
{
    int held = 0;
    if (!input->is_stopping && ioctl(input->fd, FIONREAD, &held) == 0 && held > 0 &&
        lseek(input->fd, 0, SEEK_CUR) < 0)
        input->to_drain = (size_t)held;
    input->is_stopping = true;
    return input->to_drain ? INPUT_BYTES : INPUT_STOPPED;
}

/* INPUT_BYTES when a read will not block. */
static enum input_status wait_for_bytes(struct input *input, bool may_wait)
{
    struct pollfd watched[2] = {{.fd = input->fd, .events = POLLIN},
                                {.fd = input->stop_fd, .events = POLLIN}};
    for (;;) {
        int count = poll(watched, 2, may_wait ? -1 : 0);
        if (count < 0 && errno != EINTR)
            return INPUT_BYTES; /* the read will say what is wrong */
        if (count > 0 && watched[1].revents)
            return begin_stop(input);
        if (count > 0)
            return INPUT_BYTES;
        if (count == 0)
            return INPUT_WAIT;
    }
}

static enum input_status read_raw(struct input *input, char *to, size_t room, bool may_wait,
                                  size_t *got)
{
    for (;;) {
        enum input_status status = wait_for_bytes(input, may_wait);
        if (status != INPUT_BYTES)
            return status;
        if (input->is_stopping && room > input->to_drain)
            room = input->to_drain;
        ssize_t count = read(input->fd, to, room);
        if (count > 0) {
            *got = (size_t)count;
            input->to_drain -= input->is_stopping ? (size_t)count : 0;
            return INPUT_BYTES;
        }
        if (count == 0) {
            input->is_at_end = true;
            return INPUT_END;
        }
        if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)
            return fail(input, strerror(errno));
    }
}

/* More raw bytes behind the unread ones. */
static enum input_status fill(struct input *input, bool may_wait)
{
    size_t got = 0;
    if (input->is_at_end)
        return INPUT_END;
    if (!input->raw && !(input->raw = malloc(RAW_BYTES)))
        return fail(input, "out of memory");
    if (input->start) {
        memmove(input->raw, input->raw + input->start, input->end - input->start);
        input->end -= input->start;
        input->start = 0;
    }
    enum input_status status =
        read_raw(input, (char *)input->raw + input->end, RAW_BYTES - input->end, may_wait, &got);
    input->end += got;
    return status;
}

static void consume(struct input *input, size_t count)
{
    input->start += count;
    input->raw_offset += count;
}

/* --- the format ---------------------------------------------------------------------------- */

/* A magic that all unread bytes agree with, as far as they go. */
/* A skippable frame (RFC 8878, 3.1.2): 50 to 5F, then always the same. */
static bool may_be_skippable(const unsigned char *bytes, size_t have)
{
    static const unsigned char REST[] = {0x2A, 0x4D, 0x18};
    size_t rest = have > sizeof REST ? sizeof REST : have ? have - 1 : 0;
    return have && (bytes[0] & 0xF0) == 0x50 && memcmp(bytes + 1, REST, rest) == 0;
}

static bool may_be(const struct input *input, const struct codec *codec)
{
    const unsigned char *bytes = input->raw + input->start;
    size_t have = input->end - input->start;
    size_t len = have < codec->magic_len ? have : codec->magic_len;
    return memcmp(bytes, codec->magic, len) == 0 ||
           (codec == &CODEC_ZSTD && may_be_skippable(bytes, have));
}

static bool has_magic(const struct input *input)
{
    return input->end - input->start >= input->codec->magic_len && may_be(input, input->codec);
}

/* Reads until the format is known: for text that is after the first byte. */
static enum input_status sniff(struct input *input, bool may_wait)
{
    static const struct codec *const codecs[] = {&CODEC_GZIP, &CODEC_ZSTD};
    enum { CODECS = sizeof codecs / sizeof codecs[0] };
    for (;;) {
        enum input_status status = INPUT_BYTES;
        if (input->end == input->start || input->is_at_end)
            status = fill(input, may_wait);
        if (status != INPUT_BYTES && status != INPUT_END)
            return status;
        bool is_open = false;
        for (size_t i = 0; i < CODECS && input->end > input->start; i++) {
            is_open |= may_be(input, codecs[i]);
            if (may_be(input, codecs[i]) && input->end - input->start >= codecs[i]->magic_len)
                input->codec = codecs[i];
        }
        if (input->codec || !is_open || status == INPUT_END)
            break;
        status = fill(input, may_wait);
        if (status != INPUT_BYTES && status != INPUT_END)
            return status;
    }
    input->is_known = true;
    if (input->codec && !(input->decoder = input->codec->open()))
        return fail(input, "out of memory");
    return INPUT_BYTES;
}

/* --- plain and compressed ------------------------------------------------------------------ */

static enum input_status read_plain(struct input *input, struct input_room *room, bool may_wait)
{
    size_t have = input->end - input->start;
    if (!have) {
        if (input->is_at_end)
            return INPUT_END;
        enum input_status status = read_raw(input, room->data, room->size, may_wait, &room->used);
        input->raw_offset += room->used;
        return status;
    }
    room->used = have < room->size ? have : room->size;
    memcpy(room->data, input->raw + input->start, room->used);
    consume(input, room->used);
    return INPUT_BYTES;
}

/* From here on the next member or frame is looked for. */
static enum input_status lose(struct input *input, const char *why)
{
    snprintf(input->reason, sizeof input->reason,
             "the %s data that begins at byte %" PRIu64 " of the file is damaged at byte %" PRIu64
             ": %s",
             input->codec->name, input->frame_offset, input->raw_offset, why);
    /* A decoder may fail before it takes a byte: the same frame must not be found again. */
    if (input->raw_offset == input->frame_offset && input->start < input->end)
        consume(input, 1);
    input->is_lost = true;
    input->is_in_frame = input->has_more_out = false;
    return INPUT_GAP;
}

/* Drops bytes up to one that may begin a frame; true when one does for sure. */
static bool find_frame(struct input *input)
{
    while (input->start < input->end) {
        const unsigned char *from = input->raw + input->start;
        const unsigned char *hit = memchr(from, input->codec->magic[0], input->end - input->start);
        consume(input, hit ? (size_t)(hit - from) : input->end - input->start);
        if (!hit)
            return false;
        if (has_magic(input)) {
            input->codec->reset(input->decoder);
            input->is_lost = false;
            return true;
        }
        if (may_be(input, input->codec))
            return false;
        consume(input, 1);
    }
    return false;
}

/* What stands between frames: nothing, or zeros (tar pads with them). */
static void begin_frame(struct input *input)
{
    while (input->start < input->end && input->raw[input->start] == 0)
        consume(input, 1);
    input->frame_offset = input->raw_offset;
    input->is_in_frame = input->start < input->end;
}

static enum input_status run_codec(struct input *input, struct input_room *room)
{
    struct codec_buffers buffers = {.in = input->raw + input->start,
                                    .in_end = input->raw + input->end,
                                    .out = (unsigned char *)room->data,
                                    .out_end = (unsigned char *)room->data + room->size};
    enum codec_step step = input->codec->run(input->decoder, &buffers);
    consume(input, (size_t)(buffers.in - (input->raw + input->start)));
    room->used = (size_t)((char *)buffers.out - room->data);
    input->has_more_out = buffers.out == buffers.out_end;
    if (step == CODEC_NO_MEMORY)
        return fail(input, "out of memory");
    if (step == CODEC_DAMAGED) {
        lose(input, buffers.reason);
        input->owes_gap = room->used > 0;
        return input->owes_gap ? INPUT_BYTES : INPUT_GAP;
    }
    if (step == CODEC_FRAME_END) {
        input->codec->reset(input->decoder);
        input->is_in_frame = input->has_more_out = false;
    }
    return INPUT_BYTES;
}

/* At the end of the file: good between two frames only. */
static enum input_status finish(struct input *input)
{
    if (!input->is_in_frame)
        return INPUT_END;
    return lose(input, "the file ends inside");
}

static enum input_status read_compressed(struct input *input, struct input_room *room,
                                         bool may_wait)
{
    for (;;) {
        if (input->is_lost)
            find_frame(input);
        bool is_starved = input->start == input->end || input->is_lost;
        if (is_starved && !input->has_more_out) {
            enum input_status status = fill(input, may_wait);
            if (status == INPUT_END)
                return finish(input);
            if (status != INPUT_BYTES)
                return status;
            continue;
        }
        if (!input->is_in_frame)
            begin_frame(input);
        if (!input->is_in_frame)
            continue;
        enum input_status status = run_codec(input, room);
        if (status != INPUT_BYTES || room->used)
            return status;
    }
}

enum input_status input_read(struct input *input, struct input_room *room, bool may_wait)
{
    room->used = 0;
    if (input->owes_gap) {
        input->owes_gap = false;
        return INPUT_GAP;
    }
    if (!input->is_known) {
        enum input_status status = sniff(input, may_wait);
        if (status != INPUT_BYTES)
            return status;
    }
    return input->codec ? read_compressed(input, room, may_wait)
                        : read_plain(input, room, may_wait);
}
