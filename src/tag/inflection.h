/* Light folding of inflection: the endings of plural, gender, case and conjugation come off, so
 * that `companies` meets `company`. Derivation stays (`election` is not `elect`).
 *
 * One table of endings per language; the longest listed ending that leaves enough of the word is
 * replaced, once. English, Dutch and Arabic have a few rules beyond endings. What comes out is a
 * key, not a word: the lexicon's side and the article's side go through the same function. Works on
 * folded UTF-8 (text/fold.h), in place.
 *
 *     const struct inflection *inflection = inflection_of(language);
 *     len = inflection_strip(inflection, word, len);
 *
 * Source: the idea of light stemming, J. Savoy, "Light Stemming Approaches for the French,
 * Portuguese, German and Hungarian Languages" (SAC 2006); English after steps 1 and 5 of M. Porter,
 * "An algorithm for suffix stripping" (1980); Arabic after light10 of L. Larkey et al., "Light
 * Stemming for Arabic Information Retrieval" (2007). The tables are this project's own. */
#ifndef TAG_INFLECTION_H
#define TAG_INFLECTION_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

/* Bytes that must be readable and writable behind the word. */
enum { INFLECTION_PADDING = 16 };

struct ending {
    uint64_t text; /* of at most eight bytes, the last one highest, and which bits of it count */
    uint64_t mask;
    char into[4];
    uint8_t len;
    uint8_t into_len;
    uint8_t
        stem_min; /* bytes that must stay before the ending; ENDING_WHOLE: it is the whole word */
};

enum { ENDING_WHOLE = 255 };

/* Cuts a word down by rules that no table of endings holds; returns the new length. */
typedef size_t (*inflection_rules)(char *word, size_t len);

struct inflection {
    const char *language;             /* primary subtag */
    const struct ending *by_last[32]; /* lists by the low five bits of the last byte; each ends with
                                         len 0 and has the longest first */
    inflection_rules whole;           /* instead of the table, when not NULL */
    uint32_t last_bytes;       /* bit n: words whose last byte has these low five bits may change */
    const char *elided_before; /* words that an apostrophe cuts off before the next: " l d qu " */
    const char *elided_after;  /* words behind an apostrophe that are dropped: " s t re " */
};

/* The rules for a BCP 47 code by its primary subtag; "" and "und" give English, unknown ones rules
 * that change nothing. Never NULL. */
const struct inflection *inflection_of(desk_slice language);

/* Whether a word that ends with this byte may change: most words are told by it. */
static inline bool inflection_may_change(const struct inflection *inflection, char last)
{
    return inflection->last_bytes >> ((unsigned char)last & 31) & 1;
}

/* Cuts the word down to its stem and returns the new length. The 16 bytes behind word + len may be
 * overwritten. */
size_t inflection_strip(const struct inflection *inflection, char *word, size_t len);

/* The tables, one or more a file. */
extern const struct inflection INFLECTION_EN, INFLECTION_FR, INFLECTION_DE, INFLECTION_ES,
    INFLECTION_IT, INFLECTION_PT, INFLECTION_NL, INFLECTION_RU, INFLECTION_AR, INFLECTION_ZH,
    INFLECTION_NONE;

#endif
