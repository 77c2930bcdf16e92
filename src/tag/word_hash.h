/* The hash of a folded word, in the shapes that cutting text needs: of bytes with readable ones
 * behind them, and of ASCII that is folded while it is loaded. All give what word_hash() gives
 * (tag/tokens.h). Two 64 by 64 bit multiplications for each eight bytes, inlined. */
#ifndef TAG_WORD_HASH_H
#define TAG_WORD_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* In ASCII letters and digits this bit is all that folding sets. */
#define WORD_FOLD_BITS 0x2020202020202020u

/* The first `count` bytes of eight; 0 < count < 8. */
static inline uint64_t word_first(uint64_t value, size_t count)
{
    return value & (((uint64_t)1 << 8 * count) - 1);
}

/* Multiply and fold, as wyhash's final mixer does with 128 bits, here in two halves so that any
 * machine gives the same. */
static inline uint64_t word_mix(uint64_t a, uint64_t b)
{
    uint64_t x = a * 0x9E3779B97F4A7C15u;
    x ^= x >> 32;
    x = (x ^ b) * 0xD6E8FEB86659FD93u;
    return x ^ x >> 29;
}

/* Of `len` bytes whose eight bytes behind may be read; each byte is taken with the bits of `fold`
 * set: 0 for folded text, WORD_FOLD_BITS for words of ASCII letters and digits. */
static inline uint64_t word_hash_padded(const char *word, size_t len, uint64_t fold)
{
    uint64_t hash = len;
    size_t i = 0;
    for (; i + 8 <= len; i += 8)
        hash = word_mix(hash, bytes_eight(word + i) | fold);
    if (i < len)
        hash = word_mix(hash, word_first(bytes_eight(word + i) | fold, len - i));
    return hash ? hash : 1;
}

#endif
