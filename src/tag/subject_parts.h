/* What choosing the lexicon (subject_language.c), finding terms (subject.c) and listing subjects
 * with their evidence (subject_list.c) share. */
#ifndef TAG_SUBJECT_PARTS_H
#define TAG_SUBJECT_PARTS_H

#include "article/article.h"
#include "tag/lexicon.h"
#include "tag/subject_models.h"

/* A term that was found: summed over its occurrences. */
struct hit {
    uint32_t entry;
    uint32_t token; /* of the first occurrence */
    uint32_t words;
    uint32_t count;
    double weight;
    bool is_waiting; /* its context asks for another topic, which was not seen yet */
};

struct subject_state;

struct tagging {
    struct subject_state *state;
    const struct lexicon *lexicon;
    struct desk_article *article;
    const struct lexicon_language *language;
    const struct token_table *tokens;
    struct hit *hits;
    size_t hits_count, hits_capacity;
    struct topic_score *scores;
    double no_news;
    struct model_votes votes;
    bool has_compounds; /* the language has terms that are tails of words */
};

static inline const struct lexicon_entry *hit_entry(const struct tagging *tagging,
                                                    const struct hit *hit)
{
    return &tagging->language->entries[hit->entry];
}

/* Sets the lexicon the text is read with, NULL when there is none for it, and its tokens as that
 * language has them. False at the memory or work limit. */
bool subject_choose_language(struct tagging *tagging);

/* Adds the topics that have a confidence to the article's subjects, surest first, each with as much
 * evidence as the record will show. False when out of memory. */
bool subject_list_topics(const struct tagging *tagging);

/* Whether the body is a program or data (subject_code.c). Linear in its bytes, takes no memory. */
bool subject_is_code(const struct desk_article *article);

#endif
