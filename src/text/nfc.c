/* NFC with utf8proc's buffer functions, which take no heap. Text is handled line by line, so that
 * the scratch stays small and one combining mark does not send a whole article the slow way. */
#include "text/nfc.h"

#include <string.h>
#include <utf8proc.h>

#include "base/bytes.h"
#include "base/slice.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* Above the Basic Multilingual Plane only a few historic scripts and musical symbols may change. */
enum { LEAD_OF_U0300 = 0xCC, EMOJI_FIRST = 0x1F000 };

/* A character whose lead byte leaves it open. */
static bool is_stable(uint32_t cp)
{
    return cp < 0x10000 ? !(text_class(cp) & CLASS_UNSTABLE) : cp >= EMOJI_FIRST && cp < 0x2F800;
}

bool nfc_is_certain(desk_slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    while ((p += bytes_nfc_safe(p, end)) < end) {
        /* Where one such character stands, more follow in some scripts: one by one up to the next
         * ASCII. */
        while (p < end && (unsigned char)*p >= 0x80)
            if ((unsigned char)*p < LEAD_OF_U0300)
                p++;
            else if (!is_stable(utf8_next(&p, end)))
                return false;
    }
    return true;
}

/* The NFC of one line, appended to out; false at the memory limit. */
static bool append_line(struct arena *arena, desk_slice line, char *out, size_t room, size_t *len)
{
    if (nfc_is_certain(line)) {
        if (line.len)
            memcpy(out + *len, line.data, line.len);
        *len += line.len;
        return true;
    }
    struct arena_mark mark = arena_mark(arena);
    size_t capacity = 4 * line.len + 16;
    utf8proc_int32_t *points =
        arena_alloc(arena, capacity * sizeof *points, _Alignof(utf8proc_int32_t));
    if (!points)
        return false;
    utf8proc_option_t options = UTF8PROC_COMPOSE | UTF8PROC_STABLE;
    utf8proc_ssize_t count =
        utf8proc_decompose((const utf8proc_uint8_t *)line.data, (utf8proc_ssize_t)line.len, points,
                           (utf8proc_ssize_t)capacity, options);
    if (count > 0 && (size_t)count <= capacity)
        count = utf8proc_normalize_utf32(points, count, options);
    for (utf8proc_ssize_t i = 0; i < count && *len + 4 <= room; i++)
        *len += utf8_put((uint32_t)points[i], out + *len);
    arena_rewind(arena, mark);
    return count >= 0;
}

bool nfc_normalise(struct arena *arena, desk_slice *text)
{
    if (nfc_is_certain(*text))
        return true;
    /* No character grows more than threefold in bytes from any form to NFC (UAX #15, table 10). */
    size_t room = 3 * text->len + 8, len = 0;
    char *out = arena_alloc(arena, room, 1);
    if (!out)
        return false;
    for (size_t from = 0; from < text->len;) {
        size_t hit = slice_find_byte(*text, '\n', from);
        size_t to = hit == DESK_SLICE_NONE ? text->len : hit + 1;
        if (!append_line(arena, slice_sub(*text, from, to), out, room, &len))
            return false;
        from = to;
    }
    arena_shrink(arena, out, room, len);
    *text = slice_of(out, len);
    return true;
}
