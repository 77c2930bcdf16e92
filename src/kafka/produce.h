/* Handing one record to a producer. */
#ifndef KAFKA_PRODUCE_H
#define KAFKA_PRODUCE_H

#include <copydesk/slice.h>
#include <librdkafka/rdkafka.h>
#include <stdbool.h>

/* Absent and empty are two things for key and value. */
struct outgoing {
    const char *topic;
    int32_t partition; /* RD_KAFKA_PARTITION_UA: by key */
    bool has_key, has_value;
    desk_slice key, value;       /* copied */
    int64_t timestamp;           /* ms since 1970; 0: now */
    rd_kafka_headers_t *headers; /* the producer's after success; NULL: none */
    void *opaque;                /* for the delivery report; the producer's after success */
};

/* Copies key and value into the producer's queue. On an error headers and opaque stay the
 * caller's; RD_KAFKA_RESP_ERR__QUEUE_FULL asks for rd_kafka_poll and another try. */
rd_kafka_resp_err_t produce_outgoing(rd_kafka_t *producer, const struct outgoing *out);

/* Of a delivery report: a success that no broker confirmed. When of two requests in flight to one
 * partition the first fails and the second succeeds, librdkafka infers that the first was persisted
 * too ("implicit ack", rdkafka_request.c) and reports its messages as delivered, without an offset.
 * A broker that became the partition's leader in between knows nothing of the producer and takes
 * the second alone, so the first may be nowhere. Such messages must not be committed. */
bool produce_is_unproven(const rd_kafka_message_t *report);

#endif
