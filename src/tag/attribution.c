/* The search for cues around a name: backwards, then forwards, then parentheses. */
#include "tag/attribution.h"

#include "base/slice.h"
#include "tag/phrases.h"
#include "tag/quoting.h"

/* How far a cue may stand from the name: "a déclaré la chaîne de télévision publique chinoise CCTV"
 * has six words between; behind a name hardly more than an adverb and an auxiliary stand before the
 * verb. A code point of a script without spaces is half a word. */
enum { BEFORE_MAX = 8, AFTER_MAX = 4, UNSPACED_FACTOR = 2, CUE_WORDS_MAX = 4 };

static const struct token *token_at(const struct attribution_scan *scan, size_t at)
{
    return &scan->tokens->items[at];
}

static bool is_together(const struct attribution_scan *scan, size_t a, size_t b)
{
    return token_at(scan, a)->sentence == token_at(scan, b)->sentence &&
           token_at(scan, a)->field == token_at(scan, b)->field;
}

/* "d'après" leaves the token "après", which alone is another word. */
static bool is_behind_apostrophe(const struct attribution_scan *scan, size_t at)
{
    const struct token *token = token_at(scan, at);
    desk_slice text = article_field_text(scan->article, (enum article_field)token->field);
    desk_slice before = slice_sub(text, 0, token->start);
    return slice_ends(before, slice_of("'", 1)) || slice_ends(before, slice_of("\xE2\x80\x99", 3));
}

/* The longest cue that begins at `at` and ends before `end`; *words gets its length. */
static enum saying cue_at(const struct attribution_scan *scan, size_t at, size_t end, size_t *words)
{
    const struct phrase *cue = phrases_match(scan->cues, scan->tokens, at, end);
    for (; cue; cue = phrases_also(scan->cues, cue, scan->tokens, at))
        if (!(cue->value & SAYING_ELIDED) || is_behind_apostrophe(scan, at)) {
            *words = cue->words_count;
            return (enum saying)(cue->value & SAYING_KINDS);
        }
    return SAYING_NONE;
}

/* The cue at `at` as it works behind a name: "report on" before one must not hide "reported". */
static enum saying cue_behind(const struct attribution_scan *scan, size_t at, size_t end)
{
    size_t words = 0;
    enum saying kind = cue_at(scan, at, end, &words);
    while (kind == SAYING_ACCORDING && words > 1)
        kind = cue_at(scan, at, at + words - 1, &words);
    return kind;
}

static size_t reach_of(const struct attribution_scan *scan, size_t at, size_t words)
{
    return token_at(scan, at)->flags & TOKEN_UNSPACED ? UNSPACED_FACTOR * words : words;
}

static bool is_barrier(enum saying cue, enum name_kind kind)
{
    return cue == SAYING_CLAUSE || (cue == SAYING_PREPOSITION && kind != NAME_SOCIAL);
}

/* Behind a barrier only a cue that holds the barrier counts: "spokesman for". */
static const char *find_before(const struct attribution_scan *scan, enum name_kind kind, size_t at)
{
    size_t reach = reach_of(scan, at, BEFORE_MAX), barrier = 0;
    for (size_t i = at; i > 0 && at - i < reach; i--) {
        size_t words = 0;
        if (token_at(scan, i)->flags & TOKEN_BREAK_BEFORE || !is_together(scan, i - 1, at))
            return NULL;
        enum saying cue = cue_at(scan, i - 1, at, &words);
        bool is_open = !barrier || i - 1 + words > barrier;
        if (is_open && cue == SAYING_VERB)
            return "attribution.told";
        if (is_open && cue == SAYING_ACCORDING)
            return "attribution.according";
        if (!barrier && is_barrier(cue, kind)) {
            barrier = i - 1;
            reach = at - barrier + CUE_WORDS_MAX < reach ? at - barrier + CUE_WORDS_MAX : reach;
        }
    }
    return NULL;
}

static const char *find_after(const struct attribution_scan *scan, size_t at, size_t words)
{
    size_t reach = reach_of(scan, at, AFTER_MAX), end = scan->tokens->field_first[FIELD_COUNT];
    for (size_t i = at + words; i < end && i - at - words < reach; i++) {
        if (token_at(scan, i)->flags & TOKEN_BREAK_BEFORE || !is_together(scan, i, at))
            return NULL;
        switch (cue_behind(scan, i, end)) {
        case SAYING_VERB:
        case SAYING_AFTER:
            return "attribution.said";
        case SAYING_CLAUSE:
            return NULL;
        default:
            break;
        }
    }
    return NULL;
}

/* "(AFP)": a source in parentheses of its own is one for what stands around it. */
static const char *find_slug(const struct attribution_scan *scan, size_t at, size_t words)
{
    const struct token *first = token_at(scan, at), *last = token_at(scan, at + words - 1);
    desk_slice text = article_field_text(scan->article, (enum article_field)first->field);
    size_t end = last->start + last->len;
    bool is_alone = first->start > 0 && text.data[first->start - 1] == '(' && end < text.len &&
                    text.data[end] == ')';
    return is_alone ? "attribution.slug" : NULL;
}

const char *attribution_of(const struct attribution_scan *scan, enum name_kind kind, size_t at,
                           size_t words)
{
    const char *rule = NULL;
    if (scan->cues)
        rule = find_before(scan, kind, at);
    if (!rule && scan->cues)
        rule = find_after(scan, at, words);
    if (!rule && (kind == NAME_AGENCY || kind == NAME_BROADCASTER || kind == NAME_NEWSPAPER))
        rule = find_slug(scan, at, words);
    return rule;
}
