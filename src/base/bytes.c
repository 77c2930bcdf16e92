/* Sixteen bytes at a time with SSE2, UTF-8 by 32 with AVX2; one at a time elsewhere and at the end.
 */
#include "base/bytes.h"

#include <stdint.h>
#include <string.h>

#include "base/byte_class.h"

#if defined(__SSE2__)
#include <immintrin.h>

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

/* Copies eight bytes; a bit for each that a JSON string may not hold as it is. */
static inline unsigned copy_half(char *out, const char *p)
{
    __m128i half = _mm_loadl_epi64((const __m128i *)(const void *)p);
    _mm_storel_epi64((__m128i *)(void *)out, half);
    return special_json(half) & 0xFFu;
}

static inline __m128i load(const char *p)
{
    return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* Bytes of `low` to `high`, as a mask. */
static inline __m128i in_range(__m128i bytes, int low, int high)
{
    __m128i from_low = _mm_sub_epi8(bytes, _mm_set1_epi8((char)low));
    return _mm_cmpeq_epi8(_mm_min_epu8(from_low, _mm_set1_epi8((char)(high - low))), from_low);
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
    if (end - at >= STEP / 2) {
        unsigned special = copy_half(out, at);
        if (special)
            return (size_t)(at - p) + (size_t)__builtin_ctz(special);
        at += STEP / 2;
        out += STEP / 2;
    }
    /* The last few bytes with some of those before them, where there are eight. */
    if (end - p >= STEP / 2 && at < end) {
        size_t again = (size_t)(at - (end - STEP / 2));
        unsigned special = copy_half(out - again, end - STEP / 2);
        return (size_t)(end - p) - (special ? STEP / 2 - (size_t)__builtin_ctz(special) : 0);
    }
#endif
    while (at < end && is_plain_json(*at))
        *out++ = *at++;
    return (size_t)(at - p);
}

/* What the byte behind a backslash stands for; 0 for all that is no escape of two bytes. */
static const char ESCAPED[256] = {['"'] = '"',  ['\\'] = '\\', ['/'] = '/',  ['b'] = '\b',
                                  ['f'] = '\f', ['n'] = '\n',  ['r'] = '\r', ['t'] = '\t'};

static inline char escaped_at(const char *p, const char *end)
{
    return *p == '\\' && end - p >= 2 ? ESCAPED[(unsigned char)p[1]] : '\0';
}

const char *bytes_unescape_json(char **out, const char *p, const char *end)
{
    char *w = *out, known = '\0';
#if defined(__SSE2__)
    while (end - p >= STEP) {
        __m128i bytes = load(p);
        unsigned special = special_json(bytes);
        _mm_storeu_si128((__m128i *)(void *)w, bytes);
        unsigned run = special ? (unsigned)__builtin_ctz(special) : STEP;
        p += run;
        w += run;
        if (!special)
            continue;
        known = escaped_at(p, end);
        if (!known)
            break;
        *w++ = known;
        p += 2;
    }
#endif
    while (p < end && (is_plain_json(*p) || (known = escaped_at(p, end)))) {
        bool is_plain = is_plain_json(*p);
        *w++ = is_plain ? *p : known;
        p += is_plain ? 1 : 2;
    }
    *out = w;
    return p;
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

/* --- NFC ----------------------------------------------------------------------------------- */

/* U+0300 begins with 0xCC. Of the lead bytes from there on these hold nothing that composes or
 * combines: D0 and D1 (Cyrillic to U+047F), E4 to E9 (Han), EB and EC (Hangul syllables). The class
 * is of all others: CC to CF, D2 to DF, E0 to E3, EA, ED to FF. */
static const struct byte_class COMPOSING = {
    {12, 12, 14, 14, 10, 10, 10, 10, 10, 10, 14, 10, 11, 15, 15, 15},
    {[0xC] = 1, [0xD] = 2, [0xE] = 4, [0xF] = 8},
};

size_t bytes_nfc_safe(const char *p, const char *end)
{
    return class_find(&COMPOSING, p, end);
}

/* --- lines and white space ----------------------------------------------------------------- */

/* Whether a line break stands at p, of which `left` bytes may be read. */
static bool is_line_break(const char *p, size_t left)
{
    unsigned char first = (unsigned char)p[0];
    unsigned char second = left > 1 ? (unsigned char)p[1] : 0;
    unsigned char third = left > 2 ? (unsigned char)p[2] : 0;
    return (first >= '\n' && first <= '\r') || (first == 0xC2 && second == 0x85) ||
           (first == 0xE2 && second == 0x80 && (third == 0xA8 || third == 0xA9));
}

/* Bytes that may begin a line break: 0A to 0D, C2, E2. */
static const struct byte_class BREAKING = {
    {[0x2] = 2, [0xA] = 1, [0xB] = 1, [0xC] = 1, [0xD] = 1},
    {[0x0] = 1, [0xC] = 2, [0xE] = 2},
};

size_t bytes_to_line_break(const char *p, const char *end)
{
    const char *at = p + class_find(&BREAKING, p, end);
    while (at < end && !is_line_break(at, (size_t)(end - at))) {
        at++;
        at += class_find(&BREAKING, at, end);
    }
    return (size_t)(at - p);
}

size_t bytes_to_control(const char *p, const char *end)
{
    const char *at = p;
#if defined(__SSE2__)
    for (; end - at >= STEP; at += STEP) {
        unsigned found = (unsigned)_mm_movemask_epi8(in_range(load(at), 0, 0x1F));
        if (found)
            return (size_t)(at - p) + (size_t)__builtin_ctz(found);
    }
#endif
    while (at < end && (unsigned char)*at >= 0x20)
        at++;
    return (size_t)(at - p);
}

size_t bytes_to_reference(const char *p, const char *end)
{
    const char *at = p;
#if defined(__SSE2__)
    for (; end - at >= STEP; at += STEP) {
        __m128i bytes = load(at);
        __m128i odd = _mm_or_si128(in_range(bytes, '\r', '\r'), in_range(bytes, 0, 0));
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_or_si128(odd, in_range(bytes, '&', '&')));
        if (found)
            return (size_t)(at - p) + (size_t)__builtin_ctz(found);
    }
#endif
    while (at < end && *at != '&' && *at != '\r' && *at != '\0')
        at++;
    return (size_t)(at - p);
}

/* Places where the first and the last byte are the needle's are looked at closer. */
const char *bytes_find(const char *p, const char *end, const char *needle, size_t len)
{
    const char *at = p;
#if defined(__SSE2__)
    __m128i first = _mm_set1_epi8(needle[0]), last = _mm_set1_epi8(needle[len - 1]);
    for (; end - at >= STEP + (ptrdiff_t)len - 1; at += STEP) {
        __m128i both = _mm_and_si128(_mm_cmpeq_epi8(load(at), first),
                                     _mm_cmpeq_epi8(load(at + len - 1), last));
        for (unsigned hits = (unsigned)_mm_movemask_epi8(both); hits; hits &= hits - 1) {
            const char *hit = at + __builtin_ctz(hits);
            if (!memcmp(hit, needle, len))
                return hit;
        }
    }
    /* The last places with some of those before them, where there are sixteen. */
    if (at > p && end - at >= (ptrdiff_t)len) {
        const char *from = end - len - (STEP - 1);
        __m128i both = _mm_and_si128(_mm_cmpeq_epi8(load(from), first),
                                     _mm_cmpeq_epi8(load(end - STEP), last));
        unsigned hits = (unsigned)_mm_movemask_epi8(both) >> (at - from) << (at - from);
        for (; hits; hits &= hits - 1) {
            const char *hit = from + __builtin_ctz(hits);
            if (!memcmp(hit, needle, len))
                return hit;
        }
        return NULL;
    }
#endif
    for (; end - at >= (ptrdiff_t)len; at++)
        if (*at == *needle && !memcmp(at, needle, len))
            return at;
    return NULL;
}

/* All but 20 to 7E, what continues a character, and lead bytes of blocks without white space and
 * without characters that show nothing: C3 to CC (to U+033F), CE to D7 (Greek, Cyrillic, Armenian,
 * Hebrew), E4 to E9 (Han), EB and EC (Hangul). */
static const struct byte_class UNSETTLED = {
    {21, 21, 21, 17, 1, 1, 1, 1, 9, 9, 25, 9, 9, 29, 25, 27},
    {[0x0] = 1, [0x1] = 1, [0x7] = 2, [0xC] = 4, [0xD] = 8, [0xE] = 16, [0xF] = 1},
};

size_t bytes_settled_space(const char *p, const char *end, bool after_space)
{
    return class_find_or_spaces(&UNSETTLED, p, end, after_space);
}

/* --- quotes and words ---------------------------------------------------------------------- */

/* 0A, 22, 27, C2, E2, E3. */
static const struct byte_class QUOTING = {
    {[0x2] = 2 | 4 | 8, [0x3] = 8, [0x7] = 2, [0xA] = 1},
    {[0x0] = 1, [0x2] = 2, [0xC] = 4, [0xE] = 8},
};

size_t bytes_to_quote(const char *p, const char *end)
{
    return class_find(&QUOTING, p, end);
}

struct bytes_masks bytes_mask_words_plain(const char *p)
{
    struct bytes_masks masks = {0, 0, 0};
    for (unsigned i = 0; i < BYTES_MASKED; i++) {
        unsigned char c = (unsigned char)p[i], lower = c | 0x20;
        bool is_letter = (unsigned char)(lower - 'a') < 26 || (unsigned char)(c - '0') < 10;
        masks.solid |= (uint64_t)(c > ' ') << i;
        masks.letters |= (uint64_t)(is_letter || c >= 0x80) << i;
        masks.open |= (uint64_t)(c == 0xC2 || c >= 0xE0) << i;
    }
    return masks;
}

struct bytes_masks bytes_mask_words(const char *p)
{
#if defined(__SSE2__)
    struct bytes_masks masks = {0, 0, 0};
    for (unsigned i = 0; i < BYTES_MASKED; i += STEP) {
        __m128i bytes = load(p + i), lower = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        __m128i letter = _mm_or_si128(in_range(lower, 'a', 'z'), in_range(bytes, '0', '9'));
        __m128i open = _mm_or_si128(in_range(bytes, 0xC2, 0xC2), in_range(bytes, 0xE0, 0xFF));
        uint64_t high = (unsigned)_mm_movemask_epi8(bytes);
        uint64_t space = (unsigned)_mm_movemask_epi8(in_range(bytes, 0, ' '));
        masks.solid |= (~space & 0xFFFFu) << i;
        masks.letters |= ((unsigned)_mm_movemask_epi8(letter) | high) << i;
        masks.open |= (uint64_t)(unsigned)_mm_movemask_epi8(open) << i;
    }
    return masks;
#else
    return bytes_mask_words_plain(p);
#endif
}

/* --- code points --------------------------------------------------------------------------- */

static bool begins_code_point(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

size_t bytes_code_points(const char *p, const char *end)
{
    size_t count = 0;
#if defined(__SSE2__)
    /* Bytes that continue a character are those below -64 when taken as signed. Sums have 32 bits:
     * no text is that long. */
    __m128i continued = _mm_set1_epi8((char)0xC0), zero = _mm_setzero_si128(), sums = zero;
    for (; end - p >= STEP; p += STEP) {
        __m128i tails = _mm_cmplt_epi8(load(p), continued);
        sums = _mm_add_epi64(sums, _mm_sad_epu8(_mm_sub_epi8(zero, tails), zero));
        count += STEP;
    }
    if (end - p >= STEP / 2) {
        __m128i half = _mm_loadl_epi64((const __m128i *)(const void *)p);
        __m128i tails = _mm_cmplt_epi8(half, continued);
        sums = _mm_add_epi64(sums, _mm_sad_epu8(_mm_sub_epi8(zero, tails), zero));
        count += STEP / 2;
        p += STEP / 2;
    }
    count -= (size_t)(uint32_t)_mm_cvtsi128_si32(sums) +
             (size_t)(uint32_t)_mm_cvtsi128_si32(_mm_unpackhi_epi64(sums, sums));
#endif
    while (p < end)
        count += begins_code_point(*p++);
    return count;
}

/* --- UTF-8 --------------------------------------------------------------------------------- */

#if defined(__x86_64__)

/* Kinds of mistakes that two neighbouring bytes can show. Three tables, for the halves of the first
 * byte and the upper half of the second, each tell which mistakes are possible; a mistake that all
 * three allow is there. Source: J. Keiser, D. Lemire, "Validating UTF-8 In Less Than One
 * Instruction Per Byte", 2020. */
enum {
    TOO_SHORT = 1,     /* a lead byte, then no continuation */
    TOO_LONG = 2,      /* ASCII, then a continuation */
    OVERLONG_3 = 4,    /* E0 80..9F */
    TOO_LARGE = 8,     /* F4 90.., F5.. */
    SURROGATE = 16,    /* ED A0.. */
    OVERLONG_2 = 32,   /* C0, C1 */
    TOO_LARGE_80 = 64, /* F5 80.. and on */
    OVERLONG_4 = 64,   /* F0 80..8F */
    TWO_TAILS = 128,   /* two continuations: right only behind a lead byte of three or four */
    ANY = TOO_SHORT | TOO_LONG | TWO_TAILS,
    LARGE = ANY | TOO_LARGE | TOO_LARGE_80,
    TAIL = TOO_LONG | OVERLONG_2 | TWO_TAILS
};

static const uint8_t FIRST_UPPER[16] = {TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TOO_LONG,
                                        TWO_TAILS,
                                        TWO_TAILS,
                                        TWO_TAILS,
                                        TWO_TAILS,
                                        TOO_SHORT | OVERLONG_2,
                                        TOO_SHORT,
                                        TOO_SHORT | OVERLONG_3 | SURROGATE,
                                        TOO_SHORT | TOO_LARGE | TOO_LARGE_80 | OVERLONG_4};
static const uint8_t FIRST_LOWER[16] = {ANY | OVERLONG_3 | OVERLONG_2 | OVERLONG_4,
                                        ANY | OVERLONG_2,
                                        ANY,
                                        ANY,
                                        ANY | TOO_LARGE,
                                        LARGE,
                                        LARGE,
                                        LARGE,
                                        LARGE,
                                        LARGE,
                                        LARGE,
                                        LARGE,
                                        LARGE,
                                        LARGE | SURROGATE,
                                        LARGE,
                                        LARGE};
static const uint8_t SECOND_UPPER[16] = {TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TAIL | OVERLONG_3 | TOO_LARGE_80 | OVERLONG_4,
                                         TAIL | OVERLONG_3 | TOO_LARGE,
                                         TAIL | SURROGATE | TOO_LARGE,
                                         TAIL | SURROGATE | TOO_LARGE,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT,
                                         TOO_SHORT};

enum { WIDE_STEP = 32 };

/* What is carried from block to block. */
struct utf8_check {
    __m256i before, incomplete, mistakes;
};

#define WITH_AVX2 __attribute__((target("avx2")))

WITH_AVX2 static inline __m256i table(const uint8_t *values)
{
    return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)values));
}

