/* The loop of a lane, and making its clients. */
#include "kafka/lane.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kafka/lane_parts.h"
#include "kafka/refusal.h"
#include "ops/engine_log.h"

enum {
    IDLE_POLL_MS = 100,
    INIT_TRANSACTIONS_MS = 10000,
    BACKOFF_MS_MAX = 10000,
    SERVE_EACH = 64,
    JOIN_MS = 5000,
    CLOSE_MS = 5000
};

long long lane_now_ms(void)
{
    return (long long)(lane_now_ns() / 1000000);
}

unsigned long long lane_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned long long)now.tv_sec * 1000000000u + (unsigned long long)now.tv_nsec;
}

void lane_log(const struct lane *lane, enum config_log_level level, const char *message,
              const char *reason)
{
    log_write(lane->head.log, level, message,
              LOG_FIELDS(log_number("lane", (long long)lane->index), log_text("reason", reason)));
}

static enum lane_stop stop_of(const struct lane *lane)
{
    return (enum lane_stop)atomic_load(&lane->shared->stop);
}

void lane_fail(struct lane *lane, const char *reason)
{
    if (atomic_load(&lane->has_failed))
        return;
    snprintf(lane->failure, sizeof lane->failure, "%s", reason);
    atomic_store(&lane->has_failed, true);
}

/* --- engine -------------------------------------------------------------------------------- */

desk_rulebook *lane_rulebook(struct lane_shared *shared, unsigned *generation)
{
    pthread_mutex_lock(&shared->lock);
    desk_rulebook *rulebook = desk_rulebook_retain(shared->rulebook);
    *generation = atomic_load(&shared->generation);
    pthread_mutex_unlock(&shared->lock);
    return rulebook;
}

static bool make_engine(struct lane *lane)
{
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    desk_error err = DESK_ERROR_INIT;
    config_engine_options(lane->shared->config, &options);
    options.logger = engine_logger(lane->head.log);
    desk_rulebook *rulebook = lane_rulebook(lane->shared, &lane->generation);
    desk_status status = desk_engine_new(rulebook, &options, &lane->engine, &err);
    desk_rulebook_release(rulebook);
    if (status != DESK_OK) {
        char reason[CLIENT_ERROR_SIZE];
        snprintf(reason, sizeof reason, "%s%s%s%s", err.stage[0] ? "stage " : "", err.stage,
                 err.stage[0] ? ": " : "", err.message);
        lane_fail(lane, reason);
    }
    return status == DESK_OK;
}

/* Between two batches only, so that one transaction has one rulebook. */
static void take_new_rulebook(struct lane *lane)
{
    if (lane->is_open || lane->generation == atomic_load(&lane->shared->generation))
        return;
    desk_error err = DESK_ERROR_INIT;
    desk_rulebook *rulebook = lane_rulebook(lane->shared, &lane->generation);
    if (desk_engine_set_rulebook(lane->engine, rulebook, &err) != DESK_OK)
        lane_log(lane, LOG_ERROR, "the new rulebook could not be taken; the old one stays",
                 err.message);
    desk_rulebook_release(rulebook);
}

/* --- clients ------------------------------------------------------------------------------- */

static bool make_producer(struct lane *lane, char error[CLIENT_ERROR_SIZE])
{
    bool is_transactional = lane->shared->config->delivery == DELIVERY_EXACTLY_ONCE;
    struct client_options options = {.config = lane->shared->config,
                                     .transactional_id =
                                         is_transactional ? lane->transactional_id : NULL,
                                     .opaque = lane,
                                     .on_delivery = publish_delivered,
                                     .on_statistics = measure_statistics};
    lane->producer = client_new(CLIENT_PRODUCER, &options, error);
    if (!lane->producer || !is_transactional)
        return lane->producer != NULL;
    /* Fences a zombie with the same transactional.id and frees its open transaction. */
    enum client_verdict verdict;
    do {
        measure_turn(lane, lane_now_ms());
        verdict =
            client_judge(lane->shared->config,
                         rd_kafka_init_transactions(lane->producer, INIT_TRANSACTIONS_MS), error);
    } while (verdict == VERDICT_RETRY && stop_of(lane) == LANE_RUN);
    if (verdict == VERDICT_REFUSED)
        lane_fail(lane, error);
    return verdict == VERDICT_OK;
}

