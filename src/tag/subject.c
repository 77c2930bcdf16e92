/* The subject stage: which topics the text is about, from the lexicon of its language and the
 * models for it.
 *
 * Each term found gives its strength to its topic and to all broader ones: more in the title and
 * the first sentences, less each time it is repeated. A longer term hides its parts. What the sums
 * mean is decided in tag/scoring.c and listed by tag/subject_list.c; this file finds the terms. */
#include <math.h>
#include <stdlib.h>

#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "tag/lexicon.h"
#include "tag/subject_parts.h"
#include "text/fold.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* A text with so many different terms is about something; it is not asked whether it is a program.
 */
enum { RICH_HITS = 16 };

struct subject_state {
    const struct lexicon *lexicon;
    const struct models *models;
    uint32_t *slots; /* per entry: index of its hit, valid when its stamp is the current one */
    uint32_t *stamps;
    uint32_t stamp;
    size_t entries_max;
};

/* Where a phrase stands in the table of tokens. */
struct span {
    size_t at, words;
};

/* --- finding terms ------------------------------------------------------------------------- */

/* A list of stems in the language's near words, one of which is looked for. */
struct company {
    const uint64_t *stems;
    uint64_t bits;
    uint32_t count;
};

static bool is_listed(const struct company *company, uint64_t stem)
{
    if (!(company->bits >> (stem & 63) & 1))
        return false;
    for (uint32_t i = 0; i < company->count; i++)
        if (company->stems[i] == stem)
            return true;
    return false;
}

static bool has_near(const struct tagging *tagging, struct span span, size_t within,
                     struct company company)
{
    const struct token_table *tokens = tagging->tokens;
    size_t field = tokens->items[span.at].field, behind = span.at + span.words;
    size_t first = tokens->field_first[field], end = tokens->field_first[field + 1];
    size_t from = span.at > first + within ? span.at - within : first;
    size_t to = behind + within < end ? behind + within : end;
    for (size_t i = from; i < to; i++)
        if ((i < span.at || i >= behind) && is_listed(&company, tokens->items[i].stem))
            return true;
    return false;
}

static bool has_company(const struct tagging *tagging, const struct lexicon_entry *entry,
                        struct span span)
{
    if (!entry->context)
        return true;
    const struct lexicon_context *context = &tagging->language->contexts[entry->context - 1];
    const uint64_t *near = tagging->language->near;
    struct company wanted = {near + context->near_first, context->near_bits, context->near_count};
    struct company unwanted = {near + context->unless_first, context->unless_bits,
                               context->unless_count};
    return (!wanted.count || has_near(tagging, span, context->within, wanted)) &&
           (!unwanted.count || !has_near(tagging, span, context->within, unwanted));
}

/* The spelling must be the entry's, except that a small first letter may be a capital, as it is at
 * the start of a sentence. */
static bool is_spelt(desk_slice exact, desk_slice text)
{
    const char *wanted = exact.data, *found = text.data;
    if (!exact.len || !text.len)
        return exact.len == text.len;
    uint32_t a = utf8_next(&wanted, exact.data + exact.len),
             b = utf8_next(&found, text.data + text.len);
    bool is_first = a == b || (fold_code_point(a) == fold_code_point(b) &&
                               text_class(b) & CLASS_UPPER && !(text_class(a) & CLASS_UPPER));
    return is_first && slice_equal(slice_sub(exact, (size_t)(wanted - exact.data), exact.len),
                                   slice_sub(text, (size_t)(found - text.data), text.len));
}

static bool has_spelling(const struct tagging *tagging, desk_slice exact, struct span span)
{
    const struct token *first = &tagging->tokens->items[span.at], *last = first + span.words - 1;
    desk_slice text = article_field_text(tagging->article, (enum article_field)first->field);
    return is_spelt(exact, slice_sub(text, first->start, last->start + last->len));
}

static double place_factor(const struct tagging *tagging, const struct token *token)
{
    const struct scoring *scoring = &tagging->lexicon->scoring;
    if (token->field == FIELD_TITLE)
        return scoring->title;
    if (token->field == FIELD_DESCRIPTION)
        return scoring->description;
    const struct token *first = &tagging->tokens->items[tagging->tokens->field_first[FIELD_BODY]];
    return token->sentence - first->sentence < scoring->lead_sentences ? scoring->lead : 1.0;
}

