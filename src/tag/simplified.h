/* Traditional Chinese characters as simplified ones, so that one lexicon finds the words of both.
 *
 * Shape: one character for one, which is right for matching; words that differ between places stay
 * apart. The table is generated (generate_simplified.py). */
#ifndef TAG_SIMPLIFIED_H
#define TAG_SIMPLIFIED_H

#include <stddef.h>
#include <stdint.h>

enum { SIMPLIFIED_FIRST = 0x4E00, SIMPLIFIED_LAST = 0x9FFF };

struct simplified_pair {
    uint16_t traditional, simplified;
};

/* Sorted by the traditional character; and a bit for each character that is in it. */
extern const struct simplified_pair simplified_pairs[];
extern const unsigned simplified_pairs_count;
extern const uint64_t simplified_bits[];

#endif
