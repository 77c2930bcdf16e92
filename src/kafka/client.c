/* Properties and clients. */
#include "kafka/client.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { METADATA_STEP_MS = 500 };

struct setting {
    const char *name, *value;
    bool is_optional; /* newer than the oldest librdkafka we run on */
};

/* Defaults of ours that a person may override: set before theirs. Sizes of the fetch queue: the
 * library's 64 MB stalls for a second when full unless fetch.queue.backoff.ms is there. */
static const struct setting CONSUMER_DEFAULTS[] = {{"auto.offset.reset", "earliest", false},
                                                   {"queued.max.messages.kbytes", "131072", false},
                                                   {"fetch.queue.backoff.ms", "10", true},
                                                   {"fetch.message.max.bytes", "1048576", false},
                                                   {NULL, NULL, false}};
static const struct setting PRODUCER_DEFAULTS[] = {
    {"linger.ms", "5", false},
    {"queue.buffering.max.kbytes", "131072", false},
    {"queue.buffering.max.messages", "100000", false},
    {NULL, NULL, false}};
/* Lag, queues and brokers on the metrics page; for a client that is asked for them. To write and
 * read them takes 0.2 ms a lane and two seconds. */
static const struct setting STATISTICS_DEFAULT = {"statistics.interval.ms", "2000", false};
/* What the guarantees own: set last. */
static const struct setting CONSUMER_OWNED[] = {
    {"isolation.level", "read_committed", false},
    {"enable.auto.commit", "false", false},
    {"enable.auto.offset.store", "false", false},
    {"partition.assignment.strategy", "cooperative-sticky", false},
    {"enable.partition.eof", "false", false},
    {NULL, NULL, false}};
/* Over CONSUMER_OWNED. The end of a partition tells a reader that it is done. */
static const struct setting READER_OWNED[] = {{"enable.partition.eof", "true", false},
                                              {"auto.offset.reset", "error", false},
                                              {NULL, NULL, false}};
static const struct setting RAW_READER_OWNED[] = {{"isolation.level", "read_uncommitted", false},
                                                  {NULL, NULL, false}};
static const struct setting PRODUCER_OWNED[] = {{"enable.idempotence", "true", false},
                                                {NULL, NULL, false}};

/* --- log ----------------------------------------------------------------------------------- */

static void on_log(const rd_kafka_t *client, int level, const char *facility, const char *text)
{
    const struct client_head *head = rd_kafka_opaque(client);
    enum config_log_level ours = level <= 3   ? LOG_ERROR
                                 : level == 4 ? LOG_WARN
                                 : level <= 6 ? LOG_INFO
                                              : LOG_DEBUG;
    if (head && head->log)
        log_write(
            head->log, ours, text,
            LOG_FIELDS(log_text("client", rd_kafka_name(client)), log_text("facility", facility)));
}

/* --- properties ---------------------------------------------------------------------------- */

static bool set(rd_kafka_conf_t *conf, const struct setting *setting, char error[CLIENT_ERROR_SIZE])
{
    char text[512];
    rd_kafka_conf_res_t result =
        rd_kafka_conf_set(conf, setting->name, setting->value, text, sizeof text);
    if (result == RD_KAFKA_CONF_OK || (setting->is_optional && result == RD_KAFKA_CONF_UNKNOWN))
        return true;
    snprintf(error, CLIENT_ERROR_SIZE, "kafka: %s: %s", setting->name, text);
    return false;
}

static bool set_all(rd_kafka_conf_t *conf, const struct setting *settings,
                    char error[CLIENT_ERROR_SIZE])
{
    for (; settings->name; settings++)
        if (!set(conf, settings, error))
            return false;
    return true;
}

/* A property of the common list that only the other side knows is left out here. */
static bool is_of_other_side(const char *name, enum client_side side)
{
    static const char *const consumer_only[] = {"group.",
                                                "session.timeout.ms",
                                                "heartbeat.interval.ms",
                                                "max.poll.",
                                                "fetch.",
                                                "queued.",
                                                "auto.offset.reset",
                                                "check.crcs",
                                                "client.rack",
                                                "allow.auto.create.topics",
                                                "coordinator.query.",
                                                NULL};
    static const char *const producer_only[] = {"linger.ms",
                                                "queue.buffering.",
                                                "batch.",
                                                "compression.",
                                                "delivery.timeout.ms",
                                                "message.timeout.ms",
                                                "message.send.",
                                                "retries",
                                                "transaction.timeout.ms",
                                                "max.in.flight",
                                                "partitioner",
                                                "request.timeout.ms",
                                                "sticky.",
                                                NULL};
    for (const char *const *known = side == CLIENT_PRODUCER ? consumer_only : producer_only; *known;
         known++)
        if (!strncmp(name, *known, strlen(*known)))
            return true;
    return false;
}

