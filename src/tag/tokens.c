/* Cutting text into words.
 *
 * Words of ASCII letters and digits, most of any text in Latin script, are found in bit masks of
 * sixty-four bytes (tag/token_scan.h) and folded in registers. A word with any other byte goes code
 * point by code point through the classes of Unicode. Both ways end in the same tokens: a unit test
 * cuts the same text with either scanner. */
#include "tag/tokens.h"

#include <string.h>

#include "base/slice.h"
#include "tag/inflection.h"
#include "tag/token_scan.h"
#include "text/fold.h"
#include "text/unicode.h"
#include "text/utf8.h"

/* --- hashing ------------------------------------------------------------------------------- */

/* Up to eight bytes, the first one lowest, on any machine. */
static uint64_t read_le(const char *p, size_t len)
{
    uint64_t value = 0;
    memcpy(&value, p, len);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    value = __builtin_bswap64(value);
#endif
    return value;
}

/* Multiply and fold, as wyhash's final mixer does with 128 bits, here in two halves so that any
 * machine gives the same. */
static uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t x = a * 0x9E3779B97F4A7C15u;
    x ^= x >> 32;
    x = (x ^ b) * 0xD6E8FEB86659FD93u;
    return x ^ x >> 29;
}

uint64_t word_hash(const char *folded, size_t len)
{
    uint64_t hash = len;
    size_t i = 0;
    for (; i + 8 <= len; i += 8)
        hash = mix(hash, read_le(folded + i, 8));
    if (i < len)
        hash = mix(hash, read_le(folded + i, len - i));
    return hash ? hash : 1;
}

/* The same hash of a buffer with eight readable bytes behind it: whole words are loaded and what is
 * too much is masked away. */
static uint64_t hash_padded(const char *folded, size_t len)
{
    uint64_t hash = len;
    size_t i = 0;
    for (; i + 8 <= len; i += 8)
        hash = mix(hash, read_le(folded + i, 8));
    if (i < len)
        hash = mix(hash, read_le(folded + i, 8) & (((uint64_t)1 << 8 * (len - i)) - 1));
    return hash ? hash : 1;
}

/* --- cutting ------------------------------------------------------------------------------- */

/* Stems of words that the article has already: common words come again and again. */
enum { STEMS_KNOWN = 256 };

struct known_stem {
    uint64_t hash, stem;
};

struct word {
    size_t start, end;
    unsigned upper, letters, digits; /* code points */
    bool first_upper, is_unspaced, is_ascii;
};

struct cutter {
    const struct inflection *inflection;
    token_scanner_fn scan;
    struct known_stem *known; /* STEMS_KNOWN of them, or NULL */
    struct token *tokens;
    size_t count, capacity;
    enum article_field field;
    uint32_t sentence;
    bool at_sentence_start;
    bool has_break;  /* punctuation was seen since the last word */
    size_t last_end; /* where the last word ended, with the one byte that may join */
    bool full;
};

/* In ASCII letters and digits this bit is all that folding sets. */
static const uint64_t FOLD_BITS = 0x2020202020202020u;

/* Folds one word, ASCII eight bytes at a time as far as the text goes; returns its length. */
static size_t fold_word(desk_slice text, const struct word *word, char *folded)
{
    size_t len = word->end - word->start, i = 0;
    if (!word->is_ascii)
        return fold_text(slice_sub(text, word->start, word->end), folded);
    for (; i < len && word->start + i + 8 <= text.len; i += 8) {
        uint64_t part;
        memcpy(&part, text.data + word->start + i, 8);
        part |= FOLD_BITS;
        memcpy(folded + i, &part, 8);
    }
    for (; i < len; i++)
        folded[i] = (char)(text.data[word->start + i] | 0x20);
    return len;
}

/* word_hash() of the folded form of such a word, in registers: what is loaded behind the word is
 * inside the text, and masked. */
static uint64_t hash_ascii(const char *word, size_t len)
{
    uint64_t hash = len;
    size_t i = 0;
    for (; i + 8 <= len; i += 8)
        hash = mix(hash, read_le(word + i, 8) | FOLD_BITS);
    if (i < len)
        hash = mix(hash, (read_le(word + i, 8) | FOLD_BITS) & (((uint64_t)1 << 8 * (len - i)) - 1));
    return hash ? hash : 1;
}

