/* The quote stage: what stands between quotation marks in the body, and who said it.
 *
 * Marks are paired by quote_marks.c, speakers found by quote_speaker.c. Not every pair is a quote:
 *   - one or two words are a term or irony, unless a verb of saying stands by them and punctuation
 *     sets them off (“Never,” he said)
 *   - a title is none: all its words have capitals, or a word for a work stands in front ("the
 *     film “...”") */
#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "tag/phrases.h"
#include "tag/quote_marks.h"
#include "tag/quote_speaker.h"
#include "tag/quoting.h"
#include "tag/tokens.h"
#include "text/space.h"

/* A code point of a script without spaces is half a word. */
enum { QUOTE_WORDS_MIN = 3, UNSPACED_FACTOR = 2, TITLE_WORD_BYTES = 4 };

struct quote_work {
    struct desk_article *article;
    struct quote_scene scene;
    struct quote_spans spans;
    struct quote_voice *voices;
};

static const struct token *token_at(const struct quote_work *work, size_t at)
{
    return &work->article->tokens->items[at];
}

static bool is_short(const struct quote_work *work, const struct quote_span *span)
{
    size_t words = span->end - span->first;
    bool is_unspaced = words && token_at(work, span->first)->flags & TOKEN_UNSPACED;
    return words < (size_t)QUOTE_WORDS_MIN * (is_unspaced ? UNSPACED_FACTOR : 1);
}

/* Punctuation inside at the end, a comma behind, or a colon or comma in front. */
static bool is_set_off(const struct quote_work *work, const struct quote_span *span)
{
    desk_slice body = work->article->body, text = space_trim(slice_sub(body, span->from, span->to)),
               before = space_trim(slice_sub(body, 0, span->open)),
               behind = slice_sub(body, span->after, body.len);
    static const char *const ends[] = {",", ".", "!", "?", "…", "，", "。", "！", "？", "؟", "،"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
        if (slice_ends(text, slice_from_cstr(ends[i])))
            return true;
    return slice_starts(behind, slice_of(",", 1)) || slice_ends(before, slice_of(":", 1)) ||
           slice_ends(before, slice_of(",", 1)) || slice_ends(before, slice_from_cstr("："));
}

static bool is_work(const struct quote_work *work, const struct quote_span *span)
{
    if (!work->scene.cues || span->first == work->article->tokens->field_first[FIELD_BODY])
        return false;
    size_t at = span->first - 1;
    const struct token *token = token_at(work, at);
    const struct phrase *cue =
        phrases_match(work->scene.cues, work->article->tokens, at, span->first);
    bool is_beside = span->open - (token->start + token->len) <= 1;
    for (; cue && is_beside; cue = phrases_also(work->scene.cues, cue, work->article->tokens, at))
        if ((cue->value & SAYING_KINDS) == SAYING_WORK)
            return true;
    return false;
}

static bool is_title(const struct quote_work *work, const struct quote_span *span)
{
    size_t capitals = 0, words = 0;
    for (size_t at = span->first; at < span->end; at++) {
        const struct token *token = token_at(work, at);
        bool is_long = token->len >= TITLE_WORD_BYTES;
        capitals += (token->flags & TOKEN_CAPITAL) != 0;
        words += is_long || token->flags & TOKEN_CAPITAL;
    }
    return capitals >= 2 && capitals == words;
}

static bool is_quote(const struct quote_work *work, const struct quote_span *span,
                     struct quote_voice voice)
{
    if (span->first == span->end || is_work(work, span))
        return false;
    bool is_said = voice.is_attributed && is_set_off(work, span);
    return is_said || (!is_short(work, span) && !is_title(work, span));
}

static bool add_quote(const struct quote_work *work, const struct quote_span *span,
                      desk_slice speaker)
{
    desk_slice text = space_trim(slice_sub(work->article->body, span->from, span->to));
    struct quote *quote = article_add_quote(work->article);
    if (!quote)
        return false;
    quote->text = text;
    quote->offset = (size_t)(text.data - work->article->body.data);
    quote->speaker = speaker;
    return true;
}

static bool find_quotes(struct quote_work *work, const struct quoting *quoting)
{
    struct desk_article *article = work->article;
    if (!quote_marks_pair(article, article->tokens, &work->spans))
        return false;
    if (!work->spans.count)
        return true;
    work->voices = arena_calloc(article->arena, work->spans.count, sizeof *work->voices,
                                _Alignof(struct quote_voice));
    if (!work->voices ||
        !quote_scene_open(&work->scene, article, quoting_cues(quoting, article->language)))
        return false;
    for (size_t i = 0; i < work->spans.count; i++) {
        const struct quote_span *span = &work->spans.items[i];
        work->voices[i] = quote_speaker(&work->scene, &work->spans, i, work->voices);
        if (is_quote(work, span, work->voices[i]) &&
            !add_quote(work, span, work->voices[i].speaker))
            return false;
    }
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
    if (!tokens_of(article))
        return article_memory_error(err);
    if (!article_work(article, article->body.len))
        return article_work_error(err);
    struct quote_work work = {.article = article};
    return find_quotes(&work, state) ? DESK_OK : article_memory_error(err);
}

static void close_quote(void *state)
{
    (void)state;
}

const struct stage stage_quote = {"quote", open_quote, process_quote, close_quote};
