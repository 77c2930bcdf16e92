/* Undoing Content-Encoding. */
#include "filter/encodings.h"

#include <stdio.h>
#include <string.h>

#include "base/slice.h"
#include "filter/codec.h"

/* ENCODINGS_MAX: nobody means more than one; a list is a wish to use our time.
 * OUT_BYTES_MIN: the first room for what comes out. */
enum { ENCODINGS_MAX = 3, OUT_BYTES_MIN = 1 << 16 };

struct growing {
    char *data;
    size_t len, capacity;
};

static bool enlarge(struct growing *out, struct arena *arena, size_t bytes_max)
{
    size_t wanted = out->capacity ? out->capacity * 2 : OUT_BYTES_MIN;
    wanted = wanted > bytes_max ? bytes_max : wanted;
    char *grown =
        wanted > out->capacity ? arena_grow(arena, out->data, out->capacity, wanted, 1) : NULL;
    if (!grown)
        return false;
    out->data = grown;
    out->capacity = wanted;
    return true;
}

static bool fail_codec(struct http_fault *fault, const struct codec *codec, const char *why)
{
    fault->code = "damaged-record";
    snprintf(fault->reason, sizeof fault->reason, "the %s body of the HTTP response is damaged: %s",
             codec->name, why);
    return false;
}

/* One frame; what stands behind it is left out, as browsers do. */
static bool decompress(const struct codec *codec, void *decoder, desk_slice body,
                       struct growing *out, struct arena *arena, const struct http_limits *limits,
                       struct http_fault *fault)
{
    struct codec_buffers buffers = {.in = (const unsigned char *)body.data,
                                    .in_end = (const unsigned char *)body.data + body.len};
    for (;;) {
        if (out->capacity > limits->bytes_max && out->len == out->capacity)
            return http_fail(fault, "input-too-large",
                             "the decompressed body is above the limit (limits.input)");
        if (out->len == out->capacity && !enlarge(out, arena, limits->bytes_max + 1))
            return http_fail(fault, "memory-limit", "out of memory decompressing the body");
        buffers.out = (unsigned char *)out->data + out->len;
        buffers.out_end = (unsigned char *)out->data + out->capacity;
        enum codec_step step = codec->run(decoder, &buffers);
        size_t len = (size_t)((char *)buffers.out - out->data);
        bool is_stuck = buffers.in == buffers.in_end && len < out->capacity;
        out->len = len;
        if (step == CODEC_FRAME_END)
            return true;
        if (step == CODEC_NO_MEMORY)
            return http_fail(fault, "memory-limit", "out of memory decompressing the body");
        if (step == CODEC_DAMAGED)
            return fail_codec(fault, codec, buffers.reason);
        if (is_stuck)
            return limits->may_end_early || fail_codec(fault, codec, "it ends early");
    }
}

static bool undo(const struct codec *codec, struct http_response *response, struct arena *arena,
                 const struct http_limits *limits, struct http_fault *fault)
{
    struct growing out = {NULL, 0, 0};
    void *decoder = codec->open();
    if (!decoder)
        return http_fail(fault, "memory-limit", "out of memory decompressing the body");
    bool good = decompress(codec, decoder, response->body, &out, arena, limits, fault);
    codec->close(decoder);
    if (good) {
        arena_shrink(arena, out.data, out.capacity, out.len);
        response->body = slice_of(out.data, out.len);
    }
    return good;
}

static bool is_one_of(desk_slice name, const char *a, const char *b)
{
    return slice_equal_nocase(name, slice_from_cstr(a)) ||
           slice_equal_nocase(name, slice_from_cstr(b));
}

static bool has_magic(desk_slice body, const struct codec *codec)
{
    return slice_starts(body, slice_of((const char *)codec->magic, codec->magic_len));
}

/* The two bytes a zlib stream begins with: method 8, and a multiple of 31 (RFC 1950). */
static bool is_zlib(desk_slice body)
{
    if (body.len < 2)
        return false;
    unsigned first = (unsigned char)body.data[0], second = (unsigned char)body.data[1];
    return (first & 15) == 8 && (first * 256 + second) % 31 == 0;
}

static bool looks_like_text(desk_slice body)
{
    desk_slice text = slice_trim(body);
    return text.len && (text.data[0] == '<' || text.data[0] == '{' ||
                        slice_starts(text, slice_from_cstr("\xEF\xBB\xBF")));
}

/* NULL: the body is not compressed, whatever the field says. */
static const struct codec *codec_of(desk_slice name, desk_slice body)
{
    if (is_one_of(name, "gzip", "x-gzip"))
        return has_magic(body, &CODEC_GZIP) ? &CODEC_GZIP : NULL;
    if (is_one_of(name, "zstd", "x-zstd"))
        return has_magic(body, &CODEC_ZSTD) ? &CODEC_ZSTD : NULL;
    if (is_one_of(name, "deflate", "x-deflate"))
        return is_zlib(body) ? &CODEC_ZLIB : looks_like_text(body) ? NULL : &CODEC_DEFLATE;
    return NULL;
}

static bool is_known(desk_slice name)
{
    return is_one_of(name, "gzip", "x-gzip") || is_one_of(name, "zstd", "x-zstd") ||
           is_one_of(name, "deflate", "x-deflate") || is_one_of(name, "identity", "none");
}

static bool undo_one(desk_slice name, struct http_response *response, struct arena *arena,
                     const struct http_limits *limits, struct http_fault *fault)
{
    const struct codec *codec = codec_of(name, response->body);
    if (codec)
        return undo(codec, response, arena, limits, fault);
    if (!name.len || is_known(name) || looks_like_text(response->body))
        return true;
    fault->code = "unsupported-encoding";
    snprintf(fault->reason, sizeof fault->reason,
             "the body has the Content-Encoding '%.*s'; known are gzip, deflate and zstd",
             name.len > 40 ? 40 : (int)name.len, name.data);
    return false;
}

bool encodings_undo(struct http_response *response, struct arena *arena,
                    const struct http_limits *limits, struct http_fault *fault)
{
    desk_slice rest = response->content_encoding;
    for (unsigned i = 0; i < ENCODINGS_MAX && rest.len; i++) {
        const char *comma = NULL;
        for (size_t at = 0; at < rest.len; at++)
            if (rest.data[at] == ',')
                comma = rest.data + at;
        size_t from = comma ? (size_t)(comma + 1 - rest.data) : 0;
        desk_slice name = slice_trim(slice_sub(rest, from, rest.len));
        rest = slice_sub(rest, 0, comma ? from - 1 : 0);
        if (!undo_one(name, response, arena, limits, fault))
            return false;
    }
    return true;
}