/* The hashes of the folded form of one word and of its stem. The folded form is written out where
 * the hash or a stem that is not known yet needs it. */
static void hash_word(const struct cutter *cutter, desk_slice text, const struct word *word,
                      struct token *token)
{
    char folded[TOKEN_BYTES_MAX + TOKEN_BYTES_MAX / 2 + INFLECTION_PADDING + 8];
    bool is_written = !word->is_ascii || word->end + 8 > text.len;
    size_t len = is_written ? fold_word(text, word, folded) : word->end - word->start;
    token->hash = token->stem =
        is_written ? hash_padded(folded, len) : hash_ascii(text.data + word->start, len);
    if (token->flags & TOKEN_NUMBER)
        return;
    struct known_stem *known =
        cutter->known ? &cutter->known[(token->hash >> 3) % STEMS_KNOWN] : NULL;
    if (known && known->hash == token->hash) {
        token->stem = known->stem;
        return;
    }
    if (!is_written)
        fold_word(text, word, folded);
    token->stem = hash_padded(folded, inflection_strip(cutter->inflection, folded, len));
    if (known)
        *known = (struct known_stem){token->hash, token->stem};
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

static inline bool is_apostrophe(desk_slice text, size_t at, size_t *len)
{
    unsigned char first = at < text.len ? (unsigned char)text.data[at] : 0;
    *len = first == '\'' ? 1 : 3;
    if (first == '\'')
        return true;
    return (first == 0xE2 || first == 0xCA) && at + 3 <= text.len &&
           (!memcmp(text.data + at, "\xE2\x80\x99", 3) || !memcmp(text.data + at, "\xCA\xBC", 2));
}

/* The word that starts at `at`, which holds a letter, mark or digit. */
static struct word read_word(desk_slice text, size_t at)
{
    struct word word = {.start = at};
    const char *p = text.data + at, *end = text.data + text.len;
    if (at + TOKEN_BYTES_MAX < text.len)
        end = text.data + at + TOKEN_BYTES_MAX;
    while (p < end) {
        const char *before = p;
        unsigned class;
        unsigned char c = (unsigned char)*p;
        if (c < 0x80) {
            class = unicode_class_pages[unicode_class_index[0]][c];
            p++;
        } else {
            if (utf8_len(*p) > (size_t)(end - p))
                break;
            class = text_class(utf8_next(&p, end));
        }
        bool is_word = class & (CLASS_LETTER | CLASS_MARK | CLASS_DIGIT | CLASS_INVISIBLE);
        if (!is_word || (class & CLASS_UNSPACED && before != text.data + at)) {
            p = before;
            break;
        }
        word.first_upper |= class & CLASS_UPPER && before == text.data + at;
        word.upper += (class & CLASS_UPPER) != 0;
        word.letters += (class & CLASS_LETTER) != 0;
        word.digits += (class & CLASS_DIGIT) != 0;
        if (class & CLASS_UNSPACED) {
            word.is_unspaced = true;
            break;
        }
    }
    word.end = (size_t)(p - text.data);
    return word;
}

static unsigned flags_of(const struct cutter *cutter, const struct word *word)
{
    unsigned flags = 0;
    if (word->first_upper)
        flags |= TOKEN_CAPITAL;
    if (word->upper >= 2 && word->upper == word->letters)
        flags |= TOKEN_ALL_CAPITALS;
    if (word->digits && !word->letters)
        flags |= TOKEN_NUMBER;
    if (cutter->at_sentence_start)
        flags |= TOKEN_SENTENCE_START;
    if (cutter->has_break)
        flags |= TOKEN_BREAK_BEFORE;
    if (word->is_unspaced)
        flags |= TOKEN_UNSPACED;
    return flags;
}

static void add_word(struct cutter *cutter, desk_slice text, const struct word *word,
                     bool is_joined)
{
    if (cutter->count < cutter->capacity) {
        struct token *token = &cutter->tokens[cutter->count];
        *token = (struct token){.start = (uint32_t)word->start,
                                .len = (uint16_t)(word->end - word->start),
                                .field = (uint8_t)cutter->field,
                                .sentence = cutter->sentence};
        token->flags =
            (uint8_t)(flags_of(cutter, word) | (is_joined ? (unsigned)TOKEN_JOINED : 0U));
        hash_word(cutter, text, word, token);
    } else {
        cutter->full = true;
    }
    cutter->count++;
    cutter->at_sentence_start = false;
    cutter->has_break = false;
}

/* Takes note of what stands between words. `previous` is the last word. */
static void see_punctuation(struct cutter *cutter, desk_slice text, size_t at, uint32_t cp,
                            const struct word *previous)
{
    switch (cp) {
    case '\'':
    case '-':
    case '&':
    case 0x2019:
    case 0x2010:
    case 0x2011:
        return;
    case '.': {
        /* After an initial or a short capitalised abbreviation a full stop neither ends a sentence
         * nor a phrase. */
        bool is_short = previous->end == at && previous->letters <= 2 && previous->first_upper &&
                        !previous->digits;
        if (is_short)
            return;
        cutter->has_break = true;
        bool in_number = previous->end == at && previous->digits && at + 1 < text.len &&
                         ascii_is_digit(text.data[at + 1]);
        if (in_number)
            return;
        break;
    }
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
        cutter->has_break = true;
        break;
    default:
        cutter->has_break = true;
        return;
    }
    if (!cutter->at_sentence_start && cutter->count) {
        cutter->sentence++;
        cutter->at_sentence_start = true;
    }
}

/* The masks of the sixty-four bytes around the place that is being read. */
struct window {
    desk_slice text;
    token_scanner_fn scan;
    size_t start;
    struct scan_masks masks;
};

static void look_at(struct window *window, size_t at)
{
    size_t start = at - at % SCAN_BYTES;
    if (window->start == start)
        return;
    window->start = start;
    if (start + SCAN_BYTES <= window->text.len) {
        window->scan(window->text.data + start, &window->masks);
        return;
    }
    char rest[SCAN_BYTES] = {0};
    memcpy(rest, window->text.data + start, window->text.len - start);
    window->scan(rest, &window->masks);
}

/* Words have few capitals and digits, most have none; counting without the processor's instruction,
 * which not all have, is a call. */
static unsigned count_bits(uint64_t bits)
{
    unsigned count = 0;
    for (; bits; bits &= bits - 1)
        count++;
    return count;
}

/* The word at `at` when it has ASCII letters and digits only and is not too long. */
static bool read_ascii_word(struct window *window, size_t at, struct word *word)
{
    *word = (struct word){.start = at, .end = at, .is_ascii = true};
    for (;;) {
        look_at(window, word->end);
        unsigned shift = (unsigned)(word->end - window->start);
        uint64_t beyond = ~(window->masks.word >> shift);
        unsigned run = beyond ? (unsigned)__builtin_ctzll(beyond) : SCAN_BYTES;
        uint64_t bits = (run == SCAN_BYTES ? ~(uint64_t)0 : ((uint64_t)1 << run) - 1) << shift;
        if (window->masks.high & bits || word->end + run - at >= TOKEN_BYTES_MAX)
            return false;
        word->upper += count_bits(window->masks.upper & bits);
        word->digits += count_bits(window->masks.digit & bits);
        if (word->end == at)
            word->first_upper = window->masks.upper >> shift & 1;
        word->end += run;
        if (run + shift < SCAN_BYTES || word->end == window->text.len)
            break;
    }
    word->letters = (unsigned)(word->end - at) - word->digits;
    return word->end > at;
}

/* Nothing but one apostrophe or hyphen stands between the two words. */
static bool is_joined(const struct cutter *cutter, desk_slice text, const struct word *previous,
                      const struct word *word)
{
    size_t len = 0;
    if (previous->end == DESK_SLICE_NONE || word->start == previous->end || cutter->has_break ||
        cutter->at_sentence_start)
        return false;
    if (word->start - previous->end == 1)
        return text.data[previous->end] == '-' || text.data[previous->end] == '\'';
    return is_apostrophe(text, previous->end, &len) && previous->end + len == word->start;
}

/* The word is an article or an ending that an apostrophe cuts off. */
static bool is_elided(const struct cutter *cutter, desk_slice text, const struct word *previous,
                      const struct word *word)
{
    size_t len = 0;
    desk_slice bytes = slice_sub(text, word->start, word->end);
    if (is_apostrophe(text, word->end, &len) && is_listed(cutter->inflection->elided_before, bytes))
        return true;
    return previous->end != DESK_SLICE_NONE && word->start > previous->end &&
           word->start - previous->end <= 3 && is_apostrophe(text, previous->end, &len) &&
           previous->end + len == word->start && is_listed(cutter->inflection->elided_after, bytes);
}

/* Whether a word begins at *at; else what stands there is taken note of, and *at moves behind it.
 */
static bool begins_word(struct cutter *cutter, struct window *window, size_t *at,
                        const struct word *previous)
{
    desk_slice text = window->text;
    if (text.data[*at] == ' ') {
        (*at)++;
        return false;
    }
    look_at(window, *at);
    uint64_t bit = (uint64_t)1 << (*at - window->start);
    if (window->masks.word & ~window->masks.high & bit)
        return true;
    const char *p = text.data + *at;
    uint32_t cp = utf8_next(&p, text.data + text.len);
    unsigned class = text_class(cp);
    if (class & (CLASS_LETTER | CLASS_DIGIT))
        return true;
    if (!(class & (CLASS_SPACE | CLASS_INVISIBLE | CLASS_MARK)) || cp == '\n')
        see_punctuation(cutter, text, *at, cp, previous);
    *at = (size_t)(p - text.data);
    return false;
}

static void cut_text(struct cutter *cutter, desk_slice text, enum article_field field)
{
    struct window window = {.text = text, .scan = cutter->scan, .start = DESK_SLICE_NONE};
    struct word previous = {.end = DESK_SLICE_NONE};
    size_t at = 0;
    cutter->field = field;
    cutter->at_sentence_start = cutter->has_break = true;
    while (at < text.len) {
        struct word word;
        if (!begins_word(cutter, &window, &at, &previous))
            continue;
        if (!read_ascii_word(&window, at, &word))
            word = read_word(text, at);
        if (!is_elided(cutter, text, &previous, &word))
            add_word(cutter, text, &word, is_joined(cutter, text, &previous, &word));
        previous = word;
        at = word.end;
    }
    if (!cutter->at_sentence_start) {
        cutter->sentence++;
        cutter->at_sentence_start = true;
    }
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
    struct cutter cutter = {.inflection = inflection_of(language),
                            .scan = token_scanner(),
                            .known = known,
                            .capacity = capacity};
    cutter.tokens =
        arena_alloc(article->arena, capacity * sizeof(struct token), _Alignof(struct token));
    if (!table || !cutter.tokens)
        return NULL;
    for (enum article_field field = FIELD_TITLE; field < FIELD_COUNT; field++) {
        table->field_first[field] = cutter.count;
        cut_text(&cutter, article_field_text(article, field), field);
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

size_t tokens_cut(desk_slice text, desk_slice language, struct token *tokens, size_t capacity)
{
    return tokens_cut_with(token_scanner(), text, language,
                           &(struct token_buffer){tokens, capacity});
}

size_t tokens_cut_with(token_scanner_fn scan, desk_slice text, desk_slice language,
                       const struct token_buffer *buffer)
{
    struct cutter cutter = {.inflection = inflection_of(language),
                            .scan = scan,
                            .tokens = buffer->items,
                            .capacity = buffer->capacity};
    cut_text(&cutter, text, FIELD_TITLE);
    return cutter.count;
}

void token_hash_word(desk_slice word, desk_slice language, uint64_t *hash, uint64_t *stem)
{
    struct token token = {.hash = 0, .stem = 0};
    tokens_cut(word, language, &token, 1);
    *hash = token.hash;
    *stem = token.stem;
}
