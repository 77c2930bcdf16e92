/** @file
 * A piece of text or bytes that belongs to somebody else: pointer and length, never NUL-terminated.
 *
 * data may be NULL only when len is 0. Comparing or printing never reads data[len]. Whoever hands
 * out a slice says how long it stays valid.
 *
 * @code
 * printf("%.*s\n", (int)slice.len, slice.data);
 * @endcode
 */
#ifndef COPYDESK_SLICE_H
#define COPYDESK_SLICE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes that belong to somebody else. This struct never grows. */
typedef struct desk_slice {
    const char *data; /**< first byte, or NULL when len is 0 */
    size_t len;       /**< bytes */
} desk_slice;

#ifdef __cplusplus
}
#endif

#endif
