/* A compressed format, as input.c and encodings.c see it: a table of functions over a decoder.
 *
 * A frame is what the format can begin anew with: a member of gzip, a frame of Zstandard. */
#ifndef FILTER_CODEC_H
#define FILTER_CODEC_H

#include <stdbool.h>
#include <stddef.h>

enum codec_step {
    CODEC_GOES_ON,   /* wants more bytes, or more room */
    CODEC_FRAME_END, /* a frame ended well; the next byte is the next frame's, if there is one */
    CODEC_DAMAGED,   /* codec_buffers.reason says how */
    CODEC_NO_MEMORY
};

/* Bytes in and room out; run() moves both pointers on. */
struct codec_buffers {
    const unsigned char *in, *in_end;
    unsigned char *out, *out_end;
    const char *reason; /* static text, or the decoder's until its next call */
};

struct codec {
    const char *name;
    unsigned char magic[4]; /* the first bytes of a frame */
    size_t magic_len;
    void *(*open)(void); /* NULL: out of memory */
    enum codec_step (*run)(void *decoder, struct codec_buffers *buffers);
    void (*reset)(void *decoder); /* to the start of a frame */
    void (*close)(void *decoder); /* NULL is allowed */
};

extern const struct codec CODEC_GZIP;
extern const struct codec CODEC_ZSTD;
/* HTTP's "deflate": a zlib stream by the standard (RFC 9110), a bare one by custom. Without magic,
 * so only for encodings.c. */
extern const struct codec CODEC_ZLIB;
extern const struct codec CODEC_DEFLATE;

#endif
