/* One raw record to its one place: enriched, rejected, passed or skipped. Key, timestamp and
 * headers of the raw record stay as they are, duplicates, order and nulls included; headers of ours
 * are added behind them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "engine/engine.h"
#include "kafka/lane_parts.h"
#include "kafka/produce.h"
#include "kafka/raw_record.h"
#include "kafka/refusal.h"
#include "kafka/routing.h"
#include "kafka/shadow.h"
#include "kafka/spotlight.h"

enum { QUEUE_FULL_POLL_MS = 50, ALONE_FLUSH_MS = 10000 };

/* What a rejected record goes without, each with all before it: what Kafka still finds too large
 * must not hold up its partition. */
enum omission { OMIT_NOTHING, OMIT_VALUE, OMIT_HEADERS, OMIT_KEY };

struct origin;
static struct origin *origin_of(const rd_kafka_message_t *message);

/* --- headers ------------------------------------------------------------------------------- */

static rd_kafka_headers_t *copy_headers(const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers = NULL;
    if (rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR)
        return rd_kafka_headers_copy(headers);
    return rd_kafka_headers_new(8);
}

static void add_header(rd_kafka_headers_t *headers, const char *name, desk_slice value)
{
    if (value.len)
        rd_kafka_header_add(headers, name, -1, value.data, (ssize_t)value.len);
}

static void add_text(rd_kafka_headers_t *headers, const char *name, const char *value)
{
    rd_kafka_header_add(headers, name, -1, value, (ssize_t)strlen(value));
}

static void add_number(rd_kafka_headers_t *headers, const char *name, long long number)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", number);
    add_text(headers, name, text);
}

/* Which raw record this is, for whoever recounts: no value has to be parsed, and a tombstone has
 * none. */
static void add_provenance(rd_kafka_headers_t *headers, const rd_kafka_message_t *message)
{
    char text[COORDINATES_SIZE];
    size_t len = coordinates_print(rd_kafka_topic_name(message->rkt), message->partition,
                                   message->offset, text);
    rd_kafka_header_add(headers, "copydesk.provenance", -1, text, (ssize_t)len);
}

static void add_enriched_headers(rd_kafka_headers_t *headers, const struct lane *lane,
                                 const desk_result *result)
{
    add_text(headers, "copydesk.schema", "copydesk/article/1");
    add_header(headers, "copydesk.language", result->language);
    add_header(headers, "copydesk.subject", result->top_subject);
    add_header(headers, "copydesk.source", result->source_domain);
    add_text(headers, "copydesk.rulebook", desk_rulebook_digest(engine_rulebook(lane->engine)));
}

static void add_error_headers(rd_kafka_headers_t *headers, const rd_kafka_message_t *message,
                              const desk_error *error)
{
    add_text(headers, "copydesk.error.code", desk_status_code(error->status));
    add_text(headers, "copydesk.error.reason", error->message);
    add_text(headers, "copydesk.error.stage", error->stage);
    add_text(headers, "copydesk.error.topic", rd_kafka_topic_name(message->rkt));
    add_number(headers, "copydesk.error.partition", message->partition);
    add_number(headers, "copydesk.error.offset", message->offset);
    add_text(headers, "copydesk.error.version", desk_version());
}

/* --- producing ----------------------------------------------------------------------------- */

static unsigned size_failures(const struct lane *lane, const rd_kafka_message_t *message)
{
    struct oversize_entry record = {(char *)(size_t)rd_kafka_topic_name(message->rkt),
                                    message->partition, message->offset, 0};
    return oversize_failures(&lane->oversize, &record);
}

/* In a batch of its own a record is refused for what it is, not for its neighbours. */
static void stand_alone(struct lane *lane, const rd_kafka_message_t *message)
{
    if (size_failures(lane, message) >= OVERSIZE_ALONE)
        rd_kafka_flush(lane->producer, ALONE_FLUSH_MS);
}

