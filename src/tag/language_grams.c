/* Reading the learned table with every field checked, and looking things up in it. */
#include "tag/language_grams.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/slice.h"

/* The layout, little-endian. */
enum {
    AT_VERSION = 8,   /* u32 */
    AT_SIZE = 12,     /* u64, of the whole file */
    AT_CHECKSUM = 20, /* u64, XXH3 of all bytes behind it */
    AT_LANGUAGES = 28,
    AT_BITS = 32,    /* u32 */
    AT_WEIGHTS = 36, /* u32, their number */
    HEADER_BYTES = 40,
    /* then a record a language: code (padded with NUL), prior i32 */
    CODE_BYTES = 12,
    LANGUAGE_BYTES = 16,
    /* then 2^bits slots: fingerprint u32, place u32; then weights: language u8, weight u8 */
    SLOT_BYTES = 8,
    WEIGHT_BYTES = 2
};

enum { VERSION = 1, BITS_MIN = 1, BITS_MAX = 22, WEIGHTS_MAX = 1 << 24, PRIOR_MAX = 1 << 16 };

/* The first byte keeps it from being taken for text, the line ends show a transfer as text. */
static const char MAGIC[] = "\x89LANG\r\n\x1a";

/* Any odd number without a pattern: the golden ratio of 2^64. */
static const uint64_t MIX = 0x9E3779B97F4A7C15u;

