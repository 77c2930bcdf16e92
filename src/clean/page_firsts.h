/* Which block had a hash first: for texts that stand twice on a page and for kinds of places. */
#ifndef CLEAN_PAGE_FIRSTS_H
#define CLEAN_PAGE_FIRSTS_H

#include <stdint.h>

#include "base/arena.h"

/* A table of 1 + index of the block that had the hash first. */
struct firsts {
    uint64_t *hashes; /* per block */
    uint32_t *slots;
    size_t mask;
};

/* For up to `count` blocks. False at the memory limit. */
bool firsts_open(struct arena *arena, struct firsts *firsts, size_t count);
/* The first block with this hash: `block` itself when there is none before. */
uint32_t firsts_find(struct firsts *firsts, uint64_t hash, uint32_t block);

#endif
