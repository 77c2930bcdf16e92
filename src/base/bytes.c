/* Sixteen bytes at a time with SSE2, one at a time elsewhere and at the end. */
#include "base/bytes.h"

#include <stdbool.h>

#if defined(__SSE2__)
#include <emmintrin.h>

enum { STEP = 16 };

/* A bit for each of the 16 bytes that a JSON string may not hold as it is. */
static inline unsigned special_json(__m128i bytes)
{
    __m128i quote = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    __m128i slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'));
    /* Unsigned: the smaller of byte and 0x1F is the byte itself for control characters only. */
    __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, slash), control));
}

static inline __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}
#endif

static bool is_plain_json(char c)
{
    return c != '"' && c != '\\' && (unsigned char)c >= 0x20;
}

size_t bytes_plain_json(const char *p, const char *end)
{
    const char *at = p;
#if defined(__SSE2__)
    for (; end - at >= STEP; at += STEP) {
        unsigned special = special_json(load(at));
        if (special)
            return (size_t)(at - p) + (size_t)__builtin_ctz(special);
    }
#endif
    while (at < end && is_plain_json(*at))
        at++;
    return (size_t)(at - p);
}

size_t bytes_copy_plain_json(char *out, const char *p, const char *end)
{
    const char *at = p;
#if defined(__SSE2__)
    for (; end - at >= STEP; at += STEP, out += STEP) {
        __m128i bytes = load(at);
        unsigned special = special_json(bytes);
        _mm_storeu_si128((__m128i *)(void *)out, bytes);
        if (special)
            return (size_t)(at - p) + (size_t)__builtin_ctz(special);
    }
#endif
    while (at < end && is_plain_json(*at))
        *out++ = *at++;
    return (size_t)(at - p);
}

size_t bytes_ascii(const char *p, const char *end)
{
    const char *at = p;
#if defined(__SSE2__)
    for (; end - at >= STEP; at += STEP) {
        unsigned high = (unsigned)_mm_movemask_epi8(load(at));
        if (high)
            return (size_t)(at - p) + (size_t)__builtin_ctz(high);
    }
#endif
    while (at < end && (unsigned char)*at < 0x80)
        at++;
    return (size_t)(at - p);
}
