/* English: plurals, -ed and -ing, final e and y, with Porter's two measures of a stem.
 *
 * `plane` and `plan`, `care` and `car` stay apart, `voted`, `voting` and `votes` meet `vote`,
 * `stopped` meets `stop`. Steps 2 to 4 of the algorithm (derivation: -ation, -ness, -ment) are left
 * out on purpose. */
#include "tag/inflection.h"

#include <string.h>

#include "base/slice.h"

/* Words whose final s is no plural, or whose plural means something else in the news. */
static const char *const UNCHANGED[] = {"news",  "goods",  "means", "series", "species", "united",
                                        "being", "during", "later", "unless", "needed"};

static bool is_vowel(const char *word, size_t i)
{
    switch (word[i]) {
    case 'a':
    case 'e':
    case 'i':
    case 'o':
    case 'u':
        return true;
    case 'y':
        return i > 0 && !is_vowel(word, i - 1);
    default:
        return false;
    }
}

/* Porter's m: how often a vowel is followed by a consonant; counted up to 2, more is never asked.
 */
static unsigned measure(const char *word, size_t len)
{
    unsigned count = 0;
    bool was_vowel = false;
    for (size_t i = 0; i < len && count < 2; i++) {
        bool vowel = is_vowel(word, i);
        count += was_vowel && !vowel;
        was_vowel = vowel;
    }
    return count;
}

static bool has_vowel(const char *word, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (is_vowel(word, i))
            return true;
    return false;
}

/* Porter's *o: consonant, vowel, consonant at the end, the last not w, x or y: a final e made it
 * long. */
static bool ends_short(const char *word, size_t len)
{
    if (len < 3)
        return false;
    char last = word[len - 1];
    return !is_vowel(word, len - 3) && is_vowel(word, len - 2) && !is_vowel(word, len - 1) &&
           last != 'w' && last != 'x' && last != 'y';
}

static bool ends(const char *word, size_t len, const char *text, size_t text_len)
{
    return len >= text_len && memcmp(word + len - text_len, text, text_len) == 0;
}

#define ENDS(text) ends(word, len, text, sizeof(text) - 1)

static size_t strip_plural(const char *word, size_t len)
{
    if (word[len - 1] != 's' || len < 4)
        return len;
    if (ENDS("sses") || ENDS("xes") || ENDS("ches") || ENDS("shes"))
        return len - 2;
    if (ENDS("ies"))
        return len > 4 ? len - 2 : len - 1; /* cities -> citi, ties -> tie */
    if (ENDS("ss") || ENDS("us") || ENDS("is"))
        return len;
    return len - 1;
}

/* What -ed and -ing leave: a doubled consonant goes, a lost e comes back. */
static size_t mend(char *word, size_t len)
{
    char last = word[len - 1];
    if (ENDS("at") || ENDS("bl") || ENDS("iz")) {
        word[len] = 'e';
        return len + 1;
    }
    if (len > 3 && last == word[len - 2] && !is_vowel(word, len - 1) && last != 'l' &&
        last != 's' && last != 'z')
        return len - 1;
    if (measure(word, len) == 1 && ends_short(word, len)) {
        word[len] = 'e';
        return len + 1;
    }
    return len;
}

static size_t strip_verb(char *word, size_t len)
{
    if (ENDS("eed"))
        return len > 5 ? len - 1 : len; /* agreed -> agree, but need, speed */
    if (ENDS("ied"))
        return len > 4 ? len - 1 : len; /* carried -> carri */
    if (ENDS("ed") && len > 4 && has_vowel(word, len - 2))
        return mend(word, len - 2);
    if (ENDS("ing") && len > 5 && has_vowel(word, len - 3))
        return mend(word, len - 3);
    return len;
}

static size_t strip_last(char *word, size_t len)
{
    if (word[len - 1] == 'y' && len > 2 && has_vowel(word, len - 1) && !is_vowel(word, len - 2))
        word[len - 1] = 'i'; /* city -> citi, but day */
    if (word[len - 1] == 'e' && len > 3) {
        unsigned count = measure(word, len - 1);
        if (count > 1 || (count == 1 && !ends_short(word, len - 1)))
            len--;
    }
    if (ENDS("ll") && measure(word, len - 1) > 1)
        len--; /* controll(ed) -> control */
    return len;
}

static bool is_unchanged(const char *word, size_t len)
{
    for (size_t i = 0; i < sizeof UNCHANGED / sizeof UNCHANGED[0]; i++)
        if (word[0] == UNCHANGED[i][0] && slice_is(slice_of(word, len), UNCHANGED[i]))
            return true;
    return false;
}

/* Only words that end in s, d, g, e, y or l can change. */
enum {
    LAST_BYTES = 1 << ('s' & 31) | 1 << ('d' & 31) | 1 << ('g' & 31) | 1 << ('e' & 31) |
                 1 << ('y' & 31) | 1 << ('l' & 31)
};

/* Most words leave here at once. */
static bool may_change(char last)
{
    return (signed char)last > 0 && LAST_BYTES >> (last & 31) & 1;
}

static size_t strip_english(char *word, size_t len)
{
    if (len < 3 || !may_change(word[len - 1]) || is_unchanged(word, len))
        return len;
    size_t singular = strip_plural(word, len);
    size_t stem = strip_verb(word, singular);
    return strip_last(word, stem);
}

const struct inflection INFLECTION_EN = {
    .language = "en",
    .whole = strip_english,
    .last_bytes = LAST_BYTES,
    .elided_after = " s t d m ll re ve ",
};
