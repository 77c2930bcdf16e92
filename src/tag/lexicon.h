/* Topics and the words that speak for them. Files subjects/topics.yaml and subjects/LANGUAGE.yaml
 * of the rulebook.
 *
 * topics.yaml
 *     topics:
 *       medtop:16000000: {name: "conflict, war and peace"}
 *       medtop:20000056: {name: armed conflict, broader: medtop:16000000}     # after its broader
 * topic LANGUAGE.yaml language: en subjects: medtop:16000000: 4: [ceasefire, ...]      # weights 4
 * decisive, 3 strong, 2 typical, 1 weak hint; below 0 speaks against context:                     #
 * words that count only when one of `near` stands within eight words
 *       - term: strike
 *         rules:
 *           - {subject: medtop:09000000, weight: 2, near: [union, pay]}
 *     cases:                       # run by copydesk check
 *       - {text: "...", subject: medtop:16000000}
 *       - {text: "...", none: true}
 * Terms have up to eight words and match by folded stem; "=May" matches this spelling only. */
#ifndef TAG_LEXICON_H
#define TAG_LEXICON_H

#include <copydesk/slice.h>
#include <stdint.h>

#include "tag/phrases.h"

struct mistakes;
struct rulebook_files;

enum { TOPICS_MAX = 1024, TOPIC_NONE = 0xFFFF, CONTEXT_WORDS = 8 };

struct topic {
    desk_slice uri, name;
    uint16_t broader; /* index, always smaller than the topic's own, or TOPIC_NONE */
    uint16_t top;     /* index of its top-level topic */
};

/* What one term says about one topic. */
struct lexicon_entry {
    uint16_t topic;
    float weight;
    desk_slice exact;                /* the spelling it must have; empty: any */
    uint32_t near_first, near_count; /* stems of which one must stand near; none: always */
};

struct lexicon_language {
    char code[12];
    struct phrases *phrases;
    struct lexicon_entry *entries;
    size_t entries_count, entries_capacity;
    uint64_t *near;
    size_t near_count, near_capacity;
};

struct lexicon {
    struct topic *topics;
    size_t topics_count;
    struct lexicon_language *languages;
    size_t languages_count;
};

void *lexicon_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void lexicon_free(void *lexicon);
/* By primary subtag; NULL when there is no lexicon for the language. */
const struct lexicon_language *lexicon_for(const struct lexicon *lexicon, desk_slice code);

#endif
