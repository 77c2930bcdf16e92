/* A hash table from the beginning of a phrase to a run of phrases, sorted longest first.
 *
 * Phrases of one word are keyed by that word, longer ones by their first two, so that a common
 * first word ("new", "中") has no long run to walk. A bitmap of first words turns most words of a
 * text away before any table is touched. */
#include "tag/phrases.h"

#include <stdlib.h>
#include <string.h>

struct bucket {
    uint64_t key; /* of the first word, or of the first two; 0: free */
    uint32_t first, count;
};

struct entry {
    struct phrase phrase;
    uint64_t key;
    uint32_t order;
};

/* What may begin with a word, one bit each: a phrase of one word and one of several, of whole words
 * and of stems, so that neither sends the other to the table. Those that ask for a capital have
 * bits of their own, so that "la" does not look for "La Paz". */
enum {
    BEGINS_SINGLE = 1,
    BEGINS_PAIR = 2,
    BEGINS_EXACT = BEGINS_SINGLE | BEGINS_PAIR,
    STEM_SHIFT = 2,
    BEGINS_STEM = BEGINS_EXACT << STEM_SHIFT,
    CAPITAL_SHIFT = 4,
    ANY_EXACT = BEGINS_EXACT | BEGINS_EXACT << CAPITAL_SHIFT,
    ANY_STEM = BEGINS_STEM | BEGINS_STEM << CAPITAL_SHIFT
};

struct phrases {
    uint64_t *words;
    size_t words_count, words_capacity;
    struct entry *entries;
    size_t count, capacity;
    struct phrase *sorted;
    struct bucket *buckets;
    size_t mask;
    uint8_t *beginnings; /* a byte for each first word */
    size_t beginnings_mask;
    uint8_t *pairs; /* one bit for the first two words of each longer phrase */
    size_t pairs_mask;
    bool has_exact, has_stems; /* which kinds of phrases there are */
};

struct phrases *phrases_new(void)
{
    return calloc(1, sizeof(struct phrases));
}

void phrases_free(struct phrases *phrases)
{
    if (!phrases)
        return;
    free(phrases->words);
    free(phrases->entries);
    free(phrases->sorted);
    free(phrases->buckets);
    free(phrases->beginnings);
    free(phrases->pairs);
    free(phrases);
}

static void *grow(void *items, size_t count, size_t more, size_t *capacity, size_t size)
{
    if (count + more <= *capacity)
        return items;
    size_t wanted = *capacity * 2 + more + 64;
    void *grown = realloc(items, wanted * size);
    if (grown)
        *capacity = wanted;
    return grown;
}

/* Asymmetric, so that "court supreme" and "supreme court" differ. */
static uint64_t pair_key(uint64_t first, uint64_t second)
{
    uint64_t key = first * 0x9E3779B97F4A7C15u + second;
    key ^= key >> 29;
    return key ? key : 1;
}

bool phrases_add(struct phrases *phrases, desk_slice text, desk_slice language, unsigned flags,
                 uint32_t value, size_t *words)
{
    struct token tokens[PHRASE_WORDS_MAX];
    *words = tokens_cut(text, language, tokens, PHRASE_WORDS_MAX);
    if (*words == 0 || *words > PHRASE_WORDS_MAX)
        return true;
    uint64_t *grown =
        grow(phrases->words, phrases->words_count, *words, &phrases->words_capacity, sizeof *grown);
    if (!grown)
        return false;
    phrases->words = grown;
    struct entry *entries =
        grow(phrases->entries, phrases->count, 1, &phrases->capacity, sizeof *entries);
    if (!entries)
        return false;
    phrases->entries = entries;
    for (size_t i = 0; i < *words; i++)
        grown[phrases->words_count + i] = flags & PHRASE_STEM ? tokens[i].stem : tokens[i].hash;
    struct entry *entry = &entries[phrases->count];
    entry->phrase =
        (struct phrase){(uint32_t)phrases->words_count, (uint16_t)*words, (uint16_t)flags, value};
    const uint64_t *first = &grown[phrases->words_count];
    entry->key = *words == 1 ? first[0] : pair_key(first[0], first[1]);
    phrases->has_exact |= !(flags & PHRASE_STEM);
    phrases->has_stems |= (flags & PHRASE_STEM) != 0;
    entry->order = (uint32_t)phrases->count++;
    phrases->words_count += *words;
    return true;
}

