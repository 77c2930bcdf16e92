/* A stage for one test of error injection: librdkafka's mock cluster, raw records in it, and the
 * real runner on them, all in one process.
 *
 *     struct scene scene;
 *     scene_open(&scene, &settings) && scene_produce(&scene, 100);
 *     int code = scene_run(&scene, step, context);
 *     ... scene.counts, scene_missing(&scene) ...
 *     scene_close(&scene);
 *
 * The mock keeps no transactions: data of aborted ones stays visible and TxnOffsetCommit is
 * acknowledged and forgotten, so that records may come twice here. What these tests count is what
 * is missing; that nothing comes twice is proven on a real cluster (tests/integration,
 * tests/chaos).
 */
#ifndef TESTS_MOCK_SCENE_H
#define TESTS_MOCK_SCENE_H

#include <librdkafka/rdkafka.h>
/* needs the one before */
#include <librdkafka/rdkafka_mock.h>
#include <stdbool.h>

#include "config/config.h"
#include "kafka/runner.h"

/* Broker 1 leads the output topics and coordinates group and transactions, broker 2 leads the raw
 * topic, so that errors of one side do not hit the other. */
enum { SCENE_PARTITIONS = 2, SCENE_RECORDS_MAX = 4000, SCENE_OUTPUT = 1, SCENE_INPUT = 2 };

struct scene_settings {
    const char *more;  /* YAML at the top level of the configuration; NULL: none */
    const char *kafka; /* lines below kafka:, such as "  socket.timeout.ms: 1000\n"; NULL: none */
    const char *interval; /* of commits; NULL: 50ms */
};

struct scene {
    rd_kafka_t *handle; /* owns the mock cluster and produces the raw records */
    rd_kafka_mock_cluster_t *cluster;
    struct config *config;
    desk_rulebook *rulebook; /* borrowed */
    unsigned produced;
    unsigned long long counts[METRIC_COUNT]; /* of the last run, summed over its lanes */
    /* Asked five times a second while the runner works. */
    void (*step)(void *context, const struct metrics *metrics);
    /* After each enriched record, in the lane's thread; NULL: nothing. */
    void (*on_enriched)(void *context, const desk_result *result,
                        const rd_kafka_message_t *message);
    void *context;
};

/* False with a line on stderr. */
bool scene_open(struct scene *scene, const struct scene_settings *settings);
void scene_close(struct scene *scene);
/* Adds raw records, spread over the partitions; every tenth will be rejected. */
bool scene_produce(struct scene *scene, unsigned count);
/* Runs until the step sends SIGTERM to the process; returns the runner's exit code. */
int scene_run(struct scene *scene);
unsigned long long scene_count(const struct metrics *metrics, enum metric metric);
/* Whether the ledger of each raw partition has reached its end. */
bool scene_is_all_committed(const struct scene *scene, const struct metrics *metrics);
/* Raw records that are neither in the enriched nor in the rejected topic; -1: they could not be
 * read. */
int scene_missing(struct scene *scene);

#endif