WITH_AVX2 static inline __m256i upper_half(__m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
}

/* Mistakes in a block: of neighbours, and continuations that stand where none is due. */
WITH_AVX2 static inline __m256i find_mistakes(__m256i bytes, __m256i before)
{
    __m256i across = _mm256_permute2x128_si256(before, bytes, 0x21);
    __m256i first = _mm256_alignr_epi8(bytes, across, 15);
    __m256i second_before = _mm256_alignr_epi8(bytes, across, 14);
    __m256i third_before = _mm256_alignr_epi8(bytes, across, 13);
    __m256i lower = _mm256_and_si256(first, _mm256_set1_epi8(0x0F));
    __m256i pairs = _mm256_and_si256(
        _mm256_and_si256(_mm256_shuffle_epi8(table(FIRST_UPPER), upper_half(first)),
                         _mm256_shuffle_epi8(table(FIRST_LOWER), lower)),
        _mm256_shuffle_epi8(table(SECOND_UPPER), upper_half(bytes)));
    __m256i third_due = _mm256_subs_epu8(second_before, _mm256_set1_epi8(0xE0 - 0x80));
    __m256i fourth_due = _mm256_subs_epu8(third_before, _mm256_set1_epi8(0xF0 - 0x80));
    __m256i due =
        _mm256_and_si256(_mm256_or_si256(third_due, fourth_due), _mm256_set1_epi8((char)0x80));
    return _mm256_xor_si256(due, pairs);
}

