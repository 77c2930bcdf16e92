/* The subject stage: which topics the text is about, from the lexicon of its language.
 *
 * Each term found gives its strength to its topic and to all broader ones: more in the title and
 * the first sentences, less each time it is repeated. A longer term hides its parts. What the sums
 * mean is decided in tag/scoring.c; this file finds the terms and keeps the evidence. */
#include <stdlib.h>

#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/sort.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "tag/lexicon.h"
#include "text/fold.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* A term that was found: summed over its occurrences. */
struct hit {
    uint32_t entry;
    uint32_t token; /* of the first occurrence */
    uint32_t words;
    uint32_t count;
    double weight;
    bool is_waiting; /* its context asks for another topic, which was not seen yet */
};

struct subject_state {
    const struct lexicon *lexicon;
    uint32_t *slots; /* per entry: index of its hit, valid when its stamp is the current one */
    uint32_t *stamps;
    uint32_t stamp;
    size_t entries_max;
};

struct tagging {
    struct subject_state *state;
    struct desk_article *article;
    const struct lexicon_language *language;
    const struct token_table *tokens;
    struct hit *hits;
    size_t hits_count, hits_capacity;
    struct topic_score *scores;
    double no_news;
};

/* Where a phrase stands in the table of tokens. */
struct span {
    size_t at, words;
};

/* --- finding terms ------------------------------------------------------------------------- */

static bool has_near(const struct tagging *tagging, struct span span, const uint64_t *near,
                     const struct lexicon_context *context, uint32_t count)
{
    const struct token_table *tokens = tagging->tokens;
    size_t field = tokens->items[span.at].field;
    size_t first = tokens->field_first[field], end = tokens->field_first[field + 1];
    size_t from = span.at > first + context->within ? span.at - context->within : first;
    size_t behind = span.at + span.words;
    size_t to = behind + context->within < end ? behind + context->within : end;
    for (size_t i = from; i < to; i++)
        for (uint32_t k = 0; k < count && (i < span.at || i >= behind); k++)
            if (tokens->items[i].stem == near[k])
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
    if (context->near_count &&
        !has_near(tagging, span, near + context->near_first, context, context->near_count))
        return false;
    return !context->unless_count ||
           !has_near(tagging, span, near + context->unless_first, context, context->unless_count);
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
    const struct scoring *scoring = &tagging->state->lexicon->scoring;
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
                   scoring_repeat(&tagging->state->lexicon->scoring, hit->count);
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
    return take_compound(tagging, at);
}

static bool find_terms(struct tagging *tagging)
{
    const struct token_table *tokens = tagging->tokens;
    for (size_t field = 0; field < FIELD_COUNT; field++) {
        size_t end = tokens->field_first[field + 1], words;
        for (size_t at = tokens->field_first[field]; at < end; at += words)
            if (!take_longest(tagging, at, end, &words))
                return false;
    }
    return true;
}

/* --- deciding ------------------------------------------------------------------------------ */

static const struct lexicon_entry *entry_of(const struct tagging *tagging, const struct hit *hit)
{
    return &tagging->language->entries[hit->entry];
}

static void add_up(struct tagging *tagging, const struct hit *hit)
{
    const struct topic *topics = tagging->state->lexicon->topics;
    uint16_t topic = entry_of(tagging, hit)->topic;
    if (topic == TOPIC_NO_NEWS)
        tagging->no_news += hit->weight;
    for (; topic < TOPIC_NO_NEWS; topic = topics[topic].broader) {
        tagging->scores[topic].score += hit->weight;
        tagging->scores[topic].terms++;
    }
}

/* First the terms that count by themselves, then those that need another topic beside them. */
static void sum_up(struct tagging *tagging)
{
    for (size_t i = 0; i < tagging->hits_count; i++) {
        struct hit *hit = &tagging->hits[i];
        uint32_t context = entry_of(tagging, hit)->context;
        hit->is_waiting = context && tagging->language->contexts[context - 1].with != TOPIC_NONE;
        if (!hit->is_waiting)
            add_up(tagging, hit);
    }
    struct tagging before = *tagging;
    for (size_t i = 0; i < tagging->hits_count; i++) {
        struct hit *hit = &tagging->hits[i];
        if (!hit->is_waiting)
            continue;
        uint16_t with = before.language->contexts[entry_of(tagging, hit)->context - 1].with;
        hit->is_waiting = before.scores[with].score <= 0;
        if (!hit->is_waiting)
            add_up(tagging, hit);
    }
}

