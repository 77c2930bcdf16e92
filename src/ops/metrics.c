/* Life of the counters. */
#include "ops/metrics.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

bool metrics_init(struct metrics *metrics, const struct metrics_options *options)
{
    memset(metrics, 0, sizeof *metrics);
    pthread_mutex_init(&metrics->lock, NULL);
    ledger_table_init(&metrics->ledgers);
    metrics->stuck_after_ms = options->stuck_after_ms;
    metrics->lanes = calloc(options->lanes_count, sizeof *metrics->lanes);
    metrics->lanes_count = metrics->lanes ? options->lanes_count : 0;
    bool has_flow = flow_init(&metrics->flow, options->silence_least_ms, options->silence_learn_ms);
    bool has_clients = clients_init(&metrics->clients, options->lanes_count);
    if (metrics->lanes && has_flow && has_clients)
        return true;
    clients_deinit(&metrics->clients);
    if (has_flow)
        flow_deinit(&metrics->flow);
    ledger_table_deinit(&metrics->ledgers);
    pthread_mutex_destroy(&metrics->lock);
    free(metrics->lanes);
    metrics->lanes = NULL;
    metrics->lanes_count = 0;
    return false;
}

void metrics_deinit(struct metrics *metrics)
{
    if (!metrics->lanes)
        return;
    clients_deinit(&metrics->clients);
    flow_deinit(&metrics->flow);
    ledger_table_deinit(&metrics->ledgers);
    pthread_mutex_destroy(&metrics->lock);
    free(metrics->lanes);
    metrics->lanes = NULL;
    metrics->lanes_count = 0;
}

void metrics_set_rulebook(struct metrics *metrics, const char *digest)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    pthread_mutex_lock(&metrics->lock);
    snprintf(metrics->rulebook.digest, sizeof metrics->rulebook.digest, "%s", digest);
    metrics->rulebook.loaded_ms = (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    pthread_mutex_unlock(&metrics->lock);
}

unsigned long long metrics_sum(const struct metrics *metrics, enum metric metric)
{
    unsigned long long sum = 0;
    for (size_t i = 0; i < metrics->lanes_count; i++)
        sum += atomic_load_explicit(&metrics->lanes[i].counts[metric], memory_order_relaxed);
    return sum;
}

const char *lane_state_name(enum lane_state state)
{
    static const char *const names[STATE_COUNT] = {"starting", "joining", "running",
                                                   "waiting",  "stopped", "failed"};
    return names[state];
}

long long metrics_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
