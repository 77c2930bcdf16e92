/* gzip, zlib and bare deflate, by zlib. */
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "filter/codec.h"

/* zlib's windowBits: 15 for the largest window, 16 more for gzip alone, negative for bare deflate.
 */
enum { WINDOW_BITS = MAX_WBITS, GZIP_BITS = 16 + MAX_WBITS };

static void *open_bits(int bits)
{
    z_stream *stream = calloc(1, sizeof *stream);
    if (stream && inflateInit2(stream, bits) != Z_OK) {
        free(stream);
        return NULL;
    }
    return stream;
}

static void *open_gzip(void)
{
    return open_bits(GZIP_BITS);
}

static void *open_zlib(void)
{
    return open_bits(WINDOW_BITS);
}

static void *open_deflate(void)
{
    return open_bits(-WINDOW_BITS);
}

static uInt at_most(ptrdiff_t bytes)
{
    return bytes > INT_MAX ? INT_MAX : (uInt)bytes;
}

static enum codec_step run(void *decoder, struct codec_buffers *buffers)
{
    z_stream *stream = decoder;
    stream->next_in = (z_const Bytef *)buffers->in;
    stream->avail_in = at_most(buffers->in_end - buffers->in);
    stream->next_out = buffers->out;
    stream->avail_out = at_most(buffers->out_end - buffers->out);
    int result = inflate(stream, Z_NO_FLUSH);
    buffers->in = stream->next_in;
    buffers->out = stream->next_out;
    switch (result) {
    case Z_STREAM_END:
        return CODEC_FRAME_END;
    case Z_OK:
    case Z_BUF_ERROR: /* no progress was possible: bytes or room are wanted */
        return CODEC_GOES_ON;
    case Z_MEM_ERROR:
        return CODEC_NO_MEMORY;
    default:
        buffers->reason = stream->msg ? stream->msg : "it wants a dictionary";
        return CODEC_DAMAGED;
    }
}

static void reset(void *decoder)
{
    inflateReset(decoder);
}

static void end(void *decoder)
{
    if (decoder)
        inflateEnd(decoder);
    free(decoder);
}

/* The third byte says deflate, the only method there is. */
const struct codec CODEC_GZIP = {
    "gzip", {0x1F, 0x8B, 0x08}, 3, open_gzip, run, reset, end,
};
const struct codec CODEC_ZLIB = {"zlib", {0}, 0, open_zlib, run, reset, end};
const struct codec CODEC_DEFLATE = {"deflate", {0}, 0, open_deflate, run, reset, end};
