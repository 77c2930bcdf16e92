/* Published records for people and for programs. */
#ifndef COMMANDS_TAP_SHOW_H
#define COMMANDS_TAP_SHOW_H

#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>

struct tap_view {
    FILE *out;
    bool is_json; /* one JSON object a line: enriched records as they are */
    bool colour;
    size_t columns;
};

/* An enriched record, or a tombstone. */
void tap_show_enriched(const struct tap_view *view, const rd_kafka_message_t *message);
/* A rejected record, or the note about one that a stage dropped. */
void tap_show_rejected(const struct tap_view *view, const rd_kafka_message_t *message);

#endif
