/* What the files of the redrive share. */
#ifndef KAFKA_REDRIVE_PARTS_H
#define KAFKA_REDRIVE_PARTS_H

#include "kafka/redrive.h"

/* NULL when the record is no candidate. */
struct redrive_candidate *redrive_find(struct redrive *redrive, int32_t partition, int64_t offset);
void redrive_delivered(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque);

#endif
