#define _DEFAULT_SOURCE
#include "base/heap.h"

#include <limits.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

void heap_limit_arenas(size_t arenas)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, arenas < INT_MAX ? (int)arenas : INT_MAX);
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
