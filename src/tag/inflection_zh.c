/* Chinese has no endings; its stems are the simplified characters, so that traditional text finds
 * the same terms. A token is one character. See inflection.h. */
#include "tag/inflection.h"
#include "tag/simplified.h"

static uint32_t simplified_of(uint32_t character)
{
    uint32_t at = character - SIMPLIFIED_FIRST;
    if (!(simplified_bits[at / 64] >> (at % 64) & 1))
        return character;
    unsigned from = 0, to = simplified_pairs_count;
    while (to - from > 1) {
        unsigned middle = from + (to - from) / 2;
        if (simplified_pairs[middle].traditional <= character)
            from = middle;
        else
            to = middle;
    }
    return simplified_pairs[from].simplified;
}

/* One character of three bytes in valid UTF-8; anything else stays. */
static size_t simplify(char *word, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)word;
    if (len != 3 || bytes[0] < 0xE4 || bytes[0] > 0xE9)
        return len;
    uint32_t character =
        (uint32_t)(bytes[0] & 15) << 12 | (uint32_t)(bytes[1] & 63) << 6 | (bytes[2] & 63);
    if (character < SIMPLIFIED_FIRST || character > SIMPLIFIED_LAST)
        return len;
    uint32_t simplified = simplified_of(character);
    word[0] = (char)(0xE0 | simplified >> 12);
    word[1] = (char)(0x80 | (simplified >> 6 & 63));
    word[2] = (char)(0x80 | (simplified & 63));
    return len;
}

const struct inflection INFLECTION_ZH = {
    .language = "zh", .whole = simplify, .last_bytes = UINT32_MAX};
