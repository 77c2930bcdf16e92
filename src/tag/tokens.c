/* Cutting text into words.
 *
 * A word of ASCII letters and digits, most of any text in Latin script, is found by one look at
 * sixteen bytes (tag/ascii_run.h) and hashed in registers. A word with any other byte is folded
 * into a buffer, its other characters one by one through the classes of Unicode. Both ways end in
 * the same tokens. */
#include "tag/tokens.h"

#include <string.h>

#include "base/slice.h"
#include "tag/ascii_run.h"
#include "tag/inflection.h"
#include "tag/word_hash.h"
#include "text/fold.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* --- hashing ------------------------------------------------------------------------------- */

uint64_t word_hash(const char *folded, size_t len)
{
    char padded[8] = {0};
    size_t whole = len & ~(size_t)7;
    uint64_t hash = len;
    for (size_t i = 0; i < whole; i += 8)
        hash = word_mix(hash, bytes_eight(folded + i));
    if (whole < len) {
        memcpy(padded, folded + whole, len - whole);
        hash = word_mix(hash, bytes_eight(padded));
    }
    return hash ? hash : 1;
}

/* --- cutting ------------------------------------------------------------------------------- */

/* Stems of words that the article has already: common words come again and again. */
enum { STEMS_KNOWN = 256 };

struct known_stem {
    uint64_t hash, stem;
};

/* How a run of ASCII is found: ascii_run, or ascii_run_plain to compare with. */
typedef struct ascii_run (*scan_fn)(const char *p);

/* No folded form is longer than one and a half times its source (text/fold.h). */
enum { FOLDED_MAX = TOKEN_BYTES_MAX + TOKEN_BYTES_MAX / 2 + INFLECTION_PADDING + 8 };

struct word {
    size_t start, end;
    size_t folded_len; /* bytes in the cutter's `folded` */
    unsigned flags;    /* enum token_flags, as far as the word itself tells */
};

/* Where the word before stands; `end` is DESK_SLICE_NONE where there is none. */
struct stretch {
    size_t start, end;
};

struct cutter {
    const struct inflection *inflection;
    struct known_stem *known; /* STEMS_KNOWN of them, or NULL */
    struct token *tokens;
    size_t count, capacity;
    enum article_field field;
    uint32_t sentence;
    unsigned pending; /* flags of the next word: TOKEN_SENTENCE_START, TOKEN_BREAK_BEFORE */
    char *folded;     /* FOLDED_MAX bytes: the word that is being read */
};

/* Folds ASCII_RUN_MAX bytes; those that are no ASCII letters and digits come out as anything. */
static inline void fold_run(const char *p, char *folded)
{
    uint64_t parts[2];
    memcpy(parts, p, sizeof parts);
    parts[0] |= WORD_FOLD_BITS;
    parts[1] |= WORD_FOLD_BITS;
    memcpy(folded, parts, sizeof parts);
}

/* The stem of the folded word of `len` bytes in `folded` whose hash this is. */
static uint64_t stem_of_folded(const struct cutter *cutter, size_t len, uint64_t hash)
{
    len = inflection_strip(cutter->inflection, cutter->folded, len);
    uint64_t stem = word_hash_padded(cutter->folded, len, 0);
    if (cutter->known)
        cutter->known[(hash >> 3) % STEMS_KNOWN] = (struct known_stem){hash, stem};
    return stem;
}

static inline const uint64_t *known_stem(const struct cutter *cutter, uint64_t hash)
{
    if (!cutter->known)
        return NULL;
    const struct known_stem *known = &cutter->known[(hash >> 3) % STEMS_KNOWN];
    return known->hash == hash ? &known->stem : NULL;
}

/* The hashes of the folded form of an ASCII word, of less than ASCII_RUN_MAX bytes and with as many
 * readable behind its start. It is hashed where it stands, with what lies behind it masked away,
 * and written out only where a stem that is not known yet needs it. */
