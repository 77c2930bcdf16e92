/* Names of one or more words, found in the token table by the hash of their first word or two,
 * longest first.
 *
 * Build once: add every name with a number of the caller's, then seal. Read-only and shared
 * afterwards. Names are matched by folded form, word by word; a name does not cross punctuation
 * (TOKEN_BREAK_BEFORE). */
#ifndef TAG_PHRASES_H
#define TAG_PHRASES_H

#include <copydesk/slice.h>
#include <stdbool.h>

#include "tag/tokens.h"

enum { PHRASE_WORDS_MAX = 12 };

enum phrase_flags {
    PHRASE_CAPITAL =
        1,           /* the first word must be written with a capital (in scripts that have them) */
    PHRASE_STEM = 2, /* inflection endings are folded on both sides */
    PHRASE_EXACT_CAPS = 4 /* all letters of the first word must be capitals, as in CNN or WHO */
};

struct phrase {
    uint32_t words_first; /* into the table's word hashes */
    uint16_t words_count;
    uint16_t flags;
    uint32_t value; /* the caller's number */
};

struct phrases;

struct phrases *phrases_new(void);
void phrases_free(struct phrases *phrases);
/* False when out of memory. `language` chooses clitics and endings; "" for a name that holds
 * everywhere. *words gets the number of words, 0 when the text has none and above PHRASE_WORDS_MAX
 * when it has too many: it is not added then. */
bool phrases_add(struct phrases *phrases, desk_slice text, desk_slice language, unsigned flags,
                 uint32_t value, size_t *words);
bool phrases_seal(struct phrases *phrases);

/* The first token from `at` on, before `end`, at which a phrase may begin; `end` when there is
 * none. Most tokens of a text begin none: who looks for all phrases of a text goes from one such
 * token to the next. It may be wrong about a token it gives, never about one it passes over. */
size_t phrases_next(const struct phrases *phrases, const struct token_table *table, size_t at,
                    size_t end);

/* Whether phrases_next would stop at token `at`. */
bool phrases_may_begin(const struct phrases *phrases, const struct token_table *table, size_t at,
                       size_t end);

/* The longest phrase that begins at token `at` and ends before `end`; NULL when there is none.
 * A smaller `end` asks for the next shorter one. Among equal phrases the one that was added first.
 * Then phrases_also gives further ones of the same words, NULL after the last. */
const struct phrase *phrases_match(const struct phrases *phrases, const struct token_table *table,
                                   size_t at, size_t end);
const struct phrase *phrases_also(const struct phrases *phrases, const struct phrase *previous,
                                  const struct token_table *table, size_t at);
/* For looking through a sealed table: how many phrases from running number `first` on have the same
 * words, and the first of them; 0 behind the last. */
size_t phrases_group(const struct phrases *phrases, size_t first, const struct phrase **items);

#endif
