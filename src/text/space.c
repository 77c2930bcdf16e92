/* Folding white space by hand: the common text needs one look per byte and no copy. */
#include "text/space.h"

#include "base/bytes.h"
#include "base/slice.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum {
    ZERO_WIDTH_NON_JOINER = 0x200C,
    ZERO_WIDTH_JOINER = 0x200D,
    VARIATION_FIRST = 0xFE00,
    VARIATION_LAST = 0xFE0F,
    NO_BREAK_SPACE = 0xA0,
    NARROW_NO_BREAK_SPACE = 0x202F,
    GUILLEMET_LEFT = 0xAB,
    GUILLEMET_RIGHT = 0xBB,
    CURRENCY_FIRST = 0x20A0,
    CURRENCY_LAST = 0x20CF
};

static const char NO_BREAK[] = "\xC2\xA0";

static bool is_no_break(uint32_t cp)
{
    return cp == NO_BREAK_SPACE || cp == NARROW_NO_BREAK_SPACE;
}

static bool is_joiner(uint32_t cp)
{
    return cp == ZERO_WIDTH_NON_JOINER || cp == ZERO_WIDTH_JOINER;
}

/* Characters that go wherever they stand. */
static bool is_dropped(uint32_t cp)
{
    if ((cp >= VARIATION_FIRST && cp <= VARIATION_LAST) || cp >= 0x10000)
        return false;
    return text_class(cp) & (CLASS_INVISIBLE | CLASS_CONTROL);
}

/* Whether a joiner behind `before` shows: scripts whose letters join, and emoji (with the signs
 * that may be emoji, and the selector that makes them so). */
static bool needs_joiner(uint32_t before, uint32_t joiner)
{
    bool is_emoji = before >= 0x1F000 || (before >= 0x2190 && before <= 0x2BFF) ||
                    (before >= VARIATION_FIRST && before <= VARIATION_LAST);
    return (before >= 0x0600 && before <= 0x1CFF) || (before >= 0xA800 && before <= 0xABFF) ||
           (before >= 0xFB50 && before <= 0xFDFF) || (before >= 0xFE70 && before <= 0xFEFC) ||
           (joiner == ZERO_WIDTH_JOINER && is_emoji);
}

/* Whether a single no-break space belongs between two characters. */
static bool asks_no_break(uint32_t before, uint32_t after)
{
    switch (after) {
    case ';':
    case ':':
    case '!':
    case '?':
    case '%':
    case '$':
    case GUILLEMET_RIGHT:
        return true;
    default:
        return before == GUILLEMET_LEFT || (after >= CURRENCY_FIRST && after <= CURRENCY_LAST) ||
               (text_class(before) & CLASS_DIGIT && text_class(after) & CLASS_DIGIT);
    }
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

/* Whether the no-break space [start, p) stays as it is. */
static bool is_good_no_break(desk_slice text, const char *start, const char *p)
{
    const char *end = text.data + text.len, *before = start, *after = p;
    if (start == text.data || p == end || start[0] != NO_BREAK[0])
        return false;
    return asks_no_break(utf8_prev(text.data, &before), utf8_next(&after, end));
}

/* Bytes of the prefix that is in folded form already: no double space, no other white space than
 * ' ', nothing dropped, no joiner. */
static size_t folded_prefix(desk_slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    bool after_space = false;
    while (p < end) {
        size_t settled = bytes_settled_space(p, end, after_space);
        p += settled;
        after_space = settled ? p[-1] == ' ' : after_space;
        if (p == end || (unsigned char)*p < 0x80)
            break;
        const char *start = p;
        uint32_t cp = utf8_next(&p, end);
        bool is_space = text_class(cp) & CLASS_SPACE;
        bool is_good = is_space
                           ? !after_space && is_no_break(cp) && is_good_no_break(text, start, p)
                           : !is_dropped(cp) && !is_joiner(cp);
        if (!is_good) {
            p = start;
            break;
        }
        after_space = is_space;
    }
    return (size_t)(p - text.data);
}

/* What is written so far. */
struct folded {
    char *out;
    size_t len;
    uint32_t last;    /* the character written last */
    bool has_space;   /* white space is to come before the next character */
    bool is_no_break; /* it is one no-break space */
};

static void put_space(struct folded *folded, uint32_t next)
{
    bool is_no_break = folded->is_no_break && asks_no_break(folded->last, next);
    if (is_no_break) {
        memcpy(folded->out + folded->len, NO_BREAK, 2);
        folded->len += 2;
    } else {
        folded->out[folded->len++] = ' ';
    }
    folded->has_space = folded->is_no_break = false;
}

static void fold_rest(struct folded *folded, const char *p, const char *end)
{
    while (p < end) {
        const char *start = p;
        uint32_t cp = utf8_next(&p, end);
        if (text_class(cp) & CLASS_SPACE) {
            folded->is_no_break = !folded->has_space && is_no_break(cp);
            folded->has_space = true;
            continue;
        }
        if (is_joiner(cp) ? folded->has_space || !needs_joiner(folded->last, cp) : is_dropped(cp))
            continue;
        if (folded->has_space)
            put_space(folded, cp);
        memcpy(folded->out + folded->len, start, (size_t)(p - start));
        folded->len += (size_t)(p - start);
        folded->last = cp;
    }
}

bool space_fold(struct arena *arena, desk_slice *text)
{
    *text = space_trim(*text);
    size_t good = folded_prefix(*text);
    if (good == text->len)
        return true;
    struct folded folded = {.out = arena_alloc(arena, text->len, 1), .len = good};
    if (!folded.out)
        return false;
    memcpy(folded.out, text->data, good);
    /* The last character of the good part is read again when it is white space. */
    const char *before = text->data + good;
    if (good) {
        folded.last = utf8_prev(text->data, &before);
        if (text_class(folded.last) & CLASS_SPACE) {
            folded.len = (size_t)(before - text->data);
            good = folded.len;
            folded.last = good ? utf8_prev(text->data, &before) : 0;
        }
    }
    fold_rest(&folded, text->data + good, text->data + text->len);
    arena_shrink(arena, folded.out, text->len, folded.len);
    *text = slice_of(folded.out, folded.len);
    return true;
}
