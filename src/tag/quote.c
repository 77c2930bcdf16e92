/* The quote stage: what stands between quotation marks in the body, and who said it.
 *
 * A quote has at least four words, so that a term in marks is none. Its speaker is the person or
 * cited source nearest to a verb of saying that stands in the same paragraph, after the quote
 * first, then before it. */
#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "tag/quoting.h"
#include "tag/tokens.h"
#include "text/space.h"
#include "text/utf8.h"

enum { QUOTE_WORDS_MIN = 4, QUOTE_BYTES_MAX = 4000, SPEAKER_BYTES_NEAR = 160 };

struct mark {
    uint32_t open, close[3];
};

/* Pairs of marks; „ closes with “ or ”, “ with ”. Source: CLDR delimiters of the languages of the
 * rulebook. */
static const struct mark MARKS[] = {
    {0xAB, {0xBB, 0, 0}},     {0x201C, {0x201D, 0, 0}}, {0x201E, {0x201C, 0x201D, 0}},
    {0xBB, {0xAB, 0, 0}},     {'"', {'"', 0, 0}},       {0x300C, {0x300D, 0, 0}},
    {0x300E, {0x300F, 0, 0}}, {0x201D, {0x201D, 0, 0}}};

static const struct mark *mark_of(uint32_t cp)
{
    for (size_t i = 0; i < sizeof MARKS / sizeof MARKS[0]; i++)
        if (MARKS[i].open == cp)
            return &MARKS[i];
    return NULL;
}

static bool closes(const struct mark *mark, uint32_t cp)
{
    return cp == mark->close[0] || (mark->close[1] && cp == mark->close[1]);
}

/* Position of the closing mark in the paragraph, or DESK_SLICE_NONE; marks of the same kind may
 * nest. */
static size_t find_close(desk_slice body, size_t from, const struct mark *mark, size_t *after)
{
    const char *p = body.data + from, *end = body.data + body.len;
    unsigned depth = 0;
    if (body.len - from > QUOTE_BYTES_MAX)
        end = body.data + from + QUOTE_BYTES_MAX;
    while (p < end) {
        size_t at = (size_t)(p - body.data);
        uint32_t cp = utf8_next(&p, end);
        if (cp == '\n')
            return DESK_SLICE_NONE;
        if (closes(mark, cp) && depth-- == 0) {
            *after = (size_t)(p - body.data);
            return at;
        }
        depth += cp == mark->open && !closes(mark, cp);
    }
    return DESK_SLICE_NONE;
}

static size_t first_token_at(const struct token_table *tokens, size_t offset)
{
    size_t low = tokens->field_first[FIELD_BODY], high = tokens->field_first[FIELD_BODY + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tokens->items[middle].start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_verb(const struct desk_article *article, const struct quoting *quoting, size_t from,
                     size_t to)
{
    for (size_t i = first_token_at(article->tokens, from);
         i < article->tokens->field_first[FIELD_BODY + 1] && article->tokens->items[i].start < to;
         i++)
        if (quoting_kind(quoting, article->language, &article->tokens->items[i]) != SAYING_NONE)
            return true;
    return false;
}

/* The name whose mention lies in [from, to) of the body and nearest to `near`. */
static desk_slice nearest_name(const struct desk_article *article, size_t from, size_t to,
                               size_t near)
{
    const struct entity_list *lists[] = {&article->people, &article->attributions};
    desk_slice best = {NULL, 0};
    size_t best_distance = SIZE_MAX;
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++)
            for (size_t k = 0; k < lists[l]->items[i].evidence.count; k++) {
                const struct evidence *evidence = &lists[l]->items[i].evidence.items[k];
                if (evidence->field != FIELD_BODY || evidence->offset < from ||
                    evidence->offset >= to)
                    continue;
                size_t distance =
                    evidence->offset > near ? evidence->offset - near : near - evidence->offset;
                if (distance < best_distance) {
                    best = lists[l]->items[i].name;
                    best_distance = distance;
                }
            }
    return best;
}

static desk_slice find_speaker(const struct desk_article *article, const struct quoting *quoting,
                               size_t open, size_t after)
{
    desk_slice body = article->body;
    size_t end = slice_find(body, slice_from_cstr("\n\n"), after), start = open;
    if (end == DESK_SLICE_NONE || end > after + SPEAKER_BYTES_NEAR)
        end = after + SPEAKER_BYTES_NEAR < body.len ? after + SPEAKER_BYTES_NEAR : body.len;
    while (start > 0 && body.data[start - 1] != '\n' && open - start < SPEAKER_BYTES_NEAR)
        start--;
    desk_slice speaker = {NULL, 0};
    if (has_verb(article, quoting, after, end))
        speaker = nearest_name(article, after, end, after);
    if (!speaker.len && has_verb(article, quoting, start, open))
        speaker = nearest_name(article, start, open, open);
    return speaker;
}

static bool add_quote(struct desk_article *article, const struct quoting *quoting, size_t open,
                      size_t from, size_t to, size_t after)
{
    desk_slice text = space_trim(slice_sub(article->body, from, to));
    size_t first = first_token_at(article->tokens, from),
           last = first_token_at(article->tokens, to);
    if (last - first < QUOTE_WORDS_MIN)
        return true;
    struct quote *quote = article_add_quote(article);
    if (!quote)
        return false;
    quote->text = text;
    quote->offset = (size_t)(text.data - article->body.data);
    quote->speaker = find_speaker(article, quoting, open, after);
    return true;
}

static desk_status open_quote(const struct desk_rulebook *rulebook, void **state, desk_error *err)
{
    (void)err;
    *state = rulebook->quoting;
    return DESK_OK;
}

static desk_status process_quote(void *state, struct desk_article *article, desk_error *err)
{
    desk_slice body = article->body;
    const char *p = body.data, *end = body.data + body.len;
    if (!tokens_of(article))
        return article_memory_error(err);
    while (p < end) {
        if ((unsigned char)*p < 0x80 && *p != '"') {
            p++;
            continue;
        }
        size_t open = (size_t)(p - body.data), after = 0;
        const struct mark *mark = mark_of(utf8_next(&p, end));
        if (!mark)
            continue;
        size_t from = (size_t)(p - body.data), to = find_close(body, from, mark, &after);
        if (!article_work(article, to == DESK_SLICE_NONE ? QUOTE_BYTES_MAX : to - from))
            return article_work_error(err);
        if (to == DESK_SLICE_NONE)
            continue;
        if (!add_quote(article, state, open, from, to, after))
            return article_memory_error(err);
        p = body.data + after;
    }
    return DESK_OK;
}

static void close_quote(void *state)
{
    (void)state;
}

const struct stage stage_quote = {"quote", open_quote, process_quote, close_quote};
