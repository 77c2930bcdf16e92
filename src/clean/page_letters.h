/* The length of a text as it looks. */
#ifndef CLEAN_PAGE_LETTERS_H
#define CLEAN_PAGE_LETTERS_H

#include <copydesk/slice.h>
#include <stdint.h>

#include "base/bytes.h"

/* Code points, but three for those from U+3000 to U+DFFF (Han, Kana, Hangul), each of which says
 * about as much as three letters of an alphabet. */
static inline uint32_t page_letters(desk_slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    size_t count = 0;
    while (p < end) {
        size_t ascii = bytes_ascii(p, end);
        count += ascii;
        for (p += ascii; p < end && (unsigned char)*p >= 0x80; p++) {
            unsigned char c = (unsigned char)*p;
            count += c >= 0xE3 && c <= 0xED ? 3 : c >= 0xC0;
        }
    }
    return (uint32_t)count;
}

#endif
