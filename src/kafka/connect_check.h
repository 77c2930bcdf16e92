/* Trying what a configuration needs of a cluster, before anything runs: brokers, topics,
 * permissions. No record is published and no offset is committed. */
#ifndef KAFKA_CONNECT_CHECK_H
#define KAFKA_CONNECT_CHECK_H

#include "config/config.h"

struct mistakes;

/* Prints what is well to stdout and adds a mistake, at the key it belongs to, for what is not. */
void connect_check(const struct config *config, struct mistakes *mistakes);

#endif
