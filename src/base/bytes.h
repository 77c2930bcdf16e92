/* Looking at many bytes at once. The only place with instructions of one processor family: SSE2,
 * which every x86-64 has, AVX2 where the processor has it; plain C elsewhere, with the same
 * results. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Copies may write so many bytes beyond the last one they count. */
enum { BYTES_SLACK = 16 };

/* Eight bytes as a number, the first one lowest, whatever the machine. */
static inline uint64_t bytes_eight(const char *p)
{
    uint64_t eight;
    memcpy(&eight, p, sizeof eight);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    eight = __builtin_bswap64(eight);
#endif
    return eight;
}

/* How many bytes from p on are plain inside a JSON string: neither '"' nor '\\' nor below 0x20. */
size_t bytes_plain_json(const char *p, const char *end);
/* The same, and copies them. `out` has room for end - p + BYTES_SLACK bytes. */
size_t bytes_copy_plain_json(char *out, const char *p, const char *end);

/* Copies from p on and resolves the escapes of two bytes, \" \\ \/ \b \f \n \r \t, up to the first
 * byte that is neither: a quote, a control character, another escape. Moves *out on, which has room
 * for end - p + BYTES_SLACK bytes, and returns where it stopped. */
const char *bytes_unescape_json(char **out, const char *p, const char *end);

/* How many bytes from p on are ASCII. */
size_t bytes_ascii(const char *p, const char *end);

/* How many bytes from p on, in valid UTF-8, belong to characters that are in NFC whatever stands
 * beside them, as their lead byte alone tells: below U+0300, most of Cyrillic, Han, most of Hangul.
 */
size_t bytes_nfc_safe(const char *p, const char *end);

/* Bytes from p on up to the first line break: LF, CR, VT, FF, NEL (C2 85), LINE and PARAGRAPH
 * SEPARATOR (E2 80 A8, E2 80 A9). All of them when there is none. */
size_t bytes_to_line_break(const char *p, const char *end);

/* Where `needle` of 2 to BYTES_NEEDLE_MAX bytes first stands in [p, end); NULL when it does not. */
enum { BYTES_NEEDLE_MAX = 16 };
const char *bytes_find(const char *p, const char *end, const char *needle, size_t len);

/* Bytes from p on up to the first below 0x20; all of them when there is none. */
size_t bytes_to_control(const char *p, const char *end);

/* Bytes from p on up to the first '&', carriage return or NUL; all of them when there is none. */
size_t bytes_to_reference(const char *p, const char *end);

/* How many bytes from p on, in valid UTF-8, folding white space leaves as they are, as lead bytes
 * alone tell: no control character, no space behind a space, no character of two and three bytes
 * whose block holds a space or one that shows nothing. `after_space` tells of the byte before p. */
size_t bytes_settled_space(const char *p, const char *end, bool after_space);

/* Bytes from p on up to the first that may begin a quotation mark (of ASCII, U+0080 to U+00BF,
 * U+2000 to U+2FFF or U+3000 to U+3FFF) or is a line feed; all of them when there is none. */
size_t bytes_to_quote(const char *p, const char *end);

/* What the bytes of a piece are to somebody who counts words; bit i stands for byte i. */
enum { BYTES_MASKED = 64 };
struct bytes_masks {
    uint64_t solid;   /* above the space */
    uint64_t letters; /* ASCII letters and digits, and all bytes >= 0x80 */
    uint64_t open;    /* lead bytes that leave open what the character is: C2, and E0 or above */
};
/* Reads exactly BYTES_MASKED bytes. */
struct bytes_masks bytes_mask_words(const char *p);
/* The portable way to the same, to compare with. */
struct bytes_masks bytes_mask_words_plain(const char *p);

/* Code points of which the first byte is in [p, end), in valid UTF-8. */
size_t bytes_code_points(const char *p, const char *end);

/* Whether fast validation of UTF-8 is possible here, and its answer for all of the bytes. */
bool bytes_has_utf8_check(void);
bool bytes_is_utf8(const char *p, size_t len);

#endif
