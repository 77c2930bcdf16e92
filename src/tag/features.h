/* What a subject model sees of an article: its different words and pairs of words, each with how
 * often it stands there. Training and tagging share this file, so a model meets the features it
 * learned.
 *
 * A word is the folded stem of the shared tokens (tag/tokens.h), a pair two that follow each other
 * without punctuation between them. Numbers are one feature. Occurrences in the title and the first
 * sentences count more.
 * Nothing is stored but hashes; `at` leads back to the text.
 *
 *     struct feature_list list;
 *     if (!features_collect(article, tokens, &list)) ...out of memory...
 *     for (size_t i = 0; i < list.count; i++) ...list.items[i]... */
#ifndef TAG_FEATURES_H
#define TAG_FEATURES_H

#include "tag/tokens.h"

/* Only the first words of a long article are looked at: its subject is clear by then, and the time
 * is bounded. */
enum { FEATURES_TOKENS_MAX = 2048 };

struct feature {
    uint64_t hash;
    uint32_t at;    /* token of the first occurrence */
    uint16_t words; /* 1 or 2 */
    float count;    /* occurrences, those in title and lead weighted */
    float value;    /* 1 + ln(count), pairs of spaced words halved: what the model multiplies */
};

struct feature_list {
    struct feature *items; /* in the order of their first occurrence */
    size_t count;
};

/* Collects the features into the article's arena. False when that is full. Linear in the tokens. */
bool features_collect(struct desk_article *article, const struct token_table *tokens,
                      struct feature_list *list);

/* The bucket of a hash in a table of 2^bits. */
static inline uint32_t feature_bucket(uint64_t hash, uint32_t bits)
{
    return (uint32_t)(hash * 0x9E3779B97F4A7C15u >> (64 - bits));
}

/* A number that changes when features are made in another way (cutting, folding, stemming,
 * hashing): models of another kind do not fit. */
uint64_t features_kind(void);

#endif
