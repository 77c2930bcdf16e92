/* From a Kafka message to the engine's record. */
#ifndef KAFKA_RAW_RECORD_H
#define KAFKA_RAW_RECORD_H

#include <copydesk/record.h>
#include <librdkafka/rdkafka.h>

/* Borrows from the message, which must outlive the record. */
desk_record raw_record(const rd_kafka_message_t *message);

#endif
