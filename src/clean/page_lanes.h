/* The leaf of a tree for a group of blocks at once.
 *
 * Two ways to the same answer: SSE2, which every x86-64 has, and plain C. A unit test compares the
 * two. */
#ifndef CLEAN_PAGE_LANES_H
#define CLEAN_PAGE_LANES_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { LANES = 16 };

/* A value above the border goes right. The border stands once for each block of a group. */
struct lane_split {
    uint8_t borders[LANES];
    uint16_t at; /* where the values of its feature begin among those of the group */
};

/* Bit k of leaf[i]: whether block i goes right at split k. `count` is at most 8. */
static inline void lanes_leaves_plain(const struct lane_split *splits, unsigned count,
                                      const uint8_t *values, uint8_t leaf[LANES])
{
    for (unsigned i = 0; i < LANES; i++) {
        leaf[i] = 0;
        for (unsigned k = 0; k < count; k++)
            leaf[i] = (uint8_t)(leaf[i] |
                                (values[splits[k].at + i] > splits[k].borders[i] ? 1u << k : 0));
    }
}

/* The same, the fastest way that this machine has. */
static inline void lanes_leaves(const struct lane_split *splits, unsigned count,
                                const uint8_t *values, uint8_t leaf[LANES])
{
#if defined(__SSE2__)
    const __m128i zero = _mm_setzero_si128();
    __m128i bits = zero;
    for (unsigned k = count; k-- > 0;) {
        __m128i value = _mm_loadu_si128((const __m128i *)(const void *)(values + splits[k].at));
        __m128i border = _mm_loadu_si128((const __m128i *)(const void *)splits[k].borders);
        /* Nothing is left of a value that is not above, when the border is taken away: -1 then,
         * else 0, so that the bit that comes in is the opposite of what is wanted. */
        __m128i is_left = _mm_cmpeq_epi8(_mm_subs_epu8(value, border), zero);
        bits = _mm_sub_epi8(_mm_add_epi8(bits, bits), is_left);
    }
    bits = _mm_xor_si128(bits, _mm_set1_epi8((char)((1u << count) - 1)));
    _mm_storeu_si128((__m128i *)(void *)leaf, bits);
#else
    lanes_leaves_plain(splits, count, values, leaf);
#endif
}

#endif
