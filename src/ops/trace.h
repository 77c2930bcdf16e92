/* The traceparent header of W3C Trace Context (www.w3.org/TR/trace-context, level 1). */
#ifndef OPS_TRACE_H
#define OPS_TRACE_H

#include <copydesk/slice.h>
#include <stdbool.h>

enum { TRACE_ID_SIZE = 33 };

/* The trace id of a valid header: 32 hexadecimal digits and a NUL. False when the header is not
 * valid. A later version may be longer than this one. */
bool trace_id_of(desk_slice traceparent, char id[TRACE_ID_SIZE]);

#endif
