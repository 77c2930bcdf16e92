/* Marks and line breaks are found by their first bytes, sixteen at a time; they stand between
 * words. A stack holds what is open. */
#include "tag/quote_marks.h"

#include "base/bytes.h"
#include "base/slice.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { DEPTH_MAX = 8, SPANS_MAX = 1000, QUOTE_BYTES_MAX = 8000, POSSESSIVE_BYTES = 400 };

struct open_mark {
    uint32_t cp;
    size_t at, from, token;
};

struct pairing {
    struct desk_article *article;
    struct quote_spans *spans;
    struct open_mark stack[DEPTH_MAX];
    size_t depth;
    bool is_reversed;    /* » opens, as in German books */
    bool is_style_known; /* a guillemet was seen */
    bool at_paragraph;   /* a line break stands before, and no mark since */
    bool failed;
};

/* --- around a mark ------------------------------------------------------------------------- */

static bool is_word(uint32_t cp)
{
    return text_class(cp) & (CLASS_LETTER | CLASS_DIGIT | CLASS_MARK);
}

/* The code points beside [at, after), 0 at the ends. */
static uint32_t cp_before(desk_slice text, size_t at)
{
    size_t i = at;
    while (i > 0 && at - i < 4 && ((unsigned char)text.data[--i] & 0xC0) == 0x80)
        ;
    const char *p = text.data + i;
    return at ? utf8_next(&p, text.data + at) : 0;
}

static uint32_t cp_at(desk_slice text, size_t at)
{
    const char *p = text.data + at;
    return at < text.len ? utf8_next(&p, text.data + text.len) : 0;
}

static bool is_space_or_end(uint32_t cp)
{
    return cp == 0 || text_class(cp) & CLASS_SPACE;
}

/* "the dogs’ bowls,’ he said": an apostrophe behind s, with a better closing mark to come. */
static bool is_possessive(desk_slice text, size_t at, size_t after)
{
    if (cp_before(text, at) != 's' || cp_at(text, after) != ' ')
        return false;
    size_t end = text.len - after > POSSESSIVE_BYTES ? after + POSSESSIVE_BYTES : text.len;
    desk_slice mark = slice_sub(text, at, after);
    for (size_t i = after; i + mark.len <= end && text.data[i] != '\n'; i++)
        if (text.data[i] == mark.data[0] && slice_equal(slice_sub(text, i, i + mark.len), mark) &&
            !is_word(cp_at(text, i + mark.len)))
            return true;
    return false;
}

/* --- what a mark can be -------------------------------------------------------------------- */

/* What closes it; a mark may close several kinds. */
static bool closes(const struct pairing *pairing, uint32_t open, uint32_t cp)
{
    switch (open) {
    case 0xAB:
        return cp == 0xBB && !pairing->is_reversed;
    case 0xBB:
        return cp == 0xAB && pairing->is_reversed;
    case 0x2039:
        return cp == 0x203A;
    case 0x203A:
        return cp == 0x2039;
    case 0x201C:
        return cp == 0x201D;
    case 0x201E:
        return cp == 0x201C || cp == 0x201D;
    case 0x2018:
        return cp == 0x2019;
    case 0x201A:
        return cp == 0x2018 || cp == 0x2019;
    case 0x300C:
        return cp == 0x300D;
    case 0x300E:
        return cp == 0x300F;
    default: /* " ' and ” that opens in Swedish and Finnish */
        return cp == open;
    }
}

static bool is_single(uint32_t cp)
{
    return cp == '\'' || cp == 0x2018 || cp == 0x2019 || cp == 0x201A;
}

/* "'90s", "'s avonds", "'n'": a digit or one consonant alone behind the mark. */
static bool is_elision(desk_slice text, size_t after)
{
    uint32_t next = cp_at(text, after);
    bool is_consonant = next >= 'a' && next <= 'z' && !strchr("aeiouy", (int)next);
    return text_class(next) & CLASS_DIGIT || (is_consonant && !is_word(cp_at(text, after + 1)));
}

static bool opens(struct pairing *pairing, uint32_t cp, size_t at, size_t after)
{
    desk_slice text = pairing->article->body;
    uint32_t before = cp_before(text, at), next = cp_at(text, after);
    switch (cp) {
    case 0xAB:
    case 0xBB:
        if (!pairing->is_style_known) {
            pairing->is_style_known = true;
            pairing->is_reversed = cp == 0xBB;
        }
        return (cp == 0xBB) == pairing->is_reversed;
    case '"':
    case 0x201D:
        return !is_word(before) && !is_space_or_end(next);
    case '\'':
    case 0x2018:
        return !is_word(before) && !is_space_or_end(next) && !is_elision(text, after);
    case 0x203A:
        return pairing->is_reversed || (is_space_or_end(before) && is_word(next));
    case 0x2039:
    case 0x201A:
    case 0x201C:
    case 0x201E:
    case 0x300C:
    case 0x300E:
        return true;
    default:
        return false;
    }
}

