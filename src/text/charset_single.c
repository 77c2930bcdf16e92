/* Decoding single-byte charsets: runs of ASCII are copied, each other byte is one look-up. */
#include "text/charset_single.h"

#include <string.h>

#include "base/bytes.h"
#include "base/slice.h"
#include "text/utf8.h"

enum { REPLACEMENT_CHARACTER = 0xFFFD };

const struct single_byte_charset *single_byte_charset(const char *name)
{
    for (size_t i = 0; i < SINGLE_BYTE_CHARSETS_COUNT; i++)
        if (!strcmp(SINGLE_BYTE_CHARSETS[i].name, name))
            return &SINGLE_BYTE_CHARSETS[i];
    return NULL;
}

bool single_byte_decode(struct arena *arena, const struct single_byte_charset *charset,
                        desk_slice *text, size_t *replaced)
{
    size_t at = bytes_ascii(text->data, text->data + text->len), len = 0;
    if (at == text->len)
        return true;
    /* No character takes more than three bytes. What is not needed goes back. */
    if (text->len > SIZE_MAX / 4)
        return false;
    size_t room = 3 * text->len;
    char *out = arena_alloc(arena, room, 1);
    if (!out)
        return false;
    for (size_t from = 0;; from = at) {
        at = from + bytes_ascii(text->data + from, text->data + text->len);
        memcpy(out + len, text->data + from, at - from);
        len += at - from;
        for (; at < text->len && (unsigned char)text->data[at] >= 0x80; at++) {
            uint16_t cp = charset->high[(unsigned char)text->data[at] - 0x80];
            *replaced += cp == REPLACEMENT_CHARACTER;
            len += utf8_put(cp, out + len);
        }
        if (at == text->len)
            break;
    }
    arena_shrink(arena, out, room, len);
    *text = slice_of(out, len);
    return true;
}