static int by_key_length_order(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->phrase.words_count != y->phrase.words_count)
        return x->phrase.words_count > y->phrase.words_count ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

static struct bucket *find_bucket(const struct phrases *phrases, uint64_t key)
{
    size_t i = (size_t)(key >> 7) & phrases->mask;
    while (phrases->buckets[i].key && phrases->buckets[i].key != key)
        i = (i + 1) & phrases->mask;
    return &phrases->buckets[i];
}

static void mark_beginning(struct phrases *phrases, const struct phrase *phrase)
{
    size_t slot = (size_t)phrases->words[phrase->words_first] & phrases->beginnings_mask;
    unsigned kind = phrase->words_count == 1 ? BEGINS_SINGLE : BEGINS_PAIR;
    if (phrase->flags & PHRASE_STEM)
        kind <<= STEM_SHIFT;
    if (phrase->flags & (PHRASE_CAPITAL | PHRASE_EXACT_CAPS))
        kind <<= CAPITAL_SHIFT;
    phrases->beginnings[slot] |= (uint8_t)kind;
}

/* What may begin with the token: bits below CAPITAL_SHIFT. */
static inline unsigned beginnings_of(const struct phrases *phrases, const struct token *token)
{
    unsigned found =
        (phrases->beginnings[token->hash & phrases->beginnings_mask] & (unsigned)ANY_EXACT) |
        (phrases->beginnings[token->stem & phrases->beginnings_mask] & (unsigned)ANY_STEM);
    bool has_capital = token->flags & (TOKEN_CAPITAL | TOKEN_ALL_CAPITALS | TOKEN_UNSPACED);
    return (has_capital ? found | found >> CAPITAL_SHIFT : found) & (BEGINS_EXACT | BEGINS_STEM);
}

static bool has_pair(const struct phrases *phrases, uint64_t key)
{
    size_t bit = (size_t)(key >> 11) & phrases->pairs_mask;
    return phrases->pairs[bit / 8] >> bit % 8 & 1;
}

static void mark_pair(struct phrases *phrases, uint64_t key)
{
    size_t bit = (size_t)(key >> 11) & phrases->pairs_mask;
    phrases->pairs[bit / 8] |= (uint8_t)(1u << bit % 8);
}

/* Half-full buckets; four bytes for each phrase let one foreign word in ten or less through and
 * keep the beginnings in the second-level cache. */
static bool make_tables(struct phrases *phrases)
{
    size_t slots = 64;
    while (slots < 2 * phrases->count + 2)
        slots *= 2;
    phrases->mask = slots - 1;
    phrases->beginnings_mask = 2 * slots - 1;
    phrases->buckets = calloc(slots, sizeof *phrases->buckets);
    phrases->beginnings = calloc(2 * slots, sizeof *phrases->beginnings);
    phrases->pairs_mask = 8 * slots - 1;
    phrases->pairs = calloc(slots, sizeof *phrases->pairs);
    phrases->sorted = calloc(phrases->count + 1, sizeof *phrases->sorted);
    return phrases->buckets && phrases->beginnings && phrases->pairs && phrases->sorted;
}

bool phrases_seal(struct phrases *phrases)
{
    if (!make_tables(phrases))
        return false;
    if (phrases->count)
        qsort(phrases->entries, phrases->count, sizeof *phrases->entries, by_key_length_order);
    for (size_t i = 0; i < phrases->count; i++) {
        const struct phrase *phrase = &phrases->entries[i].phrase;
        struct bucket *bucket = find_bucket(phrases, phrases->entries[i].key);
        if (!bucket->key)
            *bucket = (struct bucket){phrases->entries[i].key, (uint32_t)i, 0};
        bucket->count++;
        phrases->sorted[i] = *phrase;
        mark_beginning(phrases, phrase);
        if (phrase->words_count > 1)
            mark_pair(phrases, phrases->entries[i].key);
    }
    free(phrases->entries);
    phrases->entries = NULL;
    return true;
}

