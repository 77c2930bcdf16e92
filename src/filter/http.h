/* The HTTP response in a WARC record: status, fields, and the body as it was meant. */
#ifndef FILTER_HTTP_H
#define FILTER_HTTP_H

#include <copydesk/record.h>

#include "base/arena.h"

struct http_response {
    unsigned status; /* 200 */
    desk_header *headers;
    size_t headers_count;
    desk_slice content_type, content_encoding, transfer_encoding; /* the last of each; or empty */
    desk_slice body;
};

/* What is wrong with a response: a code of docs/errors.md and text; code NULL: nothing. */
struct http_fault {
    const char *code;
    char reason[160];
};

/* Sets the fault; false. */
bool http_fail(struct http_fault *fault, const char *code, const char *reason);
/* Whether a block is an HTTP response at all. */
bool http_is_response(desk_slice block);
/* Reads it; slices point into the block, headers lie in the arena. False: fault is set. */
bool http_read(desk_slice block, struct arena *arena, struct http_response *response,
               struct http_fault *fault);

/* Undoes chunks and compression, up to bytes_max. Crawlers store bodies decoded and leave the
 * fields that say otherwise: what is not as its field says is taken as it is. A body that ends
 * early is taken as far as it goes when may_end_early. False: fault is set. */
struct http_limits {
    size_t bytes_max;
    bool may_end_early;
};
bool http_decode(struct http_response *response, struct arena *arena,
                 const struct http_limits *limits, struct http_fault *fault);

#endif
