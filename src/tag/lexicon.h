/* Topics and the words that speak for them. Files subjects/topics.yaml, subjects/scoring.yaml and
 * any other subjects/ *.yaml (in subfolders too) of the rulebook; files of one language are joined.
 *
 * topics.yaml
 *     topics:
 *       medtop:16000000: {name: "conflict, war and peace"}
 *       medtop:20000056: {name: armed conflict, broader: medtop:16000000}     # after its broader
 *
 * a language's file
 *     language: en
 *     priors:                      # rare: where this language's lexicon says too much or too
 * little medtop:16000000: 1.1       # factor of the strength of its terms; once per topic subjects:
 *       medtop:16000000:
 *         4: [ceasefire, ...]      # 4 decisive, 3 strong, 2 typical, 1 a hint; below 0 against
 *       none:
 *         3: [cookie policy, ...]  # speaks for a text that is no news at all
 *     context:                     # terms that count only in some company
 *       - term: strike
 *         rules:
 *           - {subject: medtop:09000000, weight: 2, near: [union, pay], unless: [air], within: 8}
 *           - {subject: medtop:15000000, weight: 1, with: medtop:15000000}
 *     cases:                       # run by copydesk check
 *       - {text: "...", subject: medtop:16000000}
 *       - {text: "...", has: [medtop:16000000], not: [medtop:15000000]}
 *       - {text: "...", none: true}
 *
 * Terms have up to twelve words and match by folded stem; "=May" matches this spelling only
 * ("=maïs" also at the start of a sentence). "-wahl" is the tail of compounds: found at the end of
 * longer words that are no terms. docs/subjects.md teaches the format. */
#ifndef TAG_LEXICON_H
#define TAG_LEXICON_H

#include <copydesk/slice.h>
#include <stdint.h>

#include "tag/compounds.h"
#include "tag/phrases.h"
#include "tag/scoring.h"

struct mistakes;
struct rulebook_files;
struct yaml_node;

/* How many words beside a term are searched for its company unless the rule says otherwise. */
enum { TOPICS_MAX = 1024, CONTEXT_WORDS = 8, CONTEXT_WORDS_MAX = 50 };

/* In place of a topic's index: no topic; the topic of texts that are no news. */
enum { TOPIC_NONE = 0xFFFF, TOPIC_NO_NEWS = 0xFFFE };

struct topic {
    desk_slice uri, name;
    uint16_t broader; /* index, always smaller than the topic's own, or TOPIC_NONE */
    uint16_t top;     /* index of its top-level topic */
};

/* The company a term must have or lack. Words are stems in the language's list of near words. */
struct lexicon_context {
    uint64_t near_bits, unless_bits;     /* one bit of each stem: most words are told by it */
    uint32_t near_first, near_count;     /* one of them must stand near; none: always */
    uint32_t unless_first, unless_count; /* none of them may */
    uint16_t within;                     /* words to either side */
    uint16_t with; /* a top-level topic that other terms must speak for, or TOPIC_NONE */
};

/* What one term says about one topic. */
struct lexicon_entry {
    uint16_t topic;
    uint8_t tops_count;  /* top-level topics that this term speaks for, at least 1 */
    uint8_t twins_count; /* entries of this term under the same top-level topic, with this one */
    bool is_idle;        /* another entry says the same */
    float weight;
    float strength;   /* what one occurrence counts, made of the three above */
    uint32_t context; /* index + 1 into the contexts; 0: counts always */
    desk_slice exact; /* the spelling it must have; empty: any */
};

struct lexicon_language {
    char code[12];
    struct phrases *phrases;
    struct compounds *compounds; /* terms that are tails of words: "-wahl" */
    double *priors;              /* factor of the strength of terms, by top-level topic */
    struct lexicon_entry *entries;
    size_t entries_count, entries_capacity;
    struct lexicon_context *contexts;
    size_t contexts_count, contexts_capacity;
    uint64_t *near;
    size_t near_count, near_capacity;
};

struct lexicon {
    struct topic *topics;
    size_t topics_count;
    double *priors; /* factor of the scores, by top-level topic: how common it is in news */
    struct lexicon_language *languages;
    size_t languages_count;
    struct scoring scoring;
};

void *lexicon_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void lexicon_free(void *lexicon);
/* By primary subtag; NULL when there is no lexicon for the language. */
const struct lexicon_language *lexicon_for(const struct lexicon *lexicon, desk_slice code);
/* Index of a topic by its URI; TOPIC_NONE when there is none. */
uint16_t lexicon_topic(const struct lexicon *lexicon, desk_slice uri);

#endif
