/* What reading the tables of languages and guessing by them share. */
#ifndef TAG_LANGUAGE_PARTS_H
#define TAG_LANGUAGE_PARTS_H

#include <stdbool.h>

#include "tag/language_grams.h"
#include "tag/languages.h"
#include "tag/scripts.h"

_Static_assert((int)LANGUAGES_MAX == (int)GRAM_LANGUAGES_MAX, "both number languages alike");

struct language {
    char code[12];
    int script;
};

enum { MASK_WORDS = LANGUAGES_MAX / 64 };

/* A word or letter of languages.yaml and the languages that have it. */
struct word_slot {
    uint64_t hash; /* 0: free */
    uint64_t languages[MASK_WORDS];
    float share; /* what one of them gets */
};

struct languages {
    struct language items[LANGUAGES_MAX];
    size_t count;
    size_t kana, han, hangul;     /* numbers of scripts */
    size_t first[SCRIPT_COUNT];   /* script_first() of each range */
    bool is_shared[SCRIPT_COUNT]; /* words must choose between languages of the script */
    struct word_slot *slots;
    size_t mask;
    struct language_grams grams;
};

/* The lower-case form of the code point at *p, which is moved past it; *cp is as it was written. */
uint32_t lower_next(const unsigned char **p, const unsigned char *end, uint32_t *cp);

/* The slot of a word with its edges, or of a letter alone, by gram_hash(); its hash is 0 when it is
 * not known. */
const struct word_slot *find_word(const struct languages *languages, uint64_t hash);

#endif
