/* Looking at all entries of a language together: the same term twice, and terms of many topics. */
#include <math.h>
#include <stdlib.h>

#include "tag/lexicon_parts.h"

static int by_term(const void *a, const void *b)
{
    const struct lexicon_place *x = a, *y = b;
    if (x->language != y->language)
        return x->language < y->language ? -1 : 1;
    if (x->term != y->term)
        return x->term < y->term ? -1 : 1;
    return (x->entry > y->entry) - (x->entry < y->entry);
}

static struct lexicon_entry *entry_of(const struct lexicon_maker *maker,
                                      const struct lexicon_place *place)
{
    return &maker->lexicon->languages[place->language].entries[place->entry];
}

static uint16_t top_of(const struct lexicon *lexicon, uint16_t topic)
{
    return topic < TOPIC_NO_NEWS ? lexicon->topics[topic].top : topic;
}

static bool is_broader(const struct lexicon *lexicon, uint16_t topic, uint16_t narrower)
{
    while (narrower < TOPIC_NO_NEWS && narrower != topic)
        narrower = lexicon->topics[narrower].broader;
    return narrower == topic;
}

static void warn(const struct lexicon_maker *maker, const struct lexicon_place *place,
                 const struct lexicon_place *other, const char *what, const char *advice)
{
    mistakes_add(maker->mistakes, place->file, place->line, place->column, true, "%s %s:%u:%u; %s",
                 what, other->file, other->line, other->column, advice);
}

/* Two entries of one term and the same conditions. What is said twice counts once: the first entry
 * of a topic, the narrower of two topics. */
static void compare(const struct lexicon_maker *maker, const struct lexicon_place *first,
                    const struct lexicon_place *second)
{
    const struct lexicon *lexicon = maker->lexicon;
    struct lexicon_entry *a = entry_of(maker, first), *b = entry_of(maker, second);
    if (first->context != second->context || a->is_idle || b->is_idle)
        return;
    b->is_idle = a->topic == b->topic || is_broader(lexicon, b->topic, a->topic);
    a->is_idle = a->topic != b->topic && is_broader(lexicon, a->topic, b->topic);
    if (a->topic == b->topic && a->weight != b->weight)
        warn(maker, second, first, "conflict: this term has another weight for the same topic in",
             "which holds; keep one");
    else if (a->topic == b->topic)
        warn(maker, second, first, "duplicate: this term stands for the same topic in",
             "remove one");
    else if (a->is_idle || b->is_idle)
        warn(maker, second, first, "duplicate: this term stands for a broader or narrower topic in",
             "keep the narrower, it counts for both");
}

static double prior_of(const struct lexicon_maker *maker, uint32_t language, uint16_t top)
{
    return top < TOPIC_NO_NEWS ? maker->lexicon->languages[language].priors[top] : 1;
}

/* How many top-level topics share the term, and how many entries each of them has. Entries under
 * conditions exclude each other as a rule and share nothing. */
static void count_topics(const struct lexicon_maker *maker, const struct lexicon_place *places,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct lexicon_entry *entry = entry_of(maker, &places[i]);
        unsigned tops = 1, twins = 1;
        uint16_t own = top_of(maker->lexicon, entry->topic);
        for (size_t k = 0; k < count && !places[i].context && !entry->is_idle; k++) {
            const struct lexicon_entry *other = entry_of(maker, &places[k]);
            uint16_t top = top_of(maker->lexicon, other->topic);
            if (k == i || places[k].context || other->is_idle || other->weight < 0)
                continue;
            bool is_first = true;
            for (size_t j = 0; j < k; j++)
                if (!places[j].context &&
                    top_of(maker->lexicon, entry_of(maker, &places[j])->topic) == top)
                    is_first = false;
            tops += top != own && is_first;
            twins += top == own;
        }
        entry->tops_count = (uint8_t)(tops < UINT8_MAX ? tops : UINT8_MAX);
        entry->twins_count = (uint8_t)(twins < UINT8_MAX ? twins : UINT8_MAX);
        if (!entry->is_idle)
            entry->strength = (float)(scoring_strength(&maker->lexicon->scoring, entry) *
                                      prior_of(maker, places[i].language, own));
    }
}

/* More entries of one term than this are compared with their neighbours only, so that a file of
 * nothing but one term takes linear time. */
enum { SAME_TERM_MAX = 64 };

static void look_at_term(const struct lexicon_maker *maker, const struct lexicon_place *places,
                         size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i > SAME_TERM_MAX ? i - SAME_TERM_MAX : 0; k < i; k++)
            compare(maker, &places[k], &places[i]);
    for (size_t from = 0; from < count; from += SAME_TERM_MAX)
        count_topics(maker, places + from,
                     count - from < SAME_TERM_MAX ? count - from : SAME_TERM_MAX);
}

void lexicon_finish(struct lexicon_maker *maker)
{
    struct lexicon_place *places = maker->places;
    size_t count = maker->places_count;
    if (count)
        qsort(places, count, sizeof *places, by_term);
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && places[to].language == places[from].language &&
                            places[to].term == places[from].term;)
            to++;
        look_at_term(maker, places + from, to - from);
    }
}
