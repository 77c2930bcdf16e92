/* Insertion for short lists, which nearly all are; heapsort for long ones. */
#include "base/sort.h"

#include <string.h>

enum { INSERTION_MAX = 16 };

static void swap_items(char *a, char *b, size_t size)
{
    char held[SORT_ITEM_BYTES_MAX];
    memcpy(held, a, size);
    memcpy(a, b, size);
    memcpy(b, held, size);
}

static void sink(char *items, size_t root, size_t count, size_t size,
                 int (*compare)(const void *, const void *))
{
    for (;;) {
        size_t child = 2 * root + 1;
        if (child >= count)
            return;
        if (child + 1 < count && compare(items + child * size, items + (child + 1) * size) < 0)
            child++;
        if (compare(items + root * size, items + child * size) >= 0)
            return;
        swap_items(items + root * size, items + child * size, size);
        root = child;
    }
}

static void insertion(char *items, size_t count, size_t size,
                      int (*compare)(const void *, const void *))
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && compare(items + (k - 1) * size, items + k * size) > 0; k--)
            swap_items(items + (k - 1) * size, items + k * size, size);
}

void sort_items(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (size > SORT_ITEM_BYTES_MAX || count < 2)
        return;
    if (count <= INSERTION_MAX) {
        insertion(items, count, size, compare);
        return;
    }
    for (size_t i = count / 2; i-- > 0;)
        sink(items, i, count, size, compare);
    for (size_t last = count - 1; last > 0; last--) {
        swap_items(items, (char *)items + last * size, size);
        sink(items, 0, last, size, compare);
    }
}
