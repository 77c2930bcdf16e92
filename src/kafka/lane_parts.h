/* What the files of the lane share. */
#ifndef KAFKA_LANE_PARTS_H
#define KAFKA_LANE_PARTS_H

#include "kafka/lane.h"

long long lane_now_ms(void);
unsigned long long lane_now_ns(void);
void lane_log(const struct lane *lane, enum config_log_level level, const char *message,
              const char *reason);

/* transaction.c: all return false when the lane has to go back or be rebuilt (must_rewind,
 * must_rebuild say which). */
bool transaction_open(struct lane *lane);
bool transaction_commit(struct lane *lane);
void transaction_abort(struct lane *lane);
/* Seeks to the start of what was aborted. */
void transaction_rewind(struct lane *lane);

/* publish.c: one raw record to its one place. False when the lane has to go back. */
bool publish_record(struct lane *lane, rd_kafka_message_t *message, struct part *part);
void publish_delivered(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque);

/* rebalance.c */
void rebalance_happened(rd_kafka_t *consumer, rd_kafka_resp_err_t err,
                        rd_kafka_topic_partition_list_t *partitions, void *opaque);

#endif
