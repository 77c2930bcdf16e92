/* What a code point is, by one table look-up. Tables are generated: generate_tables.py. */
#ifndef TEXT_UNICODE_H
#define TEXT_UNICODE_H

#include <stdint.h>

enum text_class_flags {
    CLASS_LETTER = 1,
    CLASS_MARK = 2,
    CLASS_DIGIT = 4,
    CLASS_UPPER = 8, /* upper or title case */
    CLASS_LOWER = 16,
    CLASS_SPACE = 32,     /* White_Space */
    CLASS_PUNCT = 64,     /* punctuation and symbols */
    CLASS_UNSPACED = 128, /* letters and marks of scripts that put no spaces between words */
    CLASS_INVISIBLE =
        256, /* zero width, soft hyphen, byte order mark, direction marks, variation selectors */
    CLASS_CONTROL = 512,  /* control characters that are no white space */
    CLASS_UNSTABLE = 1024 /* text with one of these may not be in NFC */
};

extern const uint16_t unicode_class_index[512];
extern const uint16_t unicode_class_pages[][128];
extern const uint16_t unicode_fold_index[512];
extern const uint16_t unicode_fold_pages[][128];

/* Flags of a code point. Above the Basic Multilingual Plane: Han extensions are unspaced letters,
 * tags and variation selectors invisible, emoji and symbols punctuation, the rest letters. */
static inline unsigned text_class(uint32_t cp)
{
    if (cp < 0x10000)
        return unicode_class_pages[unicode_class_index[cp >> 7]][cp & 127];
    if (cp >= 0x20000 && cp < 0x30000)
        return CLASS_LETTER | CLASS_UNSPACED;
    if (cp >= 0xE0000)
        return CLASS_INVISIBLE;
    if (cp >= 0x1D000 && cp < 0x20000)
        return CLASS_PUNCT;
    return CLASS_LETTER;
}

#endif
