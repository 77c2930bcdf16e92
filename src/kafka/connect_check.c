/* Each step needs the ones before it: no topic can be judged without a broker. Within a step
 * everything is tried.
 *
 * Permission to write is tried by a transaction that holds one record back by linger.ms and is
 * aborted: the broker checks the permission when the partition joins the transaction, and the
 * record is never sent. The topic gets an abort marker, which no consumer sees. */
#include "kafka/connect_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kafka/probe.h"
#include "kafka/produce.h"
#include "kafka/reader.h"
#include "kafka/topics.h"
#include "yaml/yaml.h"

enum { REQUEST_MS = 15000, JOIN_MS = 1500, POLL_MS = 50, ID_SIZE = 320 };
/* Longer than JOIN_MS, so that nothing is sent meanwhile, and shorter than the
 * transaction.timeout.ms that anybody sets: the client refuses to hold a record back for longer
 * than it may be tried. */
static const char LINGER_MS[] = "3000";

struct connecting {
    const struct config *config;
    struct mistakes *mistakes;
    struct probe *probe; /* the opaque of the clients */
    rd_kafka_t *client;
    size_t missing; /* topics that are to be made at start */
};

static const struct config_property *bootstrap(const struct config *config)
{
    for (size_t i = 0; i < config->kafka.count; i++)
        if (!strcmp(config->kafka.items[i].name, "bootstrap.servers"))
            return &config->kafka.items[i];
    return NULL;
}

/* Where a mistake about the cluster belongs. */
static const struct config_place *cluster_place(const struct config *config)
{
    const struct config_property *property = bootstrap(config);
    return property ? &property->place : config_place_of(config, "input.topics");
}

static void fail(const struct connecting *connecting, const struct config_place *place,
                 const char *text)
{
    config_mistake(connecting->mistakes, place, false, "connect: %s", text);
}

/* --- brokers ------------------------------------------------------------------------------- */

static void say_brokers(const struct rd_kafka_metadata *metadata)
{
    printf("connect: %d %s:", metadata->broker_cnt,
           metadata->broker_cnt == 1 ? "broker answers" : "brokers answer");
    for (int i = 0; i < metadata->broker_cnt; i++)
        printf(" %s:%d", metadata->brokers[i].host, metadata->brokers[i].port);
    putchar('\n');
}

static bool check_brokers(const struct connecting *connecting)
{
    char text[REFUSAL_SIZE];
    const struct rd_kafka_metadata *metadata = NULL;
    struct client_question question = {NULL, REQUEST_MS, &connecting->probe->note};
    rd_kafka_resp_err_t err = client_metadata(connecting->client, &question, &metadata);
    if (!err) {
        say_brokers(metadata);
        rd_kafka_metadata_destroy(metadata);
        return true;
    }
    struct probe *probe = connecting->probe;
    if (probe->note.err) {
        struct refusal refusal = {probe->note.err, NULL, probe->note.reason};
        refusal_explain(connecting->config, &refusal, text);
    } else {
        const struct config_property *property = bootstrap(connecting->config);
        snprintf(text, sizeof text,
                 "no broker of %.200s answered within %d s (%.200s): check "
                 "kafka.bootstrap.servers, that the cluster runs, and security.protocol",
                 property ? property->value : "(kafka.bootstrap.servers is not set)",
                 REQUEST_MS / 1000, probe_reason(probe, err));
    }
    fail(connecting, cluster_place(connecting->config), text);
    return false;
}

/* --- topics -------------------------------------------------------------------------------- */

struct topic_use {
    const char *key;      /* of the configuration */
    const char *resource; /* how a person calls it */
};

static bool say_topic_error(struct connecting *connecting, const struct topic_use *use,
                            const char *topic, rd_kafka_resp_err_t err)
{
    char text[REFUSAL_SIZE];
    struct refusal refusal = {err, topic, NULL};
    if (topics_is_missing(err) && connecting->config->create_topics) {
        printf("connect: topic %s (%s) is not there and will be created: %lld partitions, "
               "replication %lld\n",
               topic, use->resource, connecting->config->create_partitions,
               connecting->config->create_replication);
        connecting->missing++;
        return false;
    }
    if (refusal_is(err))
        refusal_explain(connecting->config, &refusal, text);
    else if (topics_is_missing(err))
        snprintf(text, sizeof text,
                 "topic %.250s (%s) does not exist; create it, or set create_topics: {partitions: "
                 "6, replication: 3}",
                 topic, use->resource);
    else
        snprintf(text, sizeof text, "topic %.250s: %s", topic, rd_kafka_err2str(err));
    fail(connecting, config_place_of(connecting->config, use->key), text);
    return false;
}