/* The tokens from a place on, and how many of them a phrase may take. */
struct tail {
    const struct token *tokens;
    size_t room;
};

/* The words that the key does not hold; one and two are told by the key, as words are by theirs. */
static bool has_other_words(const struct phrases *phrases, const struct phrase *phrase,
                            const struct token *tokens)
{
    const uint64_t *words = phrases->words + phrase->words_first;
    for (size_t i = 2; i < phrase->words_count; i++) {
        uint64_t word = phrase->flags & PHRASE_STEM ? tokens[i].stem : tokens[i].hash;
        if (word != words[i] || tokens[i].flags & TOKEN_BREAK_BEFORE)
            return false;
    }
    return true;
}

/* The first word is written as the phrase wants it. */
static inline bool has_case(const struct phrase *phrase, unsigned flags)
{
    if (phrase->flags & PHRASE_CAPITAL && !(flags & (TOKEN_CAPITAL | TOKEN_UNSPACED)))
        return false;
    return !(phrase->flags & PHRASE_EXACT_CAPS) || flags & TOKEN_ALL_CAPITALS;
}

/* The key of the phrase is that of the tokens. */
static inline bool fits(const struct phrases *phrases, const struct phrase *phrase,
                        struct tail tail)
{
    return phrase->words_count <= tail.room && has_case(phrase, tail.tokens->flags) &&
           (phrase->words_count <= 2 || has_other_words(phrases, phrase, tail.tokens));
}

static inline const struct phrase *match_bucket(const struct phrases *phrases, uint64_t key,
                                                unsigned stem_flag, struct tail tail)
{
    const struct bucket *bucket = find_bucket(phrases, key);
    if (!bucket->key)
        return NULL;
    const struct phrase *phrase = &phrases->sorted[bucket->first], *end = phrase + bucket->count;
    for (; phrase < end; phrase++)
        if ((phrase->flags & PHRASE_STEM) == stem_flag && fits(phrases, phrase, tail))
            return phrase;
    return NULL;
}

static inline uint64_t word_of(const struct token *token, unsigned stem_flag)
{
    return stem_flag ? token->stem : token->hash;
}

/* The longest phrase of one kind, of which `beginnings` says what may begin here. */
static inline const struct phrase *match_kind(const struct phrases *phrases, unsigned beginnings,
                                              unsigned stem_flag, struct tail tail)
{
    const struct token *token = tail.tokens;
    uint64_t word = word_of(token, stem_flag);
    if (beginnings & BEGINS_PAIR && tail.room > 1 && !(token[1].flags & TOKEN_BREAK_BEFORE)) {
        uint64_t key = pair_key(word, word_of(&token[1], stem_flag));
        const struct phrase *phrase =
            has_pair(phrases, key) ? match_bucket(phrases, key, stem_flag, tail) : NULL;
        if (phrase)
            return phrase;
    }
    return beginnings & BEGINS_SINGLE ? match_bucket(phrases, word, stem_flag, tail) : NULL;
}

/* The first token whose stem, or whole word, begins something, in whatever case. */
static size_t next_stem(const struct phrases *phrases, const struct token *tokens, size_t at,
                        size_t end)
{
    const uint8_t *beginnings = phrases->beginnings;
    size_t mask = phrases->beginnings_mask;
    while (at < end && !(beginnings[tokens[at].stem & mask] & ANY_STEM))
        at++;
    return at;
}

static size_t next_exact(const struct phrases *phrases, const struct token *tokens, size_t at,
                         size_t end)
{
    const uint8_t *beginnings = phrases->beginnings;
    size_t mask = phrases->beginnings_mask;
    while (at < end && !(beginnings[tokens[at].hash & mask] & ANY_EXACT))
        at++;
    return at;
}