static inline void hash_ascii(const struct cutter *cutter, const char *word, size_t len,
                              struct token *token)
{
    token->hash = token->stem = word_hash_padded(word, len, WORD_FOLD_BITS);
    if (token->flags & TOKEN_NUMBER || !inflection_may_change(cutter->inflection, word[len - 1]))
        return;
    const uint64_t *known = known_stem(cutter, token->hash);
    if (known) {
        token->stem = *known;
        return;
    }
    fold_run(word, cutter->folded);
    token->stem = stem_of_folded(cutter, len, token->hash);
}

static void hash_folded(const struct cutter *cutter, size_t len, struct token *token)
{
    token->hash = token->stem = word_hash_padded(cutter->folded, len, 0);
    if (!len || token->flags & TOKEN_NUMBER ||
        !inflection_may_change(cutter->inflection, cutter->folded[len - 1]))
        return;
    const uint64_t *known = known_stem(cutter, token->hash);
    token->stem = known ? *known : stem_of_folded(cutter, len, token->hash);
}

static bool is_listed(const char *list, desk_slice word)
{
    char needle[16];
    if (!list || !*list || word.len > sizeof needle - 3)
        return false;
    needle[0] = ' ';
    for (size_t i = 0; i < word.len; i++)
        needle[i + 1] = ascii_lower(word.data[i]);
    needle[word.len + 1] = ' ';
    needle[word.len + 2] = '\0';
    return strstr(list, needle) != NULL;
}

static bool is_apostrophe(desk_slice text, size_t at, size_t *len)
{
    unsigned char first = at < text.len ? (unsigned char)text.data[at] : 0;
    *len = first == '\'' ? 1 : 3;
    if (first == '\'')
        return true;
    return (first == 0xE2 || first == 0xCA) && at + 3 <= text.len &&
           (!memcmp(text.data + at, "\xE2\x80\x99", 3) || !memcmp(text.data + at, "\xCA\xBC", 2));
}

/* Words have few capitals and digits, most have none; counting without the processor's instruction,
 * which not all have, is a call. */
