/* A Kafka message as the engine sees it. */
#include "kafka/raw_record.h"

#include "base/slice.h"

static desk_slice content_type_of(const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers = NULL;
    const void *value = NULL;
    size_t len = 0;
    if (rd_kafka_message_headers(message, &headers) ||
        (rd_kafka_header_get_last(headers, "content-type", &value, &len) &&
         rd_kafka_header_get_last(headers, "Content-Type", &value, &len)))
        return slice_of(NULL, 0);
    return slice_of(value, value ? len : 0);
}

desk_record raw_record(const rd_kafka_message_t *message)
{
    desk_record record = DESK_RECORD_INIT;
    rd_kafka_timestamp_type_t type;
    int64_t timestamp = rd_kafka_message_timestamp(message, &type);
    record.value = slice_of(message->payload, message->len);
    record.is_null = message->payload == NULL;
    record.content_type = content_type_of(message);
    record.topic = slice_from_cstr(rd_kafka_topic_name(message->rkt));
    record.partition = message->partition;
    record.offset = message->offset;
    record.timestamp_ms = type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? DESK_NO_TIME : timestamp;
    return record;
}
