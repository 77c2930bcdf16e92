/* Zstandard, by libzstd. Frames that are to be skipped are skipped by it. */
#include <zstd.h>
#include <zstd_errors.h>

#include "filter/codec.h"

/* The largest window that is taken: 2^27 bytes, what `zstd --ultra` makes without --long. More is a
 * stream's wish to use our memory. */
enum { WINDOW_LOG_MAX = 27 };

static void *begin(void)
{
    ZSTD_DCtx *decoder = ZSTD_createDCtx();
    if (decoder)
        ZSTD_DCtx_setParameter(decoder, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
    return decoder;
}

static enum codec_step run(void *decoder, struct codec_buffers *buffers)
{
    ZSTD_inBuffer in = {buffers->in, (size_t)(buffers->in_end - buffers->in), 0};
    ZSTD_outBuffer out = {buffers->out, (size_t)(buffers->out_end - buffers->out), 0};
    size_t result = ZSTD_decompressStream(decoder, &out, &in);
    buffers->in += in.pos;
    buffers->out += out.pos;
    if (!ZSTD_isError(result))
        return result ? CODEC_GOES_ON : CODEC_FRAME_END;
    buffers->reason = ZSTD_getErrorName(result);
    return ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation ? CODEC_NO_MEMORY
                                                                     : CODEC_DAMAGED;
}

static void reset(void *decoder)
{
    ZSTD_DCtx_reset(decoder, ZSTD_reset_session_only);
}

static void end(void *decoder)
{
    ZSTD_freeDCtx(decoder);
}

const struct codec CODEC_ZSTD = {"zstd", {0x28, 0xB5, 0x2F, 0xFD}, 4, begin, run, reset, end};
