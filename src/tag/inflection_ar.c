/* Arabic: the article and what is written together with it before a word, the commonest endings
 * behind it; on folded text (alef, yeh and teh marbuta unified). After light10 of Larkey et al.;
 * see inflection.h. */
#include "tag/inflection.h"

#include <string.h>

#include "base/slice.h"

enum { LETTER_BYTES = 2 };

struct affix {
    const char *text;
    size_t letters_left; /* that must remain */
};

static const struct affix PREFIXES[] = {{"وبال", 2}, {"وال", 2}, {"بال", 2}, {"كال", 2},
                                        {"فال", 2},  {"لل", 2},  {"ال", 2},  {"و", 3}};
static const struct affix SUFFIXES[] = {{"ها", 3}, {"ان", 3}, {"ات", 3}, {"ون", 3},
                                        {"ين", 3}, {"يه", 3}, {"ه", 3},  {"ي", 3}};

static size_t strip_arabic(char *word, size_t len)
{
    desk_slice text = slice_of(word, len);
    for (size_t i = 0; i < sizeof PREFIXES / sizeof PREFIXES[0]; i++) {
        desk_slice prefix = slice_from_cstr(PREFIXES[i].text);
        if (slice_starts(text, prefix) &&
            text.len >= prefix.len + PREFIXES[i].letters_left * LETTER_BYTES) {
            text = slice_sub(text, prefix.len, text.len);
            break;
        }
    }
    for (size_t i = 0; i < sizeof SUFFIXES / sizeof SUFFIXES[0]; i++) {
        desk_slice suffix = slice_from_cstr(SUFFIXES[i].text);
        if (slice_ends(text, suffix) &&
            text.len >= suffix.len + SUFFIXES[i].letters_left * LETTER_BYTES) {
            text.len -= suffix.len;
            break;
        }
    }
    memmove(word, text.data, text.len);
    return text.len;
}

const struct inflection INFLECTION_AR = {
    .language = "ar", .whole = strip_arabic, .last_bytes = UINT32_MAX};
