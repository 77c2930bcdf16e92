/* Which rejected records a redrive takes. */
#ifndef KAFKA_REDRIVE_FILTER_H
#define KAFKA_REDRIVE_FILTER_H

#include "kafka/redrive.h"

/* How often a record was redriven already, by its header. */
long long redrive_times(const rd_kafka_message_t *message);
bool redrive_matches(const struct redrive_filter *filter, const rd_kafka_message_t *message,
                     const struct coordinates *raw);
/* Whether the text holds a URL whose host is the domain or ends with ".domain". */
bool redrive_names_source(const char *text, size_t len, const char *domain);

#endif
