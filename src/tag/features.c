/* Counting features in one pass over the tokens, with a small table of indexes. */
#include "tag/features.h"

#include <math.h>
#include <string.h>
#include <xxhash.h>

#include "base/slice.h"

/* A word of the title counts as three: found by cross-validation, flat between 2 and 6. */
static const float TITLE_COUNT = 3;
/* A word of the first sentences counts as two: they say what an article is about. */
static const float LEAD_COUNT = 2;
enum { LEAD_SENTENCES = 3 };
/* Pairs repeat what their words say; at full weight they hurt small training sets. In scripts
 * without spaces the pair is the word. */
static const float PAIR_VALUE = 0.5F;
/* All numbers alike: which number it is says nothing that holds elsewhere. */
static const uint64_t NUMBER_HASH = 0x6E756D6265725F5Fu;

struct counter {
    struct feature *items;
    size_t count;
    uint32_t *slots; /* index + 1; 0: free */
    size_t mask;
};

static void count_feature(struct counter *counter, const struct feature *found)
{
    size_t slot = feature_bucket(found->hash, 32) & counter->mask;
    while (counter->slots[slot] && counter->items[counter->slots[slot] - 1].hash != found->hash)
        slot = (slot + 1) & counter->mask;
    if (counter->slots[slot]) {
        counter->items[counter->slots[slot] - 1].count += found->count;
        return;
    }
    counter->items[counter->count++] = *found;
    counter->slots[slot] = (uint32_t)counter->count;
}

static uint64_t hash_of(const struct token *token)
{
    return token->flags & TOKEN_NUMBER ? NUMBER_HASH : token->stem;
}

static uint64_t hash_pair(uint64_t first, uint64_t second)
{
    uint64_t hash = (first ^ first >> 29) * 0xD6E8FEB86659FD93u + second;
    return (hash ^ hash >> 32) * 0x9E3779B97F4A7C15u;
}

static bool is_pair(const struct token *first, const struct token *second)
{
    return first->field == second->field && !(second->flags & TOKEN_BREAK_BEFORE);
}

/* How much an occurrence counts at its place. `body_sentence` is the body's first one. */
static float place_count(const struct token *token, uint32_t body_sentence)
{
    if (token->field == FIELD_TITLE)
        return TITLE_COUNT;
    bool is_lead = token->field == FIELD_BODY && token->sentence - body_sentence < LEAD_SENTENCES;
    return is_lead ? LEAD_COUNT : 1;
}

static void count_tokens(struct counter *counter, const struct token *tokens, size_t count,
                         uint32_t body_sentence)
{
    for (size_t i = 0; i < count; i++) {
        float weight = place_count(&tokens[i], body_sentence);
        struct feature word = {.hash = hash_of(&tokens[i]),
                               .at = (uint32_t)i,
                               .words = 1,
                               .count = weight,
                               .value = 1};
        count_feature(counter, &word);
        if (i + 1 == count || !is_pair(&tokens[i], &tokens[i + 1]))
            continue;
        bool is_unspaced = tokens[i].flags & tokens[i + 1].flags & TOKEN_UNSPACED;
        struct feature pair = {.hash = hash_pair(word.hash, hash_of(&tokens[i + 1])),
                               .at = (uint32_t)i,
                               .words = 2,
                               .count = weight,
                               .value = is_unspaced ? 1 : PAIR_VALUE};
        count_feature(counter, &pair);
    }
}

bool features_collect(struct desk_article *article, const struct token_table *tokens,
                      struct feature_list *list)
{
    size_t count = tokens->count < FEATURES_TOKENS_MAX ? tokens->count : FEATURES_TOKENS_MAX;
    size_t slots = 64;
    while (slots < 3 * count)
        slots *= 2;
    *list = (struct feature_list){NULL, 0};
    struct counter counter = {.mask = slots - 1};
    counter.items = arena_alloc(article->arena, (2 * count + 1) * sizeof(struct feature),
                                _Alignof(struct feature));
    counter.slots = ARENA_ARRAY(article->arena, uint32_t, slots);
    if (!counter.items || !counter.slots)
        return false;
    size_t body = tokens->field_first[FIELD_BODY];
    count_tokens(&counter, tokens->items, count, body < count ? tokens->items[body].sentence : 0);
    for (size_t i = 0; i < counter.count; i++)
        if (counter.items[i].count > 1)
            counter.items[i].value *= 1 + logf(counter.items[i].count);
    *list = (struct feature_list){counter.items, counter.count};
    return true;
}

uint64_t features_kind(void)
{
    static const struct {
        const char *language, *text;
    } probes[] = {{"en", "The ministers' meetings ended on 3 May"},
                  {"fr", "L'élection présidentielle a été reportée"},
                  {"de", "Die Bürgermeisterwahlen fanden statt"},
                  {"ru", "Выборы состоялись вчера"},
                  {"ar", "الانتخابات الرئاسية"},
                  {"zh", "选举结果"}};
    uint64_t kind = FEATURES_TOKENS_MAX + LEAD_SENTENCES;
    for (size_t i = 0; i < sizeof probes / sizeof probes[0]; i++) {
        struct token tokens[16];
        size_t count = tokens_cut(slice_from_cstr(probes[i].text),
                                  slice_from_cstr(probes[i].language), tokens, 16);
        for (size_t k = 0; k < count && k < 16; k++)
            kind = hash_pair(kind, hash_of(&tokens[k]));
    }
    return kind;
}
