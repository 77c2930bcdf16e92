/* Small helpers over desk_slice. All are pure; none allocates. */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <string.h>

/* A slice over a string literal, usable in static initialisers. */
#define SLICE_LITERAL(text)                                                                        \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static inline desk_slice slice_of(const char *data, size_t len)
{
    desk_slice s = {data, len};
    return s;
}

static inline desk_slice slice_from_cstr(const char *text)
{
    desk_slice s = {text, text ? strlen(text) : 0};
    return s;
}

static inline desk_slice slice_sub(desk_slice s, size_t from, size_t to)
{
    return slice_of(s.data + from, to - from);
}

static inline bool slice_equal(desk_slice a, desk_slice b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool slice_is(desk_slice s, const char *text)
{
    return slice_equal(s, slice_from_cstr(text));
}

/* Byte order; a proper prefix sorts first. */
int slice_compare(desk_slice a, desk_slice b);
/* ASCII letters compare without case; other bytes exactly. */
bool slice_equal_nocase(desk_slice a, desk_slice b);
bool slice_starts(desk_slice s, desk_slice prefix);
bool slice_starts_nocase(desk_slice s, desk_slice prefix);
bool slice_ends(desk_slice s, desk_slice suffix);
/* Position of the first occurrence at or after `from`, or DESK_SLICE_NONE. */
#define DESK_SLICE_NONE ((size_t)-1)
size_t slice_find(desk_slice s, desk_slice needle, size_t from);
size_t slice_find_byte(desk_slice s, char byte, size_t from);
/* Without ASCII white space (space, tab, CR, LF, FF) at both ends. */
desk_slice slice_trim(desk_slice s);

static inline bool ascii_is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static inline bool ascii_is_alpha(char c)
{
    return (unsigned char)((c | 0x20) - 'a') < 26;
}

#endif
