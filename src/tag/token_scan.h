/* Which bytes of a text belong to words: sixty-four at a time, as bit masks.
 *
 * Two ways to the same masks: AVX2 where the processor has it, and plain C. token_scanner() chooses
 * at run time; unit tests compare the two byte by byte. A byte at or above 0x80 counts as part of a
 * word here; who reads the masks looks at such words code point by code point. */
#ifndef TAG_TOKEN_SCAN_H
#define TAG_TOKEN_SCAN_H

#include <stddef.h>
#include <stdint.h>

enum { SCAN_BYTES = 64 };

/* Bit i stands for byte i. */
struct scan_masks {
    uint64_t word;  /* ASCII letters and digits, and all bytes >= 0x80 */
    uint64_t high;  /* bytes >= 0x80 */
    uint64_t upper; /* ASCII capitals */
    uint64_t digit; /* ASCII digits */
};

/* Reads exactly SCAN_BYTES bytes. */
typedef void (*token_scanner_fn)(const char *bytes, struct scan_masks *masks);

void token_scan_plain(const char *bytes, struct scan_masks *masks);
/* The fastest one that this machine has. */
token_scanner_fn token_scanner(void);

#endif
