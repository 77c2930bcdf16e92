/* Content-Encoding of HTTP: gzip, deflate, zstd. */
#ifndef FILTER_ENCODINGS_H
#define FILTER_ENCODINGS_H

#include "filter/http.h"

/* Undoes what response->content_encoding lists, the last first. False: fault is set. */
bool encodings_undo(struct http_response *response, struct arena *arena,
                    const struct http_limits *limits, struct http_fault *fault);
#endif
