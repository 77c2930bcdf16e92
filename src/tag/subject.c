/* The subject stage: which topics the text is about, from the lexicon of its language.
 *
 * Each term found gives its weight to its topic and to all broader ones: more in the title and the
 * first sentences, less each time it is repeated. A topic's confidence grows with its sum and
 * shrinks with the length of the text: score / (score + base). A topic needs a term that is
 * typical, or several weak ones, and a fair share of the strongest topic's score. */
#include <math.h>
#include <stdlib.h>

#include "article/article.h"
#include "base/error.h"
#include "base/slice.h"
#include "base/sort.h"
#include "engine/stage.h"
#include "rulebook/rulebook.h"
#include "tag/lexicon.h"

enum { SUBJECTS_MAX = 12, LEAD_SENTENCES = 3, WEAK_TERMS_MIN = 3 };

static const double TITLE_FACTOR = 2.5, LEAD_FACTOR = 1.5;
static const double CONFIDENCE_MIN = 0.3, SHARE_MIN = 0.25;
static const double BASE_SCORE = 4.0, BASE_PER_ROOT_WORD = 0.35;

/* A term that was found: summed over its occurrences. */
struct hit {
    uint32_t entry;
    uint32_t token; /* of the first occurrence */
    uint32_t words;
    uint32_t count;
    double weight;
};

struct subject_state {
    const struct lexicon *lexicon;
    uint32_t *slots; /* per entry: index of its hit, valid when its stamp is the current one */
    uint32_t *stamps;
    uint32_t stamp;
    size_t entries_max;
};

struct topic_sum {
    double score;
    double strongest; /* weight of the heaviest term */
    unsigned terms;
};

struct tagging {
    struct subject_state *state;
    struct desk_article *article;
    const struct lexicon_language *language;
    const struct token_table *tokens;
    struct hit *hits;
    size_t hits_count, hits_capacity;
    struct topic_sum *sums;
};

/* --- finding terms ------------------------------------------------------------------------- */

static bool is_near(const struct tagging *tagging, const struct lexicon_entry *entry, size_t at,
                    size_t words)
{
    const struct token_table *tokens = tagging->tokens;
    size_t field = tokens->items[at].field;
    size_t first = tokens->field_first[field], end = tokens->field_first[field + 1];
    size_t from = at > first + CONTEXT_WORDS ? at - CONTEXT_WORDS : first;
    size_t to = at + words + CONTEXT_WORDS < end ? at + words + CONTEXT_WORDS : end;
    const uint64_t *near = tagging->language->near + entry->near_first;
    for (size_t i = from; i < to; i++)
        for (uint32_t k = 0; k < entry->near_count && (i < at || i >= at + words); k++)
            if (tokens->items[i].stem == near[k])
                return true;
    return false;
}

static bool has_spelling(const struct tagging *tagging, desk_slice exact, size_t at, size_t words)
{
    const struct token *first = &tagging->tokens->items[at], *last = first + words - 1;
    desk_slice text = article_field_text(tagging->article, (enum article_field)first->field);
    return slice_equal(exact, slice_sub(text, first->start, last->start + last->len));
}

static double place_factor(const struct tagging *tagging, const struct token *token)
{
    if (token->field == FIELD_TITLE)
        return TITLE_FACTOR;
    if (token->field == FIELD_DESCRIPTION)
        return LEAD_FACTOR;
    const struct token *first = &tagging->tokens->items[tagging->tokens->field_first[FIELD_BODY]];
    return token->sentence - first->sentence < LEAD_SENTENCES ? LEAD_FACTOR : 1.0;
}

/* Decisive terms count more than several hints: the square of the weight, halved. */
static double strength(double weight)
{
    return weight * fabs(weight) / 2;
}

static bool add_hit(struct tagging *tagging, uint32_t index, size_t at, size_t words)
{
    struct subject_state *state = tagging->state;
    double factor = place_factor(tagging, &tagging->tokens->items[at]);
    if (state->stamps[index] != state->stamp) {
        if (tagging->hits_count == tagging->hits_capacity) {
            size_t old = tagging->hits_capacity, wanted = old ? old * 2 : 64;
            struct hit *grown =
                arena_grow(tagging->article->arena, tagging->hits, old * sizeof *grown,
                           wanted * sizeof *grown, _Alignof(struct hit));
            if (!grown)
                return false;
            tagging->hits = grown;
            tagging->hits_capacity = wanted;
        }
        state->stamps[index] = state->stamp;
        state->slots[index] = (uint32_t)tagging->hits_count;
        tagging->hits[tagging->hits_count++] =
            (struct hit){index, (uint32_t)at, (uint32_t)words, 0, 0};
    }
    struct hit *hit = &tagging->hits[state->slots[index]];
    hit->count++;
    hit->weight += strength(tagging->language->entries[index].weight) * factor / hit->count;
    return true;
}

static bool take_phrase(struct tagging *tagging, const struct phrase *phrase, size_t at)
{
    const struct lexicon_entry *entry = &tagging->language->entries[phrase->value];
    if (entry->near_count && !is_near(tagging, entry, at, phrase->words_count))
        return true;
    if (entry->exact.len && !has_spelling(tagging, entry->exact, at, phrase->words_count))
        return true;
    return add_hit(tagging, phrase->value, at, phrase->words_count);
}

