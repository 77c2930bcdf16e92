/* Dutch: plurals and -e, and what a stem's spelling loses before an ending comes back when the
 * ending is off: `bomen` is `boom`, `bommen` is `bom`, `huizen` is `huis`, `brieven` is `brief`.
 * See inflection.h. */
#include "tag/inflection.h"

#include <string.h>

#include "base/slice.h"

static bool is_vowel(char letter)
{
    return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o' || letter == 'u';
}

/* -el, -em, -en, -er and -or carry no stress, so their vowel was never long: `artikelen`. */
static bool is_unstressed(const char *word, size_t len)
{
    char vowel = word[len - 2], last = word[len - 1];
    return (vowel == 'e' && strchr("lmnr", last)) || (vowel == 'o' && last == 'r');
}

/* The stem as it is written without an ending. Only one vowel between consonants was long. */
static size_t restore(char *word, size_t len)
{
    char last = word[len - 1], vowel = word[len - 2], before = word[len - 3];
    if (is_vowel(last))
        return len;
    if (last == vowel)
        return len - 1;
    if (last == 'z' || last == 'v')
        last = word[len - 1] = last == 'z' ? 's' : 'f';
    if (!is_vowel(vowel) || vowel == 'i' || is_vowel(before) || is_unstressed(word, len))
        return len;
    word[len - 1] = vowel;
    word[len] = last;
    return len + 1;
}

static size_t strip_dutch(char *word, size_t len)
{
    desk_slice text = slice_of(word, len);
    if (len >= 7 && slice_ends(text, slice_from_cstr("heden"))) {
        memcpy(word + len - 5, "heid", 4);
        return len - 1;
    }
    if (len >= 5 && slice_ends(text, slice_from_cstr("en")))
        return restore(word, len - 2);
    if (len >= 5 && word[len - 1] == 'e')
        return restore(word, len - 1);
    return len >= 5 && word[len - 1] == 's' ? len - 1 : len;
}

const struct inflection INFLECTION_NL = {
    .language = "nl",
    .whole = strip_dutch,
    .last_bytes = 1u << ('e' & 31) | 1u << ('n' & 31) | 1u << ('s' & 31),
    .elided_after = " s ",
};
