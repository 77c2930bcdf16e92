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
    size_t ascii = bytes_ascii(text.data, text.data + text.len);
    uint32_t count = (uint32_t)ascii;
    for (size_t i = ascii; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        count += (c & 0xC0) != 0x80;
        count += c >= 0xE3 && c <= 0xED ? 2 : 0;
    }
    return count;
}

#endif
