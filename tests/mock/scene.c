/* The mock cluster, the raw records, and the count of what came out. */
#include "scene.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "kafka/produce.h"
#include "kafka/reader.h"
#include "yaml/yaml.h"

enum { CONFIG_SIZE = 2048, FLUSH_MS = 10000 };

/* The first join of the mock takes 3 s, later ones a second less than the session: 6 s leave room
 * for a loaded machine. */
static struct config *make_config(const struct scene *scene, const struct scene_settings *settings)
{
    char text[CONFIG_SIZE];
    struct mistakes mistakes = {0};
    int len = snprintf(
        text, sizeof text,
        "kafka:\n  bootstrap.servers: %s\n  consumer: {fetch.wait.max.ms: 10, "
        "session.timeout.ms: 6000, heartbeat.interval.ms: 300}\n%s"
        "input: {topics: [raw], group: scene}\noutput: {topic: enriched}\n"
        "rejected: {topic: rejected}\ninstance: scene\nlanes: 1\ncommit: {interval: %s}\n"
        "http: {listen: \"off\"}\nlog: {level: info}\n%s",
        rd_kafka_mock_cluster_bootstraps(scene->cluster), settings->kafka ? settings->kafka : "",
        settings->interval ? settings->interval : "50ms", settings->more ? settings->more : "");
    struct config *config = config_load_text("scene", slice_of(text, (size_t)len), &mistakes);
    for (size_t i = 0; i < mistakes.count; i++)
        fprintf(stderr, "%s\n", mistakes.items[i].text);
    mistakes_free(&mistakes);
    return config;
}

static void make_topic(struct scene *scene, const char *name, int partitions, int32_t leader)
{
    rd_kafka_mock_topic_create(scene->cluster, name, partitions, 1);
    for (int i = 0; i < partitions; i++)
        rd_kafka_mock_partition_set_leader(scene->cluster, name, i, leader);
}

bool scene_open(struct scene *scene, const struct scene_settings *settings)
{
    char error[512] = "no mock cluster";
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "test.mock.num.brokers", "2", error, sizeof error);
    rd_kafka_conf_set_log_cb(conf, NULL);
    scene->handle = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof error);
    scene->cluster = scene->handle ? rd_kafka_handle_mock_cluster(scene->handle) : NULL;
    if (!scene->cluster) {
        fprintf(stderr, "the mock cluster could not be started: %s\n", error);
        return false;
    }
    make_topic(scene, "raw", SCENE_PARTITIONS, SCENE_INPUT);
    make_topic(scene, "enriched", SCENE_PARTITIONS, SCENE_OUTPUT);
    make_topic(scene, "rejected", 1, SCENE_OUTPUT);
    rd_kafka_mock_coordinator_set(scene->cluster, "group", "scene", SCENE_OUTPUT);
    rd_kafka_mock_coordinator_set(scene->cluster, "transaction", "scene-scene-0", SCENE_OUTPUT);
    scene->config = make_config(scene, settings);
    return scene->config != NULL;
}

void scene_close(struct scene *scene)
{
    config_free(scene->config);
    if (scene->handle)
        rd_kafka_destroy(scene->handle); /* ends the mock cluster too */
}

bool scene_produce(struct scene *scene, unsigned count)
{
    for (unsigned i = 0; i < count && scene->produced < SCENE_RECORDS_MAX; i++) {
        char key[16], value[128];
        unsigned number = scene->produced++;
        snprintf(key, sizeof key, "%u", number);
        snprintf(value, sizeof value,
                 number % 10 == 9 ? "{\"text\": %u}"
                                  : "{\"id\": \"%u\", \"text\": \"The minister said on Monday that "
                                    "talks would go on.\"}",
                 number);
        struct outgoing out = {.topic = "raw",
                               .partition = (int32_t)(number % SCENE_PARTITIONS),
                               .has_key = true,
                               .has_value = true,
                               .key = slice_from_cstr(key),
                               .value = slice_from_cstr(value)};
        if (produce_outgoing(scene->handle, &out))
            return false;
    }
    return rd_kafka_flush(scene->handle, FLUSH_MS) == RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* --- running ------------------------------------------------------------------------------- */

static bool ask(void *context, const struct metrics *metrics)
{
    struct scene *scene = context;
    scene->step(scene->context, metrics);
    return false;
}

static void keep_counts(void *context, struct metrics *metrics)
{
    struct scene *scene = context;
    for (enum metric metric = 0; metric < METRIC_COUNT; metric++)
        scene->counts[metric] = scene_count(metrics, metric);
}

static void pass_on(void *context, const desk_result *result, const rd_kafka_message_t *message)
{
    struct scene *scene = context;
    if (scene->on_enriched)
        scene->on_enriched(scene->context, result, message);
}

int scene_run(struct scene *scene)
{
    struct runner_options options = {.config = scene->config,
                                     .rulebook = scene->rulebook,
                                     .on_enriched = pass_on,
                                     .context = scene,
                                     .should_stop = ask,
                                     .on_end = keep_counts};
    return runner_run(&options);
}

unsigned long long scene_count(const struct metrics *metrics, enum metric metric)
{
    unsigned long long sum = 0;
    for (size_t i = 0; i < metrics->lanes_count; i++)
        sum += atomic_load(&metrics->lanes[i].counts[metric]);
    return sum;
}

bool scene_is_all_committed(const struct scene *scene, const struct metrics *metrics)
{
    size_t count, done = 0;
    struct ledger_row *rows =
        ledger_table_copy(&((struct metrics *)(size_t)metrics)->ledgers, &count);
    for (size_t i = 0; i < count; i++)
        done += rows[i].next_offset * SCENE_PARTITIONS == (int64_t)scene->produced;
    free(rows);
    return done == SCENE_PARTITIONS;
}

/* --- what came out ------------------------------------------------------------------------- */

static enum reader_next mark(void *context, size_t part, const rd_kafka_message_t *message)
{
    bool *is_there = context;
    char key[16] = "";
    (void)part;
    struct coordinates raw;
    if (coordinates_of_skipped(message, &raw)) /* a note has no key */
        snprintf(key, sizeof key, "%" PRId64, raw.offset * SCENE_PARTITIONS + raw.partition);
    else if (message->key_len < sizeof key)
        memcpy(key, message->key, message->key_len);
    unsigned long number = strtoul(key, NULL, 10);
    if (*key && number < SCENE_RECORDS_MAX)
        is_there[number] = true;
    return READER_GO_ON;
}

int scene_missing(struct scene *scene)
{
    struct reader reader = {.client = NULL};
    char error[CLIENT_ERROR_SIZE] = "";
    bool is_there[SCENE_RECORDS_MAX] = {false};
    bool good = reader_open(&reader, scene->config, CLIENT_READER, error) &&
                reader_add_topic(&reader, "enriched", error) &&
                reader_add_topic(&reader, "rejected", error) &&
                reader_run(&reader, mark, NULL, is_there, error);
    int missing = 0;
    for (unsigned i = 0; i < scene->produced; i++)
        if (!is_there[i] && missing++ < 5)
            fprintf(stderr, "record %u came out nowhere\n", i);
    for (size_t i = 0; missing && i < reader.count; i++)
        fprintf(stderr, "%s [%d] was read from %lld to %lld, %d records are missing\n",
                reader.parts[i].topic, reader.parts[i].partition, (long long)reader.parts[i].from,
                (long long)reader.parts[i].to, missing);
    reader_close(&reader);
    if (!good)
        fprintf(stderr, "the published records could not be read: %s\n", error);
    return good ? missing : -1;
}
