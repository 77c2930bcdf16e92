/* Lanes count while pages are made: what the ThreadSanitizer (tests/tsan) is to see, and that no
 * count is lost. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/slice.h"
#include "ops/health.h"
#include "ops/metrics.h"

enum { LANES = 2, ROUNDS = 2000, PAGES = 40 };

struct worker {
    struct metrics *metrics;
    size_t lane;
};

static void say_statistics(struct metrics *metrics, size_t lane, int round)
{
    struct client_figures figures = {.queue_messages = (uint64_t)round, .brokers_count = 1};
    struct partition_figures *rows = calloc(1, sizeof *rows);
    figures.brokers[0] = (struct broker_figures){.id = 1, .is_up = true};
    figures.brokers[0].counters[BROKER_REQUESTS] = (uint64_t)round;
    clients_update(&metrics->clients, lane, CLIENTS_CONSUMER, &figures);
    assert_non_null(rows);
    memcpy(rows->topic, "raw", 4);
    rows->lag = round;
    clients_set_partitions(&metrics->clients, lane, rows, 1);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct metrics *metrics = worker->metrics;
    struct lane_metrics *lane = &metrics->lanes[worker->lane];
    for (int round = 0; round < ROUNDS; round++) {
        char source[32];
        snprintf(source, sizeof source, "s%d.example", round % 300);
        struct flow_record record = {.source = slice_from_cstr(source), .timestamp_ms = round};
        metric_add(lane, METRIC_IN, 1);
        histogram_observe(&lane->record, &HISTOGRAM_RECORD, (unsigned long long)round * 1000);
        flow_add(&metrics->flow, &record);
        ledger_table_add(
            &metrics->ledgers,
            &(struct ledger_row){"raw", (int32_t)worker->lane, round, {1, 1, 0, 0, 0}});
        atomic_store(&lane->polled_ms, metrics_now_ms());
        if (round % 100 == 0) {
            say_statistics(metrics, worker->lane, round);
            metrics_set_rulebook(metrics, source);
            flow_moved(&metrics->flow);
        }
    }
    clients_closed(&metrics->clients, worker->lane);
    return NULL;
}

static void pages_are_made_while_lanes_count(void **state)
{
    static struct metrics metrics;
    struct metrics_options options = {LANES, 60000, 1000, 1000};
    struct worker workers[LANES];
    pthread_t threads[LANES];
    size_t len;
    (void)state;
    assert_true(metrics_init(&metrics, &options));
    for (size_t i = 0; i < LANES; i++) {
        workers[i] = (struct worker){&metrics, i};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < PAGES; i++) {
        free(metrics_text(&metrics, &len));
        free(metrics_json(&metrics, &len));
        free(health_json(&metrics, HEALTH_READY, metrics_now_ms(), &len));
    }
    for (size_t i = 0; i < LANES; i++)
        pthread_join(threads[i], NULL);
    char *text = metrics_text(&metrics, &len);
    assert_non_null(text);
    assert_int_equal(metrics_sum(&metrics, METRIC_IN), LANES * ROUNDS);
    assert_non_null(strstr(text, "copydesk_record_duration_seconds_count 4000\n"));
    assert_non_null(strstr(text, "outcome=\"in\"} 2000\n"));
    /* Each lane's last statistics said 1,900 requests. */
    assert_non_null(strstr(text,
                           "copydesk_broker_sent_requests_total{side=\"consumer\",broker=\"1\"} "
                           "3800\n"));
    free(text);
    metrics_deinit(&metrics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pages_are_made_while_lanes_count)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
