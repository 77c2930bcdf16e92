/* Both searches, each in two ways. */
#include "base/byte_class.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

enum { STEP = 32 };

#define WITH_AVX2 __attribute__((target("avx2")))

/* The tables of a class, twice each: the processor looks up in halves of a register. */
struct wide_class {
    __m256i low, high;
};

WITH_AVX2 static inline __m256i twice(const uint8_t *values)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)values));
}

WITH_AVX2 static inline struct wide_class widen(const struct byte_class *class)
{
    return (struct wide_class){twice(class->low), twice(class->high)};
}

WITH_AVX2 static inline __m256i load(const char *p)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}

/* A bit for each byte of the class. */
WITH_AVX2 static inline uint32_t members(struct wide_class class, __m256i bytes)
{
    const __m256i half = _mm256_set1_epi8(0x0F);
    __m256i low = _mm256_shuffle_epi8(class.low, _mm256_and_si256(bytes, half));
    __m256i upper = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), half);
    __m256i both = _mm256_and_si256(low, _mm256_shuffle_epi8(class.high, upper));
    __m256i others = _mm256_cmpeq_epi8(both, _mm256_setzero_si256());
    return ~(uint32_t)_mm256_movemask_epi8(others);
}

/* A bit for each space behind a space; *after_space is carried from step to step. */
WITH_AVX2 static inline uint32_t doubled(__m256i bytes, uint32_t *after_space)
{
    uint32_t spaces =
        (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(' ')));
    uint32_t found = spaces & (spaces << 1 | *after_space);
    *after_space = spaces >> (STEP - 1);
    return found;
}

/* The last bytes, fewer than STEP, with zeros behind them. */
WITH_AVX2 static inline __m256i load_rest(const char *p, const char *end)
{
    char rest[STEP] = {0};
    if (p < end)
        memcpy(rest, p, (size_t)(end - p));
    return load(rest);
}

/* Of the bits of the STEP bytes before `end`, those from `at` on, which are fewer. */
static inline uint32_t unread(uint32_t bits, const char *at, const char *end)
{
    return bits >> (STEP - (end - at));
}

/* Where the first bit stands that is set, or what is left when none of the bits of it is. */
static inline size_t first_of(uint32_t bits, const char *at, const char *end)
{
    size_t left = (size_t)(end - at), found = bits ? (size_t)__builtin_ctz(bits) : left;
    return found < left ? found : left;
}

WITH_AVX2 static size_t find_wide(const struct byte_class *class, const char *p, const char *end)
{
    struct wide_class wide = widen(class);
    const char *at = p;
    for (; end - at >= STEP; at += STEP) {
        uint32_t found = members(wide, load(at));
        if (found)
            return (size_t)(at - p) + (size_t)__builtin_ctz(found);
    }
    if (at > p && at < end)
        return (size_t)(at - p) +
               first_of(unread(members(wide, load(end - STEP)), at, end), at, end);
    return (size_t)(at - p) + first_of(members(wide, load_rest(at, end)), at, end);
}

WITH_AVX2 static size_t find_or_spaces_wide(const struct byte_class *class, const char *p,
                                            const char *end, bool after_space)
{
    struct wide_class wide = widen(class);
    uint32_t carried = after_space;
    const char *at = p;
    for (; end - at >= STEP; at += STEP) {
        __m256i bytes = load(at);
        uint32_t found = members(wide, bytes) | doubled(bytes, &carried);
        if (found)
            return (size_t)(at - p) + (size_t)__builtin_ctz(found);
    }
    if (at > p && at < end) {
        __m256i last = load(end - STEP);
        carried = 0;
        uint32_t found = members(wide, last) | doubled(last, &carried);
        return (size_t)(at - p) + first_of(unread(found, at, end), at, end);
    }
    __m256i rest = load_rest(at, end);
    uint32_t found = members(wide, rest) | doubled(rest, &carried);
    return (size_t)(at - p) + first_of(found, at, end);
}
#endif

size_t class_find_plain(const struct byte_class *class, const char *p, const char *end)
{
    const char *at = p;
    while (at < end && !class_has(class, *at))
        at++;
    return (size_t)(at - p);
}

size_t class_find_or_spaces_plain(const struct byte_class *class, const char *p, const char *end,
                                  bool after_space)
{
    const char *at = p;
    for (; at < end && !class_has(class, *at) && !(after_space && *at == ' '); at++)
        after_space = *at == ' ';
    return (size_t)(at - p);
}

size_t class_find(const struct byte_class *class, const char *p, const char *end)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return find_wide(class, p, end);
#endif
    return class_find_plain(class, p, end);
}

size_t class_find_or_spaces(const struct byte_class *class, const char *p, const char *end,
                            bool after_space)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        return find_or_spaces_wide(class, p, end, after_space);
#endif
    return class_find_or_spaces_plain(class, p, end, after_space);
}