static bool subscribe(struct lane *lane, char error[CLIENT_ERROR_SIZE])
{
    const struct config_list *topics = &lane->shared->config->input_topics;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)topics->count);
    for (size_t i = 0; i < topics->count; i++)
        rd_kafka_topic_partition_list_add(list, topics->items[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t err = rd_kafka_subscribe(lane->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (err)
        snprintf(error, CLIENT_ERROR_SIZE, "subscribing failed: %s", rd_kafka_err2str(err));
    return !err;
}

static bool make_consumer(struct lane *lane, char error[CLIENT_ERROR_SIZE])
{
    struct client_options options = {.config = lane->shared->config,
                                     .opaque = lane,
                                     .wants_end = lane->shared->backfill != NULL,
                                     .on_rebalance = rebalance_happened,
                                     .on_statistics = measure_statistics};
    lane->has_been_assigned = false;
    lane->consumer = client_new(CLIENT_CONSUMER, &options, error);
    if (!lane->consumer)
        return false;
    rd_kafka_poll_set_consumer(lane->consumer);
    return subscribe(lane, error);
}

/* librdkafka below 2.3 aborts the process when a cooperative-sticky consumer is closed between the
 * answer to its first JoinGroup and its first assignment (issue 4312): a lane that is stopped just
 * then waits for the assignment. Nothing is processed meanwhile. */
static void await_first_assignment(struct lane *lane)
{
    long long bound = lane->shared->config->shutdown_ms / 2;
    long long until = lane_now_ms() + (bound < JOIN_MS ? bound : JOIN_MS);
    while (!lane->has_been_assigned && lane_now_ms() < until && stop_of(lane) != LANE_ABORT) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(lane->consumer, IDLE_POLL_MS);
        if (message)
            rd_kafka_message_destroy(message);
    }
}

/* A consumer with a fatal error (a static member that was fenced) refuses to be closed, and destroy
 * would wait for the close for ever. */
static void close_consumer(struct lane *lane)
{
    char text[CLIENT_ERROR_SIZE];
    if (rd_kafka_fatal_error(lane->consumer, text, sizeof text)) {
        rd_kafka_destroy_flags(lane->consumer, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
        return;
    }
    await_first_assignment(lane);
    rd_kafka_consumer_close(lane->consumer);
    rd_kafka_destroy(lane->consumer);
}

/* No messages are held here, so destroy does not wait for any. */
static void close_clients(struct lane *lane)
{
    if (lane->consumer)
        close_consumer(lane);
    if (lane->producer) {
        if (lane->is_open)
            transaction_abort(lane);
        rd_kafka_purge(lane->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT |
                                           RD_KAFKA_PURGE_F_NON_BLOCKING);
        rd_kafka_flush(lane->producer, CLOSE_MS);
        rd_kafka_destroy(lane->producer);
    }
    lane->consumer = lane->producer = NULL;
    lane->is_open = false;
    parts_clear(&lane->parts);
    clients_closed(&lane->shared->metrics.clients, lane->index);
    atomic_store(&lane->metrics->is_joined, false);
    atomic_store(&lane->metrics->partitions, 0);
    atomic_store(&lane->metrics->lagging_ms, 0);
}

/* The producer first: it fences the predecessor before this lane reads anything. */
static bool make_clients(struct lane *lane, char error[CLIENT_ERROR_SIZE])
{
    lane->must_rebuild = lane->must_rewind = lane->is_open = false;
    measure_state(lane, STATE_JOINING);
    return make_producer(lane, error) && make_consumer(lane, error);
}

/* --- messages ------------------------------------------------------------------------------ */

/* librdkafka does not ask again for a committed offset that it could not have (coordinator moved,
 * connection lost): the partition stays assigned and is never read until it is assigned anew. Such
 * an error names a partition and no offset. */
static bool is_stuck(const rd_kafka_message_t *message)
{
    return message->rkt && message->partition >= 0 && message->offset == RD_KAFKA_OFFSET_INVALID;
}

static void take_error(struct lane *lane, const rd_kafka_message_t *message)
{
    rd_kafka_resp_err_t err = message->err;
    char reason[CLIENT_ERROR_SIZE];
    snprintf(reason, sizeof reason, "%s: %s", rd_kafka_err2name(err),
             rd_kafka_message_errstr(message));
    if (err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        backfill_reached(lane, message);
        return;
    }
    if (err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
        snprintf(lane->failure, sizeof lane->failure,
                 "there is no committed offset for %s [%d] and auto.offset.reset is none: set it "
                 "to earliest or latest, or commit an offset",
                 message->rkt ? rd_kafka_topic_name(message->rkt) : "a topic", message->partition);
        atomic_store(&lane->has_failed, true);
    } else if (refusal_is(err)) {
        struct refusal refusal = {err, message->rkt ? rd_kafka_topic_name(message->rkt) : NULL,
                                  rd_kafka_message_errstr(message)};
        refusal_explain(lane->shared->config, &refusal, reason);
        lane_fail(lane, reason);
    } else if (is_stuck(message)) {
        lane_log(lane, LOG_WARN, "a partition cannot be started; the lane is made anew", reason);
        lane->must_rebuild = true;
    } else if (err == RD_KAFKA_RESP_ERR__FATAL) {
        lane_log(lane, LOG_ERROR, "the consumer failed; the lane is made anew", reason);
        lane->must_rebuild = true;
    } else {
        lane_log(lane, LOG_WARN, "the consumer reports", reason);
    }
}

static void take_record(struct lane *lane, rd_kafka_message_t *message)
{
    if (backfill_excludes(lane, message)) {
        backfill_reached(lane, message);
        return;
    }
    struct part *part =
        parts_get(&lane->parts, rd_kafka_topic_name(message->rkt), message->partition);
    if (!part) {
        lane->must_rebuild = true;
        return;
    }
    /* Some versions of the client deliver a message again after a seek or an offset validation: it
     * was handled already. */
    if (part->next_offset >= 0 && message->offset < part->next_offset) {
        metric_add(lane->metrics, METRIC_STALE, 1);
        return;
    }
    if (!transaction_open(lane))
        return;
    if (part->first_offset < 0)
        part->first_offset = message->offset;
    if (publish_record(lane, message, part))
        part->next_offset = message->offset + 1;
}

/* A poll that served a rebalance may bring a message in the same call. When the transaction was
 * aborted there, the message's partition goes back too, also if the transaction held none of it:
 * the client will not bring the message a second time. */
static void put_back(struct lane *lane, const rd_kafka_message_t *message)
{
    struct part *part =
        parts_get(&lane->parts, rd_kafka_topic_name(message->rkt), message->partition);
    if (!part)
        lane->must_rebuild = true;
    else if (part->first_offset < 0 && part->next_offset <= message->offset)
        part->first_offset = message->offset;
}

void lane_take(struct lane *lane, rd_kafka_message_t *message)
{
    if (message->err)
        take_error(lane, message);
    else if (lane->must_rewind)
        put_back(lane, message);
    else if (!lane->must_rebuild)
        take_record(lane, message);
}

static int poll_ms(const struct lane *lane, long long now_ms)
{
    if (!lane->is_open)
        return IDLE_POLL_MS;
    long long left = lane->opened_ms + lane->shared->config->commit_interval_ms - now_ms;
    return left <= 0 ? 0 : left < IDLE_POLL_MS ? (int)left : IDLE_POLL_MS;
}

static bool is_commit_due(const struct lane *lane)
{
    const struct config *config = lane->shared->config;
    return lane->is_open && ((long long)lane->bytes_open >= config->commit_bytes ||
                             lane_now_ms() - lane->opened_ms >= config->commit_interval_ms);
}

/* One turn: a message if there is one, a commit if it is time, the way back if something went
 * wrong. */
static void turn(struct lane *lane, unsigned count)
{
    long long now = lane_now_ms();
    measure_turn(lane, now);
    rd_kafka_message_t *message = rd_kafka_consumer_poll(lane->consumer, poll_ms(lane, now));
    bool has_message = message != NULL;
    take_new_rulebook(lane); /* what is read after a reload is worked on with the new one */
    if (message) {
        lane_take(lane, message);
        rd_kafka_message_destroy(message);
    }
    if (count % SERVE_EACH == 0 || !has_message)
        rd_kafka_poll(lane->producer, 0);
    if (!lane->must_rewind && !lane->must_rebuild && is_commit_due(lane))
        transaction_commit(lane);
    if (lane->must_rewind && !lane->must_rebuild) {
        transaction_abort(lane);
        if (!lane->must_rebuild)
            transaction_rewind(lane);
    }
}

static void work(struct lane *lane)
{
    for (unsigned count = 0;
         stop_of(lane) == LANE_RUN && !lane->must_rebuild && !atomic_load(&lane->has_failed);
         count++)
        turn(lane, count);
}

/* --- thread -------------------------------------------------------------------------------- */

static void wait_before_rebuild(struct lane *lane, unsigned failures)
{
    measure_state(lane, STATE_WAITING);
    long long until = lane_now_ms() + (failures > 6 ? BACKOFF_MS_MAX : 100LL << failures);
    for (long long now; (now = lane_now_ms()) < until && stop_of(lane) == LANE_RUN;) {
        measure_turn(lane, now);
        nanosleep(&(struct timespec){0, 50000000}, NULL);
    }
}

static void run_with_rebuilds(struct lane *lane)
{
    unsigned failures = 0;
    char error[CLIENT_ERROR_SIZE] = "";
    while (stop_of(lane) == LANE_RUN && !atomic_load(&lane->has_failed)) {
        long long started = lane_now_ms();
        if (make_clients(lane, error)) {
            work(lane);
            if (stop_of(lane) == LANE_DRAIN && !lane->must_rebuild && !lane->must_rewind)
                transaction_commit(lane);
        } else {
            if (!atomic_load(&lane->has_failed))
                lane_log(lane, LOG_ERROR, "the lane's clients could not be made", error);
        }
        close_clients(lane);
        if (stop_of(lane) != LANE_RUN || atomic_load(&lane->has_failed))
            break;
        failures = lane_now_ms() - started > 60000 ? 0 : failures + 1;
        metric_add(lane->metrics, METRIC_REBUILDS, 1);
        wait_before_rebuild(lane, failures);
    }
}

void *lane_run(void *argument)
{
    struct lane *lane = argument;
    atomic_store(&lane->metrics->is_running, true);
    if (make_engine(lane))
        run_with_rebuilds(lane);
    desk_engine_free(lane->engine);
    lane->engine = NULL;
    parts_free(&lane->parts);
    oversize_free(&lane->oversize);
    measure_state(lane, atomic_load(&lane->has_failed) ? STATE_FAILED : STATE_STOPPED);
    atomic_store(&lane->metrics->is_running, false);
    return NULL;
}
