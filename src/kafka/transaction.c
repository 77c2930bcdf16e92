/* Opening, committing, aborting and going back. Sequence and error classes: librdkafka's
 * documentation of the transactional producer; an error that is neither retriable nor abortable
 * counts as fatal. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kafka/lane_parts.h"
#include "kafka/refusal.h"

enum {
    SEEK_MS = 10000,
    RETRY_PAUSE_MS = 100,
    FLUSH_STEP_MS = 1000,
    FAILURE_PAUSE_MS = 50, /* doubled with each failure in a row, up to ... */
    FAILURE_PAUSE_MS_MAX = 1600
};

static bool is_transactional(const struct lane *lane)
{
    return lane->shared->config->delivery == DELIVERY_EXACTLY_ONCE;
}

static bool is_aborting(const struct lane *lane)
{
    return atomic_load(&lane->shared->stop) == LANE_ABORT;
}

static void pause_ms(long ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* Sets what follows from a verdict; true when it was none. */
static bool settle(struct lane *lane, enum client_verdict verdict, const char *what,
                   const char *reason)
{
    if (verdict == VERDICT_OK)
        return true;
    lane_log(lane, LOG_WARN, what, reason);
    if (verdict == VERDICT_REFUSED)
        lane_fail(lane, reason);
    if (verdict == VERDICT_FATAL)
        lane->must_rebuild = true;
    else
        lane->must_rewind = true;
    return false;
}

bool transaction_open(struct lane *lane)
{
    char reason[CLIENT_ERROR_SIZE];
    if (lane->is_open)
        return true;
    if (is_transactional(lane)) {
        enum client_verdict verdict =
            client_judge(lane->shared->config, rd_kafka_begin_transaction(lane->producer), reason);
        /* Nothing is open that could be aborted: the record in hand is read again only by a lane
         * that starts from its committed offsets. */
        if (!settle(lane, verdict == VERDICT_OK ? VERDICT_OK : VERDICT_FATAL,
                    "a transaction could not be begun", reason))
            return false;
    }
    lane->is_open = true;
    lane->opened_ms = lane_now_ms();
    lane->bytes_open = 0;
    lane->raw_count = 0;
    lane->delivery_failures = 0;
    lane->unproven_deliveries = 0;
    return true;
}

/* --- commit -------------------------------------------------------------------------------- */

/* Retried with the same arguments, as the protocol asks; the group metadata is fresh at each
 * commit. */
static enum client_verdict send_offsets(struct lane *lane,
                                        const rd_kafka_topic_partition_list_t *offsets,
                                        char reason[CLIENT_ERROR_SIZE])
{
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(lane->consumer);
    enum client_verdict verdict = VERDICT_FATAL;
    strcpy(reason, "no group metadata: the consumer has not joined");
    while (group) {
        verdict = client_judge(
            lane->shared->config,
            rd_kafka_send_offsets_to_transaction(lane->producer, offsets, group, -1), reason);
        if (verdict != VERDICT_RETRY || is_aborting(lane))
            break;
        measure_turn(lane, lane_now_ms());
        pause_ms(RETRY_PAUSE_MS);
    }
    if (group)
        rd_kafka_consumer_group_metadata_destroy(group);
    return verdict == VERDICT_RETRY ? VERDICT_ABORT : verdict;
}

static enum client_verdict commit_transaction(struct lane *lane, char reason[CLIENT_ERROR_SIZE])
{
    for (;;) {
        enum client_verdict verdict = client_judge(
            lane->shared->config, rd_kafka_commit_transaction(lane->producer, -1), reason);
        if (verdict != VERDICT_RETRY || is_aborting(lane))
            return verdict == VERDICT_RETRY ? VERDICT_ABORT : verdict;
        measure_turn(lane, lane_now_ms());
        pause_ms(RETRY_PAUSE_MS);
    }
}

/* Until each record has its delivery report, and none of them is a guess. */
static enum client_verdict await_deliveries(struct lane *lane, char reason[CLIENT_ERROR_SIZE])
{
    while (rd_kafka_flush(lane->producer, FLUSH_STEP_MS) == RD_KAFKA_RESP_ERR__TIMED_OUT) {
        measure_turn(lane, lane_now_ms());
        if (is_aborting(lane)) {
            strcpy(reason, "stopped while records were under way");
            return VERDICT_ABORT;
        }
    }
    if (lane->unproven_deliveries) {
        snprintf(
            reason, CLIENT_ERROR_SIZE,
            "%u records were reported as delivered without an offset: no broker confirmed them",
            lane->unproven_deliveries);
        return VERDICT_ABORT;
    }
    return VERDICT_OK;
}

/* At least once: everything delivered, then the offsets. */
static enum client_verdict flush_and_commit(struct lane *lane,
                                            const rd_kafka_topic_partition_list_t *offsets,
                                            char reason[CLIENT_ERROR_SIZE])
{
    enum client_verdict delivered = await_deliveries(lane, reason);
    if (delivered != VERDICT_OK)
        return delivered;
    if (lane->delivery_failures) {
        strcpy(reason, "records could not be delivered");
        return VERDICT_ABORT;
    }
    rd_kafka_resp_err_t err = rd_kafka_commit(lane->consumer, offsets, 0);
    snprintf(reason, CLIENT_ERROR_SIZE, "%s: %s", rd_kafka_err2name(err), rd_kafka_err2str(err));
    if (refusal_is(err)) {
        struct refusal refusal = {err, NULL, NULL};
        refusal_explain(lane->shared->config, &refusal, reason);
        return VERDICT_REFUSED;
    }
    return err ? VERDICT_ABORT : VERDICT_OK;
}

static enum client_verdict commit_list(struct lane *lane,
                                       const rd_kafka_topic_partition_list_t *offsets,
                                       char reason[CLIENT_ERROR_SIZE])
{
    if (!is_transactional(lane))
        return flush_and_commit(lane, offsets, reason);
    enum client_verdict verdict = send_offsets(lane, offsets, reason);
    if (verdict == VERDICT_OK)
        verdict = await_deliveries(lane, reason);
    return verdict == VERDICT_OK ? commit_transaction(lane, reason) : verdict;
}

static void count_commit(struct lane *lane, unsigned long long started)
{
    uint64_t records = parts_committed(&lane->parts, &lane->shared->metrics.ledgers);
    oversize_forget(&lane->oversize, &lane->parts);
    metric_add(lane->metrics, METRIC_COMMITS, 1);
    metric_add(lane->metrics, METRIC_COMMITTED_RECORDS, records);
    measure_ended(lane, started);
}

/* A ledger that does not add up is a fault of the program: going on could lose records silently, so
 * the lane stops for good, with nothing committed. */
static bool ledger_is_broken(struct lane *lane)
{
    const struct part *part = parts_breach(&lane->parts);
    if (!part)
        return false;
    const struct ledger *ledger = &part->ledger;
    metric_add(lane->metrics, METRIC_LEDGER_BREACHES, 1);
    snprintf(lane->failure, sizeof lane->failure,
             "the ledger of %s [%" PRId32 "] from offset %" PRId64 " to %" PRId64
             " does not add up: in %" PRIu64 ", enriched %" PRIu64 ", rejected %" PRIu64
             ", passed %" PRIu64 ", skipped %" PRIu64
             "; nothing of it was committed. This is a fault of copydesk, please report it",
             part->topic, part->partition, part->first_offset, part->next_offset, ledger->in,
             ledger->enriched, ledger->rejected, ledger->passed, ledger->skipped);
    atomic_store(&lane->has_failed, true);
    transaction_abort(lane);
    return true;
}

bool transaction_commit(struct lane *lane)
{
    char reason[CLIENT_ERROR_SIZE] = "";
    if (!lane->is_open)
        return true;
    if (ledger_is_broken(lane))
        return false;
    unsigned long long started = lane_now_ns();
    rd_kafka_topic_partition_list_t *offsets = parts_commit_list(&lane->parts);
    enum client_verdict verdict;
    if (!offsets) {
        /* All partitions of the transaction were taken away: there is nothing it could commit. */
        transaction_abort(lane);
        return true;
    } else {
        verdict = commit_list(lane, offsets, reason);
    }
    if (offsets)
        rd_kafka_topic_partition_list_destroy(offsets);
    if (verdict == VERDICT_OK) {
        lane->is_open = false;
        lane->failures = 0;
        count_commit(lane, started);
        return true;
    }
    settle(lane, verdict, "the commit failed; the records are read again", reason);
    if (!lane->must_rebuild)
        transaction_abort(lane);
    lane->must_rewind = !lane->must_rebuild;
    return false;
}

/* --- abort and rewind ---------------------------------------------------------------------- */

/* What is under way at least once. A purge that does not wait for the broker threads would take
 * records with it that are produced after it; and their reports belong to what ends here. */
static void drop_outgoing(struct lane *lane)
{
    do {
        measure_turn(lane, lane_now_ms());
        rd_kafka_purge(lane->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    } while (rd_kafka_flush(lane->producer, FLUSH_STEP_MS) == RD_KAFKA_RESP_ERR__TIMED_OUT &&
             !is_aborting(lane));
}

void transaction_abort(struct lane *lane)
{
    char reason[CLIENT_ERROR_SIZE];
    if (!lane->is_open)
        return;
    lane->is_open = false;
    metric_add(lane->metrics, METRIC_ABORTS, 1);
    measure_ended(lane, 0);
    if (!is_transactional(lane)) {
        drop_outgoing(lane);
        return;
    }
    enum client_verdict verdict;
    do {
        measure_turn(lane, lane_now_ms());
        verdict = client_judge(
            lane->shared->config,
            rd_kafka_abort_transaction(lane->producer, is_aborting(lane) ? 2000 : -1), reason);
    } while (verdict == VERDICT_RETRY && !is_aborting(lane));
    if (verdict != VERDICT_OK) {
        lane_log(lane, LOG_WARN, "a transaction could not be aborted; the lane is made anew",
                 reason);
        lane->must_rebuild = true;
    }
}

/* The first failure is mostly a rebalance or an election that is over: at once. What fails again
 * and again must not fill logs and topics meanwhile. */
static void pause_after_failures(struct lane *lane)
{
    long long pause =
        lane->failures < 6 ? FAILURE_PAUSE_MS << lane->failures : FAILURE_PAUSE_MS_MAX;
    bool is_first = lane->failures++ == 0;
    for (long long until = lane_now_ms() + pause; !is_first && lane_now_ms() < until;) {
        if (atomic_load(&lane->shared->stop) != LANE_RUN)
            return;
        measure_turn(lane, lane_now_ms());
        pause_ms(FAILURE_PAUSE_MS);
    }
}

/* librdkafka 2.0.2 takes the milliseconds for microseconds and gives up after a hundredth of a
 * second, which a loaded machine needs for the answer: to seek once more does no harm. */
static enum client_verdict seek(struct lane *lane, rd_kafka_topic_partition_list_t *list,
                                char reason[CLIENT_ERROR_SIZE])
{
    long long until = lane_now_ms() + SEEK_MS;
    for (;;) {
        rd_kafka_error_t *error = rd_kafka_seek_partitions(lane->consumer, list, SEEK_MS);
        if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR__TIMED_OUT || lane_now_ms() >= until ||
            is_aborting(lane))
            return client_judge(lane->shared->config, error, reason);
        rd_kafka_error_destroy(error);
        measure_turn(lane, lane_now_ms());
    }
}

/* With a message that was delivered before the seek still in hand nothing is lost: the caller has
 * let go of it. */
void transaction_rewind(struct lane *lane)
{
    char reason[CLIENT_ERROR_SIZE] = "";
    lane->must_rewind = false;
    pause_after_failures(lane);
    rd_kafka_topic_partition_list_t *list = parts_rewind_list(&lane->parts);
    if (!list)
        return;
    metric_add(lane->metrics, METRIC_REWINDS, 1);
    enum client_verdict verdict = seek(lane, list, reason);
    for (int i = 0; i < list->cnt && verdict == VERDICT_OK; i++)
        if (list->elems[i].err && list->elems[i].err != RD_KAFKA_RESP_ERR__IN_PROGRESS) {
            snprintf(reason, sizeof reason, "%s [%d]: %s", list->elems[i].topic,
                     list->elems[i].partition, rd_kafka_err2str(list->elems[i].err));
            verdict = VERDICT_FATAL;
        }
    if (lane->shared->backfill) /* what had reached its bound is read again */
        rd_kafka_resume_partitions(lane->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    parts_rewound(&lane->parts);
    if (verdict != VERDICT_OK) {
        lane_log(lane, LOG_WARN,
                 "going back failed; the lane is made anew from the committed offsets", reason);
        lane->must_rebuild = true;
    }
}
