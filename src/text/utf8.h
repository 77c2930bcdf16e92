/* UTF-8 as RFC 3629 has it: no surrogates, no overlong forms, nothing above U+10FFFF. */
#ifndef TEXT_UTF8_H
#define TEXT_UTF8_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

/* Bytes of the longest valid prefix; len when all of it is valid. ASCII runs go eight bytes at a
 * time. */
size_t utf8_valid_prefix(const char *data, size_t len);

static inline bool utf8_is_valid(desk_slice text)
{
    return utf8_valid_prefix(text.data, text.len) == text.len;
}

/* Writes one code point (a scalar value) to out, which has room for 4 bytes; returns the bytes
 * written. */
size_t utf8_put(uint32_t cp, char *out);

struct arena;

/* The bytes with U+FFFD for each broken sequence, together with the bytes that continue it: the
 * bytes themselves where they are valid, else in the arena. `replaced` counts up by what was
 * replaced. False without memory. */
bool utf8_repair(struct arena *arena, desk_slice bytes, desk_slice *text, size_t *replaced);

/* Code points of valid text. */
size_t utf8_count(desk_slice text);

/* Length of the sequence that starts with this byte of valid text. */
static inline size_t utf8_len(char lead)
{
    unsigned char c = (unsigned char)lead;
    return c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

/* The code point at *p of valid text; *p moves past it. *p < end. */
static inline uint32_t utf8_next(const char **p, const char *end)
{
    const unsigned char *s = (const unsigned char *)*p;
    size_t len = utf8_len((char)s[0]);
    if (len > (size_t)(end - *p))
        len = (size_t)(end - *p);
    *p += len;
    switch (len) {
    case 1:
        return s[0];
    case 2:
        return (uint32_t)(s[0] & 0x1F) << 6 | (s[1] & 0x3F);
    case 3:
        return (uint32_t)(s[0] & 0x0F) << 12 | (uint32_t)(s[1] & 0x3F) << 6 | (s[2] & 0x3F);
    default:
        return (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3F) << 12 |
               (uint32_t)(s[2] & 0x3F) << 6 | (s[3] & 0x3F);
    }
}

/* The code point before *p, which moves to its start. start < *p. */
static inline uint32_t utf8_prev(const char *start, const char **p)
{
    const char *s = *p - 1;
    while (s > start && ((unsigned char)*s & 0xC0) == 0x80)
        s--;
    const char *q = s;
    uint32_t cp = utf8_next(&q, *p);
    *p = s;
    return cp;
}

#endif