static inline unsigned count_bits(unsigned bits)
{
    unsigned count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

/* Where a word begins and where it must have ended. */
struct bounds {
    const char *start, *end;
};

/* What the characters of a word are. */
struct letters {
    unsigned upper, letters, digits;
    bool first_upper, is_unspaced;
};

static unsigned flags_of(const struct letters *letters)
{
    unsigned flags = 0;
    if (letters->first_upper)
        flags |= TOKEN_CAPITAL;
    if (letters->upper >= 2 && letters->upper == letters->letters)
        flags |= TOKEN_ALL_CAPITALS;
    if (letters->digits && !letters->letters)
        flags |= TOKEN_NUMBER;
    if (letters->is_unspaced)
        flags |= TOKEN_UNSPACED;
    return flags;
}

static void count_letter(struct letters *letters, unsigned class, bool is_first)
{
    if (is_first)
        letters->first_upper = class & CLASS_UPPER;
    letters->upper += (class & CLASS_UPPER) != 0;
    letters->letters += (class & CLASS_LETTER) != 0;
    letters->digits += (class & CLASS_DIGIT) != 0;
    letters->is_unspaced |= (class & CLASS_UNSPACED) != 0;
}

/* Writes the folded form of one character; returns what is behind it. */
static inline char *put_folded(char *out, uint32_t cp)
{
    uint32_t letter = fold_code_point(cp);
    if (letter >= 0x80)
        return out + utf8_put(letter, out);
    *out = (char)letter;
    return out + (letter != 0);
}

/* Takes the run of ASCII at p, of which sixteen bytes may be read; returns its length. */
static inline size_t take_run(struct letters *letters, scan_fn scan, const char *p, char *folded)
{
    struct ascii_run run = scan(p);
    unsigned digits = count_bits(run.digits);
    fold_run(p, folded);
    letters->upper += count_bits(run.upper);
    letters->digits += digits;
    letters->letters += run.len - digits;
    return run.len;
}

/* The letters of U+00C0 to U+00FF, which are C3 and one byte, and their folded forms: most letters
 * with accents of Western European text. 0 is left to the classes of Unicode. */
static const char LATIN_FOLDED[64] = {
    'a', 'a', 'a', 'a', 'a', 'a', 0,   'c', 'e', 'e', 'e', 'e', 'i', 'i', 'i', 'i',
    0,   'n', 'o', 'o', 'o', 'o', 'o', 0,   0,   'u', 'u', 'u', 'u', 'y', 0,   0,
    'a', 'a', 'a', 'a', 'a', 'a', 0,   'c', 'e', 'e', 'e', 'e', 'i', 'i', 'i', 'i',
    0,   'n', 'o', 'o', 'o', 'o', 'o', 0,   0,   'u', 'u', 'u', 'u', 'y', 0,   'y',
};
enum { LATIN_LEAD = 0xC3, LATIN_CAPITALS = 32 };

/* The folded form of the letter at p, when it is one of LATIN_FOLDED; else 0. */
static inline char latin_letter(const char *p, const char *end)
{
    return (unsigned char)*p == LATIN_LEAD && end - p >= 2 ? LATIN_FOLDED[p[1] & 63] : '\0';
}

static inline void take_latin(struct letters *letters, const char *p, bool is_first)
{
    bool is_upper = (p[1] & 63) < LATIN_CAPITALS;
    letters->letters++;
    letters->upper += is_upper;
    letters->first_upper |= is_first && is_upper;
}

/* Takes the character at p, if it belongs to a word; returns what is behind it, p if it does not.
 */
static const char *take_character(struct letters *letters, const char *p, struct bounds bounds,
                                  char **folded)
{
    const unsigned inside = CLASS_LETTER | CLASS_MARK | CLASS_DIGIT | CLASS_INVISIBLE;
    const char *next = p;
    if (p == bounds.end || utf8_len(*p) > (size_t)(bounds.end - p))
        return p;
    uint32_t cp = utf8_next(&next, bounds.end);
    unsigned class = text_class(cp);
    if (!(class & inside) || (class & CLASS_UNSPACED && p != bounds.start))
        return p;
    count_letter(letters, class, p == bounds.start);
    *folded = put_folded(*folded, cp);
    return next;
}

/* Reads the word that starts at word->start, which holds a letter, mark or digit: ASCII in runs,
 * other characters one by one. */
static inline void read_word(const struct cutter *cutter, desk_slice text, scan_fn scan,
                             struct word *word)
{
    struct bounds bounds = {text.data + word->start, text.data + text.len};
    const char *p = bounds.start;
    char *folded = cutter->folded, latin;
    struct letters letters = {0, 0, 0, false, false};
    if (word->start + TOKEN_BYTES_MAX < text.len)
        bounds.end = bounds.start + TOKEN_BYTES_MAX;
    while (p < bounds.end && !letters.is_unspaced) {
        if ((unsigned char)*p < 0x80 && bounds.end - p >= ASCII_RUN_MAX) {
            letters.first_upper |= p == bounds.start && *p >= 'A' && *p <= 'Z';
            size_t run = take_run(&letters, scan, p, folded);
            p += run;
            folded += run;
            if (run < ASCII_RUN_MAX && (unsigned char)*p < 0x80)
                break;
        } else if ((latin = latin_letter(p, bounds.end))) {
            take_latin(&letters, p, p == bounds.start);
            *folded++ = latin;
            p += 2;
        } else {
            const char *next = take_character(&letters, p, bounds, &folded);
            if (next == p)
                break;
            p = next;
        }
    }
    word->end = (size_t)(p - text.data);
    word->folded_len = (size_t)(folded - cutter->folded);
    word->flags =
        flags_of(&letters) | (ascii_is_digit(*bounds.start) ? (unsigned)TOKEN_DIGIT_FIRST : 0U);
}

/* A token that is still to be hashed; NULL when there is no more room. */
static inline struct token *new_token(struct cutter *cutter, const struct word *word)
{
    struct token *token = cutter->count < cutter->capacity ? &cutter->tokens[cutter->count] : NULL;
    if (token)
        *token = (struct token){.start = (uint32_t)word->start,
                                .len = (uint16_t)(word->end - word->start),
                                .field = (uint8_t)cutter->field,
                                .flags = (uint8_t)(word->flags | cutter->pending),
                                .sentence = cutter->sentence};
    cutter->count++;
    cutter->pending = 0;
    return token;
}

/* An initial or a short abbreviation with a capital: a full stop behind it ends nothing. */
static bool is_abbreviation(desk_slice text, struct stretch word)
{
    struct letters letters = {0, 0, 0, false, false};
    const char *p = text.data + word.start, *end = text.data + word.end;
    for (bool is_first = true; p < end && letters.letters <= 2; is_first = false)
        count_letter(&letters, text_class(utf8_next(&p, end)), is_first);
    return letters.letters <= 2 && letters.first_upper && !letters.digits;
}

static bool has_digits(desk_slice text, struct stretch word)
{
    const char *p = text.data + word.start, *end = text.data + word.end;
    while (p < end)
        if (text_class(utf8_next(&p, end)) & CLASS_DIGIT)
            return true;
    return false;
}

/* Takes note of what stands between words. */
static void see_punctuation(struct cutter *cutter, desk_slice text, size_t at, uint32_t cp,
                            struct stretch previous)
{
    switch (cp) {
    case '\'':
    case '-':
    case '&':
    case 0x2019:
    case 0x2010:
    case 0x2011:
        return;
    case '.':
        if (previous.end == at && is_abbreviation(text, previous))
            return;
        cutter->pending |= TOKEN_BREAK_BEFORE;
        if (previous.end == at && at + 1 < text.len && ascii_is_digit(text.data[at + 1]) &&
            has_digits(text, previous))
            return;
        break;
    case '!':
    case '?':
    case '\n':
    case 0x2026: /* … */
    case 0x3002: /* 。 */
    case 0xFF01:
    case 0xFF1F:
    case 0x061F: /* ؟ */
    case 0x06D4:
    case 0x0964: /* । */
        cutter->pending |= TOKEN_BREAK_BEFORE;
        break;
    default:
        cutter->pending |= TOKEN_BREAK_BEFORE;
        return;
    }
    if (!(cutter->pending & TOKEN_SENTENCE_START) && cutter->count) {
        cutter->sentence++;
        cutter->pending |= TOKEN_SENTENCE_START;
    }
}

/* Nothing but one apostrophe or hyphen stands between the two words. */
static bool is_joined(const struct cutter *cutter, desk_slice text, struct stretch previous,
                      const struct word *word)
{
    size_t len = 0;
    if (previous.end == DESK_SLICE_NONE || word->start == previous.end || cutter->pending)
        return false;
    if (word->start - previous.end == 1)
        return text.data[previous.end] == '-' || text.data[previous.end] == '\'';
    return is_apostrophe(text, previous.end, &len) && previous.end + len == word->start;
}

/* The word is an article that an apostrophe cuts off from the next word. */
static bool is_elided_article(const struct cutter *cutter, desk_slice text, const struct word *word)
{
    size_t len = 0;
    return is_apostrophe(text, word->end, &len) &&
           is_listed(cutter->inflection->elided_before, slice_sub(text, word->start, word->end));
}

/* The word is an ending that an apostrophe cuts off from the word before. */
static bool is_elided_ending(const struct cutter *cutter, desk_slice text, struct stretch previous,
                             const struct word *word)
{
    size_t len = 0;
    return previous.end != DESK_SLICE_NONE && word->start > previous.end &&
           word->start - previous.end <= 3 && is_apostrophe(text, previous.end, &len) &&
           previous.end + len == word->start &&
           is_listed(cutter->inflection->elided_after, slice_sub(text, word->start, word->end));
}

/* Where the next word begins at or behind `at`, or the text's length. What stands before it is
 * taken note of. */
static size_t find_word(struct cutter *cutter, desk_slice text, size_t at, struct stretch previous)
{
    const char *p = text.data + at, *end = text.data + text.len;
    while (p < end) {
        const char *start = p;
        if (*p == ' ') {
            p++;
            continue;
        }
        uint32_t cp = utf8_next(&p, end);
        unsigned class = text_class(cp);
        if (class & (CLASS_LETTER | CLASS_DIGIT))
            return (size_t)(start - text.data);
        if (!(class & (CLASS_SPACE | CLASS_INVISIBLE | CLASS_MARK)) || cp == '\n')
            see_punctuation(cutter, text, (size_t)(start - text.data), cp, previous);
    }
    return text.len;
}

static unsigned flags_of_run(struct ascii_run run)
{
    unsigned whole = (1u << run.len) - 1, flags = run.upper & 1 ? TOKEN_CAPITAL : 0U;
    if (!(run.upper | run.digits))
        return 0;
    if (run.digits & 1)
        flags |= TOKEN_DIGIT_FIRST;
    if (run.digits == whole)
        flags |= TOKEN_NUMBER;
    if ((run.upper | run.digits) == whole && run.upper & (run.upper - 1))
        flags |= TOKEN_ALL_CAPITALS;
    return flags;
}

/* Bytes directly before and behind a word that may belong to an apostrophe or hyphen: only beside
 * one of these can a word be elided or joined. */
enum { MARK_BEFORE = 1, MARK_BEHIND = 2 };
static const unsigned char MARKS[256] = {
    ['\''] = MARK_BEFORE | MARK_BEHIND,
    ['-'] = MARK_BEFORE,
    [0x99] = MARK_BEFORE,
    [0xE2] = MARK_BEHIND,
    [0xCA] = MARK_BEHIND,
};

static inline bool is_beside_mark(desk_slice text, const struct word *word)
{
    unsigned before = word->start ? MARKS[(unsigned char)text.data[word->start - 1]] : 0;
    unsigned behind = word->end < text.len ? MARKS[(unsigned char)text.data[word->end]] : 0;
    return (before & MARK_BEFORE) | (behind & MARK_BEHIND);
}

/* Whether the word is elided; if not, TOKEN_JOINED is set where it applies. */
static bool is_elided(const struct cutter *cutter, desk_slice text, struct stretch previous,
                      struct word *word)
{
    if (is_elided_article(cutter, text, word) || is_elided_ending(cutter, text, previous, word))
        return true;
    if (is_joined(cutter, text, previous, word))
        word->flags |= TOKEN_JOINED;
    return false;
}

/* Takes any word, with a look at each of its characters. */
static __attribute__((noinline)) size_t take_folded_word(struct cutter *cutter, desk_slice text,
                                                         struct stretch previous, scan_fn scan,
                                                         size_t start)
{
    struct word word = {.start = start};
    read_word(cutter, text, scan, &word);
    if (is_beside_mark(text, &word) && is_elided(cutter, text, previous, &word))
        return word.end;
    struct token *token = new_token(cutter, &word);
    if (token)
        hash_folded(cutter, word.folded_len, token);
    return word.end;
}

/* Takes the word that is one run of ASCII. */
static inline size_t take_run_word(struct cutter *cutter, desk_slice text, struct stretch previous,
                                   size_t start, struct ascii_run run)
{
    struct word word = {.start = start, .end = start + run.len, .flags = flags_of_run(run)};
    if (is_beside_mark(text, &word) && is_elided(cutter, text, previous, &word))
        return word.end;
    struct token *token = new_token(cutter, &word);
    if (token)
        hash_ascii(cutter, text.data + start, run.len, token);
    return word.end;
}

static inline void cut_text(struct cutter *cutter, desk_slice text, enum article_field field,
                            scan_fn scan)
{
    struct stretch previous = {0, DESK_SLICE_NONE};
    size_t at = 0, run_end = text.len > ASCII_RUN_MAX ? text.len - ASCII_RUN_MAX : 0;
    cutter->field = field;
    cutter->pending = TOKEN_SENTENCE_START | TOKEN_BREAK_BEFORE;
    for (;;) {
        struct ascii_run run = {0, 0, 0};
        while (at < run_end && text.data[at] == ' ')
            at++;
        if (at < run_end)
            run = scan(text.data + at);
        if (!run.len && (at = find_word(cutter, text, at, previous)) < run_end)
            run = scan(text.data + at);
        if (at >= text.len)
            break;
        bool is_ascii = run.len && run.len < ASCII_RUN_MAX && text.data[at + run.len] >= 0;
        size_t end = is_ascii ? take_run_word(cutter, text, previous, at, run)
                              : take_folded_word(cutter, text, previous, scan, at);
        previous = (struct stretch){at, end};
        at = end;
    }
    if (!(cutter->pending & TOKEN_SENTENCE_START))
        cutter->sentence++;
}

static void cut_fast(struct cutter *cutter, desk_slice text, enum article_field field)
{
    cut_text(cutter, text, field, ascii_run);
}

static void cut_plain(struct cutter *cutter, desk_slice text, enum article_field field)
{
    cut_text(cutter, text, field, ascii_run_plain);
}

/* --- public -------------------------------------------------------------------------------- */

const struct token_table *tokens_of(struct desk_article *article)
{
    if (!article->tokens)
        article->tokens = tokens_as(article, article->language);
    return article->tokens;
}

struct token_table *tokens_as(struct desk_article *article, desk_slice language)
{
    size_t bytes = 0;
    for (enum article_field field = FIELD_TITLE; field < FIELD_COUNT; field++)
        bytes += article_field_text(article, field).len;
    if (!article_work(article, 8 * (uint64_t)bytes) || bytes > UINT32_MAX / 2)
        return NULL;
    struct token_table *table = ARENA_NEW(article->arena, struct token_table);
    /* A word takes two bytes at least with what separates it, in unspaced scripts three of its own.
     */
    size_t capacity = bytes / 2 + FIELD_COUNT + 1;
    struct known_stem known[STEMS_KNOWN] = {{0, 0}};
    char folded[FOLDED_MAX];
    struct cutter cutter = {.inflection = inflection_of(language),
                            .known = known,
                            .capacity = capacity,
                            .folded = folded};
    cutter.tokens =
        arena_alloc(article->arena, capacity * sizeof(struct token), _Alignof(struct token));
    if (!table || !cutter.tokens)
        return NULL;
    for (enum article_field field = FIELD_TITLE; field < FIELD_COUNT; field++) {
        table->field_first[field] = cutter.count;
        cut_fast(&cutter, article_field_text(article, field), field);
    }
    table->field_first[FIELD_COUNT] = cutter.count;
    arena_shrink(article->arena, cutter.tokens, capacity * sizeof(struct token),
                 cutter.count * sizeof(struct token));
    table->items = cutter.tokens;
    table->count = cutter.count;
    return table;
}

desk_slice token_text(const struct desk_article *article, const struct token *token)
{
    desk_slice text = article_field_text(article, (enum article_field)token->field);
    return slice_sub(text, token->start, token->start + token->len);
}

static size_t cut_piece(desk_slice text, desk_slice language, const struct token_table *out,
                        void (*cut)(struct cutter *, desk_slice, enum article_field))
{
    char folded[FOLDED_MAX];
    struct cutter cutter = {.inflection = inflection_of(language),
                            .tokens = out->items,
                            .capacity = out->count,
                            .folded = folded};
    cut(&cutter, text, FIELD_TITLE);
    return cutter.count;
}

size_t tokens_cut(desk_slice text, desk_slice language, struct token *tokens, size_t capacity)
{
    return cut_piece(text, language, &(struct token_table){.items = tokens, .count = capacity},
                     cut_fast);
}

size_t tokens_cut_plain(desk_slice text, desk_slice language, struct token *tokens, size_t capacity)
{
    return cut_piece(text, language, &(struct token_table){.items = tokens, .count = capacity},
                     cut_plain);
}

void token_hash_word(desk_slice word, desk_slice language, uint64_t *hash, uint64_t *stem)
{
    struct token token = {.hash = 0, .stem = 0};
    tokens_cut(word, language, &token, 1);
    *hash = token.hash;
    *stem = token.stem;
}
