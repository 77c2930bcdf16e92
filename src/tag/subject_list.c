/* Listing topics as subjects, each with the terms that speak for it, heaviest first.
 *
 * A text has hundreds of terms, each speaking for up to four topics, and a brief record shows three
 * of them per topic: only those are kept, in one walk over the terms. */
#include "article/article.h"
#include "base/slice.h"
#include "base/sort.h"
#include "tag/subject_parts.h"

/* What a brief record shows at most (article/encode.c); the evidence beyond is not even made. */
enum { BRIEF_MAX = 3 };

static struct evidence make_evidence(const struct tagging *tagging, const struct hit *hit)
{
    const struct lexicon_entry *entry = hit_entry(tagging, hit);
    const struct token *first = &tagging->tokens->items[hit->token], *last = first + hit->words - 1;
    desk_slice text = article_field_text(tagging->article, (enum article_field)first->field);
    return (struct evidence){.rule = tagging->lexicon->topics[entry->topic].uri,
                             .text = slice_sub(text, first->start, last->start + last->len),
                             .field = (enum article_field)first->field,
                             .offset = first->start,
                             .weight = hit->weight,
                             .term_weight = (double)entry->weight,
                             .count = hit->count};
}

/* Into a list of at most BRIEF_MAX, kept in order; the last one may fall out. */
static void insert_brief(struct evidence_list *list, const struct evidence *evidence)
{
    size_t at = list->count;
    if (at == BRIEF_MAX && evidence_by_weight(&list->items[--at], evidence) < 0)
        return;
    if (list->count < BRIEF_MAX)
        list->count++;
    for (; at > 0 && evidence_by_weight(&list->items[at - 1], evidence) > 0; at--)
        list->items[at] = list->items[at - 1];
    list->items[at] = *evidence;
}

static void give_evidence(const struct tagging *tagging, const struct hit *hit,
                          struct subject *const *subject_of)
{
    const struct topic *topics = tagging->lexicon->topics;
    uint16_t topic = hit_entry(tagging, hit)->topic;
    bool is_full = tagging->article->evidence_level == DESK_EVIDENCE_FULL;
    for (; topic != TOPIC_NONE && topic != TOPIC_NO_NEWS; topic = topics[topic].broader) {
        if (!subject_of[topic])
            continue;
        struct evidence_list *list = &subject_of[topic]->evidence;
        if (!is_full && list->count == BRIEF_MAX && hit->weight < list->items[BRIEF_MAX - 1].weight)
            continue;
        struct evidence evidence = make_evidence(tagging, hit);
        if (is_full)
            list->items[list->count++] = evidence;
        else
            insert_brief(list, &evidence);
    }
}

/* Room for what will be kept: full evidence has one item per term. */
static bool make_room(const struct tagging *tagging, uint16_t topic, struct subject *subject)
{
    size_t wanted = tagging->article->evidence_level == DESK_EVIDENCE_FULL
                        ? tagging->scores[topic].terms
                        : BRIEF_MAX;
    subject->evidence.items = ARENA_ARRAY(tagging->article->arena, struct evidence, wanted + 1);
    subject->evidence.capacity = wanted;
    return subject->evidence.items != NULL;
}

/* The model that a topic is due to; NULL: it is the lexicon's. */
static const struct model *model_of(const struct tagging *tagging, size_t topic)
{
    return tagging->votes.votes ? tagging->votes.votes[topic].model : NULL;
}

static bool add_subjects(const struct tagging *tagging)
{
    const struct lexicon *lexicon = tagging->lexicon;
    for (size_t i = 0; i < lexicon->topics_count; i++) {
        if (tagging->scores[i].confidence <= 0)
            continue;
        struct subject *subject = article_add_subject(tagging->article);
        if (!subject)
            return false;
        const struct model *model = model_of(tagging, i);
        *subject = (struct subject){.uri = lexicon->topics[i].uri,
                                    .name = lexicon->topics[i].name,
                                    .creator = slice_from_cstr(model ? model->creator : "lexicon"),
                                    .confidence = tagging->scores[i].confidence};
        if (!(model
                  ? subject_models_evidence(&tagging->votes, tagging->article, (uint16_t)i, subject)
                  : make_room(tagging, (uint16_t)i, subject)))
            return false;
    }
    return true;
}

bool subject_list_topics(const struct tagging *tagging)
{
    struct desk_article *article = tagging->article;
    size_t topics_count = tagging->lexicon->topics_count;
    struct subject **subject_of = ARENA_ARRAY(article->arena, struct subject *, topics_count + 1);
    if (!subject_of || !add_subjects(tagging))
        return false;
    for (size_t i = 0, next = 0; i < topics_count && next < article->subjects.count; i++) {
        if (tagging->scores[i].confidence <= 0)
            continue;
        struct subject *subject = &article->subjects.items[next++];
        subject_of[i] = model_of(tagging, i) ? NULL : subject;
    }
    for (size_t i = 0; i < tagging->hits_count; i++)
        if (!tagging->hits[i].is_waiting)
            give_evidence(tagging, &tagging->hits[i], subject_of);
    for (size_t i = 0; i < article->subjects.count; i++) {
        struct evidence_list *list = &article->subjects.items[i].evidence;
        if (article->evidence_level == DESK_EVIDENCE_FULL && list->count)
            sort_items(list->items, list->count, sizeof *list->items, evidence_by_weight);
    }
    if (article->subjects.count)
        sort_items(article->subjects.items, article->subjects.count,
                   sizeof *article->subjects.items, subject_by_confidence);
    return true;
}
