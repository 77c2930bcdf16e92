/* Where an enriched record goes, and under which key. */
#ifndef KAFKA_ROUTING_H
#define KAFKA_ROUTING_H

#include <copydesk/record.h>

#include "config/config.h"
#include "kafka/coordinates.h"

/* The output topic: fixed, or the template filled in, when the result is in output.topics; else the
 * first of those. Data can never name a topic that is not listed. Values are reduced to letters,
 * digits, '.', '_' and '-'; an unknown value is "none". */
void routing_topic(const struct config *config, const desk_result *result, char topic[TOPIC_SIZE]);
/* The key by policy; false: keep the raw record's key (also when the record has no such value). */
bool routing_key(const struct config *config, const desk_result *result, desk_slice *key);

#endif
