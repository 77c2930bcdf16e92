/* Comparing, searching and trimming slices. */
#define _GNU_SOURCE /* memmem: glibc's is linear time, a hand-written one would not be */
#include "base/slice.h"

#include "base/bytes.h"

int slice_compare(desk_slice a, desk_slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len ? memcmp(a.data, b.data, len) : 0;
    if (order)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool slice_equal_nocase(desk_slice a, desk_slice b)
{
    return a.len == b.len && slice_starts_nocase(a, b);
}

bool slice_starts(desk_slice s, desk_slice prefix)
{
    return s.len >= prefix.len && (prefix.len == 0 || memcmp(s.data, prefix.data, prefix.len) == 0);
}

bool slice_starts_nocase(desk_slice s, desk_slice prefix)
{
    if (s.len < prefix.len)
        return false;
    /* Nearly all bytes are the same or quite different. */
    for (size_t i = 0; i < prefix.len; i++)
        if (s.data[i] != prefix.data[i] && ascii_lower(s.data[i]) != ascii_lower(prefix.data[i]))
            return false;
    return true;
}

bool slice_ends(desk_slice s, desk_slice suffix)
{
    return s.len >= suffix.len &&
           (suffix.len == 0 || memcmp(s.data + s.len - suffix.len, suffix.data, suffix.len) == 0);
}

size_t slice_find(desk_slice s, desk_slice needle, size_t from)
{
    if (from > s.len || needle.len > s.len - from)
        return DESK_SLICE_NONE;
    if (needle.len == 0)
        return from;
    if (needle.len == 1)
        return slice_find_byte(s, needle.data[0], from);
    /* Looking at a few bytes once more than once is bounded for short needles only. */
    const char *hit = needle.len <= BYTES_NEEDLE_MAX
                          ? bytes_find(s.data + from, s.data + s.len, needle.data, needle.len)
                          : memmem(s.data + from, s.len - from, needle.data, needle.len);
    return hit ? (size_t)(hit - s.data) : DESK_SLICE_NONE;
}

size_t slice_find_byte(desk_slice s, char byte, size_t from)
{
    if (from >= s.len)
        return DESK_SLICE_NONE;
    const char *hit = memchr(s.data + from, byte, s.len - from);
    return hit ? (size_t)(hit - s.data) : DESK_SLICE_NONE;
}

desk_slice slice_trim(desk_slice s)
{
    while (s.len && ascii_is_space(s.data[0]))
        s = slice_of(s.data + 1, s.len - 1);
    while (s.len && ascii_is_space(s.data[s.len - 1]))
        s.len--;
    return s;
}
