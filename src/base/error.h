/* Filling desk_error values. Everything tolerates err == NULL, and the first error wins. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <copydesk/error.h>
#include <copydesk/slice.h>

/* Records an error and returns its status, so that a caller can write `return error_set(...)`.
 * The class follows from the status; stage stays as it is (the engine fills it in). */
desk_status error_set(desk_error *err, desk_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with a byte offset into the input. */
desk_status error_at(desk_error *err, desk_status status, size_t offset, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Says in which file of the operator the error lies; line and column from 1, or 0 when the whole
 * file is meant. */
void error_place(desk_error *err, const char *file, size_t line, size_t column);

#endif
