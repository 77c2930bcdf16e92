/* The partitions a lane holds: where its transaction started, what comes next, and the ledger of
 * each. */
#ifndef KAFKA_PARTS_H
#define KAFKA_PARTS_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ops/ledger.h"

struct part {
    char *topic;
    int32_t partition;
    int64_t first_offset; /* of the open transaction; -1: nothing read in it */
    int64_t next_offset;  /* to commit; -1: nothing read yet */
    int32_t leader_epoch;
    struct ledger ledger; /* of the open transaction */
};

struct parts {
    struct part *items;
    size_t count, capacity;
    size_t last; /* the one found last: messages come in runs */
};

/* The partition's entry, added when new; NULL when out of memory. */
struct part *parts_get(struct parts *parts, const char *topic, int32_t partition);
void parts_remove(struct parts *parts, const char *topic, int32_t partition);
void parts_clear(struct parts *parts);
void parts_free(struct parts *parts);
/* Entries read in the open transaction as a list of offsets to commit, or to go back to. NULL when
 * there are none or out of memory. */
rd_kafka_topic_partition_list_t *parts_commit_list(const struct parts *parts);
rd_kafka_topic_partition_list_t *parts_rewind_list(const struct parts *parts);
/* After a commit: adds what it held to the table, and returns the number of its records. */
uint64_t parts_committed(struct parts *parts, struct ledger_table *table);
/* After an abort: forget what was read in the transaction. */
void parts_rewound(struct parts *parts);
/* An entry whose ledger does not add up, or whose offsets cannot hold what it counts; NULL when all
 * do. */
const struct part *parts_breach(const struct parts *parts);

#endif