static bool find_terms(struct tagging *tagging)
{
    const struct phrases *phrases = tagging->language->phrases;
    const struct token_table *tokens = tagging->tokens;
    for (size_t field = 0; field < FIELD_COUNT; field++) {
        size_t end = tokens->field_first[field + 1];
        for (size_t at = tokens->field_first[field]; at < end;) {
            const struct phrase *phrase = phrases_match(phrases, tokens, at, end);
            size_t words = phrase ? phrase->words_count : 1;
            for (; phrase; phrase = phrases_also(phrases, phrase, tokens, at))
                if (!take_phrase(tagging, phrase, at))
                    return false;
            at += words;
        }
    }
    return true;
}

/* --- deciding ------------------------------------------------------------------------------ */

static void sum_up(struct tagging *tagging)
{
    const struct topic *topics = tagging->state->lexicon->topics;
    for (size_t i = 0; i < tagging->hits_count; i++) {
        const struct hit *hit = &tagging->hits[i];
        const struct lexicon_entry *entry = &tagging->language->entries[hit->entry];
        for (uint16_t topic = entry->topic; topic != TOPIC_NONE; topic = topics[topic].broader) {
            struct topic_sum *sum = &tagging->sums[topic];
            sum->score += hit->weight;
            sum->terms++;
            if ((double)entry->weight > sum->strongest)
                sum->strongest = (double)entry->weight;
        }
    }
}

static bool speaks_for(const struct topic *topics, uint16_t topic, uint16_t wanted)
{
    while (topic != TOPIC_NONE && topic != wanted)
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
    return (x->offset > y->offset) - (x->offset < y->offset);
}

static bool add_evidence(const struct tagging *tagging, uint16_t topic, struct subject *subject)
{
    const struct topic *topics = tagging->state->lexicon->topics;
    for (size_t i = 0; i < tagging->hits_count; i++) {
        const struct hit *hit = &tagging->hits[i];
        uint16_t own = tagging->language->entries[hit->entry].topic;
        if (!speaks_for(topics, own, topic))
            continue;
        struct evidence *evidence =
            article_add_evidence(tagging->article->arena, &subject->evidence);
        if (!evidence)
            return false;
        const struct token *first = &tagging->tokens->items[hit->token],
                           *last = first + hit->words - 1;
        desk_slice text = article_field_text(tagging->article, (enum article_field)first->field);
        *evidence =
            (struct evidence){.rule = topics[own].uri,
                              .text = slice_sub(text, first->start, last->start + last->len),
                              .field = (enum article_field)first->field,
                              .offset = first->start,
                              .weight = hit->weight};
    }
    sort_items(subject->evidence.items, subject->evidence.count, sizeof *subject->evidence.items,
               by_weight);
    return true;
}

static bool is_supported(const struct topic_sum *sum, double best)
{
    return sum->score > 0 && sum->score >= SHARE_MIN * best &&
           (sum->strongest >= 2 || sum->terms >= WEAK_TERMS_MIN);
}

static double confidence_of(double score, double words)
{
    double confidence = score / (score + BASE_SCORE + BASE_PER_ROOT_WORD * sqrt(words));
    return floor(confidence * 1000 + 0.5) / 1000;
}

static int by_confidence(const void *a, const void *b)
{
    const struct subject *x = a, *y = b;
    if (x->confidence != y->confidence)
        return x->confidence > y->confidence ? -1 : 1;
    return slice_compare(x->uri, y->uri);
}

/* Top-level topics are judged against the strongest one; a narrower topic only when its broader
 * topic stands. */
static bool decide(struct tagging *tagging)
{
    const struct lexicon *lexicon = tagging->state->lexicon;
    struct desk_article *article = tagging->article;
    double best = 0;
    for (size_t i = 0; i < lexicon->topics_count; i++)
        if (lexicon->topics[i].broader == TOPIC_NONE && tagging->sums[i].score > best)
            best = tagging->sums[i].score;
    for (size_t i = 0; i < lexicon->topics_count; i++) {
        const struct topic *topic = &lexicon->topics[i];
        struct topic_sum *sum = &tagging->sums[i];
        double confidence = confidence_of(sum->score, (double)tagging->tokens->count);
        bool stands = is_supported(sum, best) && confidence >= CONFIDENCE_MIN &&
                      (topic->broader == TOPIC_NONE || tagging->sums[topic->broader].terms > 0);
        if (!stands) {
            sum->terms = 0; /* what is narrower falls with it */
            continue;
        }
        struct subject *subject = article_add_subject(article);
        if (!subject)
            return false;
        *subject = (struct subject){.uri = topic->uri,
                                    .name = topic->name,
                                    .creator = slice_from_cstr("lexicon"),
                                    .confidence = confidence};
        if (!add_evidence(tagging, (uint16_t)i, subject))
            return false;
    }
    if (article->subjects.count)
        sort_items(article->subjects.items, article->subjects.count,
                   sizeof *article->subjects.items, by_confidence);
    return true;
}

/* Cuts the list, keeping every broader topic of what is kept: they sort before, or as equals beside
 * it. */
static void limit(struct desk_article *article)
{
    if (article->subjects.count > SUBJECTS_MAX)
        article->subjects.count = SUBJECTS_MAX;
}

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
    tagging.sums = ARENA_ARRAY(article->arena, struct topic_sum, state->lexicon->topics_count + 1);
    if (!tagging.sums || !find_terms(&tagging))
        return article_memory_error(err);
    sum_up(&tagging);
    if (!decide(&tagging))
        return article_memory_error(err);
    limit(article);
    return DESK_OK;
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
