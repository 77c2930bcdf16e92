/* The words of title, description and body, cut and hashed once, shared by all tagging stages.
 *
 * Shape: one array in reading order, title first, then description, then body; a token never spans
 * fields. Words are runs of letters, marks and digits (UAX #29's idea, simplified: apostrophes and hyphens
 * separate words); in scripts without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) each code point is a token.
 * The folded form (case and diacritics folded, Arabic letter variants unified, see text/fold.h) is never
 * stored, only hashed. */
#ifndef TAG_TOKENS_H
#define TAG_TOKENS_H

#include "article/article.h"

enum token_flags {
    TOKEN_CAPITAL = 1,        /* first letter is upper case (cased scripts) */
    TOKEN_ALL_CAPITALS = 2,   /* all letters are, and there are at least two */
    TOKEN_NUMBER = 4,         /* digits only */
    TOKEN_SENTENCE_START = 8, /* first word of a sentence, heading or paragraph */
    TOKEN_BREAK_BEFORE = 16,  /* punctuation other than apostrophe, hyphen or one full stop after an
                                 abbreviation stands before: phrases do not cross it */
    TOKEN_UNSPACED = 32       /* one code point of a script without spaces */
};

struct token {
    uint32_t start;  /* bytes into its field */
    uint16_t len;    /* bytes; longer words are cut at 1,000 bytes */
    uint8_t field;   /* enum article_field */
    uint8_t flags;
    uint32_t sentence; /* running number over the article */
    uint32_t reserved;
    uint64_t hash;  /* XXH3-64 of the folded form */
    uint64_t stem;  /* XXH3-64 of the folded form without the inflection endings of the language */
};

struct token_table {
    struct token *items;
    size_t count;
    size_t field_first[FIELD_COUNT + 1]; /* tokens of field f: [field_first[f], field_first[f + 1]) */
};

/* Returns the article's tokens, cutting them at the first call (after the language stage); NULL at the memory or
 * work limit. */
const struct token_table *tokens_of(struct desk_article *article);

/* The text of a token as it stands. */
desk_slice token_text(const struct desk_article *article, const struct token *token);

/* The two hashes of one word, as the table would hold them, for compiling lexicons: `language` is a
 * BCP 47 code that chooses the endings. */
void token_hash_word(desk_slice word, desk_slice language, uint64_t *hash, uint64_t *stem);

#endif
