/* Byte classes of sixty-four bytes, plain and with AVX2. */
#include "tag/token_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define HAS_AVX2_PATH 1
#else
#define HAS_AVX2_PATH 0
#endif

void token_scan_plain(const char *bytes, struct scan_masks *masks)
{
    *masks = (struct scan_masks){0, 0, 0, 0};
    for (unsigned i = 0; i < SCAN_BYTES; i++) {
        unsigned char c = (unsigned char)bytes[i];
        uint64_t upper = (unsigned char)(c - 'A') < 26, lower = (unsigned char)(c - 'a') < 26;
        uint64_t digit = (unsigned char)(c - '0') < 10, high = c >> 7;
        masks->upper |= upper << i;
        masks->digit |= digit << i;
        masks->high |= high << i;
        masks->word |= (upper | lower | digit | high) << i;
    }
}

#if HAS_AVX2_PATH
/* Bytes from `first` on, `count` of them: one saturating subtraction and one comparison. */
__attribute__((target("avx2"))) static uint32_t in_range(__m256i bytes, char first, char count)
{
    __m256i shifted = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first));
    __m256i beyond = _mm256_subs_epu8(shifted, _mm256_set1_epi8((char)(count - 1)));
    return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(beyond, _mm256_setzero_si256()));
}

__attribute__((target("avx2"))) static void token_scan_avx2(const char *bytes,
                                                            struct scan_masks *masks)
{
    uint64_t upper = 0, lower = 0, digit = 0, high = 0;
    for (unsigned half = 0; half < 2; half++) {
        __m256i part = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32 * half));
        unsigned shift = 32 * half;
        upper |= (uint64_t)in_range(part, 'A', 26) << shift;
        lower |= (uint64_t)in_range(part, 'a', 26) << shift;
        digit |= (uint64_t)in_range(part, '0', 10) << shift;
        high |= (uint64_t)(uint32_t)_mm256_movemask_epi8(part) << shift;
    }
    *masks = (struct scan_masks){upper | lower | digit | high, high, upper, digit};
}
#endif

token_scanner_fn token_scanner(void)
{
#if HAS_AVX2_PATH
    if (__builtin_cpu_supports("avx2"))
        return token_scan_avx2;
#endif
    return token_scan_plain;
}