/* Copies key and value into the producer's queue; waits while the queue is full. */
static rd_kafka_resp_err_t produce(struct lane *lane, struct outgoing *out,
                                   const rd_kafka_message_t *message)
{
    rd_kafka_timestamp_type_t type;
    out->timestamp = rd_kafka_message_timestamp(message, &type);
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE)
        out->timestamp = 0;
    out->partition = RD_KAFKA_PARTITION_UA;
    out->opaque = origin_of(message);
    stand_alone(lane, message);
    for (;;) {
        rd_kafka_resp_err_t err = produce_outgoing(lane->producer, out);
        if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            lane->bytes_open += out->value.len + out->key.len + 128;
            stand_alone(lane, message);
            return err;
        }
        if (err != RD_KAFKA_RESP_ERR__QUEUE_FULL ||
            atomic_load(&lane->shared->stop) == LANE_ABORT) {
            rd_kafka_headers_destroy(out->headers);
            free(out->opaque);
            return err;
        }
        measure_turn(lane, lane_now_ms()); /* brokers that are away are no hanging lane */
        rd_kafka_poll(lane->producer, QUEUE_FULL_POLL_MS);
    }
}

static struct outgoing keep_key(const rd_kafka_message_t *message)
{
    struct outgoing out = {.headers = copy_headers(message)};
    out.has_key = message->key != NULL;
    out.key = slice_of(message->key, message->key_len);
    return out;
}

/* Whether the producer is of no more use. It answers with its fatal error's own code, which may be
 * any. */
static bool is_broken(rd_kafka_t *producer)
{
    char text[CLIENT_ERROR_SIZE];
    return rd_kafka_fatal_error(producer, text, sizeof text) != RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* A transaction that has failed takes no records and keeps the reason to itself; asked to begin
 * another one, the producer says it, and does nothing. */
static void find_reason(struct lane *lane, rd_kafka_resp_err_t err, char reason[CLIENT_ERROR_SIZE])
{
    snprintf(reason, CLIENT_ERROR_SIZE, "%s", rd_kafka_err2str(err));
    if (err == RD_KAFKA_RESP_ERR__STATE &&
        client_judge(lane->shared->config, rd_kafka_begin_transaction(lane->producer), reason) ==
            VERDICT_REFUSED)
        lane_fail(lane, reason);
}

static bool produce_failed(struct lane *lane, rd_kafka_resp_err_t err)
{
    char reason[CLIENT_ERROR_SIZE];
    find_reason(lane, err, reason);
    lane_log(lane, LOG_WARN, "a record could not be produced; the lane goes back", reason);
    if (is_broken(lane->producer))
        lane->must_rebuild = true;
    else
        lane->must_rewind = true;
    return false;
}

/* --- rejected ------------------------------------------------------------------------------ */

static void omit(struct outgoing *out, const rd_kafka_message_t *message, enum omission omission)
{
    if (omission >= OMIT_HEADERS) {
        rd_kafka_headers_destroy(out->headers);
        out->headers = rd_kafka_headers_new(16);
        add_text(out->headers, "copydesk.error.headers", "omitted");
    }
    if (omission >= OMIT_KEY) {
        out->has_key = false;
        out->key = slice_of(NULL, 0);
        add_text(out->headers, "copydesk.error.key", "omitted");
    }
    if (omission >= OMIT_VALUE) {
        out->value = slice_of("", 0);
        add_text(out->headers, "copydesk.error.value", "omitted");
        add_number(out->headers, "copydesk.error.value-bytes", (long long)message->len);
    }
}

static bool publish_rejected(struct lane *lane, rd_kafka_message_t *message,
                             const desk_error *error, enum omission omission)
{
    struct outgoing out = keep_key(message);
    out.topic = routing_rejected_topic(lane->shared->config, rd_kafka_topic_name(message->rkt),
                                       desk_status_code(error->status));
    out.value = slice_of(message->payload, message->len);
    out.has_value = message->payload != NULL;
    omit(&out, message, omission);
    add_error_headers(out.headers, message, error);
    rd_kafka_resp_err_t err = produce(lane, &out, message);
    if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE && omission < OMIT_KEY)
        return publish_rejected(lane, message, error, omission + 1);
    if (err)
        return produce_failed(lane, err);
    metric_add(lane->metrics, METRIC_REJECTED, 1);
    metric_add(lane->metrics, METRIC_BYTES_REJECTED, out.value.len);
    atomic_fetch_add_explicit(&lane->metrics->rejected[-error->status % METRIC_CODES], 1,
                              memory_order_relaxed);
    return true;
}

/* What to leave out after `failures`, of which `before` were of larger forms of the record. */
static enum omission omission_after(unsigned failures, unsigned before)
{
    unsigned steps = failures > before ? failures - before : 0;
    return steps > OMIT_KEY ? OMIT_KEY : (enum omission)steps;
}

/* --- oversize ------------------------------------------------------------------------------ */