static bool is_closing_here(const struct pairing *pairing, uint32_t cp, size_t at, size_t after)
{
    desk_slice text = pairing->article->body;
    if (!is_single(cp))
        return true;
    return !is_word(cp_at(text, after)) && !is_space_or_end(cp_before(text, at)) &&
           !is_possessive(text, at, after);
}

/* --- pairing ------------------------------------------------------------------------------- */

static struct quote_span *add_span(struct pairing *pairing)
{
    struct quote_spans *spans = pairing->spans;
    if (spans->count == spans->capacity) {
        size_t wanted = spans->capacity ? spans->capacity * 4 : 16;
        struct quote_span *grown = arena_alloc(pairing->article->arena, wanted * sizeof *grown,
                                               _Alignof(struct quote_span));
        if (!grown) {
            pairing->failed = true;
            return NULL;
        }
        if (spans->count)
            memcpy(grown, spans->items, spans->count * sizeof *grown);
        spans->items = grown;
        spans->capacity = wanted;
    }
    return &spans->items[spans->count++];
}

/* Closes the stack's entry `i`; what it holds is part of it. */
static void close_at(struct pairing *pairing, size_t i, struct quote_span span)
{
    const struct open_mark *open = &pairing->stack[i];
    struct quote_spans *spans = pairing->spans;
    pairing->depth = i;
    while (spans->count && spans->items[spans->count - 1].open > open->at)
        spans->count--;
    if (span.to - open->from > QUOTE_BYTES_MAX || spans->count >= SPANS_MAX)
        return;
    struct quote_span *added = add_span(pairing);
    if (added)
        *added =
            (struct quote_span){open->at, open->from, span.to, span.after, open->token, span.end};
}

static void see_mark(struct pairing *pairing, uint32_t cp, size_t at, size_t token)
{
    size_t after = at + (cp < 0x80 ? 1 : cp < 0x800 ? 2 : 3);
    bool begins = pairing->at_paragraph;
    pairing->at_paragraph = false;
    if (begins && pairing->depth) {
        bool goes_on = pairing->stack[0].cp == cp ||
                       (pairing->stack[0].cp == 0xAB && cp == 0xBB); /* French: » begins it too */
        pairing->depth = goes_on;
        if (goes_on)
            return;
    }
    if (is_closing_here(pairing, cp, at, after))
        for (size_t i = pairing->depth; i-- > 0;)
            if (closes(pairing, pairing->stack[i].cp, cp)) {
                close_at(pairing, i, (struct quote_span){.to = at, .after = after, .end = token});
                return;
            }
    if (pairing->depth < DEPTH_MAX && opens(pairing, cp, at, after))
        pairing->stack[pairing->depth++] = (struct open_mark){cp, at, after, token};
}

/* The mark that begins at p, or 0. */
static uint32_t mark_at(const char *p, const char *end)
{
    unsigned char c = (unsigned char)*p;
    if (c == '"' || c == '\'')
        return c;
    if (c == 0xC2 && end - p >= 2)
        return (unsigned char)p[1] == 0xAB || (unsigned char)p[1] == 0xBB ? (unsigned char)p[1] : 0;
    if ((c != 0xE2 && c != 0xE3) || end - p < 3 || (unsigned char)p[1] != 0x80)
        return 0;
    uint32_t cp = (c & 15U) << 12 | ((unsigned char)p[2] & 63U);
    bool is_mark = (cp >= 0x2018 && cp <= 0x201E && cp != 0x201B) || cp == 0x2039 || cp == 0x203A ||
                   (cp >= 0x300C && cp <= 0x300F);
    return is_mark ? cp : 0;
}

/* What ends a stretch between two words: a line break with no mark behind it, so that the paragraph
 * begins with a word. What was open stays so for good. */
static void end_gap(struct pairing *pairing)
{
    if (pairing->at_paragraph)
        pairing->depth = 0;
    pairing->at_paragraph = false;
}

bool quote_marks_pair(struct desk_article *article, const struct token_table *tokens,
                      struct quote_spans *spans)
{
    struct pairing pairing = {.article = article, .spans = spans};
    size_t token = tokens->field_first[FIELD_BODY], last = tokens->field_first[FIELD_BODY + 1];
    const char *start = article->body.data, *end = start + article->body.len, *p = start;
    while ((p += bytes_to_quote(p, end)) < end && !pairing.failed) {
        size_t at = (size_t)(p - start), before = token;
        while (token < last && tokens->items[token].start <= at)
            token++;
        if (token != before)
            end_gap(&pairing);
        uint32_t cp = mark_at(p, end);
        pairing.at_paragraph |= *p == '\n';
        if (cp)
            see_mark(&pairing, cp, at, token);
        p++;
    }
    return !pairing.failed;
}
