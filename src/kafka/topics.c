/* One short-lived producer asks for metadata and creates topics. */
#include "kafka/topics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kafka/probe.h"

enum {
    METADATA_MS = 10000,
    CREATE_MS = 15000,
    VISIBLE_TRIES = 50,
    VISIBLE_PATIENCE = 20,
    NAMES_MAX = 2048
};

/* The opaque of the client: a probe comes first. */
struct preparing {
    struct probe probe;
    unsigned patience; /* tries left for topics that not all brokers may know of yet */
};

struct wanted {
    const char *names[NAMES_MAX];
    size_t count;
};

static void want(struct wanted *wanted, const char *name)
{
    if (name[0] == '^' || wanted->count == NAMES_MAX)
        return;
    for (size_t i = 0; i < wanted->count; i++)
        if (!strcmp(wanted->names[i], name))
            return;
    wanted->names[wanted->count++] = name;
}

static void want_all(const struct config *config, struct wanted *wanted)
{
    for (size_t i = 0; i < config->input_topics.count; i++)
        want(wanted, config->input_topics.items[i]);
    for (size_t i = 0; i < config->targets_enriched.count; i++)
        want(wanted, config->targets_enriched.items[i]);
    for (size_t i = 0; i < config->targets_rejected.count; i++)
        want(wanted, config->targets_rejected.items[i]);
    if (config->shadow_rulebook)
        want(wanted, config->shadow_topic);
}

static const char *bootstrap_of(const struct config *config)
{
    for (size_t i = 0; i < config->kafka.count; i++)
        if (!strcmp(config->kafka.items[i].name, "bootstrap.servers"))
            return config->kafka.items[i].value;
    return "(kafka.bootstrap.servers is not set)";
}

rd_kafka_resp_err_t topics_look_up(rd_kafka_t *client, const char *name,
                                   const struct refusal_note *note, int *partitions)
{
    const struct rd_kafka_metadata *metadata = NULL;
    rd_kafka_topic_t *topic = rd_kafka_topic_new(client, name, NULL);
    if (!topic)
        return rd_kafka_last_error();
    struct client_question question = {topic, METADATA_MS, note};
    rd_kafka_resp_err_t err = client_metadata(client, &question, &metadata);
    if (!err)
        err =
            metadata->topic_cnt ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (!err && partitions)
        *partitions = metadata->topics[0].partition_cnt;
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    rd_kafka_topic_destroy(topic);
    return err;
}

static rd_kafka_resp_err_t look_up(rd_kafka_t *client, const char *name)
{
    const struct probe *probe = rd_kafka_opaque(client);
    return topics_look_up(client, name, &probe->note, NULL);
}

bool topics_is_missing(rd_kafka_resp_err_t err)
{
    return err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
           err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC;
}

/* What to grant when topics may not be created; the broker's own words else. */
static void explain_create(const struct config *config, const char *name,
                           const struct refusal *refusal, char error[CLIENT_ERROR_SIZE])
{
    char resource[300];
    snprintf(resource, sizeof resource, "topic %.250s (create_topics is set)", name);
    if (refusal->err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
        refusal->err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)
        refusal_name(config, "CREATE", resource, error);
    else
        snprintf(error, CLIENT_ERROR_SIZE, "create_topics: %s could not be created: %s", name,
                 refusal->reason ? refusal->reason : rd_kafka_err2str(refusal->err));
}

