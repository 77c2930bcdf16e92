/* What a long-lived process asks of the C library's allocator. No effect with libraries other than
 * glibc. */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stddef.h>

/* At most so many arenas for all threads together: glibc opens up to eight a core, each with free
 * memory of its own. To be called before threads start. */
void heap_limit_arenas(size_t arenas);

/* Gives what is free back to the system, as after loading a rulebook. Takes milliseconds; any
 * thread may call it. */
void heap_trim(void);

#endif
