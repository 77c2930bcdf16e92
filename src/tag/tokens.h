/* The words of title, description and body, cut and hashed once, shared by all tagging stages.
 *
 * Shape: one array in reading order, title first, then description, then body; a token never spans
 * fields. Words are runs of letters, marks and digits (the idea of UAX #29, simplified: apostrophes
 * and hyphens separate words); in scripts without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar)
 * each code point is a token. Elided words are dropped by language: l', d', qu' (French), dell',
 * un' (Italian), 's (English) leave no token, so `l'Union` is the one token `Union`. The folded
 * form (case and diacritics folded, Arabic letter variants unified, see text/fold.h) is never
 * stored, only hashed.
 *
 * The hash is word_hash() below, not XXH3: two 64 by 64 bit multiplications as in wyhash (Wang Yi,
 * public domain), inlined on the two registers that hold a usual word. It is the same on every
 * machine.
 *
 *     const struct token_table *table = tokens_of(article);
 *     for (size_t i = 0; table && i < table->count; i++)
 *         if (table->items[i].stem == wanted) ...
 */
#ifndef TAG_TOKENS_H
#define TAG_TOKENS_H

#include "article/article.h"

enum token_flags {
    TOKEN_CAPITAL = 1,        /* first letter is upper case (cased scripts) */
    TOKEN_ALL_CAPITALS = 2,   /* all letters are, and there are at least two */
    TOKEN_NUMBER = 4,         /* digits only */
    TOKEN_SENTENCE_START = 8, /* first word of a sentence, heading or paragraph */
    TOKEN_BREAK_BEFORE =
        16, /* punctuation other than apostrophe, hyphen, ampersand or one full stop after
               an abbreviation stands before, or a field begins: phrases do not cross it */
    TOKEN_UNSPACED = 32, /* one code point of a script without spaces */
    TOKEN_JOINED =
        64, /* nothing but one apostrophe or hyphen stands between this and the one before */
    TOKEN_DIGIT_FIRST = 128 /* begins with an ASCII digit */
};

enum { TOKEN_BYTES_MAX = 1000 };

struct token {
    uint32_t start; /* bytes into its field */
    uint16_t len;   /* bytes; longer words are cut at TOKEN_BYTES_MAX, the rest is the next token */
    uint8_t field;  /* enum article_field */
    uint8_t flags;  /* enum token_flags */
    uint32_t sentence; /* running number over the article, from 0 */
    uint32_t reserved;
    uint64_t hash; /* of the folded form */
    uint64_t stem; /* of the folded form without the inflection endings of the language */
};

struct token_table {
    struct token *items;
    size_t count;
    size_t
        field_first[FIELD_COUNT + 1]; /* tokens of field f: [field_first[f], field_first[f + 1]) */
};

/* Returns the article's tokens, cutting them at the first call (after the language stage).
 * Owner    the article's arena, until the engine's reset
 * Errors   NULL at the memory or work limit */
const struct token_table *tokens_of(struct desk_article *article);

/* The same cut as if the text were in `language`; kept by the caller only. */
struct token_table *tokens_as(struct desk_article *article, desk_slice language);

/* The text of a token as it stands. */
desk_slice token_text(const struct desk_article *article, const struct token *token);

/* The two hashes of one word, as the table would hold them, for compiling lexicons: `language` is a
 * BCP 47 code that chooses the endings; "und" and "" count as English, unknown ones have no
 * endings. Only the first word of a longer text is hashed; both are 0 when there is none. */
void token_hash_word(desk_slice word, desk_slice language, uint64_t *hash, uint64_t *stem);

/* Cuts a piece of text (a phrase of a lexicon, a name) exactly as the table would, field
 * FIELD_TITLE. Takes no memory. Returns how many tokens there are: when more than `capacity`, only
 * the first `capacity` were written. */
size_t tokens_cut(desk_slice text, desk_slice language, struct token *tokens, size_t capacity);

/* The same on the portable path, which machines without SSE2 take, for comparing the two. */
size_t tokens_cut_plain(desk_slice text, desk_slice language, struct token *tokens,
                        size_t capacity);

/* The hash of a folded form. 0 is never returned, so that 0 may stand for "none" in tables. */
uint64_t word_hash(const char *folded, size_t len);

#endif