static bool check_topic(struct connecting *connecting, const struct topic_use *use,
                        const char *topic)
{
    int partitions = 0;
    rd_kafka_resp_err_t err =
        topics_look_up(connecting->client, topic, &connecting->probe->note, &partitions);
    if (err)
        return say_topic_error(connecting, use, topic, err);
    printf("connect: topic %s (%s): %d %s\n", topic, use->resource, partitions,
           partitions == 1 ? "partition" : "partitions");
    if (!strcmp(use->key, "input.topics") && partitions < connecting->config->lanes)
        config_mistake(connecting->mistakes, config_place_of(connecting->config, "lanes"), true,
                       "connect: %lld lanes, but partitions of topic %s: %d; the other lanes have "
                       "nothing to do unless other topics give it",
                       connecting->config->lanes, topic, partitions);
    return true;
}

static bool check_list(struct connecting *connecting, const struct topic_use *use,
                       const struct config_list *topics)
{
    bool good = true;
    for (size_t i = 0; i < topics->count; i++)
        if (topics->items[i][0] != '^')
            good &= check_topic(connecting, use, topics->items[i]);
    return good;
}

/* --- reading ------------------------------------------------------------------------------- */

static enum reader_next ignore(void *context, size_t part, const rd_kafka_message_t *message)
{
    (void)context;
    (void)part;
    (void)message;
    return READER_SKIP_PART;
}

/* The last record of each partition; an empty one has none to ask for, and is counted. */
static bool read_last(struct reader *reader, size_t *empty, char error[CLIENT_ERROR_SIZE])
{
    for (size_t i = 0; i < reader->count; i++) {
        struct reader_part *part = &reader->parts[i];
        if (part->high > part->low)
            part->from = part->high - 1;
        else
            (*empty)++;
    }
    return reader_run(reader, ignore, NULL, NULL, error);
}

static bool read_commits(struct reader *reader, const struct config *config,
                         char error[CLIENT_ERROR_SIZE])
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)reader->count + 1);
    for (size_t i = 0; i < reader->count; i++)
        rd_kafka_topic_partition_list_add(list, reader->parts[i].topic, reader->parts[i].partition);
    rd_kafka_resp_err_t err = rd_kafka_committed(reader->client, list, REQUEST_MS);
    rd_kafka_topic_partition_list_destroy(list);
    struct refusal refusal = {err, NULL, NULL};
    if (refusal_is(err))
        refusal_explain(config, &refusal, error);
    else if (err)
        snprintf(error, CLIENT_ERROR_SIZE, "commits of group %.200s: %s", config->input_group,
                 rd_kafka_err2str(err));
    return !err;
}

static void check_reading(const struct connecting *connecting)
{
    const struct config *config = connecting->config;
    const struct config_place *place = config_place_of(config, "input.topics");
    char error[CLIENT_ERROR_SIZE] = "";
    struct reader reader = {.client = NULL};
    size_t empty = 0;
    bool good = reader_open(&reader, config, CLIENT_READER, error);
    for (size_t i = 0; good && i < config->input_topics.count; i++)
        good = reader_add_matching(&reader, config->input_topics.items[i], error);
    good = good && read_last(&reader, &empty, error);
    if (good && !read_commits(&reader, config, error)) {
        place = config_place_of(config, "input.group");
        good = false;
    }
    if (good)
        printf("connect: may read %zu %s as group %s\n", reader.count,
               reader.count == 1 ? "partition" : "partitions", config->input_group);
    else
        fail(connecting, place, error);
    reader_close(&reader);
}

/* --- writing ------------------------------------------------------------------------------- */

/* The reason why a transaction took no record: asked to begin another one, the producer says it. */
static bool find_refusal(struct connecting *connecting, rd_kafka_t *producer, const char *topic,
                         char text[CLIENT_ERROR_SIZE])
{
    rd_kafka_error_t *error = rd_kafka_begin_transaction(producer);
    rd_kafka_resp_err_t err = error ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;
    bool is_abortable = error && rd_kafka_error_txn_requires_abort(error);
    struct refusal refusal = {connecting->probe->note.err ? connecting->probe->note.err : err,
                              topic, error ? rd_kafka_error_string(error) : NULL};
    bool is_refused = refusal_is(refusal.err) || is_abortable;
    if (refusal_is(refusal.err))
        refusal_explain(connecting->config, &refusal, text);
    else if (is_abortable)
        snprintf(text, CLIENT_ERROR_SIZE, "topic %.250s: %s", topic, rd_kafka_error_string(error));
    if (error)
        rd_kafka_error_destroy(error);
    return is_refused;
}

