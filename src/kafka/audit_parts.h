/* What the files of the audit share. */
#ifndef KAFKA_AUDIT_PARTS_H
#define KAFKA_AUDIT_PARTS_H

#include <copydesk/record.h>

#include "kafka/audit.h"

/* Of one offset of a raw partition. */
enum audit_mark {
    AUDIT_NOTHING = 0,
    AUDIT_PRESENT = 1, /* a committed record stands there */
    AUDIT_ABORTED = 2, /* a record of an aborted transaction stands there */
    AUDIT_ENRICHED = 4,
    AUDIT_REJECTED = 8,
    AUDIT_PASSED = 16,
    AUDIT_SKIPPED = 32
};

/* audit_keys.c; out of memory goes to audit->is_out_of_memory. */
/* Never 0. */
uint64_t audit_hash_key(const rd_kafka_message_t *message);
/* Does nothing for a record without a key. */
void audit_remember_key(struct audit *audit, const rd_kafka_message_t *message);
bool audit_has_key(const struct audit *audit, uint64_t hash);
void audit_add_doubt(struct audit *audit, const struct audit_doubt *doubt);

/* audit_bounds.c */
bool audit_is_compacted(struct audit *audit, rd_kafka_t *client, const char *topic);

#endif
