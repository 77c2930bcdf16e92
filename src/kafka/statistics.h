/* Reading librdkafka's statistics: what is wanted of them for the metrics. Source of the fields:
 * librdkafka's STATISTICS.md. */
#ifndef KAFKA_STATISTICS_H
#define KAFKA_STATISTICS_H

#include "kafka/parts.h"
#include "ops/clients.h"

struct statistics {
    struct client_figures client;
    struct partition_figures *partitions; /* assigned ones, on the heap; NULL: none */
    size_t partitions_count;
};

/* `parts` says how far each partition is done; NULL for a producer, which has none. False when the
 * text is no statistics or memory is out; nothing has to be freed then. */
bool statistics_read(const char *json, size_t len, const struct parts *parts,
                     struct statistics *statistics);

#endif
