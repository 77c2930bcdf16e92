/* A hash table from the first word to a run of phrases, sorted longest first. */
#include "tag/phrases.h"

#include <stdlib.h>
#include <string.h>

struct bucket {
    uint64_t key; /* hash of the first word (stem for PHRASE_STEM); 0: free */
    uint32_t first, count;
};

struct entry {
    struct phrase phrase;
    uint64_t key;
    uint32_t order;
};

struct phrases {
    uint64_t *words;
    size_t words_count, words_capacity;
    struct entry *entries;
    size_t count, capacity;
    struct phrase *sorted;
    struct bucket *buckets;
    size_t mask;
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
    entry->key = grown[phrases->words_count];
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
    size_t i = (size_t)key & phrases->mask;
    while (phrases->buckets[i].key && phrases->buckets[i].key != key)
        i = (i + 1) & phrases->mask;
    return &phrases->buckets[i];
}

bool phrases_seal(struct phrases *phrases)
{
    size_t slots = 64;
    while (slots < 2 * phrases->count + 2)
        slots *= 2;
    phrases->mask = slots - 1;
    phrases->buckets = calloc(slots, sizeof *phrases->buckets);
    phrases->sorted = calloc(phrases->count + 1, sizeof *phrases->sorted);
    if (!phrases->buckets || !phrases->sorted)
        return false;
    if (phrases->count)
        qsort(phrases->entries, phrases->count, sizeof *phrases->entries, by_key_length_order);
    for (size_t i = 0; i < phrases->count; i++) {
        struct bucket *bucket = find_bucket(phrases, phrases->entries[i].key);
        if (!bucket->key)
            *bucket = (struct bucket){phrases->entries[i].key, (uint32_t)i, 0};
        bucket->count++;
        phrases->sorted[i] = phrases->entries[i].phrase;
    }
    free(phrases->entries);
    phrases->entries = NULL;
    return true;
}

static bool fits(const struct phrases *phrases, const struct phrase *phrase,
                 const struct token_table *table, size_t at, size_t end)
{
    const struct token *tokens = table->items + at;
    const uint64_t *words = phrases->words + phrase->words_first;
    if (phrase->words_count > end - at)
        return false;
    bool has_case = !(tokens[0].flags & TOKEN_UNSPACED);
    if (phrase->flags & PHRASE_CAPITAL && has_case && !(tokens[0].flags & TOKEN_CAPITAL))
        return false;
    if (phrase->flags & PHRASE_EXACT_CAPS && !(tokens[0].flags & TOKEN_ALL_CAPITALS))
        return false;
    for (size_t i = 0; i < phrase->words_count; i++) {
        uint64_t word = phrase->flags & PHRASE_STEM ? tokens[i].stem : tokens[i].hash;
        if (word != words[i] || (i && tokens[i].flags & TOKEN_BREAK_BEFORE))
            return false;
    }
    return true;
}

static const struct phrase *match_bucket(const struct phrases *phrases, uint64_t key, bool is_stem,
                                         const struct token_table *table, size_t at, size_t end)
{
    const struct bucket *bucket = find_bucket(phrases, key);
    for (uint32_t i = 0; bucket->key && i < bucket->count; i++) {
        const struct phrase *phrase = &phrases->sorted[bucket->first + i];
        if (!(phrase->flags & PHRASE_STEM) == !is_stem && fits(phrases, phrase, table, at, end))
            return phrase;
    }
    return NULL;
}

const struct phrase *phrases_match(const struct phrases *phrases, const struct token_table *table,
                                   size_t at, size_t end)
{
    const struct token *token = &table->items[at];
    const struct phrase *exact = match_bucket(phrases, token->hash, false, table, at, end);
    const struct phrase *stem = match_bucket(phrases, token->stem, true, table, at, end);
    if (!exact || !stem)
        return exact ? exact : stem;
    return stem->words_count > exact->words_count ? stem : exact;
}

const struct phrase *phrases_also(const struct phrases *phrases, const struct phrase *previous,
                                  const struct token_table *table, size_t at)
{
    const struct phrase *end = phrases->sorted + phrases->count;
    for (const struct phrase *next = previous + 1; next < end; next++) {
        const uint64_t *a = phrases->words + previous->words_first,
                       *b = phrases->words + next->words_first;
        if (next->words_count != previous->words_count || *a != *b)
            return NULL;
        if (fits(phrases, next, table, at, at + next->words_count))
            return next;
    }
    return NULL;
}
