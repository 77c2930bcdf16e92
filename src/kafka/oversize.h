/* Records that a broker refused for their size: what a lane has to know when it reads them again.
 *
 * librdkafka checks key and value before it takes a record; headers and the limit of the topic are
 * judged by the broker, after the fact and for a whole batch, so that the first failure accuses the
 * records beside it too. */
#ifndef KAFKA_OVERSIZE_H
#define KAFKA_OVERSIZE_H

#include <stddef.h>
#include <stdint.h>

#include "kafka/parts.h"

/* After one failure a record is sent in a batch of its own; from two on it is known to be too
 * large itself. */
enum { OVERSIZE_ALONE = 1, OVERSIZE_PROVEN = 2 };

struct oversize_entry {
    char *topic;
    int32_t partition;
    int64_t offset;
    unsigned failures;
};

struct oversize {
    struct oversize_entry *items;
    size_t count, capacity;
};

/* How often the raw record's outcome has been refused for its size. */
unsigned oversize_failures(const struct oversize *oversize, const struct oversize_entry *record);
/* Counts one more; `record` is copied, its failures are not looked at. Without memory nothing is
 * counted: the record is tried once more then. */
void oversize_failed(struct oversize *oversize, const struct oversize_entry *record);
/* After a commit: forgets what lies before the committed offsets, and in partitions of others. */
void oversize_forget(struct oversize *oversize, const struct parts *parts);
void oversize_free(struct oversize *oversize);

#endif