static bool speaks_for(const struct topic *topics, uint16_t topic, uint16_t wanted)
{
    while (topic < TOPIC_NO_NEWS && topic != wanted)
        topic = topics[topic].broader;
    return topic == wanted;
}

static int by_weight(const void *a, const void *b)
{
    const struct evidence *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    if (x->offset != y->offset)
        return x->offset < y->offset ? -1 : 1;
    return slice_compare(x->rule, y->rule);
}

static bool add_evidence(const struct tagging *tagging, uint16_t topic, struct subject *subject)
{
    const struct topic *topics = tagging->state->lexicon->topics;
    for (size_t i = 0; i < tagging->hits_count; i++) {
        const struct hit *hit = &tagging->hits[i];
        const struct lexicon_entry *entry = entry_of(tagging, hit);
        if (hit->is_waiting || !speaks_for(topics, entry->topic, topic))
            continue;
        struct evidence *evidence =
            article_add_evidence(tagging->article->arena, &subject->evidence);
        if (!evidence)
            return false;
        const struct token *first = &tagging->tokens->items[hit->token],
                           *last = first + hit->words - 1;
        desk_slice text = article_field_text(tagging->article, (enum article_field)first->field);
        *evidence =
            (struct evidence){.rule = topics[entry->topic].uri,
                              .text = slice_sub(text, first->start, last->start + last->len),
                              .field = (enum article_field)first->field,
                              .offset = first->start,
                              .weight = hit->weight,
                              .term_weight = (double)entry->weight,
                              .count = hit->count};
    }
    sort_items(subject->evidence.items, subject->evidence.count, sizeof *subject->evidence.items,
               by_weight);
    return true;
}

static int by_confidence(const void *a, const void *b)
{
    const struct subject *x = a, *y = b;
    if (x->confidence != y->confidence)
        return x->confidence > y->confidence ? -1 : 1;
    return slice_compare(x->uri, y->uri);
}

static bool list_subjects(struct tagging *tagging)
{
    const struct lexicon *lexicon = tagging->state->lexicon;
    struct desk_article *article = tagging->article;
    for (size_t i = 0; i < lexicon->topics_count; i++) {
        if (tagging->scores[i].confidence <= 0)
            continue;
        struct subject *subject = article_add_subject(article);
        if (!subject)
            return false;
        *subject = (struct subject){.uri = lexicon->topics[i].uri,
                                    .name = lexicon->topics[i].name,
                                    .creator = slice_from_cstr("lexicon"),
                                    .confidence = tagging->scores[i].confidence};
        if (!add_evidence(tagging, (uint16_t)i, subject))
            return false;
    }
    if (article->subjects.count)
        sort_items(article->subjects.items, article->subjects.count,
                   sizeof *article->subjects.items, by_confidence);
    return true;
}

/* --- the stage ----------------------------------------------------------------------------- */

static desk_status open_subject(const struct desk_rulebook *rulebook, void **made, desk_error *err)
{
    struct subject_state *state = calloc(1, sizeof *state);
    *made = state;
    if (!state)
        return error_set(err, DESK_ENOMEM, "out of memory for the subject stage");
    state->lexicon = rulebook->lexicon;
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

static desk_status process_subject(void *made, struct desk_article *article, desk_error *err)
{
    struct subject_state *state = made;
    struct tagging tagging = {.state = state, .article = article};
    tagging.tokens = tokens_of(article);
    tagging.language = lexicon_for(state->lexicon, article->language);
    if (!tagging.tokens)
        return article->work_left ? article_memory_error(err) : article_work_error(err);
    if (!tagging.language || !tagging.tokens->count)
        return DESK_OK;
    if (!article_work(article, 8 * (uint64_t)tagging.tokens->count))
        return article_work_error(err);
    forget(state);
    tagging.scores =
        ARENA_ARRAY(article->arena, struct topic_score, state->lexicon->topics_count + 1);
    if (!tagging.scores || !find_terms(&tagging))
        return article_memory_error(err);
    sum_up(&tagging);
    scoring_decide(state->lexicon, tagging.scores,
                   &(struct scored_text){tagging.tokens->count, tagging.no_news});
    return list_subjects(&tagging) ? DESK_OK : article_memory_error(err);
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