/* The hit of an entry, made at its first occurrence; NULL when out of memory. */
static struct hit *hit_of(struct tagging *tagging, uint32_t index, struct span span)
{
    struct subject_state *state = tagging->state;
    if (state->stamps[index] == state->stamp)
        return &tagging->hits[state->slots[index]];
    if (tagging->hits_count == tagging->hits_capacity) {
        size_t old = tagging->hits_capacity, wanted = old ? old * 2 : 64;
        struct hit *grown = arena_grow(tagging->article->arena, tagging->hits, old * sizeof *grown,
                                       wanted * sizeof *grown, _Alignof(struct hit));
        if (!grown)
            return NULL;
        tagging->hits = grown;
        tagging->hits_capacity = wanted;
    }
    state->stamps[index] = state->stamp;
    state->slots[index] = (uint32_t)tagging->hits_count;
    struct hit *hit = &tagging->hits[tagging->hits_count++];
    *hit = (struct hit){.entry = index, .token = (uint32_t)span.at, .words = (uint32_t)span.words};
    return hit;
}

enum taken { TAKEN_NOT, TAKEN, TAKEN_NO_MEMORY };

static enum taken take_entry(struct tagging *tagging, uint32_t index, struct span span)
{
    const struct lexicon_entry *entry = &tagging->language->entries[index];
    if (entry->is_idle || !has_company(tagging, entry, span) ||
        (entry->exact.len && !has_spelling(tagging, entry->exact, span)))
        return TAKEN_NOT;
    struct hit *hit = hit_of(tagging, index, span);
    if (!hit)
        return TAKEN_NO_MEMORY;
    hit->count++;
    hit->weight += (double)entry->strength *
                   place_factor(tagging, &tagging->tokens->items[span.at]) *
                   scoring_repeat(&tagging->lexicon->scoring, hit->count);
    return TAKEN;
}

/* A word that is no term may end in one: `Landratswahl`. */
static bool take_compound(struct tagging *tagging, size_t at)
{
    const struct token *token = &tagging->tokens->items[at];
    uint32_t index;
    if (!compounds_match(tagging->language->compounds, token_text(tagging->article, token), &index))
        return true;
    return take_entry(tagging, index, (struct span){at, 1}) != TAKEN_NO_MEMORY;
}

static bool take_compounds(struct tagging *tagging, size_t at, size_t end)
{
    for (; at < end; at++)
        if (!take_compound(tagging, at))
            return false;
    return true;
}

/* All entries of the longest term at `at` of which one counts; *words gets its length, 1 when there
 * is none. */
static bool take_longest(struct tagging *tagging, size_t at, size_t end, size_t *words)
{
    const struct phrases *phrases = tagging->language->phrases;
    const struct phrase *phrase;
    for (size_t limit = end;
         limit > at && (phrase = phrases_match(phrases, tagging->tokens, at, limit));
         limit = at + *words - 1) {
        bool counts = false;
        *words = phrase->words_count;
        for (; phrase; phrase = phrases_also(phrases, phrase, tagging->tokens, at)) {
            enum taken taken = take_entry(tagging, phrase->value, (struct span){at, *words});
            if (taken == TAKEN_NO_MEMORY)
                return false;
            counts |= taken == TAKEN;
        }
        if (counts)
            return true;
    }
    *words = 1;
    return !tagging->has_compounds || take_compound(tagging, at);
}

static bool find_terms(struct tagging *tagging)
{
    const struct token_table *tokens = tagging->tokens;
    tagging->has_compounds = !compounds_are_empty(tagging->language->compounds);
    for (size_t field = 0; field < FIELD_COUNT; field++) {
        size_t at = tokens->field_first[field], end = tokens->field_first[field + 1], words;
        while (at < end) {
            size_t next = phrases_next(tagging->language->phrases, tokens, at, end);
            if (tagging->has_compounds && !take_compounds(tagging, at, next))
                return false;
            if (next < end && !take_longest(tagging, next, end, &words))
                return false;
            at = next < end ? next + words : end;
        }
    }
    return true;
}

/* --- deciding ------------------------------------------------------------------------------ */

static void add_up(struct tagging *tagging, const struct hit *hit)
{
    const struct topic *topics = tagging->lexicon->topics;
    uint16_t topic = hit_entry(tagging, hit)->topic;
    if (topic == TOPIC_NO_NEWS)
        tagging->no_news += hit->weight;
    for (; topic != TOPIC_NONE && topic != TOPIC_NO_NEWS; topic = topics[topic].broader) {
        tagging->scores[topic].score += hit->weight;
        tagging->scores[topic].terms++;
    }
}

