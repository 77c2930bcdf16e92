/* What a lane counts. Written by its own thread, read by the HTTP thread: relaxed atomics, no lock.
 */
#ifndef OPS_METRICS_H
#define OPS_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>

#include "ops/ledger.h"

enum metric {
    METRIC_IN,
    METRIC_ENRICHED,
    METRIC_REJECTED,
    METRIC_PASSED,
    METRIC_SKIPPED,
    METRIC_BYTES_IN,
    METRIC_BYTES_OUT,
    METRIC_COMMITS,
    METRIC_COMMITTED_RECORDS,
    METRIC_ABORTS,
    METRIC_REWINDS,
    METRIC_REBALANCES,
    METRIC_REBUILDS,
    METRIC_STALE,
    METRIC_LEDGER_BREACHES,
    METRIC_ENGINE_NS,
    METRIC_COMMIT_NS,
    METRIC_COUNT
};

/* One counter per code of docs/errors.md; the index is -status. */
enum { METRIC_CODES = 64 };

struct lane_metrics {
    atomic_ullong counts[METRIC_COUNT];
    atomic_ullong rejected[METRIC_CODES];
    atomic_uint partitions; /* assigned now */
    atomic_bool is_joined;
    atomic_bool is_running;
    atomic_llong last_commit_ms; /* wall clock, ms since 1970; 0: none yet */
};

struct metrics {
    struct lane_metrics *lanes;
    size_t lanes_count;
    atomic_bool is_draining;
    atomic_ullong reloads, reloads_refused;
    char rulebook[33];
    atomic_ullong rulebook_generation;
    /* Prints what is counted elsewhere; NULL: nothing. */
    void (*print_more)(FILE *out, void *context);
    void *print_context;
    struct ledger_table ledgers; /* of all lanes: a partition may move between them */
};

static inline void metric_add(struct lane_metrics *lane, enum metric metric,
                              unsigned long long amount)
{
    atomic_fetch_add_explicit(&lane->counts[metric], amount, memory_order_relaxed);
}

/* Prometheus text format 0.0.4. Returns a heap string of *len bytes, or NULL. */
char *metrics_text(struct metrics *metrics, size_t *len);
/* The same as one line of JSON. */
char *metrics_json(struct metrics *metrics, size_t *len);
/* Ready: not draining, and at least one lane has joined its group. */
int metrics_is_ready(const struct metrics *metrics);

#endif
