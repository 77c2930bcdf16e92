/* Secrets leave no copy in freed memory, as far as it is ours: libraries keep copies of their own,
 * which is why core dumps are off. The volatile keeps the compiler from leaving the writes out. */
#ifndef BASE_WIPE_H
#define BASE_WIPE_H

#include <stdlib.h>
#include <string.h>

/* Accepts NULL with a length of 0. */
static inline void wipe(void *data, size_t len)
{
    volatile char *bytes = data;
    for (size_t i = 0; i < len; i++)
        bytes[i] = '\0';
}

/* Wipes and frees a heap string; accepts NULL. */
static inline void wipe_text(char *text)
{
    wipe(text, text ? strlen(text) : 0);
    free(text);
}

#endif