WITH_AVX2 static inline void check_block(struct utf8_check *check, __m256i bytes)
{
    /* The last three bytes may begin a sequence that goes on in the next block. */
    const __m256i allowed_last = _mm256_setr_epi8(
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, -1, -1, -1, -1, -1, (char)0xEF, (char)0xDF, (char)0xBF);
    if (!_mm256_movemask_epi8(bytes)) {
        check->mistakes = _mm256_or_si256(check->mistakes, check->incomplete);
        check->incomplete = _mm256_setzero_si256();
    } else {
        check->mistakes = _mm256_or_si256(check->mistakes, find_mistakes(bytes, check->before));
        check->incomplete = _mm256_subs_epu8(bytes, allowed_last);
    }
    check->before = bytes;
}

WITH_AVX2 static bool is_utf8_avx2(const char *p, size_t len)
{
    struct utf8_check check = {_mm256_setzero_si256(), _mm256_setzero_si256(),
                               _mm256_setzero_si256()};
    size_t i = 0;
    for (; len - i >= WIDE_STEP; i += WIDE_STEP)
        check_block(&check, _mm256_loadu_si256((const __m256i *)(const void *)(p + i)));
    char rest[WIDE_STEP] = {0};
    if (len > i)
        memcpy(rest, p + i, len - i);
    check_block(&check, _mm256_loadu_si256((const __m256i *)(const void *)rest));
    /* The zeros end whatever is incomplete, except where the last byte filled the block. */
    check.mistakes = _mm256_or_si256(check.mistakes, check.incomplete);
    return _mm256_testz_si256(check.mistakes, check.mistakes);
}

bool bytes_has_utf8_check(void)
{
    return __builtin_cpu_supports("avx2");
}

bool bytes_is_utf8(const char *p, size_t len)
{
    return is_utf8_avx2(p, len);
}

#else

bool bytes_has_utf8_check(void)
{
    return false;
}

bool bytes_is_utf8(const char *p, size_t len)
{
    (void)p;
    (void)len;
    return false;
}

#endif
