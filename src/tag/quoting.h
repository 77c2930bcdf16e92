/* Words that make somebody a source: verbs of saying and prepositions. File quoting.yaml of the
 * rulebook:
 *
 *     languages:
 *       fr: {says: [déclarer, affirmer, ...], according: [selon, "d'après", ...]}
 * Words match by stem; irregular forms are listed. */
#ifndef TAG_QUOTING_H
#define TAG_QUOTING_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

struct mistakes;
struct rulebook_files;
struct quoting;
struct token;

enum saying { SAYING_NONE, SAYING_VERB, SAYING_ACCORDING };

void *quoting_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void quoting_free(void *quoting);
enum saying quoting_kind(const struct quoting *quoting, desk_slice language,
                         const struct token *token);

#endif
