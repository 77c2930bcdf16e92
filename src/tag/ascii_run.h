/* How the run of ASCII letters and digits looks that a text begins with: its length, its capitals
 * and its digits, of sixteen bytes at once.
 *
 * Two ways to the same answer: SSE2, which every x86-64 has, and plain C. Unit tests compare the
 * two and cut the same text with either. */
#ifndef TAG_ASCII_RUN_H
#define TAG_ASCII_RUN_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { ASCII_RUN_MAX = 16 };

/* Bit i of a mask stands for byte i of the run. */
struct ascii_run {
    unsigned len; /* ASCII_RUN_MAX: it may go on behind */
    unsigned upper, digits;
};

/* Which of the sixteen bytes at p are letters and digits. */
struct ascii_masks {
    unsigned inside, upper, digits;
};

static inline struct ascii_run ascii_run_of(struct ascii_masks masks)
{
    unsigned len = (unsigned)__builtin_ctz(~masks.inside), kept = (1u << len) - 1;
    return (struct ascii_run){len, masks.upper & kept, masks.digits & kept};
}

/* Reads exactly ASCII_RUN_MAX bytes. */
static inline struct ascii_run ascii_run_plain(const char *p)
{
    struct ascii_masks masks = {0, 0, 0};
    for (unsigned i = 0; i < ASCII_RUN_MAX; i++) {
        unsigned char c = (unsigned char)p[i];
        unsigned upper = (unsigned char)(c - 'A') < 26, lower = (unsigned char)(c - 'a') < 26;
        unsigned digit = (unsigned char)(c - '0') < 10;
        if (!(upper | lower | digit))
            break;
        masks.inside |= 1u << i;
        masks.upper |= upper << i;
        masks.digits |= digit << i;
    }
    return ascii_run_of(masks);
}

/* The same, the fastest way that this machine has. */
static inline struct ascii_run ascii_run(const char *p)
{
#if defined(__SSE2__)
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
    __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    /* Unsigned: the smaller of a difference and a bound is the difference inside the range only. */
    __m128i from_a = _mm_sub_epi8(folded, _mm_set1_epi8('a'));
    __m128i from_zero = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    __m128i letter = _mm_cmpeq_epi8(_mm_min_epu8(from_a, _mm_set1_epi8(25)), from_a);
    __m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(9)), from_zero);
    __m128i small = _mm_cmpeq_epi8(folded, bytes);
    return ascii_run_of((struct ascii_masks){
        (unsigned)_mm_movemask_epi8(_mm_or_si128(letter, digit)),
        (unsigned)_mm_movemask_epi8(_mm_andnot_si128(small, letter)),
        (unsigned)_mm_movemask_epi8(digit),
    });
#else
    return ascii_run_plain(p);
#endif
}

#endif
