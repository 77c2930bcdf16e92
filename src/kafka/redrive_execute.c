/* Executing: the candidates are read again, with their values, and produced in transactions. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/slice.h"
#include "kafka/find.h"
#include "kafka/produce.h"
#include "kafka/redrive_filter.h"
#include "kafka/redrive_parts.h"

enum { COMMIT_MS = 1000, COMMIT_RECORDS = 1000, POLL_MS = 50, FLUSH_STEP_MS = 1000 };

struct execution {
    struct redrive *redrive;
    char *error;
    bool is_open, has_failed;
    long long started_ms, opened_ms;
    uint64_t sent, sent_open; /* records; of the open transaction */
};

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void redrive_delivered(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque)
{
    struct redrive *redrive = opaque;
    (void)producer;
    redrive->delivery_failures += message->err != RD_KAFKA_RESP_ERR_NO_ERROR;
    redrive->unproven_deliveries += produce_is_unproven(message);
}

/* --- one record ---------------------------------------------------------------------------- */

/* Ours go, those of the raw record stay, in order; then the memory of this redrive. */
static rd_kafka_headers_t *make_headers(const struct redrive *redrive,
                                        const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *old = NULL, *headers = rd_kafka_headers_new(8);
    const char *name;
    const void *value;
    size_t len;
    char text[COORDINATES_SIZE];
    if (rd_kafka_message_headers(message, &old))
        old = NULL;
    for (size_t i = 0; old && !rd_kafka_header_get_all(old, i, &name, &value, &len); i++)
        if (strncmp(name, "copydesk.error.", 15) && strncmp(name, "copydesk.redrive.", 17))
            rd_kafka_header_add(headers, name, -1, value, value ? (ssize_t)len : 0);
    snprintf(text, sizeof text, "%lld", redrive_times(message) + 1);
    rd_kafka_header_add(headers, "copydesk.redrive.count", -1, text, -1);
    coordinates_print(redrive->options.from, message->partition, message->offset, text);
    rd_kafka_header_add(headers, "copydesk.redrive.of", -1, text, -1);
    return headers;
}

static bool is_omitted(const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers = NULL;
    const void *value = NULL;
    size_t len = 0;
    return !rd_kafka_message_headers(message, &headers) &&
           !rd_kafka_header_get_last(headers, "copydesk.error.value", &value, &len) &&
           slice_is(slice_of(value, len), "omitted");
}

