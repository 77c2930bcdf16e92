/* Charsets of one byte a character, decoded by table: fast, and exactly as the Encoding Standard
 * has them, where iconv knows other meanings. */
#ifndef TEXT_CHARSET_SINGLE_H
#define TEXT_CHARSET_SINGLE_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum { SINGLE_BYTE_CHARSETS_COUNT = 27 };

struct single_byte_charset {
    const char *name;
    uint16_t high[128]; /* code points of the bytes from 0x80; 0xFFFD where there is none */
};

extern const struct single_byte_charset SINGLE_BYTE_CHARSETS[SINGLE_BYTE_CHARSETS_COUNT];

/* NULL when the charset is not one of them. */
const struct single_byte_charset *single_byte_charset(const char *name);

/* The text in UTF-8, in the arena; the same bytes when all are ASCII. *replaced counts the bytes
 * without a meaning. False at the memory limit. */
bool single_byte_decode(struct arena *arena, const struct single_byte_charset *charset,
                        desk_slice *text, size_t *replaced);

#endif
