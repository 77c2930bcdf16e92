/* The fingerprint stage: identity of a text, exact and approximate, and the record's id where the
 * input has none.
 *
 * text     XXH3-128 of the normalised body, so that anybody can recompute it from the record.
 * Source: xxhash.com simhash  64 bits over word triples; near-duplicates differ in few bits.
 * Source: M. Charikar, "Similarity Estimation Techniques from Rounding Algorithms" (STOC 2002);
 * triples as in Manku, Jain and Das Sarma, "Detecting Near-Duplicates for Web Crawling" (WWW 2007)
 */
#include "engine/stage.h"

#include <string.h>
#include <xxhash.h>

#include "article/article.h"
#include "base/slice.h"
#include "tag/tokens.h"

enum { HASH_HEX = 32 };

static void write_hash(desk_slice text, char out[HASH_HEX + 1])
{
    static const char hex[] = "0123456789abcdef";
    XXH128_hash_t hash = XXH3_128bits(text.data, text.len);
    for (unsigned i = 0; i < 16; i++) {
        out[i] = hex[hash.high64 >> (60 - 4 * i) & 15];
        out[16 + i] = hex[hash.low64 >> (60 - 4 * i) & 15];
    }
    out[HASH_HEX] = '\0';
}

/* Final mixing of MurmurHash3 (A. Appleby, public domain), so that each bit of a triple counts. */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 33;
    x *= 0xff51afd7ed558ccdu;
    x ^= x >> 33;
    x *= 0xc4ceb9fe1a85ec53u;
    return x ^ x >> 33;
}

/* Counts the set bits per position of 64 hashes at once: plane k of the counters holds bit k of
 * each count. Sixteen planes count to 65,535 triples; the counts are added up before they can
 * overflow. */
struct bit_counts {
    uint64_t planes[16];
    uint32_t totals[64];
    uint32_t pending;
};

static void flush_counts(struct bit_counts *counts)
{
    for (unsigned bit = 0; bit < 64; bit++)
        for (unsigned plane = 0; plane < 16; plane++)
            counts->totals[bit] += (uint32_t)(counts->planes[plane] >> bit & 1) << plane;
    memset(counts->planes, 0, sizeof counts->planes);
    counts->pending = 0;
}

static void add_hash(struct bit_counts *counts, uint64_t hash)
{
    for (unsigned plane = 0; hash; plane++) {
        uint64_t carry = counts->planes[plane] & hash;
        counts->planes[plane] ^= hash;
        hash = carry;
    }
    if (++counts->pending == 65535)
        flush_counts(counts);
}

static uint64_t simhash(const struct token_table *tokens)
{
    struct bit_counts counts = {{0}, {0}, 0};
    size_t first = tokens->field_first[FIELD_BODY], end = tokens->field_first[FIELD_BODY + 1];
    uint32_t triples = 0;
    uint64_t result = 0;
    for (size_t i = first; i < end; i++) {
        uint64_t triple = tokens->items[i].hash;
        for (size_t k = 1; k < 3 && i + k < end; k++)
            triple = mix(triple + k) ^ tokens->items[i + k].hash;
        add_hash(&counts, mix(triple));
        triples++;
        if (i + 3 >= end && i > first)
            break;
    }
    flush_counts(&counts);
    for (unsigned bit = 0; bit < 64; bit++)
        result |= (uint64_t)(counts.totals[bit] * 2 > triples) << bit;
    return result;
}

static desk_status set_id(struct desk_article *article, desk_error *err)
{
    desk_slice url = article->canonical_url.len ? article->canonical_url : article->url;
    if (article->id.len || (!url.len && !article->body.len))
        return DESK_OK;
    char *id = arena_alloc(article->arena, HASH_HEX + 1, 1);
    if (!id)
        return article_memory_error(err);
    write_hash(url.len ? url : article->body, id);
    article->id = slice_of(id, HASH_HEX);
    return DESK_OK;
}

static desk_status open_fingerprint(const struct desk_rulebook *rulebook, void **state,
                                    desk_error *err)
{
    (void)rulebook;
    (void)err;
    *state = NULL;
    return DESK_OK;
}

static desk_status process_fingerprint(void *state, struct desk_article *article, desk_error *err)
{
    (void)state;
    desk_status status = set_id(article, err);
    if (status != DESK_OK || !article->body.len)
        return status;
    const struct token_table *tokens = tokens_of(article);
    if (!tokens)
        return article_memory_error(err);
    if (!article_work(article, article->body.len))
        return article_work_error(err);
    write_hash(article->body, article->text_hash);
    article->simhash = simhash(tokens);
    return DESK_OK;
}

static void close_fingerprint(void *state)
{
    (void)state;
}

const struct stage stage_fingerprint = {"fingerprint", open_fingerprint, process_fingerprint,
                                        close_fingerprint};
