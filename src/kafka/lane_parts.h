/* What the files of the lane share. */
#ifndef KAFKA_LANE_PARTS_H
#define KAFKA_LANE_PARTS_H

#include "kafka/lane.h"

long long lane_now_ms(void);
unsigned long long lane_now_ns(void);
void lane_log(const struct lane *lane, enum config_log_level level, const char *message,
              const char *reason);
/* The lane stops for good, and the process with it. The first reason stays. */
void lane_fail(struct lane *lane, const char *reason);

/* A reference to the rulebook in use, for the caller to release, and its generation. Any thread. */
desk_rulebook *lane_rulebook(struct lane_shared *shared, unsigned *generation);

/* Handles what a poll brought. While the lane has to go back, a record only widens what is read
 * again. The caller destroys the message. */
void lane_take(struct lane *lane, rd_kafka_message_t *message);

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

/* measure.c: what the metrics show of a lane. */
/* Goes round the loop: the lane is alive. `now_ms` is of lane_now_ms. */
void measure_turn(struct lane *lane, long long now_ms);
void measure_state(struct lane *lane, enum lane_state state);
/* desk_engine_process with its time, and now and then the time of each stage. */
desk_status measure_process(struct lane *lane, const desk_record *record, desk_result *result,
                            desk_error *err);
/* A record has come to its place. */
void measure_placed(struct lane *lane, const rd_kafka_message_t *message,
                    const desk_result *result);
/* The open transaction has ended, by a commit that began at commit_ns or (0) by an abort. */
void measure_ended(struct lane *lane, unsigned long long commit_ns);
/* librdkafka's statistics of the lane's consumer or producer. */
int measure_statistics(rd_kafka_t *client, char *json, size_t len, void *opaque);

/* lane_backfill.c; all of them do nothing outside a backfill. */
/* Fills in the offsets that assigned partitions start at; false when the commits cannot be read. */
bool backfill_place(struct lane *lane, rd_kafka_topic_partition_list_t *list);
/* After the assignment: partitions that have nothing to read are done. */
void backfill_placed(struct lane *lane, const rd_kafka_topic_partition_list_t *list);
/* A message, or the end of a partition, at or behind the bound ends the partition's reading. */
void backfill_reached(struct lane *lane, const rd_kafka_message_t *message);
/* Whether a record is none of the backfill's. */
bool backfill_excludes(const struct lane *lane, const rd_kafka_message_t *message);

/* rebalance.c */
void rebalance_happened(rd_kafka_t *consumer, rd_kafka_resp_err_t err,
                        rd_kafka_topic_partition_list_t *partitions, void *opaque);

#endif
