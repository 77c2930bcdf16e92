/* What the characters of a piece of text are, a bit for each of up to 64 bytes.
 *
 * Two ways to the same answer: SSE2, which every x86-64 has, and plain C. A unit test compares the
 * two. */
#ifndef CLEAN_PAGE_ASCII_H
#define CLEAN_PAGE_ASCII_H

#include <stdint.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

enum { ASCII_PIECE = 64 };

/* Bit i stands for byte i. What is none of the five is a mark. */
struct ascii_piece {
    uint64_t letters; /* of ASCII, as upper and digits are */
    uint64_t upper;
    uint64_t digits;
    uint64_t spaces; /* ' ' */
    uint64_t others; /* bytes >= 0x80 */
};

/* Reads `len` bytes, 1 to ASCII_PIECE, and those behind them up to a multiple of 16, which count
 * too.
 */
static inline struct ascii_piece ascii_piece_plain(const char *p, unsigned len)
{
    struct ascii_piece piece = {0, 0, 0, 0, 0};
    for (unsigned i = 0; i < (len + 15) / 16 * 16; i++) {
        unsigned char c = (unsigned char)p[i];
        uint64_t bit = (uint64_t)1 << i;
        piece.letters |= (unsigned char)((c | 0x20) - 'a') < 26 ? bit : 0;
        piece.upper |= (unsigned char)(c - 'A') < 26 ? bit : 0;
        piece.digits |= (unsigned char)(c - '0') < 10 ? bit : 0;
        piece.spaces |= c == ' ' ? bit : 0;
        piece.others |= c >= 0x80 ? bit : 0;
    }
    return piece;
}

/* The same, the fastest way that this machine has. */
static inline struct ascii_piece ascii_piece(const char *p, unsigned len)
{
#if defined(__SSE2__)
    struct ascii_piece piece = {0, 0, 0, 0, 0};
    for (unsigned i = 0; i < len; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        /* Unsigned: the smaller of a difference and a bound is the difference inside the range
         * only. */
        __m128i from_a = _mm_sub_epi8(folded, _mm_set1_epi8('a'));
        __m128i from_zero = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
        __m128i letter = _mm_cmpeq_epi8(_mm_min_epu8(from_a, _mm_set1_epi8(25)), from_a);
        __m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(9)), from_zero);
        __m128i space = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(' '));
        /* The bit that makes letters small moves to the top of each byte. */
        __m128i small = _mm_slli_epi16(bytes, 2);
        uint64_t letters = (unsigned)_mm_movemask_epi8(letter);
        piece.letters |= letters << i;
        piece.upper |= (letters & ~(uint64_t)(unsigned)_mm_movemask_epi8(small)) << i;
        piece.digits |= (uint64_t)(unsigned)_mm_movemask_epi8(digit) << i;
        piece.spaces |= (uint64_t)(unsigned)_mm_movemask_epi8(space) << i;
        piece.others |= (uint64_t)(unsigned)_mm_movemask_epi8(bytes) << i;
    }
    return piece;
#else
    return ascii_piece_plain(p, len);
#endif
}

#endif