const char *client_property_fault(const struct config_property *property, const char *text)
{
    if (strstr(text, "not supported in this build"))
        return strncmp(property->name, "sasl.oauthbearer.", 17)
                   ? text
                   : "this librdkafka is built without OAuth/OIDC, which needs libcurl (Debian "
                     "12's "
                     "package is): install one that is built with it, or use another "
                     "sasl.mechanism";
    return config_is_secret(property->name) || property->is_expanded
               ? "the value of this variable, file or secret is not accepted"
               : text;
}

static bool set_given(rd_kafka_conf_t *conf, const struct config_properties *list, bool is_common,
                      enum client_side side, char error[CLIENT_ERROR_SIZE])
{
    for (size_t i = 0; i < list->count; i++) {
        const struct config_property *property = &list->items[i];
        char text[512], where[CONFIG_PLACE_SIZE];
        if (is_common && is_of_other_side(property->name, side))
            continue;
        if (rd_kafka_conf_set(conf, property->name, property->value, text, sizeof text) ==
            RD_KAFKA_CONF_OK)
            continue;
        config_place_print(&property->place, where);
        snprintf(error, CLIENT_ERROR_SIZE, "kafka: %.120s (%.240s): %.300s", property->name, where,
                 client_property_fault(property, text));
        return false;
    }
    return true;
}

/* Why a certificate is not accepted, which librdkafka's own message leaves out. Codes of
 * openssl/x509_vfy.h, stable since they appear in files and on command lines. */
static const char *certificate_fault(int x509_error)
{
    switch (x509_error) {
    case 9:
        return "the broker's certificate is not yet valid";
    case 10:
        return "the broker's certificate has expired";
    case 62:
    case 64:
        return "the broker's certificate is for another host name";
    case 18:
    case 19:
    case 20:
    case 21:
        return "the broker's certificate is signed by an authority that ssl.ca.location does not "
               "hold";
    default:
        return "the broker's certificate is not accepted";
    }
}

/* The parameters are librdkafka's. Nothing is judged here, only named. */
static int on_certificate(rd_kafka_t *client, const char *broker, int32_t id, int *x509_error,
                          int depth, const char *certificate, size_t size, char *error,
                          size_t error_size, void *opaque)
{
    (void)client;
    (void)broker;
    (void)id;
    (void)depth;
    (void)certificate;
    (void)size;
    struct client_head *head = opaque;
    if (!*x509_error)
        return 1;
    const char *fault = certificate_fault(*x509_error);
    if (head)
        atomic_store(&head->certificate_fault, fault);
    snprintf(error, error_size, "%s (X.509 error %d)", fault, *x509_error);
    return 0;
}

static bool wants_tokens(const rd_kafka_conf_t *conf)
{
    char mechanism[64] = "";
    size_t size = sizeof mechanism;
    return rd_kafka_conf_get(conf, "sasl.mechanism", mechanism, &size) == RD_KAFKA_CONF_OK &&
           !strcmp(mechanism, "OAUTHBEARER");
}

/* A token is asked for by a callback that only a poll would serve, but transactions are initialised
 * before anything is polled: the library's own thread serves it. */
static void serve_tokens(rd_kafka_t *client)
{
    rd_kafka_error_t *error = rd_kafka_sasl_background_callbacks_enable(client);
    if (error)
        rd_kafka_error_destroy(error); /* this client asks for no tokens */
}