/* Where a produced record came from, for its delivery report. */
struct origin {
    int32_t partition;
    int64_t offset;
    char topic[TOPIC_SIZE];
};

static struct origin *origin_of(const rd_kafka_message_t *message)
{
    struct origin *origin = malloc(sizeof *origin);
    if (!origin)
        return NULL;
    origin->partition = message->partition;
    origin->offset = message->offset;
    snprintf(origin->topic, sizeof origin->topic, "%s", rd_kafka_topic_name(message->rkt));
    return origin;
}

static void remember_oversized(struct lane *lane, struct origin *origin)
{
    struct oversize_entry record = {origin->topic, origin->partition, origin->offset, 0};
    oversize_failed(&lane->oversize, &record);
}

static void fail_refused(struct lane *lane, const rd_kafka_message_t *message)
{
    char text[REFUSAL_SIZE];
    struct refusal refusal = {message->err, rd_kafka_topic_name(message->rkt), NULL};
    refusal_explain(lane->shared->config, &refusal, text);
    lane_fail(lane, text);
}

/* Delivery reports, served by the lane's own polls. A failure makes the commit fail, so nothing
 * more is to be done here than to remember what can never be delivered. A success without an
 * offset is only inferred (produce_is_unproven) and must keep the transaction from committing. */
void publish_delivered(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque)
{
    struct lane *lane = opaque;
    struct origin *origin = message->_private;
    (void)producer;
    if (message->err) {
        lane->delivery_failures++;
        if (message->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE && origin)
            remember_oversized(lane, origin);
        if (refusal_is(message->err))
            fail_refused(lane, message);
    }
    if (produce_is_unproven(message))
        lane->unproven_deliveries++;
    free(origin);
}

static void size_error(desk_error *error, const rd_kafka_message_t *message, size_t bytes)
{
    *error = (desk_error)DESK_ERROR_INIT;
    error->status = DESK_ERECORD_SIZE;
    error->error_class = DESK_CLASS_RECORD;
    snprintf(error->stage, sizeof error->stage, "encode");
    snprintf(
        error->message, sizeof error->message,
        "the outcome of %zu bytes, with %zu bytes of key and the raw record's headers, is larger "
        "than Kafka takes; raise message.max.bytes of producer and topic, or set oversize: "
        "truncate",
        bytes, message->key_len);
}

/* --- skipped ------------------------------------------------------------------------------- */

/* A stage dropped the record. A note in the rejected topic says which one it was, who dropped it
 * and why: the audit counts it, a redrive leaves it where it is. It holds nothing of the record
 * itself, so that no limit of size can hold it up. */
static bool publish_skipped(struct lane *lane, rd_kafka_message_t *message, const desk_error *error)
{
    struct outgoing out = {.topic = routing_rejected_topic(
                               lane->shared->config, rd_kafka_topic_name(message->rkt), "skipped"),
                           .has_value = true,
                           .value = slice_of("", 0),
                           .headers = rd_kafka_headers_new(4)};
    add_text(out.headers, "copydesk.skipped.reason", error->message);
    add_text(out.headers, "copydesk.skipped.stage", error->stage);
    add_provenance(out.headers, message);
    rd_kafka_resp_err_t err = produce(lane, &out, message);
    if (err)
        return produce_failed(lane, err);
    metric_add(lane->metrics, METRIC_SKIPPED, 1);
    return true;
}

/* --- enriched ------------------------------------------------------------------------------ */

static rd_kafka_resp_err_t produce_enriched(struct lane *lane, rd_kafka_message_t *message,
                                            const desk_result *result, bool is_truncated)
{
    char topic[TOPIC_SIZE];
    struct outgoing out = keep_key(message);
    struct routing_facts facts = {rd_kafka_topic_name(message->rkt), result,
                                  engine_article(lane->engine)};
    routing_topic(lane->shared->config, &facts, topic);
    out.topic = topic;
    if (routing_key(lane->shared->config, result, &out.key))
        out.has_key = true;
    out.value = result->json;
    out.has_value = true;
    add_enriched_headers(out.headers, lane, result);
    add_provenance(out.headers, message);
    if (is_truncated)
        add_text(out.headers, "copydesk.truncated", "true");
    rd_kafka_resp_err_t err = produce(lane, &out, message);
    if (!err) {
        metric_add(lane->metrics, METRIC_ENRICHED, 1);
        metric_add(lane->metrics, METRIC_BYTES_ENRICHED, out.value.len);
    }
    return err;
}

