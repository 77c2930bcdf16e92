/* The folded form of text, in which spellings of one word are equal: lower case, without
 * diacritics, Arabic letter variants unified, digits and full-width forms as ASCII. ligatures fold
 * to their first letter (ß s, æ a, œ o), which keeps one code point for one and loses nothing that
 * matters for matching. Cyrillic й stays, ё becomes е. */
#ifndef TEXT_FOLD_H
#define TEXT_FOLD_H

#include <copydesk/slice.h>

#include "text/unicode.h"

enum { FOLD_DROPPED = 0x8000 };

/* The folded code point, or 0 when it is dropped (marks, invisible characters, tatweel). */
static inline uint32_t fold_code_point(uint32_t cp)
{
    if (cp >= 0x10000)
        return cp;
    uint32_t delta = unicode_fold_pages[unicode_fold_index[cp >> 7]][cp & 127];
    return delta == FOLD_DROPPED ? 0 : (cp + delta) & 0xFFFF;
}

/* Folds valid UTF-8 into out, which has room for text.len bytes plus half of it; returns the bytes
 * written. */
size_t fold_text(desk_slice text, char *out);

#endif
