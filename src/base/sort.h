/* Sorting without the heap: qsort of the C library takes memory for larger arrays. */
#ifndef BASE_SORT_H
#define BASE_SORT_H

#include <stddef.h>

/* Sorts in place by a total order (no two items compare equal, so that the result is the same
 * everywhere). Heapsort: n log n, items of at most SORT_ITEM_BYTES_MAX bytes. */
enum { SORT_ITEM_BYTES_MAX = 256 };
void sort_items(void *items, size_t count, size_t size, int (*compare)(const void *, const void *));

#endif