static size_t next_word(const struct phrases *phrases, const struct token *tokens, size_t at,
                        size_t end)
{
    const uint8_t *beginnings = phrases->beginnings;
    size_t mask = phrases->beginnings_mask;
    while (at < end && !(beginnings[tokens[at].hash & mask] & ANY_EXACT) &&
           !(beginnings[tokens[at].stem & mask] & ANY_STEM))
        at++;
    return at;
}

/* Where only longer phrases begin, the second word has its say. */
static inline bool may_match(const struct phrases *phrases, const struct token *tokens,
                             bool is_last)
{
    unsigned beginnings = beginnings_of(phrases, tokens);
    if (beginnings & (BEGINS_SINGLE | BEGINS_SINGLE << STEM_SHIFT))
        return true;
    if (!beginnings || is_last || tokens[1].flags & TOKEN_BREAK_BEFORE)
        return false;
    return (beginnings & BEGINS_PAIR &&
            has_pair(phrases, pair_key(tokens[0].hash, tokens[1].hash))) ||
           (beginnings & BEGINS_PAIR << STEM_SHIFT &&
            has_pair(phrases, pair_key(tokens[0].stem, tokens[1].stem)));
}

size_t phrases_next(const struct phrases *phrases, const struct token_table *table, size_t at,
                    size_t end)
{
    const struct token *tokens = table->items;
    for (;; at++) {
        at = !phrases->has_exact   ? next_stem(phrases, tokens, at, end)
             : !phrases->has_stems ? next_exact(phrases, tokens, at, end)
                                   : next_word(phrases, tokens, at, end);
        if (at >= end || may_match(phrases, tokens + at, at + 1 == end))
            return at;
    }
}

bool phrases_may_begin(const struct phrases *phrases, const struct token_table *table, size_t at,
                       size_t end)
{
    return may_match(phrases, table->items + at, at + 1 == end);
}

const struct phrase *phrases_match(const struct phrases *phrases, const struct token_table *table,
                                   size_t at, size_t end)
{
    const struct phrase *exact = NULL, *stem = NULL;
    struct tail tail = {table->items + at, end - at};
    unsigned beginnings = beginnings_of(phrases, tail.tokens);
    if (beginnings & BEGINS_EXACT)
        exact = match_kind(phrases, beginnings, 0, tail);
    if (beginnings & BEGINS_STEM)
        stem = match_kind(phrases, beginnings >> STEM_SHIFT, PHRASE_STEM, tail);
    if (!exact || !stem)
        return exact ? exact : stem;
    return stem->words_count > exact->words_count ? stem : exact;
}

/* Phrases of one bucket stand together, longest first; the next bucket's differ in a word of the
 * key or in length. Stems and whole words may share a key, never a phrase. */
const struct phrase *phrases_also(const struct phrases *phrases, const struct phrase *previous,
                                  const struct token_table *table, size_t at)
{
    const struct phrase *end = phrases->sorted + phrases->count;
    const uint64_t *first = phrases->words + previous->words_first;
    struct tail tail = {table->items + at, previous->words_count};
    for (const struct phrase *next = previous + 1; next < end; next++) {
        const uint64_t *words = phrases->words + next->words_first;
        if (next->words_count != previous->words_count || words[0] != first[0] ||
            (next->words_count > 1 && words[1] != first[1]))
            return NULL;
        if (!((next->flags ^ previous->flags) & PHRASE_STEM) && fits(phrases, next, tail))
            return next;
    }
    return NULL;
}

size_t phrases_group(const struct phrases *phrases, size_t first, const struct phrase **items)
{
    if (first >= phrases->count)
        return 0;
    const struct phrase *a = *items = &phrases->sorted[first];
    size_t count = 1;
    while (first + count < phrases->count && a[count].words_count == a->words_count &&
           !memcmp(phrases->words + a[count].words_first, phrases->words + a->words_first,
                   a->words_count * sizeof *phrases->words))
        count++;
    return count;
}
