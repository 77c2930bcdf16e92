/* Which of 64 bytes belong to words: four bit masks that let the cutter jump from word to word.
 *
 * Two implementations with identical results: AVX2, chosen at run time, and portable C that takes eight bytes
 * at a time. Bit i of a mask stands for byte i. */
#ifndef TAG_TOKENS_MASK_H
#define TAG_TOKENS_MASK_H

#include <stdint.h>

enum { MASK_BYTES = 64 };

struct byte_masks {
    uint64_t word;  /* ASCII letters and digits, and every byte of a non-ASCII character */
    uint64_t high;  /* bytes of non-ASCII characters */
    uint64_t upper; /* A-Z */
    uint64_t digit; /* 0-9 */
};

typedef void (*tokens_mask_function)(const char *text, struct byte_masks *masks);

/* Reads exactly MASK_BYTES bytes. */
void tokens_mask_portable(const char *text, struct byte_masks *masks);
/* The fastest one this processor runs. */
tokens_mask_function tokens_mask_best(void);

#endif
