/* What the files of the audit share. */
#ifndef KAFKA_AUDIT_PARTS_H
#define KAFKA_AUDIT_PARTS_H

#include <copydesk/record.h>

#include "kafka/audit.h"

/* Of one offset of a raw partition. */
enum audit_mark {
    AUDIT_PRESENT = 1, /* a committed record stands there */
    AUDIT_ABORTED = 2, /* a record of an aborted transaction stands there */
    AUDIT_ENRICHED = 4,
    AUDIT_REJECTED = 8,
    AUDIT_PASSED = 16
};

bool audit_is_compacted(struct audit *audit, rd_kafka_t *client, const char *topic);

#endif
