/* Where a record goes, and under which key. */
#ifndef KAFKA_ROUTING_H
#define KAFKA_ROUTING_H

#include <copydesk/record.h>

#include "config/config.h"
#include "kafka/coordinates.h"

struct desk_article;

/* What routes look at. */
struct routing_facts {
    const char *input;                  /* topic of the raw record */
    const desk_result *result;          /* its outcome */
    const struct desk_article *article; /* of an enriched record, for its subjects; else NULL */
};

/* The output topic of an enriched record or a tombstone: that of the first route that fits; else
 * output.topic, fixed, or the template filled in, when the result is in output.topics, or the first
 * of those. Data can never name a topic that is not listed. Values are reduced to letters, digits,
 * '.', '_' and '-'; an unknown value is "none". */
void routing_topic(const struct config *config, const struct routing_facts *facts,
                   char topic[TOPIC_SIZE]);
/* The topic of a rejected record: that of the first route that fits its code, else rejected.topic.
 * Lives as long as the config. */
const char *routing_rejected_topic(const struct config *config, const char *input,
                                   const char *code);
/* The key by policy; false: keep the raw record's key (also when the record has no such value). */
bool routing_key(const struct config *config, const desk_result *result, desk_slice *key);

#endif
