/* How far a consumer group has come, asked of the brokers from outside of the group: for all
 * partitions of the input topics, whoever reads them. One thread. */
#ifndef KAFKA_GROUP_LAG_H
#define KAFKA_GROUP_LAG_H

#include "kafka/reader.h"
#include "ops/clients.h"

struct group_lag {
    struct reader reader;
    struct partition_figures *rows; /* committed -1: the group has committed nothing there */
    size_t count;
};

bool group_lag_open(struct group_lag *lag, const struct config *config,
                    char error[CLIENT_ERROR_SIZE]);
void group_lag_close(struct group_lag *lag);
/* Asks anew. False with the reason, and no rows, when a broker does not answer. */
bool group_lag_read(struct group_lag *lag, char error[CLIENT_ERROR_SIZE]);

#endif
