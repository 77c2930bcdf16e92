/* The text of a loose JSON string: escapes, character references and tags undone. */
#include "base/slice.h"
#include "clean/loose_json.h"
#include "html/references.h"
#include "text/space.h"
#include "text/utf8.h"

static int hex_value(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits after "\u"; -1 when they are none. */
static int32_t code_unit(desk_slice raw, size_t at)
{
    int32_t value = 0;
    if (at + 6 > raw.len || raw.data[at] != '\\' || raw.data[at + 1] != 'u')
        return -1;
    for (size_t i = at + 2; i < at + 6; i++) {
        int digit = hex_value(raw.data[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* Writes the character of "\uXXXX" or of a surrogate pair; returns the bytes of the escape. */
static size_t unescape_unicode(desk_slice raw, size_t at, char *out, size_t *len)
{
    int32_t unit = code_unit(raw, at), low;
    if (unit < 0)
        return 0;
    if (unit >= 0xD800 && unit <= 0xDBFF && (low = code_unit(raw, at + 6)) >= 0xDC00 &&
        low <= 0xDFFF) {
        *len += utf8_put(0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00),
                         out + *len);
        return 12;
    }
    bool is_scalar = unit && (unit < 0xD800 || unit > 0xDFFF);
    *len += utf8_put(is_scalar ? (uint32_t)unit : ' ', out + *len);
    return 6;
}

static char unescape_letter(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
    case 'r':
    case 'b':
    case 'f':
        return ' ';
    default:
        return c;
    }
}

/* An escape of any kind takes at least as many bytes as what it stands for. */
static bool unescape(struct arena *arena, desk_slice *text)
{
    desk_slice raw = *text;
    if (slice_find_byte(raw, '\\', 0) == DESK_SLICE_NONE)
        return true;
    char *out = arena_alloc(arena, raw.len, 1);
    size_t len = 0;
    for (size_t i = 0; out && i < raw.len;) {
        if (raw.data[i] != '\\' || i + 1 == raw.len) {
            out[len++] = raw.data[i++];
            continue;
        }
        size_t taken = unescape_unicode(raw, i, out, &len);
        if (!taken) {
            out[len++] = unescape_letter(raw.data[i + 1]);
            taken = 2;
        }
        i += taken;
    }
    *text = slice_of(out, out ? len : 0);
    return out != NULL;
}

static bool may_have_reference(desk_slice text)
{
    return slice_find_byte(text, '&', 0) != DESK_SLICE_NONE;
}

desk_slice loose_json_lines(struct arena *arena, desk_slice raw)
{
    desk_slice text = raw;
    if (!unescape(arena, &text) || !html_decode(arena, &text, TEXT_DATA))
        return slice_of(NULL, 0);
    return text;
}

/* <em> and the like in a headline. */
static bool drop_tags(struct arena *arena, desk_slice *text)
{
    size_t open = slice_find_byte(*text, '<', 0);
    if (open == DESK_SLICE_NONE || slice_find_byte(*text, '>', open) == DESK_SLICE_NONE)
        return true;
    char *out = arena_alloc(arena, text->len, 1);
    size_t len = 0, last = text->len;
    while (text->data[last - 1] != '>')
        last--;
    for (size_t i = 0; out && i < text->len; i++) {
        char next = i + 1 < text->len ? text->data[i + 1] : ' ';
        size_t close = DESK_SLICE_NONE;
        if (i < last && text->data[i] == '<' && (ascii_is_alpha(next) || next == '/'))
            close = slice_find_byte(*text, '>', i);
        if (close == DESK_SLICE_NONE)
            out[len++] = text->data[i];
        else
            i = close;
    }
    *text = slice_of(out, out ? len : 0);
    return out != NULL;
}

desk_slice loose_json_text(struct arena *arena, desk_slice raw)
{
    desk_slice text = loose_json_lines(arena, raw);
    /* "&amp;#39;" is common: escaped once by the editor, once by the template. */
    if (may_have_reference(text) && !html_decode(arena, &text, TEXT_DATA))
        return slice_of(NULL, 0);
    if (!drop_tags(arena, &text) || !space_fold(arena, &text))
        return slice_of(NULL, 0);
    return text;
}