static bool refuse(char *reason, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(char *reason, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, GRAM_REASON_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

/* Written out, so that it is one load where bytes are in this order. */
static uint32_t get32(const char *at)
{
    const unsigned char *p = (const unsigned char *)at;
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t get64(const char *at)
{
    return get32(at) | (uint64_t)get32(at + 4) << 32;
}

/* The numbers of the header. */
struct counts {
    size_t languages, slots, weights;
};

/* What can be told apart before the sizes are trusted. */
static bool check_frame(desk_slice content, char *reason)
{
    if (content.len < AT_VERSION || memcmp(content.data, MAGIC, AT_VERSION) != 0)
        return refuse(reason, "this is no table of tests/eval/train_languages; its first bytes are "
                              "others");
    if (content.len < HEADER_BYTES)
        return refuse(reason, "the file is cut short: %zu bytes, the header alone has %d",
                      content.len, HEADER_BYTES);
    uint32_t version = get32(content.data + AT_VERSION);
    uint64_t size = get64(content.data + AT_SIZE);
    if (version != VERSION)
        return refuse(reason, "format version %u; this program reads version %d: train it again",
                      (unsigned)version, VERSION);
    if (size != content.len)
        return refuse(reason,
                      "the file has %zu bytes, its header says %llu: copy or train it again",
                      content.len, (unsigned long long)size);
    if (get64(content.data + AT_CHECKSUM) !=
        XXH3_64bits(content.data + AT_LANGUAGES, content.len - AT_LANGUAGES))
        return refuse(reason, "the checksum does not match: the file is damaged");
    return true;
}

static bool read_counts(desk_slice content, struct counts *counts, unsigned *bits, char *reason)
{
    uint32_t languages = get32(content.data + AT_LANGUAGES), wanted = get32(content.data + AT_BITS),
             weights = get32(content.data + AT_WEIGHTS);
    if (languages < 1 || languages > GRAM_LANGUAGES_MAX || wanted < BITS_MIN || wanted > BITS_MAX ||
        weights > WEIGHTS_MAX)
        return refuse(reason,
                      "%u languages, 2^%u slots, %u weights; it has 1 to %d "
                      "languages, 2^%d to 2^%d slots and at most %d weights",
                      (unsigned)languages, (unsigned)wanted, (unsigned)weights, GRAM_LANGUAGES_MAX,
                      BITS_MIN, BITS_MAX, WEIGHTS_MAX);
    *counts = (struct counts){(size_t)languages, (size_t)1 << wanted, (size_t)weights};
    *bits = (unsigned)wanted;
    size_t size = HEADER_BYTES + counts->languages * LANGUAGE_BYTES + counts->slots * SLOT_BYTES +
                  counts->weights * WEIGHT_BYTES;
    if (size != content.len)
        return refuse(reason, "%zu bytes do not fit its numbers, which need %zu", content.len,
                      size);
    return true;
}

/* Every slot's weights must be there, and one slot free, or a search would not end. */
static bool read_slots(struct language_grams *grams, const char *at, const struct counts *counts,
                       char *reason)
{
    bool has_free = false;
    for (size_t i = 0; i < counts->slots; i++, at += SLOT_BYTES) {
        struct gram_slot slot = {get32(at), get32(at + 4)};
        if ((slot.place >> 8) + (slot.place & 0xFF) > counts->weights)
            return refuse(reason, "slot %zu points behind the weights", i);
        has_free = has_free || !slot.fingerprint;
        grams->slots[i] = slot;
    }
    return has_free || refuse(reason, "no slot is free");
}

static bool read_weights(struct language_grams *grams, const char *at, const struct counts *counts,
                         const uint8_t *numbers, char *reason)
{
    for (size_t i = 0; i < counts->weights; i++, at += WEIGHT_BYTES) {
        uint8_t language = (uint8_t)at[0];
        if (language >= counts->languages)
            return refuse(reason, "weight %zu is of a language it does not have", i);
        grams->weights[i] = (struct gram_weight){numbers[language], (uint8_t)at[1]};
    }
    return true;
}

static bool read_tables(struct language_grams *grams, desk_slice content, gram_number *number,
                        const void *context, char *reason)
{
    struct counts counts = {0, 0, 0};
    uint8_t numbers[GRAM_LANGUAGES_MAX];
    if (!read_counts(content, &counts, &grams->bits, reason))
        return false;
    const char *at = content.data + HEADER_BYTES;
    for (size_t i = 0; i < counts.languages; i++, at += LANGUAGE_BYTES) {
        int32_t prior = (int32_t)get32(at + CODE_BYTES);
        if (prior < -PRIOR_MAX || prior > PRIOR_MAX)
            return refuse(reason, "language %zu has a prior outside of %d to %d", i, -PRIOR_MAX,
                          PRIOR_MAX);
        numbers[i] = number(context, slice_of(at, strnlen(at, CODE_BYTES)));
        grams->priors[numbers[i]] = prior;
    }
    grams->slots = malloc(counts.slots * sizeof *grams->slots);
    grams->weights = malloc((counts.weights + 1) * sizeof *grams->weights);
    if (!grams->slots || !grams->weights)
        return refuse(reason, "out of memory");
    return read_slots(grams, at, &counts, reason) &&
           read_weights(grams, at + counts.slots * SLOT_BYTES, &counts, numbers, reason);
}

bool grams_read(struct language_grams *grams, desk_slice content, gram_number *number,
                const void *context, char reason[GRAM_REASON_BYTES])
{
    *grams = (struct language_grams){.slots = NULL};
    bool is_good =
        check_frame(content, reason) && read_tables(grams, content, number, context, reason);
    if (!is_good)
        grams_deinit(grams);
    return is_good;
}

void grams_deinit(struct language_grams *grams)
{
    free(grams->slots);
    free(grams->weights);
    grams->slots = NULL;
    grams->weights = NULL;
}

uint64_t gram_hash(const uint32_t *letters, size_t count)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < count; i++) {
        hash = (hash + letters[i] + 1) * MIX;
        hash ^= hash >> 29;
    }
    return hash;
}

size_t grams_find(const struct language_grams *grams, uint64_t hash,
                  const struct gram_weight **weights)
{
    uint32_t fingerprint = (uint32_t)hash | 1;
    size_t mask = ((size_t)1 << grams->bits) - 1, i = (size_t)(hash >> (64 - grams->bits));
    while (grams->slots[i].fingerprint && grams->slots[i].fingerprint != fingerprint)
        i = (i + 1) & mask;
    if (!grams->slots[i].fingerprint)
        return 0;
    *weights = grams->weights + (grams->slots[i].place >> 8);
    return grams->slots[i].place & 0xFF;
}