static bool produce(struct execution *execution, const rd_kafka_message_t *message,
                    desk_slice value, const struct reader_part *raw)
{
    struct redrive *redrive = execution->redrive;
    rd_kafka_timestamp_type_t type;
    int64_t timestamp = rd_kafka_message_timestamp(message, &type);
    struct outgoing out = {.topic = raw->topic,
                           .partition = raw->partition,
                           .has_key = message->key != NULL,
                           .has_value = true,
                           .key = slice_of(message->key, message->key_len),
                           .value = value,
                           .timestamp = type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? 0 : timestamp,
                           .headers = make_headers(redrive, message)};
    rd_kafka_resp_err_t err;
    while ((err = produce_outgoing(redrive->producer, &out)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        rd_kafka_poll(redrive->producer, POLL_MS);
    if (!err) {
        execution->sent++;
        execution->sent_open++;
        return true;
    }
    rd_kafka_headers_destroy(out.headers);
    snprintf(execution->error, CLIENT_ERROR_SIZE, "producing to %s [%" PRId32 "]: %s", raw->topic,
             raw->partition, rd_kafka_err2str(err));
    return false;
}

/* The value was too large for the rejected topic: it is taken from the raw topic, if it is still
 * there. */
static bool produce_omitted(struct execution *execution, const rd_kafka_message_t *message,
                            const struct reader_part *part)
{
    struct redrive *redrive = execution->redrive;
    struct reader reader = {.client = NULL};
    struct coordinates raw;
    char reason[CLIENT_ERROR_SIZE] = "";
    rd_kafka_message_t *found = NULL;
    bool good = true;
    if (coordinates_of_rejected(message, &raw) &&
        reader_open(&reader, redrive->config, CLIENT_READER, reason))
        found = find_raw_record(&reader, &raw, reason);
    if (found) {
        good = produce(execution, message, slice_of(found->payload, found->len), part);
        rd_kafka_message_destroy(found);
    } else if (!redrive->gone++) {
        snprintf(redrive->gone_text, sizeof redrive->gone_text, "%s", reason);
    }
    reader_close(&reader);
    return good;
}

/* --- transactions -------------------------------------------------------------------------- */

static enum client_verdict retried_commit(struct execution *execution)
{
    enum client_verdict verdict;
    do
        verdict = client_judge(execution->redrive->config,
                               rd_kafka_commit_transaction(execution->redrive->producer, -1),
                               execution->error);
    while (verdict == VERDICT_RETRY);
    return verdict;
}

/* Until each record has its delivery report, and none of them is a guess. */
static enum client_verdict await_deliveries(struct execution *execution)
{
    struct redrive *redrive = execution->redrive;
    while (rd_kafka_flush(redrive->producer, FLUSH_STEP_MS) == RD_KAFKA_RESP_ERR__TIMED_OUT)
        ;
    if (!redrive->unproven_deliveries)
        return VERDICT_OK;
    snprintf(execution->error, CLIENT_ERROR_SIZE,
             "%u records were reported as delivered without an offset: no broker confirmed them; "
             "what was not committed is still to be redriven, start again",
             redrive->unproven_deliveries);
    return VERDICT_ABORT;
}

static bool commit(struct execution *execution)
{
    struct redrive *redrive = execution->redrive;
    char reason[CLIENT_ERROR_SIZE];
    if (!execution->is_open)
        return true;
    execution->is_open = false;
    enum client_verdict verdict = await_deliveries(execution);
    if (verdict == VERDICT_OK)
        verdict = retried_commit(execution);
    if (verdict == VERDICT_OK) {
        redrive->redriven += execution->sent_open;
        return true;
    }
    if (verdict == VERDICT_ABORT || verdict == VERDICT_REFUSED)
        client_judge(redrive->config, rd_kafka_abort_transaction(redrive->producer, -1), reason);
    return false;
}

static bool begin(struct execution *execution)
{
    if (execution->is_open)
        return true;
    execution->is_open = client_judge(execution->redrive->config,
                                      rd_kafka_begin_transaction(execution->redrive->producer),
                                      execution->error) == VERDICT_OK;
    execution->opened_ms = now_ms();
    execution->sent_open = 0;
    return execution->is_open;
}

/* Sleeps until the record that comes next is due. */
static void keep_rate(const struct execution *execution)
{
    long long rate = execution->redrive->options.rate;
    if (!rate)
        return;
    long long due = execution->started_ms + (long long)execution->sent * 1000 / rate;
    for (long long left = due - now_ms(); left > 0; left = due - now_ms()) {
        long step = left > 100 ? 100 : (long)left;
        nanosleep(&(struct timespec){0, step * 1000000}, NULL);
        rd_kafka_poll(execution->redrive->producer, 0);
    }
}

/* Also while no candidate comes: a transaction that stays open too long is fenced. */
static bool commit_if_due(struct execution *execution)
{
    bool is_due = execution->is_open && (execution->sent_open >= COMMIT_RECORDS ||
                                         now_ms() - execution->opened_ms >= COMMIT_MS);
    if (is_due && !commit(execution))
        execution->has_failed = true;
    return !execution->has_failed;
}

static bool look_after(void *context)
{
    return !commit_if_due(context);
}

static enum reader_next take(void *context, size_t index, const rd_kafka_message_t *message)
{
    struct execution *execution = context;
    struct redrive *redrive = execution->redrive;
    const struct redrive_candidate *candidate =
        redrive_find(redrive, message->partition, message->offset);
    (void)index;
    if (!candidate || candidate->is_done)
        return READER_GO_ON;
    const struct reader_part *raw = &redrive->raw.parts[candidate->raw_part];
    keep_rate(execution);
    bool good = begin(execution) &&
                (is_omitted(message)
                     ? produce_omitted(execution, message, raw)
                     : produce(execution, message, slice_of(message->payload, message->len), raw));
    rd_kafka_poll(redrive->producer, 0);
    good = good && commit_if_due(execution);
    execution->has_failed = !good;
    if (redrive->options.progress)
        redrive->options.progress(redrive->options.context, (int64_t)execution->sent,
                                  (int64_t)(redrive->count - redrive->done_before));
    return good ? READER_GO_ON : READER_STOP;
}

bool redrive_execute(struct redrive *redrive, char error[CLIENT_ERROR_SIZE])
{
    struct execution execution = {.redrive = redrive, .error = error, .started_ms = now_ms()};
    for (size_t i = 0; i < redrive->rejected.count; i++)
        redrive->rejected.parts[i].is_done = false;
    bool good = reader_run(&redrive->rejected, take, look_after, &execution, error) &&
                !execution.has_failed && commit(&execution);
    if (!good && execution.is_open) {
        char reason[CLIENT_ERROR_SIZE];
        client_judge(redrive->config, rd_kafka_abort_transaction(redrive->producer, -1), reason);
    }
    return good;
}
