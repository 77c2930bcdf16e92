/* Choosing the rules of a language and applying its table. */
#include "tag/inflection.h"

#include <string.h>

#include "base/slice.h"
#include "tag/word_hash.h"

static const struct inflection *const INFLECTIONS[] = {
    &INFLECTION_EN, &INFLECTION_FR, &INFLECTION_DE, &INFLECTION_ES, &INFLECTION_IT,
    &INFLECTION_PT, &INFLECTION_NL, &INFLECTION_RU, &INFLECTION_AR, &INFLECTION_ZH,
};

const struct inflection INFLECTION_NONE = {.language = ""};

const struct inflection *inflection_of(desk_slice language)
{
    size_t len = 0;
    while (len < language.len && language.data[len] != '-' && language.data[len] != '_')
        len++;
    desk_slice primary = slice_of(language.data, len);
    if (len == 0 || slice_is(primary, "und"))
        return &INFLECTION_EN;
    for (size_t i = 0; i < sizeof INFLECTIONS / sizeof INFLECTIONS[0]; i++)
        if (slice_equal_nocase(primary, slice_from_cstr(INFLECTIONS[i]->language)))
            return INFLECTIONS[i];
    return &INFLECTION_NONE;
}

/* The last eight bytes of the word, the last one highest; zeros where it is shorter. */
static uint64_t tail_of(const char *word, size_t len)
{
    return len >= 8 ? bytes_eight(word + len - 8) : bytes_eight(word) << 8 * (8 - len);
}

static inline bool applies(uint64_t tail, size_t len, const struct ending *ending)
{
    if ((ending->text ^ tail) & ending->mask || len < ending->len)
        return false;
    size_t stem = len - ending->len;
    return ending->stem_min == ENDING_WHOLE ? stem == 0 : stem >= ending->stem_min;
}

size_t inflection_strip(const struct inflection *inflection, char *word, size_t len)
{
    if (len == 0)
        return 0;
    if (inflection->whole)
        return inflection->whole(word, len);
    const struct ending *ending = inflection->by_last[(unsigned char)word[len - 1] & 31];
    uint64_t tail = tail_of(word, len);
    for (; ending && ending->len; ending++) {
        if (!applies(tail, len, ending))
            continue;
        len -= ending->len;
        memcpy(word + len, ending->into, sizeof ending->into);
        len += ending->into_len;
        break;
    }
    return len;
}
