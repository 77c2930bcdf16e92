/* The fingerprint stage: identity of a text, exact and approximate, and the record's id where the
 * input has none.
 *
 * text     XXH3-128 of the normalised body, so that anybody can recompute it from the record.
 * Source: xxhash.com simhash  64 bits over word triples; near-duplicates differ in few bits.
 * Source: M. Charikar, "Similarity Estimation Techniques from Rounding Algorithms" (STOC 2002);
 * triples as in Manku, Jain and Das Sarma, "Detecting Near-Duplicates for Web Crawling" (WWW 2007)
 */
#include "engine/stage.h"

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

/* Counts the set bits per position of many hashes at once: plane k holds bit k of each of the 64
 * counts. Eight hashes go in together through carry-save adders, which leave one carry for plane 3.
 * Source: the population count of Harley and Seal, in H. Warren, "Hacker's Delight" (2012), 5-2. */
enum { PLANES = 32, GROUP = 8 };

struct bit_counts {
    uint64_t planes[PLANES];
    unsigned used; /* planes above are zero */
};

/* Adds two bits per position to *low; returns the carries. */
static uint64_t carry_save(uint64_t *low, uint64_t a, uint64_t b)
{
    uint64_t half = *low ^ a, carry = (*low & a) | (half & b);
    *low = half ^ b;
    return carry;
}

static void add_carry(struct bit_counts *counts, unsigned plane, uint64_t carry)
{
    for (; carry && plane < PLANES; plane++) {
        uint64_t next = counts->planes[plane] & carry;
        counts->planes[plane] ^= carry;
        carry = next;
    }
    counts->used = plane > counts->used ? plane : counts->used;
}

static void add_group(struct bit_counts *counts, const uint64_t hashes[GROUP])
{
    uint64_t *planes = counts->planes, twos[4];
    for (unsigned i = 0; i < 4; i++)
        twos[i] = carry_save(&planes[0], hashes[2 * i], hashes[2 * i + 1]);
    uint64_t four = carry_save(&planes[1], twos[0], twos[1]),
             other = carry_save(&planes[1], twos[2], twos[3]);
    add_carry(counts, 3, carry_save(&planes[2], four, other));
}

/* Bits set in more than half of `total` hashes: the counts compared with total / 2, all 64 at once,
 * from the highest plane down. */
static uint64_t majority(const struct bit_counts *counts, uint64_t total)
{
    uint64_t greater = 0, equal = ~0ULL, half = total / 2;
    unsigned used = counts->used > 3 ? counts->used : 3;
    for (unsigned plane = PLANES; plane-- > 0;) {
        uint64_t bits = plane < used ? counts->planes[plane] : 0;
        uint64_t wanted = half >> plane & 1 ? ~0ULL : 0;
        greater |= equal & bits & ~wanted;
        equal &= ~(bits ^ wanted);
    }
    return greater;
}

/* Of three words; their order counts. */
static inline uint64_t triple_hash(const struct token *tokens)
{
    uint64_t hash = tokens[0].hash;
    hash = hash * 0x9E3779B97F4A7C15u + tokens[1].hash;
    hash = hash * 0x9E3779B97F4A7C15u + tokens[2].hash;
    return mix(hash);
}

/* Of a body of fewer than three words. */
static uint64_t short_hash(const struct token *tokens, size_t count)
{
    uint64_t hash = tokens[0].hash;
    if (count > 1)
        hash = hash * 0x9E3779B97F4A7C15u + tokens[1].hash;
    return mix(hash);
}

static uint64_t simhash(const struct token_table *table)
{
    struct bit_counts counts = {{0}, 0};
    size_t first = table->field_first[FIELD_BODY], end = table->field_first[FIELD_BODY + 1];
    const struct token *tokens = table->items + first;
    size_t words = end - first, triples = words > 2 ? words - 2 : 0, i = 0;
    if (words && !triples)
        return short_hash(tokens, words);
    for (; i + GROUP <= triples; i += GROUP) {
        uint64_t group[GROUP];
        for (unsigned k = 0; k < GROUP; k++)
            group[k] = triple_hash(tokens + i + k);
        add_group(&counts, group);
    }
    for (; i < triples; i++)
        add_carry(&counts, 0, triple_hash(tokens + i));
    return majority(&counts, triples);
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
