/* A hash table by the last four bytes of a tail; tails that share them lie side by side, longest
 * first. Most words miss in it at once. */
#include "tag/compounds.h"

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "tag/inflection.h"
#include "text/fold.h"

/* Words longer than this are no words. */
enum { WORD_BYTES_MAX = 96 };

struct tail {
    char text[COMPOUND_TAIL_MAX];
    uint8_t len;
    uint32_t value;
};

struct bucket {
    uint32_t key; /* the last four bytes */
    uint32_t first, count;
};

struct compounds {
    const struct inflection *inflection;
    struct tail *tails;
    size_t count, capacity;
    struct bucket *buckets; /* free when count is 0 */
    size_t mask;
};

struct compounds *compounds_new(const struct inflection *inflection)
{
    struct compounds *compounds = calloc(1, sizeof *compounds);
    if (compounds)
        compounds->inflection = inflection;
    return compounds;
}

void compounds_free(struct compounds *compounds)
{
    if (!compounds)
        return;
    free(compounds->tails);
    free(compounds->buckets);
    free(compounds);
}

/* The stem of a word, folded; its length, 0 when the word is too long. */
static size_t stem_of(const struct compounds *compounds, desk_slice word, char *stem)
{
    if (word.len > WORD_BYTES_MAX)
        return 0;
    size_t len = fold_text(word, stem);
    return inflection_strip(compounds->inflection, stem, len);
}

static uint32_t key_of(const char *text, size_t len)
{
    uint32_t key;
    memcpy(&key, text + len - sizeof key, sizeof key);
    return key;
}

enum compounds_added compounds_add(struct compounds *compounds, desk_slice word, uint32_t value)
{
    char stem[WORD_BYTES_MAX + WORD_BYTES_MAX / 2 + INFLECTION_PADDING];
    size_t len = stem_of(compounds, word, stem);
    if (len < COMPOUND_TAIL_MIN || len > COMPOUND_TAIL_MAX)
        return COMPOUNDS_UNFIT;
    for (size_t i = 0; i < compounds->count; i++)
        if (slice_equal(slice_of(stem, len),
                        slice_of(compounds->tails[i].text, compounds->tails[i].len)))
            return COMPOUNDS_UNFIT;
    if (compounds->count == compounds->capacity) {
        size_t wanted = compounds->capacity * 2 + 64;
        struct tail *grown = realloc(compounds->tails, wanted * sizeof *grown);
        if (!grown)
            return COMPOUNDS_NO_MEMORY;
        compounds->tails = grown;
        compounds->capacity = wanted;
    }
    struct tail *tail = &compounds->tails[compounds->count++];
    *tail = (struct tail){.len = (uint8_t)len, .value = value};
    memcpy(tail->text, stem, len);
    return COMPOUNDS_ADDED;
}

static int by_key_and_length(const void *a, const void *b)
{
    const struct tail *x = a, *y = b;
    uint32_t left = key_of(x->text, x->len), right = key_of(y->text, y->len);
    if (left != right)
        return left < right ? -1 : 1;
    if (x->len != y->len)
        return x->len > y->len ? -1 : 1;
    return memcmp(x->text, y->text, x->len);
}

static struct bucket *find_bucket(const struct compounds *compounds, uint32_t key)
{
    size_t i = (size_t)(key * 0x9E3779B1u >> 8) & compounds->mask;
    while (compounds->buckets[i].count && compounds->buckets[i].key != key)
        i = (i + 1) & compounds->mask;
    return &compounds->buckets[i];
}

bool compounds_seal(struct compounds *compounds)
{
    size_t slots = 64;
    while (slots < 4 * compounds->count)
        slots *= 2;
    compounds->mask = slots - 1;
    compounds->buckets = calloc(slots, sizeof *compounds->buckets);
    if (!compounds->buckets)
        return false;
    if (compounds->count)
        qsort(compounds->tails, compounds->count, sizeof *compounds->tails, by_key_and_length);
    for (size_t i = 0; i < compounds->count; i++) {
        uint32_t key = key_of(compounds->tails[i].text, compounds->tails[i].len);
        struct bucket *bucket = find_bucket(compounds, key);
        if (!bucket->count)
            *bucket = (struct bucket){.key = key, .first = (uint32_t)i};
        bucket->count++;
    }
    return true;
}

bool compounds_are_empty(const struct compounds *compounds)
{
    return compounds->count == 0;
}

bool compounds_match(const struct compounds *compounds, desk_slice word, uint32_t *value)
{
    char stem[WORD_BYTES_MAX + WORD_BYTES_MAX / 2 + INFLECTION_PADDING];
    if (!compounds->count || word.len < COMPOUND_TAIL_MIN + COMPOUND_HEAD_MIN)
        return false;
    size_t len = stem_of(compounds, word, stem);
    if (len < COMPOUND_TAIL_MIN + COMPOUND_HEAD_MIN)
        return false;
    const struct bucket *bucket = find_bucket(compounds, key_of(stem, len));
    for (uint32_t i = 0; i < bucket->count; i++) {
        const struct tail *tail = &compounds->tails[bucket->first + i];
        if (len >= tail->len + (size_t)COMPOUND_HEAD_MIN &&
            memcmp(stem + len - tail->len, tail->text, tail->len) == 0) {
            *value = tail->value;
            return true;
        }
    }
    return false;
}
