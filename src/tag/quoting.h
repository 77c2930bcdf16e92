/* Words that make somebody a source: verbs of saying, prepositions, speakers' titles. File
 * quoting.yaml of the rulebook:
 *
 *     languages:
 *       fr:
 *         says: [déclarer, a fait savoir, ...]       verbs, before or after the name
 *         according: [selon, "d'après", ...]         before the name
 *         after: [报道, ...]                          after the name only
 *         clause: [que, il, ...]                     the sentence goes elsewhere behind these
 *         prepositions: [avec, contre, ...]          so it does for all but social networks
 *         quotes: [demandé, ...]                     verbs beside a quote only
 *         works: [film, roman, ...]                  in front of a title in quotation marks
 *         pronouns: [il, elle]                       of one person who speaks
 * Words match by stem; irregular forms are listed. An entry may have several words; one that begins
 * with an elided word ("d'après") is only met behind an apostrophe. */
#ifndef TAG_QUOTING_H
#define TAG_QUOTING_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

struct mistakes;
struct phrases;
struct rulebook_files;
struct quoting;
struct token;

enum saying {
    SAYING_NONE,
    SAYING_VERB,
    SAYING_ACCORDING,
    SAYING_AFTER,
    SAYING_CLAUSE,
    SAYING_PREPOSITION,
    SAYING_WORK,
    SAYING_PRONOUN,
    SAYING_QUOTES,
    SAYING_KINDS = 15,
    SAYING_ELIDED = 16 /* a bit beside the kind in the value of a cue */
};

void *quoting_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void quoting_free(void *quoting);
/* Verb or preposition of one word: SAYING_VERB, SAYING_QUOTES, SAYING_ACCORDING or SAYING_NONE. */
enum saying quoting_kind(const struct quoting *quoting, desk_slice language,
                         const struct token *token);
/* All cues of a language, with several words too; the value of a phrase is an enum saying. NULL for
 * a language that has none. */
const struct phrases *quoting_cues(const struct quoting *quoting, desk_slice language);

#endif
