/* Where a record stands in Kafka, and its text form TOPIC/PARTITION/OFFSET: argument of `copydesk
 * replay`, value of the header copydesk.provenance, and how messages name a record. */
#ifndef KAFKA_COORDINATES_H
#define KAFKA_COORDINATES_H

#include <copydesk/slice.h>
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A topic's name has at most 249 characters of letters, digits, '.', '_' and '-'. */
enum { TOPIC_SIZE = 250, COORDINATES_SIZE = TOPIC_SIZE + 34 };

struct coordinates {
    char topic[TOPIC_SIZE];
    int32_t partition;
    int64_t offset;
};

/* "articles.raw/3/1200". Returns the length without the final NUL. */
size_t coordinates_print(const char *topic, int32_t partition, int64_t offset,
                         char out[COORDINATES_SIZE]);
/* Reads the text form; false when it is none. */
bool coordinates_parse(const char *text, size_t len, struct coordinates *out);

/* Of which raw record an enriched record or a tombstone speaks: its header copydesk.provenance,
 * else the `provenance` in its value. False when it does not say. */
bool coordinates_of_enriched(const rd_kafka_message_t *message, struct coordinates *out);
/* The same from the value of an enriched record alone. */
bool coordinates_of_value(desk_slice json, struct coordinates *out);
/* Of which raw record a rejected one speaks: the headers copydesk.error.topic, .partition, .offset.
 */
bool coordinates_of_rejected(const rd_kafka_message_t *message, struct coordinates *out);
/* Of which raw record the note about a skipped one speaks: copydesk.provenance, beside
 * copydesk.skipped.reason. */
bool coordinates_of_skipped(const rd_kafka_message_t *message, struct coordinates *out);

#endif