rd_kafka_conf_t *client_conf(enum client_side side, const struct client_options *options,
                             char error[CLIENT_ERROR_SIZE])
{
    const struct config *config = options->config;
    bool is_consumer = side != CLIENT_PRODUCER;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    struct setting group = {"group.id", config->input_group, false};
    struct setting end = {"enable.partition.eof", "true", false};
    struct setting id = {"transactional.id", options->transactional_id, false};
    struct setting linger = {"linger.ms", options->linger_ms, false};
    struct setting client_id = {"client.id", "copydesk", false};
    bool good =
        conf && set(conf, &client_id, error) &&
        set_all(conf, is_consumer ? CONSUMER_DEFAULTS : PRODUCER_DEFAULTS, error) &&
        (!options->on_statistics || set(conf, &STATISTICS_DEFAULT, error)) &&
        set_given(conf, &config->kafka, true, side, error) &&
        set_given(conf, is_consumer ? &config->consumer : &config->producer, false, side, error) &&
        set_all(conf, is_consumer ? CONSUMER_OWNED : PRODUCER_OWNED, error);
    if (good && is_consumer)
        good = set(conf, &group, error) && (!options->wants_end || set(conf, &end, error));
    if (good && is_consumer && side != CLIENT_CONSUMER)
        good = set_all(conf, READER_OWNED, error);
    if (good && side == CLIENT_RAW_READER)
        good = set_all(conf, RAW_READER_OWNED, error);
    if (good && !is_consumer && options->transactional_id)
        good = set(conf, &id, error);
    if (good && options->linger_ms)
        good = set(conf, &linger, error);
    if (!good) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    rd_kafka_conf_enable_sasl_queue(conf, wants_tokens(conf));
    rd_kafka_conf_set_ssl_cert_verify_cb(conf, on_certificate);
    rd_kafka_conf_set_log_cb(conf, on_log);
    rd_kafka_conf_set_opaque(conf, options->opaque);
    if (options->on_statistics)
        rd_kafka_conf_set_stats_cb(conf, options->on_statistics);
    if (options->on_error)
        rd_kafka_conf_set_error_cb(conf, options->on_error);
    if (is_consumer && options->on_rebalance)
        rd_kafka_conf_set_rebalance_cb(conf, options->on_rebalance);
    if (!is_consumer && options->on_delivery)
        rd_kafka_conf_set_dr_msg_cb(conf, options->on_delivery);
    return conf;
}

rd_kafka_t *client_new(enum client_side side, const struct client_options *options,
                       char error[CLIENT_ERROR_SIZE])
{
    char text[512];
    rd_kafka_conf_t *conf = client_conf(side, options, error);
    if (!conf)
        return NULL;
    rd_kafka_t *client = rd_kafka_new(
        side == CLIENT_PRODUCER ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, conf, text, sizeof text);
    if (!client) {
        rd_kafka_conf_destroy(conf);
        snprintf(error, CLIENT_ERROR_SIZE, "kafka: %s", text);
        return NULL;
    }
    serve_tokens(client);
    return client;
}

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *client_reason(const struct client_head *head, const char *reason)
{
    const char *fault = atomic_load(&((struct client_head *)(size_t)head)->certificate_fault);
    return fault && strstr(reason, "certificate verify failed") ? fault : reason;
}

rd_kafka_resp_err_t client_metadata(rd_kafka_t *client, const struct client_question *question,
                                    const struct rd_kafka_metadata **metadata)
{
    rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR__TIMED_OUT;
    long long until = now_ms() + question->timeout_ms;
    while (now_ms() < until && !question->note->err) {
        err = rd_kafka_metadata(client, !question->topic, question->topic, metadata,
                                METADATA_STEP_MS);
        if (err != RD_KAFKA_RESP_ERR__TIMED_OUT && err != RD_KAFKA_RESP_ERR__TRANSPORT)
            break;
        rd_kafka_poll(client, err == RD_KAFKA_RESP_ERR__TRANSPORT ? METADATA_STEP_MS : 0);
    }
    return err;
}

/* Takes the error. */
static void explain_refusal(const struct config *config, rd_kafka_error_t *error,
                            char text[CLIENT_ERROR_SIZE])
{
    struct refusal refusal = {rd_kafka_error_code(error), NULL, rd_kafka_error_string(error)};
    refusal_explain(config, &refusal, text);
    rd_kafka_error_destroy(error);
}

enum client_verdict client_judge(const struct config *config, rd_kafka_error_t *error,
                                 char text[CLIENT_ERROR_SIZE])
{
    text[0] = '\0';
    if (!error)
        return VERDICT_OK;
    if (refusal_is(rd_kafka_error_code(error))) {
        explain_refusal(config, error, text);
        return VERDICT_REFUSED;
    }
    enum client_verdict verdict = VERDICT_FATAL;
    if (!rd_kafka_error_is_fatal(error)) {
        if (rd_kafka_error_txn_requires_abort(error))
            verdict = VERDICT_ABORT;
        else if (rd_kafka_error_is_retriable(error))
            verdict = VERDICT_RETRY;
    }
    snprintf(text, CLIENT_ERROR_SIZE, "%s: %s", rd_kafka_error_name(error),
             rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return verdict;
}
