/* Reading a name inside a tag: where it ends, and a key to look it up by.
 *
 * Two ways to the same answer: sixteen bytes at once with SSE2, which every x86-64 has, and plain
 * C. A unit test compares the two. */
#ifndef HTML_TAG_NAME_H
#define HTML_TAG_NAME_H

#include <stdbool.h>
#include <string.h>

#include "base/slice.h"

#if defined(__SSE2__) && defined(__x86_64__)
#include <emmintrin.h>
#define TAG_NAME_BY_SIXTEEN 1
#else
#define TAG_NAME_BY_SIXTEEN 0
#endif

enum { TAG_KEY_BYTES = 8 };

struct tag_name {
    size_t len;
    uint64_t key; /* tag_key of the name */
};

/* The first eight bytes of a name as they lie in memory, capitals of ASCII small, zeros behind. */
static inline uint64_t tag_key(const char *p, size_t len)
{
    char bytes[TAG_KEY_BYTES] = {0};
    uint64_t key;
    for (size_t i = 0; i < len && i < sizeof bytes; i++)
        bytes[i] = ascii_lower(p[i]);
    memcpy(&key, bytes, sizeof key);
    return key;
}

/* A key as a number, the same on all machines: the name's first byte as the highest one, its length
 * on top of that. Tables of names are made for it (generate_elements.py). */
static inline uint64_t tag_number(uint64_t key, size_t len)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    key = __builtin_bswap64(key);
#endif
    uint64_t number = len && len < TAG_KEY_BYTES ? key >> 8 * (TAG_KEY_BYTES - len) : key;
    return number ^ (uint64_t)len << 56;
}

/* Whether a name is a known one, of `len` bytes in small letters, with zeros behind up to eight. */
static inline bool tag_name_is(desk_slice name, uint64_t key, const char *known, size_t len)
{
    uint64_t known_key;
    memcpy(&known_key, known, sizeof known_key);
    return key == known_key && name.len == len &&
           (len <= TAG_KEY_BYTES || slice_equal_nocase(name, slice_of(known, len)));
}

/* White space, '/' and '>' end the name of a tag; '=' that of an attribute too. */
static inline bool tag_name_ends(char c, bool is_attribute)
{
    return ascii_is_space(c) || c == '/' || c == '>' || (c == '=' && is_attribute);
}

static inline struct tag_name tag_name_plain(const char *p, const char *end, bool is_attribute)
{
    const char *at = p;
    while (at < end && !tag_name_ends(*at, is_attribute))
        at++;
    return (struct tag_name){(size_t)(at - p), tag_key(p, (size_t)(at - p))};
}

/* The name that begins at p: up to what ends it, or to the end of the input. */
static inline struct tag_name tag_name_read(const char *p, const char *end, bool is_attribute)
{
#if TAG_NAME_BY_SIXTEEN
    if (end - p >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        /* Unsigned: the smaller of a byte and a space is the byte itself for space and below. */
        __m128i stops = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(' ')), bytes);
        stops = _mm_or_si128(stops, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/')));
        stops = _mm_or_si128(stops, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('>')));
        if (is_attribute)
            stops = _mm_or_si128(stops, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('=')));
        unsigned mask = (unsigned)_mm_movemask_epi8(stops);
        unsigned len = mask ? (unsigned)__builtin_ctz(mask) : 0;
        /* Control characters belong to names; the plain way reads what has some. */
        if (mask && tag_name_ends(p[len], is_attribute)) {
            /* Makes capitals small and leaves small letters, digits and hyphens as they are; no
             * other byte becomes one of those. */
            __m128i small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
            uint64_t kept = len < TAG_KEY_BYTES ? ((uint64_t)1 << 8 * len) - 1 : UINT64_MAX;
            return (struct tag_name){len, (uint64_t)_mm_cvtsi128_si64(small) & kept};
        }
    }
#endif
    return tag_name_plain(p, end, is_attribute);
}

#endif
