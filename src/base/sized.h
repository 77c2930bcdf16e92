/* Structs of the public interface that begin with their own size, so that they can grow.
 *
 * A program built against an older header has a smaller struct: what it lacks takes its default.
 * One built against a newer header has a larger struct: it is taken as long as the part this
 * library does not know is zero, which every new field means as "not used"; otherwise the program
 * asks for something that would silently not happen. */
#ifndef BASE_SIZED_H
#define BASE_SIZED_H

#include <copydesk/error.h>
#include <stdbool.h>
#include <stddef.h>

/* Larger sizes are memory that nobody filled in: no struct comes near. */
enum { SIZED_BYTES_MAX = 4096 };

enum sized { SIZED_OK, SIZED_UNSET, SIZED_NEWER };

/* Copies what the caller's struct has over `known`, which holds the defaults and its own size.
 * Sizes below `size_min` are SIZED_UNSET. */
enum sized sized_read(void *known, size_t size_min, const void *given);

/* The error of a struct that sized_read did not take; `name` is its type. */
desk_status sized_error(enum sized sized, const char *name, desk_error *err);

/* Copies `known` over the caller's struct as far as that goes and clears the rest; the caller's
 * size stays. False, with nothing written, when the size is not set. */
bool sized_write(void *given, const void *known);

#endif
