/* Validation by the table of well-formed sequences (Unicode Standard, table 3-7). */
#include "text/utf8.h"

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/slice.h"

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* Length of the well-formed sequence at s, 0 when there is none. */
static size_t sequence(const unsigned char *s, size_t left)
{
    unsigned char c = s[0];
    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c <= 0xDF)
        return left >= 2 && is_tail(s[1]) ? 2 : 0;
    if (c >= 0xE0 && c <= 0xEF) {
        unsigned char low = c == 0xE0 ? 0xA0 : 0x80, high = c == 0xED ? 0x9F : 0xBF;
        return left >= 3 && s[1] >= low && s[1] <= high && is_tail(s[2]) ? 3 : 0;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        unsigned char low = c == 0xF0 ? 0x90 : 0x80, high = c == 0xF4 ? 0x8F : 0xBF;
        return left >= 4 && s[1] >= low && s[1] <= high && is_tail(s[2]) && is_tail(s[3]) ? 4 : 0;
    }
    return 0;
}

enum { LONG_BYTES = 64 };

/* Letter by letter, up to the first fault. */
static size_t valid_run(const char *data, size_t len)
{
    const unsigned char *s = (const unsigned char *)data;
    size_t i = 0;
    while (i < len) {
        /* A letter above ASCII is often alone, and often one of many: no call for the second. */
        if (s[i] < 0x80)
            i += bytes_ascii(data + i, data + len);
        size_t step = i < len ? sequence(s + i, len - i) : 0;
        if (!step)
            break;
        i += step;
    }
    return i;
}

size_t utf8_valid_prefix(const char *data, size_t len)
{
    /* The whole at once; text that is not valid, and short text, by its letters. */
    if (len >= LONG_BYTES && bytes_has_utf8_check() && bytes_is_utf8(data, len))
        return len;
    return valid_run(data, len);
}

size_t utf8_put(uint32_t cp, char *out)
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t utf8_count(desk_slice text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += !is_tail((unsigned char)text.data[i]);
    return count;
}

bool utf8_repair(struct arena *arena, desk_slice bytes, desk_slice *text, size_t *replaced)
{
    static const char REPLACEMENT[] = "\xEF\xBF\xBD";
    size_t valid = utf8_valid_prefix(bytes.data, bytes.len), len = 0;
    *text = bytes;
    if (valid == bytes.len)
        return true;
    char *out = bytes.len > SIZE_MAX / 4 ? NULL : arena_alloc(arena, 3 * bytes.len, 1);
    if (!out)
        return false;
    for (size_t i = 0;;) {
        memcpy(out + len, bytes.data + i, valid);
        len += valid;
        i += valid;
        if (i == bytes.len)
            break;
        memcpy(out + len, REPLACEMENT, 3);
        len += 3;
        ++*replaced;
        for (i++; i < bytes.len && is_tail((unsigned char)bytes.data[i]); i++)
            continue;
        valid = valid_run(bytes.data + i, bytes.len - i); /* not the whole rest at each fault */
    }
    arena_shrink(arena, out, 3 * bytes.len, len);
    *text = slice_of(out, len);
    return true;
}
