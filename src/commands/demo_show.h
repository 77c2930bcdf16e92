/* An enriched record of the demo for people: a line or a short paragraph a field, each with its
 * label. */
#ifndef COMMANDS_DEMO_SHOW_H
#define COMMANDS_DEMO_SHOW_H

#include <copydesk/record.h>
#include <librdkafka/rdkafka.h>
#include <stdbool.h>
#include <stdio.h>

struct demo_view {
    FILE *out;
    bool colour;
    size_t columns;
};

/* What became of a raw record. */
void demo_show(const struct demo_view *view, const desk_result *result,
               const rd_kafka_message_t *message);

#endif
