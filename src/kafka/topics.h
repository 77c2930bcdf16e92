/* Topics at start: they must exist, or are created when the configuration says so. */
#ifndef KAFKA_TOPICS_H
#define KAFKA_TOPICS_H

#include "kafka/client.h"

/* Asks the cluster for all fixed topics. False with a text that names what is missing or not
 * allowed and what to do. */
bool topics_prepare(const struct config *config, const struct log_settings *log,
                    char error[CLIENT_ERROR_SIZE]);

#endif
