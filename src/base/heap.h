/* What a long-lived process asks of the C library's allocator. No effect with libraries other than
 * glibc. */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include <stddef.h>

/* At most so many arenas for all threads together: glibc opens up to eight a core, each with free
 * memory of its own. Blocks of a megabyte and more, as what a broker sends in one answer, go back
 * to the system when they are freed; glibc would keep them once it has seen one freed. To be called
 * before threads start. */
void heap_limit(size_t arenas);

/* Gives what is free back to the system, as after loading a rulebook. Takes milliseconds; any
 * thread may call it. */
void heap_trim(void);

#endif
