/* The learned table of the rulebook, languages.model: what words, and what four letters of a word,
 * say about the language of a text.
 *
 * tests/eval/train_languages writes it; docs/languages.md shows the layout. Read-only once it is
 * read; nothing is taken from the heap by looking things up. */
#ifndef TAG_LANGUAGE_GRAMS_H
#define TAG_LANGUAGE_GRAMS_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GRAM_LETTERS = 4,
    GRAM_EDGE = 1, /* the "letter" before and behind a word */
    /* Weights are in so many parts of a natural logarithm. */
    GRAM_UNITS = 8,
    GRAM_LANGUAGES_MAX = 128,
    /* Languages that the rulebook does not have go by this number; nobody reads their scores. */
    GRAM_LANGUAGE_NONE = GRAM_LANGUAGES_MAX,
    GRAM_REASON_BYTES = 160
};

struct gram_weight {
    uint8_t language, weight;
};

struct gram_slot {
    uint32_t fingerprint; /* 0: free */
    uint32_t place;       /* index of the first weight << 8 | their number */
};

struct language_grams {
    struct gram_slot *slots; /* NULL: there is no table */
    struct gram_weight *weights;
    unsigned bits; /* there are 2^bits slots */
    /* What speaks for a language before a word is read, in units; by the caller's numbers. */
    int32_t priors[GRAM_LANGUAGES_MAX + 1];
};

/* The caller's number of a language, or GRAM_LANGUAGE_NONE. */
typedef uint8_t gram_number(const void *context, desk_slice code);

/* Reads a table whose every length is checked. False with the reason when it is foreign, of another
 * version, cut short or damaged. Freed by grams_deinit, also then. */
bool grams_read(struct language_grams *grams, desk_slice content, gram_number *number,
                const void *context, char reason[GRAM_REASON_BYTES]);
void grams_deinit(struct language_grams *grams);

/* Of a whole word with its edges, or of four letters. */
uint64_t gram_hash(const uint32_t *letters, size_t count);

/* The weights of what has this hash, and their number; 0 when it is not known. */
size_t grams_find(const struct language_grams *grams, uint64_t hash,
                  const struct gram_weight **weights);

#endif