static void abort_transaction(rd_kafka_t *producer)
{
    rd_kafka_purge(producer, RD_KAFKA_PURGE_F_QUEUE);
    rd_kafka_error_t *error = rd_kafka_abort_transaction(producer, REQUEST_MS);
    if (error)
        rd_kafka_error_destroy(error);
}

static bool try_topic(struct connecting *connecting, rd_kafka_t *producer, const char *topic,
                      char text[CLIENT_ERROR_SIZE])
{
    struct outgoing out = {.topic = topic,
                           .partition = RD_KAFKA_PARTITION_UA,
                           .has_value = true,
                           .value = {"copydesk check", 14}};
    connecting->probe->note.err = RD_KAFKA_RESP_ERR_NO_ERROR;
    if (client_judge(connecting->config, rd_kafka_begin_transaction(producer), text) != VERDICT_OK)
        return false;
    rd_kafka_resp_err_t err = produce_outgoing(producer, &out);
    for (int waited = 0; !err && waited < JOIN_MS; waited += POLL_MS)
        rd_kafka_poll(producer, POLL_MS);
    bool is_refused = err || find_refusal(connecting, producer, topic, text);
    if (err)
        snprintf(text, CLIENT_ERROR_SIZE, "topic %.250s: %s", topic, rd_kafka_err2str(err));
    abort_transaction(producer);
    return !is_refused;
}

static rd_kafka_t *open_transactional(struct connecting *connecting, char text[CLIENT_ERROR_SIZE])
{
    char id[ID_SIZE];
    snprintf(id, sizeof id, "%.250s-check", connecting->config->input_group);
    struct client_options options = {.config = connecting->config,
                                     .transactional_id = id,
                                     .opaque = connecting->probe,
                                     .linger_ms = LINGER_MS,
                                     .on_error = probe_on_error};
    rd_kafka_t *producer = client_new(CLIENT_PRODUCER, &options, text);
    if (producer &&
        client_judge(connecting->config, rd_kafka_init_transactions(producer, REQUEST_MS), text) !=
            VERDICT_OK) {
        rd_kafka_destroy(producer);
        return NULL;
    }
    return producer;
}

static void check_writing(struct connecting *connecting)
{
    const struct config *config = connecting->config;
    const struct config_list *lists[] = {&config->targets_enriched, &config->targets_rejected};
    const char *const keys[] = {"output.topic", "rejected.topic"};
    char text[CLIENT_ERROR_SIZE] = "";
    if (config->delivery != DELIVERY_EXACTLY_ONCE) {
        puts("connect: permission to write is not tried: without transactions a try would leave a "
             "record");
        return;
    }
    rd_kafka_t *producer = open_transactional(connecting, text);
    if (!producer) {
        fail(connecting, config_place_of(config, "input.group"), text);
        return;
    }
    size_t good = 0;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (size_t j = 0; j < lists[i]->count; j++) {
            if (try_topic(connecting, producer, lists[i]->items[j], text))
                good++;
            else
                fail(connecting, config_place_of(config, keys[i]), text);
        }
    printf("connect: may use transactions and write to %zu of %zu topics\n", good,
           lists[0]->count + lists[1]->count);
    rd_kafka_destroy(producer);
}

/* --- whole --------------------------------------------------------------------------------- */

static void check_cluster(struct connecting *connecting)
{
    static const struct topic_use input = {"input.topics", "input"},
                                  output = {"output.topic", "output"},
                                  rejected = {"rejected.topic", "rejected"};
    const struct config *config = connecting->config;
    if (!check_brokers(connecting))
        return;
    bool can_read = check_list(connecting, &input, &config->input_topics);
    bool can_write = check_list(connecting, &output, &config->targets_enriched);
    can_write &= check_list(connecting, &rejected, &config->targets_rejected);
    if (can_read)
        check_reading(connecting);
    if (can_write)
        check_writing(connecting);
    if (connecting->missing)
        printf("connect: permissions are tried on topics that exist; run this again when the %zu "
               "others do\n",
               connecting->missing);
}

void connect_check(const struct config *config, struct mistakes *mistakes)
{
    char error[CLIENT_ERROR_SIZE];
    struct probe probe = {.reason = ""};
    struct connecting connecting = {.config = config, .mistakes = mistakes, .probe = &probe};
    struct client_options options = {
        .config = config, .opaque = &probe, .on_error = probe_on_error};
    connecting.client = client_new(CLIENT_PRODUCER, &options, error);
    if (!connecting.client) {
        fail(&connecting, cluster_place(config), error);
        return;
    }
    check_cluster(&connecting);
    rd_kafka_destroy(connecting.client);
}