static bool publish_oversized(struct lane *lane, rd_kafka_message_t *message, desk_result *result,
                              struct part *part)
{
    desk_error error;
    unsigned failures = size_failures(lane, message);
    size_error(&error, message, result->json.len);
    if (lane->shared->config->oversize == OVERSIZE_TRUNCATE && failures <= OVERSIZE_PROVEN) {
        desk_slice json;
        size_t limit =
            262144; /* well below the smallest limit in use, 1 MB less what headers and key take */
        if (engine_truncate(lane->engine, limit, &json) == DESK_OK) {
            result->json = json;
            if (produce_enriched(lane, message, result, true) == RD_KAFKA_RESP_ERR_NO_ERROR) {
                part->ledger.enriched++;
                return true;
            }
        }
    }
    part->ledger.rejected++;
    return publish_rejected(lane, message, &error, omission_after(failures, OVERSIZE_PROVEN));
}

static bool publish_enriched(struct lane *lane, rd_kafka_message_t *message, desk_result *result,
                             struct part *part)
{
    if (size_failures(lane, message) >= OVERSIZE_PROVEN)
        return publish_oversized(lane, message, result, part);
    rd_kafka_resp_err_t err = produce_enriched(lane, message, result, false);
    if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
        return publish_oversized(lane, message, result, part);
    if (err)
        return produce_failed(lane, err);
    part->ledger.enriched++;
    if (lane->shared->on_enriched)
        lane->shared->on_enriched(lane->shared->on_enriched_context, result, message);
    return true;
}

/* A tombstone whose key or headers do not fit; its rejected record stays a tombstone no more. */
static bool reject_tombstone(struct lane *lane, rd_kafka_message_t *message, struct part *part)
{
    desk_error error;
    size_error(&error, message, 0);
    part->ledger.rejected++;
    return publish_rejected(lane, message, &error,
                            omission_after(size_failures(lane, message), OVERSIZE_ALONE));
}

static bool publish_tombstone(struct lane *lane, rd_kafka_message_t *message,
                              const desk_result *result, struct part *part)
{
    char topic[TOPIC_SIZE];
    if (size_failures(lane, message) >= OVERSIZE_PROVEN)
        return reject_tombstone(lane, message, part);
    struct outgoing out = keep_key(message);
    struct routing_facts facts = {rd_kafka_topic_name(message->rkt), result, NULL};
    routing_topic(lane->shared->config, &facts, topic);
    out.topic = topic;
    add_provenance(out.headers, message);
    rd_kafka_resp_err_t err = produce(lane, &out, message);
    if (err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
        return reject_tombstone(lane, message, part);
    if (err)
        return produce_failed(lane, err);
    part->ledger.passed++;
    metric_add(lane->metrics, METRIC_PASSED, 1);
    return true;
}

/* --- one record ---------------------------------------------------------------------------- */

/* By its outcome, to its place. */
static bool place(struct lane *lane, rd_kafka_message_t *message, desk_result *result,
                  struct part *part)
{
    switch (result->outcome) {
    case DESK_ENRICHED:
        return publish_enriched(lane, message, result, part);
    case DESK_PASSED:
        return publish_tombstone(lane, message, result, part);
    case DESK_SKIPPED:
        part->ledger.skipped++;
        return publish_skipped(lane, message, &result->error);
    case DESK_REJECTED:
        break;
    }
    part->ledger.rejected++;
    return publish_rejected(lane, message, &result->error,
                            omission_after(size_failures(lane, message), OVERSIZE_ALONE));
}

bool publish_record(struct lane *lane, rd_kafka_message_t *message, struct part *part)
{
    desk_record record = raw_record(message);
    desk_result result = DESK_RESULT_INIT;
    desk_error err = DESK_ERROR_INIT;
    desk_status status = measure_process(lane, &record, &result, &err);
    if (status != DESK_OK) {
        lane_log(lane, LOG_ERROR, "the engine failed; the lane goes back", err.message);
        lane->must_rebuild = true;
        return false;
    }
    shadow_offer(lane->shared->shadow, message, &result);
    spotlight_offer(lane->shared->spotlight, message, &result);
    part->ledger.in++;
    metric_add(lane->metrics, METRIC_IN, 1);
    metric_add(lane->metrics, METRIC_BYTES_IN, message->len);
    if (!place(lane, message, &result, part))
        return false;
    measure_placed(lane, message, &result);
    return true;
}
