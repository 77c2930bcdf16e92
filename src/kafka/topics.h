/* Topics at start: they must exist, or are created when the configuration says so. */
#ifndef KAFKA_TOPICS_H
#define KAFKA_TOPICS_H

#include "kafka/client.h"

/* Asks the cluster for all fixed topics. False with a text that names what is missing or not
 * allowed and what to do. */
bool topics_prepare(const struct config *config, const struct log_settings *log,
                    char error[CLIENT_ERROR_SIZE]);

/* The state of one topic: no error, unknown, not allowed, or another one; `partitions` (may be
 * NULL) is set when there is no error. `note` is filled by the client's error callback. */
rd_kafka_resp_err_t topics_look_up(rd_kafka_t *client, const char *name,
                                   const struct refusal_note *note, int *partitions);
bool topics_is_missing(rd_kafka_resp_err_t err);

#endif