static bool create(rd_kafka_t *client, const struct config *config, const char *name,
                   char error[CLIENT_ERROR_SIZE])
{
    char text[512];
    rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new(
        name, (int)config->create_partitions, (int)config->create_replication, text, sizeof text);
    if (!topic) {
        snprintf(error, CLIENT_ERROR_SIZE, "create_topics: %s: %s", name, text);
        return false;
    }
    rd_kafka_queue_t *queue = rd_kafka_queue_new(client);
    rd_kafka_CreateTopics(client, &topic, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, CREATE_MS);
    const rd_kafka_CreateTopics_result_t *result =
        event ? rd_kafka_event_CreateTopics_result(event) : NULL;
    size_t count = 0;
    const rd_kafka_topic_result_t **topics =
        result ? rd_kafka_CreateTopics_result_topics(result, &count) : NULL;
    rd_kafka_resp_err_t err =
        count ? rd_kafka_topic_result_error(topics[0]) : RD_KAFKA_RESP_ERR__TIMED_OUT;
    bool good = err == RD_KAFKA_RESP_ERR_NO_ERROR || err == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS;
    struct refusal refusal = {err, name,
                              count ? rd_kafka_topic_result_error_string(topics[0]) : NULL};
    if (!good)
        explain_create(config, name, &refusal, error);
    if (event)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewTopic_destroy(topic);
    for (int i = 0; good && i < VISIBLE_TRIES && look_up(client, name); i++)
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    return good;
}

static void append(char error[CLIENT_ERROR_SIZE], const char *text)
{
    strncat(error, text, CLIENT_ERROR_SIZE - strlen(error) - 1);
}

static bool prepare_one(rd_kafka_t *client, const struct config *config, const char *name,
                        struct preparing *preparing, char missing[CLIENT_ERROR_SIZE],
                        char error[CLIENT_ERROR_SIZE])
{
    const struct probe *probe = &preparing->probe;
    rd_kafka_resp_err_t err = look_up(client, name);
    /* A topic that was just made reaches the brokers one after the other. */
    while (topics_is_missing(err) && !config->create_topics && preparing->patience) {
        preparing->patience--;
        nanosleep(&(struct timespec){0, 250000000}, NULL);
        err = look_up(client, name);
    }
    rd_kafka_poll(client, 0); /* serves probe_on_error */
    if (!err)
        return true;
    if (err && probe->note.err) {
        struct refusal refusal = {probe->note.err, NULL, probe->note.reason};
        refusal_explain(config, &refusal, error);
        return false;
    }
    if (err == RD_KAFKA_RESP_ERR__TRANSPORT || err == RD_KAFKA_RESP_ERR__TIMED_OUT ||
        err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        snprintf(error, CLIENT_ERROR_SIZE,
                 "no broker of %s answered within %d s (%s): check kafka.bootstrap.servers, that "
                 "the cluster runs, and "
                 "security.protocol",
                 bootstrap_of(config), METADATA_MS / 1000, probe_reason(probe, err));
        return false;
    }
    if (refusal_is(err)) {
        struct refusal refusal = {err, name, NULL};
        refusal_explain(config, &refusal, error);
        return false;
    }
    if (!topics_is_missing(err)) {
        snprintf(error, CLIENT_ERROR_SIZE, "topic %s: %s", name, rd_kafka_err2str(err));
        return false;
    }
    if (config->create_topics)
        return create(client, config, name, error);
    append(missing, *missing ? ", " : "");
    append(missing, name);
    return true;
}

bool topics_prepare(const struct config *config, const struct log_settings *log,
                    char error[CLIENT_ERROR_SIZE])
{
    struct preparing preparing = {.patience = VISIBLE_PATIENCE};
    (void)log;
    struct client_options options = {
        .config = config, .opaque = &preparing, .on_error = probe_on_error};
    rd_kafka_t *client = client_new(CLIENT_PRODUCER, &options, error);
    struct wanted wanted = {.count = 0};
    char missing[CLIENT_ERROR_SIZE] = "";
    if (!client)
        return false;
    want_all(config, &wanted);
    bool good = true;
    for (size_t i = 0; i < wanted.count && good; i++)
        good = prepare_one(client, config, wanted.names[i], &preparing, missing, error);
    rd_kafka_destroy(client);
    if (good && *missing) {
        snprintf(
            error, CLIENT_ERROR_SIZE,
            "these topics do not exist: %.500s; create them, or set create_topics: {partitions: 6, "
            "replication: 3} in the configuration",
            missing);
        return false;
    }
    return good;
}