/* First the terms that count by themselves, then those that need another topic beside them. */
static void sum_up(struct tagging *tagging)
{
    for (size_t i = 0; i < tagging->hits_count; i++) {
        struct hit *hit = &tagging->hits[i];
        uint32_t context = hit_entry(tagging, hit)->context;
        hit->is_waiting = context && tagging->language->contexts[context - 1].with != TOPIC_NONE;
        if (!hit->is_waiting)
            add_up(tagging, hit);
    }
    for (size_t i = 0; i < tagging->hits_count; i++) {
        struct hit *hit = &tagging->hits[i];
        if (!hit->is_waiting)
            continue;
        uint16_t with = tagging->language->contexts[hit_entry(tagging, hit)->context - 1].with;
        hit->is_waiting = tagging->scores[with].score <= 0;
        if (!hit->is_waiting)
            add_up(tagging, hit);
    }
}

/* --- the stage ----------------------------------------------------------------------------- */

static desk_status open_subject(const struct desk_rulebook *rulebook, void **made, desk_error *err)
{
    struct subject_state *state = calloc(1, sizeof *state);
    *made = state;
    if (!state)
        return error_set(err, DESK_ENOMEM, "out of memory for the subject stage");
    state->lexicon = rulebook->lexicon;
    state->models = rulebook->models;
    for (size_t i = 0; i < state->lexicon->languages_count; i++)
        if (state->lexicon->languages[i].entries_count > state->entries_max)
            state->entries_max = state->lexicon->languages[i].entries_count;
    state->slots = calloc(state->entries_max + 1, sizeof *state->slots);
    state->stamps = calloc(state->entries_max + 1, sizeof *state->stamps);
    if (!state->slots || !state->stamps)
        return error_set(err, DESK_ENOMEM, "out of memory for the subject stage");
    return DESK_OK;
}

/* A new stamp forgets all hits of the last article; once in four billion the stamps are cleared. */
static void forget(struct subject_state *state)
{
    if (++state->stamp)
        return;
    memset(state->stamps, 0, (state->entries_max + 1) * sizeof *state->stamps);
    state->stamp = 1;
}

static bool is_any_topic(const struct tagging *tagging)
{
    for (size_t i = 0; i < tagging->state->lexicon->topics_count; i++)
        if (tagging->scores[i].confidence > 0)
            return true;
    return false;
}

/* The lexicon first, then the models; a text that the lexicon takes for no news stays without
 * subjects. False when out of memory. */
static bool judge(struct tagging *tagging)
{
    const struct lexicon *lexicon = tagging->state->lexicon;
    struct arena *arena = tagging->article->arena;
    tagging->scores = ARENA_ARRAY(arena, struct topic_score, lexicon->topics_count + 1);
    if (!tagging->scores)
        return false;
    if (tagging->language) {
        if (!find_terms(tagging))
            return false;
        sum_up(tagging);
        if (tagging->hits_count < RICH_HITS && subject_is_code(tagging->article))
            tagging->no_news = INFINITY;
        scoring_decide(lexicon, tagging->scores,
                       &(struct scored_text){tagging->tokens->count, tagging->no_news});
        tagging->article->topic_scores = tagging->scores;
    }
    tagging->votes = (struct model_votes){.models = tagging->state->models, .lexicon = lexicon};
    if (tagging->no_news > 0 && !is_any_topic(tagging))
        return true;
    return subject_models_join(&tagging->votes, tagging->article, tagging->scores,
                               tagging->language != NULL);
}

static desk_status process_subject(void *made, struct desk_article *article, desk_error *err)
{
    struct subject_state *state = made;
    struct tagging tagging = {.state = state, .lexicon = state->lexicon, .article = article};
    if (!subject_choose_language(&tagging))
        return article->work_left ? article_memory_error(err) : article_work_error(err);
    if (!tagging.tokens->count || (!tagging.language && !state->models->count))
        return DESK_OK;
    if (!article_work(article, 8 * (uint64_t)tagging.tokens->count))
        return article_work_error(err);
    forget(state);
    return judge(&tagging) && subject_list_topics(&tagging) ? DESK_OK : article_memory_error(err);
}

static void close_subject(void *made)
{
    struct subject_state *state = made;
    if (!state)
        return;
    free(state->slots);
    free(state->stamps);
    free(state);
}

const struct stage stage_subject = {"subject", open_subject, process_subject, close_subject};
