/* A hash table with open addressing; a hash that meets another one of 64 bits is not to be
 * expected. */
#include "clean/page_firsts.h"

bool firsts_open(struct arena *arena, struct firsts *firsts, size_t count)
{
    size_t slots = 64;
    while (slots < 2 * count)
        slots *= 2;
    firsts->hashes = ARENA_ARRAY(arena, uint64_t, count);
    firsts->slots = ARENA_ARRAY(arena, uint32_t, slots);
    firsts->mask = slots - 1;
    return firsts->hashes && firsts->slots;
}

uint32_t firsts_find(struct firsts *firsts, uint64_t hash, uint32_t block)
{
    size_t i = (size_t)hash & firsts->mask;
    firsts->hashes[block] = hash;
    while (firsts->slots[i] && firsts->hashes[firsts->slots[i] - 1] != hash)
        i = (i + 1) & firsts->mask;
    if (!firsts->slots[i])
        firsts->slots[i] = block + 1;
    return firsts->slots[i] - 1;
}
