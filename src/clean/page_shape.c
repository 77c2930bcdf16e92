/* One pass over the beginning of a text, and a look at its end. */
#include "clean/page_shape.h"

#include <stdbool.h>

#include "base/slice.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* Enough to know prose from a list of links. */
enum { SHAPE_BYTES = 320 };
/* Share of capitals, of 64, that is assumed where no letter has a case. */
enum { CAPITALS_USUAL = 8 };

static bool ends_sentence(uint32_t cp)
{
    switch (cp) {
    case '.':
    case '!':
    case '?':
    case 0x3002: /* 。 */
    case 0xFF01: /* ！ */
    case 0xFF1F: /* ？ */
    case 0xFF0E: /* ． */
    case 0x061F: /* ؟ */
    case 0x06D4: /* ۔ */
    case 0x0964: /* । */
    case 0x0965: /* ॥ */
    case 0x1362: /* ። */
    case 0x104B: /* ။ */
    case 0x17D4: /* ។ */
    case 0x0589: /* ։ */
        return true;
    default:
        return false;
    }
}

static bool is_comma(uint32_t cp)
{
    return cp == ',' || cp == 0x060C || cp == 0x3001 || cp == 0xFF0C || cp == 0x1363 || cp == ';' ||
           cp == 0x061B;
}

/* Quotes and brackets that may stand after the end of a sentence or before its beginning. */
static bool is_quote(uint32_t cp)
{
    return cp == '"' || cp == '\'' || cp == 0xAB || cp == 0xBB || (cp >= 0x2018 && cp <= 0x201F) ||
           cp == 0x2039 || cp == 0x203A || (cp >= 0x300A && cp <= 0x300F) || cp == 0xFF02;
}

static bool is_closing(uint32_t cp)
{
    return is_quote(cp) || cp == ')' || cp == ']' || cp == 0xFF09;
}

static bool is_separator(uint32_t cp)
{
    return cp == '|' || cp == '>' || cp == 0x2022 || cp == 0xB7 || cp == 0x25BA || cp == 0x2192 ||
           cp == 0x25CF || cp == 0x00D7;
}

/* What was seen so far. */
struct scan {
    struct text_shape shape;
    unsigned letters, digits, words, capitals, cased;
    bool in_word;
    bool after_end;
};

static void count_up(uint8_t *counter)
{
    *counter = (uint8_t)(*counter + (*counter < UINT8_MAX));
}

static void scan_letter(struct scan *scan, unsigned class)
{
    scan->letters++;
    scan->digits += (class & CLASS_DIGIT) != 0;
    if (!scan->in_word) {
        scan->words++;
        scan->capitals += (class & CLASS_UPPER) != 0;
        scan->cased += (class & (CLASS_UPPER | CLASS_LOWER)) != 0;
    }
    scan->in_word = true;
    scan->after_end = false;
}

/* The ASCII letters and digits from p on, inside a word; returns where they end. */
static const char *scan_word(struct scan *scan, const char *p, const char *end)
{
    const char *start = p;
    for (; p < end && (ascii_is_alpha(*p) || ascii_is_digit(*p)); p++)
        scan->digits += ascii_is_digit(*p);
    scan->letters += (unsigned)(p - start);
    return p;
}

static void scan_mark(struct scan *scan, uint32_t cp)
{
    struct text_shape *shape = &scan->shape;
    if (ends_sentence(cp)) {
        if (cp >= 0x80)
            count_up(&shape->sentences);
        scan->after_end = cp < 0x80 && scan->in_word;
        scan->in_word = false;
        return;
    }
    if (cp == ' ' || cp == 0xA0) {
        if (scan->after_end)
            count_up(&shape->sentences);
        scan->after_end = scan->in_word = false;
        return;
    }
    if (is_comma(cp))
        count_up(&shape->commas);
    if (is_separator(cp))
        count_up(&shape->separators);
    if (cp == '@')
        shape->address = 1;
    if (cp == 0xA9)
        shape->copyright = 1;
    if (!is_closing(cp) && cp != '-' && cp != 0x2019)
        scan->after_end = scan->in_word = false;
}

static uint8_t end_of(desk_slice text)
{
    const char *p = text.data + text.len;
    uint32_t cp = 0;
    while (p > text.data) {
        cp = utf8_prev(text.data, &p);
        if (!is_closing(cp))
            break;
    }
    if (cp == 0x2026)
        return END_ELLIPSIS;
    if (cp == '.' && p - text.data >= 2 && p[-1] == '.')
        return END_ELLIPSIS;
    if (ends_sentence(cp))
        return END_SENTENCE;
    if (cp == ':' || cp == 0xFF1A)
        return END_COLON;
    return text_class(cp) & CLASS_PUNCT ? END_OTHER : END_NONE;
}

static uint8_t first_of(desk_slice text)
{
    const char *p = text.data;
    uint32_t cp = utf8_next(&p, text.data + text.len);
    unsigned class = text_class(cp);
    if (is_quote(cp) || cp == 0x2014 || cp == 0x2013 || cp == '-')
        return FIRST_QUOTE;
    if (class & CLASS_DIGIT)
        return FIRST_DIGIT;
    if (class & CLASS_LOWER)
        return FIRST_LOWER;
    return class & CLASS_LETTER ? FIRST_UPPER : FIRST_OTHER;
}

/* Whether the mark at `at` stands in the beginning of an address: https: or www. */
static bool is_in_address(desk_slice text, size_t at)
{
    desk_slice before = slice_sub(text, 0, at);
    return text.data[at] == ':'
               ? slice_ends(before, slice_from_cstr("http")) ||
                     slice_ends(before, slice_from_cstr("https"))
               : text.data[at] == '.' && slice_ends(before, slice_from_cstr("www"));
}

struct text_shape page_shape(desk_slice text)
{
    struct scan scan = {.after_end = false};
    const char *p = text.data;
    const char *end = text.data + (text.len < SHAPE_BYTES ? text.len : SHAPE_BYTES);
    if (!text.len)
        return scan.shape;
    while (p < end) {
        const char *at = p;
        uint32_t cp = utf8_next(&p, text.data + text.len);
        unsigned class = text_class(cp);
        if (class & (CLASS_LETTER | CLASS_DIGIT | CLASS_MARK)) {
            scan_letter(&scan, class);
            p = scan_word(&scan, p, end);
            continue;
        }
        if ((cp == ':' || cp == '.') && is_in_address(text, (size_t)(at - text.data)))
            scan.shape.address = 1;
        scan_mark(&scan, cp);
    }
    struct text_shape shape = scan.shape;
    shape.end = end_of(text);
    shape.first = first_of(text);
    if (shape.end == END_SENTENCE && text.len <= SHAPE_BYTES && scan.after_end)
        count_up(&shape.sentences);
    shape.capitals = (uint8_t)(scan.cased ? 64 * scan.capitals / scan.words : CAPITALS_USUAL);
    shape.digits = (uint8_t)(scan.letters ? 64 * scan.digits / scan.letters : 0);
    return shape;
}
