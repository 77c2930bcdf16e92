#define _DEFAULT_SOURCE
#include "base/heap.h"

#include <limits.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { MAPPED_BYTES = 1 << 20 };

void heap_limit(size_t arenas)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, arenas < INT_MAX ? (int)arenas : INT_MAX);
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
#else
    (void)arenas;
#endif
}

void heap_trim(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
