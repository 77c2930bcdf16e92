/* Folding white space by hand: the common text needs one look per byte and no copy. */
#include "text/space.h"

#include "base/slice.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum {
    ZERO_WIDTH_NON_JOINER = 0x200C,
    ZERO_WIDTH_JOINER = 0x200D,
    VARIATION_FIRST = 0xFE00,
    VARIATION_LAST = 0xFE0F
};
enum { NO_BREAK_SPACE = 0xA0, NARROW_NO_BREAK_SPACE = 0x202F };

static bool is_no_break(uint32_t cp)
{
    return cp == NO_BREAK_SPACE || cp == NARROW_NO_BREAK_SPACE;
}

static bool is_dropped(uint32_t cp)
{
    if (cp == ZERO_WIDTH_NON_JOINER || cp == ZERO_WIDTH_JOINER ||
        (cp >= VARIATION_FIRST && cp <= VARIATION_LAST) || cp >= 0x10000)
        return false;
    return text_class(cp) & (CLASS_INVISIBLE | CLASS_CONTROL);
}

desk_slice space_trim(desk_slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    while (p < end) {
        const char *next = p;
        if (!(text_class(utf8_next(&next, end)) & (CLASS_SPACE | CLASS_INVISIBLE | CLASS_CONTROL)))
            break;
        p = next;
    }
    while (end > p) {
        const char *last = end;
        if (!(text_class(utf8_prev(p, &last)) & (CLASS_SPACE | CLASS_INVISIBLE | CLASS_CONTROL)))
            break;
        end = last;
    }
    return slice_of(p, (size_t)(end - p));
}

/* Bytes of the prefix that is in folded form already: no double space, no other white space than '
 * ', nothing dropped. */
static size_t folded_prefix(desk_slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    bool after_space = false;
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x80) {
            if (c < ' ' || c == 0x7F || (c == ' ' && after_space))
                break;
            after_space = c == ' ';
            p++;
            continue;
        }
        const char *start = p;
        uint32_t cp = utf8_next(&p, end);
        unsigned class = text_class(cp);
        if (is_dropped(cp) || (class & CLASS_SPACE && (after_space || !is_no_break(cp)))) {
            p = start;
            break;
        }
        after_space = class & CLASS_SPACE;
    }
    return (size_t)(p - text.data);
}

bool space_fold(struct arena *arena, desk_slice *text)
{
    *text = space_trim(*text);
    size_t good = folded_prefix(*text);
    if (good == text->len)
        return true;
    char *out = arena_alloc(arena, text->len, 1);
    if (!out)
        return false;
    size_t len = good;
    memcpy(out, text->data, good);
    const char *p = text->data + good, *end = text->data + text->len;
    bool pending = len && out[len - 1] == ' ';
    len -= pending;
    while (p < end) {
        const char *start = p;
        uint32_t cp = utf8_next(&p, end);
        if (text_class(cp) & CLASS_SPACE) {
            const char *next = p;
            bool alone = is_no_break(cp) && !pending && p < end &&
                         !(text_class(utf8_next(&next, end)) & CLASS_SPACE);
            if (!alone) {
                pending = true;
                continue;
            }
        } else if (is_dropped(cp)) {
            continue;
        }
        if (pending)
            out[len++] = ' ';
        pending = false;
        memcpy(out + len, start, (size_t)(p - start));
        len += (size_t)(p - start);
    }
    arena_shrink(arena, out, text->len, len);
    *text = slice_of(out, len);
    return true;
}
