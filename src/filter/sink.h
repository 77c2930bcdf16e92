/* Bytes on their way out: collected, then written to a descriptor at once. */
#ifndef FILTER_SINK_H
#define FILTER_SINK_H

#include <copydesk/slice.h>
#include <stdbool.h>

struct sink {
    char *data;
    size_t len, capacity;
    bool has_failed; /* out of memory: what was to be collected is not there */
};

void sink_deinit(struct sink *sink);
void sink_put(struct sink *sink, desk_slice bytes);
/* Writes all of it, waits where the reader is slow, and empties the sink. False: errno is set. */
bool sink_write(struct sink *sink, int fd);

#endif
