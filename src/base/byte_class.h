/* Searching for bytes of a class: 32 at a time with AVX2 where the processor has it, one at a time
 * elsewhere, with the same results.
 *
 * A class is told by the two halves of a byte, each with a table of sixteen: what rows of the code
 * table (upper half) have in common is one of eight bits, and the lower half says which of these
 * kinds of rows hold it.
 *
 *     static const struct byte_class VOWELS = {{...}, {...}};
 *     p += class_find(&VOWELS, p, end); */
#ifndef BASE_BYTE_CLASS_H
#define BASE_BYTE_CLASS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct byte_class {
    uint8_t low[16], high[16];
};

/* Whether byte c belongs to the class. */
static inline bool class_has(const struct byte_class *class, char c)
{
    unsigned char byte = (unsigned char)c;
    return class->low[byte & 15] & class->high[byte >> 4];
}

/* Bytes from p on up to the first of the class; all of them when there is none. */
size_t class_find(const struct byte_class *class, const char *p, const char *end);

/* Bytes from p on up to the first of the class or the first space behind a space; `after_space`
 * tells of the byte before p. */
size_t class_find_or_spaces(const struct byte_class *class, const char *p, const char *end,
                            bool after_space);

/* The portable ways to the same, to compare with. */
size_t class_find_plain(const struct byte_class *class, const char *p, const char *end);
size_t class_find_or_spaces_plain(const struct byte_class *class, const char *p, const char *end,
                                  bool after_space);

#endif
