/* Rebalances, cooperative: what is given is added, what is taken is committed first, what is lost
 * is given up. Runs inside the lane's poll, so in its thread. */
#include <stdio.h>

#include "kafka/lane_parts.h"

static void log_partitions(const struct lane *lane, const char *message,
                           const rd_kafka_topic_partition_list_t *list)
{
    char text[1024];
    size_t len = 0;
    text[0] = '\0';
    for (int i = 0; i < list->cnt && len + 64 < sizeof text; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%.40s/%d", i ? " " : "",
                                list->elems[i].topic, list->elems[i].partition);
    log_write(lane->head.log, LOG_INFO, message,
              LOG_FIELDS(log_number("lane", (long long)lane->index), log_number("count", list->cnt),
                         log_text("partitions", text)));
}

static void check(struct lane *lane, rd_kafka_error_t *error, const char *what)
{
    if (!error)
        return;
    lane_log(lane, LOG_WARN, what, rd_kafka_error_string(error));
    if (rd_kafka_error_is_fatal(error))
        lane->must_rebuild = true;
    rd_kafka_error_destroy(error);
}

static void assigned(struct lane *lane, rd_kafka_t *consumer, rd_kafka_topic_partition_list_t *list)
{
    log_partitions(lane, "partitions assigned", list);
    metric_add(lane->metrics, METRIC_ASSIGNED, 1);
    measure_state(lane, STATE_RUNNING);
    if (!backfill_place(lane, list)) {
        lane_log(lane, LOG_WARN, "the committed offsets could not be read; the lane is made anew",
                 "no answer");
        lane->must_rebuild = true;
    }
    check(lane, rd_kafka_incremental_assign(consumer, list), "assigning partitions failed");
    backfill_placed(lane, list);
    atomic_fetch_add(&lane->metrics->partitions, (unsigned)list->cnt);
    atomic_store(&lane->metrics->is_joined, true);
    lane->has_been_assigned = true;
}

/* Lost partitions have a new owner already, who reads from the last commit: what this transaction
 * holds of them must not be published. The others are read again. */
static void give_up(struct lane *lane, const rd_kafka_topic_partition_list_t *list)
{
    bool was_open = lane->is_open;
    if (list)
        log_partitions(lane, "partitions lost; the open transaction is aborted", list);
    transaction_abort(lane);
    if (was_open)
        lane->must_rewind = true;
}

static void revoked(struct lane *lane, rd_kafka_t *consumer, rd_kafka_topic_partition_list_t *list)
{
    bool is_lost = rd_kafka_assignment_lost(consumer);
    metric_add(lane->metrics, is_lost ? METRIC_LOST : METRIC_REVOKED, 1);
    flow_moved(&lane->shared->metrics.flow);
    if (is_lost) {
        give_up(lane, list);
    } else {
        log_partitions(lane, "partitions revoked", list);
        if (lane->must_rebuild || lane->must_rewind ||
            atomic_load(&lane->shared->stop) == LANE_ABORT)
            give_up(lane, NULL);
        else
            transaction_commit(lane); /* on failure it has aborted, and the lane goes back */
    }
    for (int i = 0; i < list->cnt; i++)
        parts_remove(&lane->parts, list->elems[i].topic, list->elems[i].partition);
    check(lane, rd_kafka_incremental_unassign(consumer, list), "giving partitions back failed");
    unsigned held = atomic_load(&lane->metrics->partitions);
    atomic_store(&lane->metrics->partitions,
                 held > (unsigned)list->cnt ? held - (unsigned)list->cnt : 0);
}

void rebalance_happened(rd_kafka_t *consumer, rd_kafka_resp_err_t err,
                        rd_kafka_topic_partition_list_t *partitions, void *opaque)
{
    struct lane *lane = opaque;
    if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        assigned(lane, consumer, partitions);
    } else if (err == RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
        revoked(lane, consumer, partitions);
    } else {
        metric_add(lane->metrics, METRIC_REBALANCE_FAILED, 1);
        lane_log(lane, LOG_ERROR, "the group's rebalance failed", rd_kafka_err2str(err));
        give_up(lane, NULL);
        rd_kafka_assign(consumer, NULL);
    }
}
