/* Classifying 64 bytes at once.
 *
 * Source of the portable part: "Bit Twiddling Hacks" (Sean Eron Anderson), finding bytes in a range within a
 * word; the multiplication gathers the eight top bits. Both parts are compared by tests/unit/tokens. */
#include "tag/tokens_mask.h"

#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__)
#define HAVE_AVX2 1
#include <immintrin.h>
#endif

#define EVERY_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

static uint64_t load_little_endian(const char *text)
{
    uint64_t value;
    memcpy(&value, text, sizeof value);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

/* The top bit of each byte that lies in [low, high]; bytes above 0x7F never do. */
static uint64_t bytes_between(uint64_t value, unsigned low, unsigned high)
{
    uint64_t seven = value & EVERY_BYTE(0x7F);
    uint64_t not_below = seven + EVERY_BYTE(0x80 - low);
    uint64_t above = seven + EVERY_BYTE(0x7F - high);
    return not_below & ~above & ~value & EVERY_BYTE(0x80);
}

/* Top bits of the eight bytes as eight adjacent bits, the first byte lowest. */
static uint64_t gather(uint64_t tops)
{
    return ((tops >> 7) * UINT64_C(0x0102040810204080)) >> 56;
}

void tokens_mask_portable(const char *text, struct byte_masks *masks)
{
    *masks = (struct byte_masks){0, 0, 0, 0};
    for (unsigned i = 0; i < MASK_BYTES; i += 8) {
        uint64_t value = load_little_endian(text + i);
        uint64_t high = value & EVERY_BYTE(0x80);
        uint64_t upper = bytes_between(value, 'A', 'Z');
        uint64_t digit = bytes_between(value, '0', '9');
        uint64_t letter = bytes_between(value | EVERY_BYTE(0x20), 'a', 'z');
        masks->word |= gather(high | digit | letter) << i;
        masks->high |= gather(high) << i;
        masks->upper |= gather(upper) << i;
        masks->digit |= gather(digit) << i;
    }
}

#ifdef HAVE_AVX2

/* Signed comparison suffices: bytes above 0x7F are negative and in no ASCII range. */
__attribute__((target("avx2"))) static __m256i between(__m256i value, char low, char high)
{
    __m256i above = _mm256_cmpgt_epi8(value, _mm256_set1_epi8((char)(low - 1)));
    __m256i below = _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(high + 1)), value);
    return _mm256_and_si256(above, below);
}

__attribute__((target("avx2"))) static uint64_t bits(__m256i value)
{
    return (uint32_t)_mm256_movemask_epi8(value);
}

__attribute__((target("avx2"))) static void mask_avx2(const char *text, struct byte_masks *masks)
{
    *masks = (struct byte_masks){0, 0, 0, 0};
    for (unsigned i = 0; i < MASK_BYTES; i += 32) {
        __m256i value = _mm256_loadu_si256((const __m256i *)(const void *)(text + i));
        __m256i upper = between(value, 'A', 'Z');
        __m256i digit = between(value, '0', '9');
        __m256i letter = between(_mm256_or_si256(value, _mm256_set1_epi8(0x20)), 'a', 'z');
        __m256i word = _mm256_or_si256(_mm256_or_si256(value, letter), digit);
        masks->word |= bits(word) << i;
        masks->high |= bits(value) << i;
        masks->upper |= bits(upper) << i;
        masks->digit |= bits(digit) << i;
    }
}

#endif

tokens_mask_function tokens_mask_best(void)
{
#ifdef HAVE_AVX2
    if (__builtin_cpu_supports("avx2"))
        return mask_avx2;
#endif
    return tokens_mask_portable;
}
