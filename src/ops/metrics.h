/* What a lane counts. Written by its own thread, read by the HTTP thread: relaxed atomics, no lock.
 * What has a lock of its own (ledgers, clients, flow) stands in files of their own; the names of
 * all metrics in catalogue.c. */
#ifndef OPS_METRICS_H
#define OPS_METRICS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "ops/clients.h"
#include "ops/flow.h"
#include "ops/histogram.h"
#include "ops/ledger.h"

enum metric {
    METRIC_IN,
    METRIC_ENRICHED,
    METRIC_REJECTED,
    METRIC_PASSED,
    METRIC_SKIPPED,
    METRIC_BYTES_IN,
    METRIC_BYTES_ENRICHED,
    METRIC_BYTES_REJECTED,
    METRIC_COMMITS,
    METRIC_COMMITTED_RECORDS,
    METRIC_ABORTS,
    METRIC_REWINDS,
    METRIC_ASSIGNED,
    METRIC_REVOKED,
    METRIC_LOST,
    METRIC_REBALANCE_FAILED,
    METRIC_REBUILDS,
    METRIC_STALE,
    METRIC_LEDGER_BREACHES,
    METRIC_COUNT
};

/* One counter per code of docs/errors.md; the index is -status. More stages than there are. */
enum { METRIC_CODES = 64, METRIC_STAGES_MAX = 32 };

enum lane_state {
    STATE_STARTING, /* before its first clients */
    STATE_JOINING,  /* has clients, and no assignment yet */
    STATE_RUNNING,
    STATE_WAITING, /* for another try with new clients */
    STATE_STOPPED,
    STATE_FAILED,
    STATE_COUNT
};

/* Times here are of the monotonic clock, in ms. */
struct lane_metrics {
    atomic_ullong counts[METRIC_COUNT];
    atomic_ullong rejected[METRIC_CODES];
    atomic_uint partitions; /* assigned now */
    atomic_bool is_joined;
    atomic_bool is_running;
    atomic_int state;          /* enum lane_state */
    atomic_llong polled_ms;    /* when it last went round its loop; 0: not yet */
    atomic_llong committed_ms; /* when it last committed; 0: not yet */
    atomic_llong lagging_ms;   /* since when there are records to read; 0: there are none */
    struct histogram record, stages[METRIC_STAGES_MAX], latency, commit;
    struct histogram transactions[2]; /* committed, aborted */
};

/* Borrowed texts for the info families. */
struct metrics_info {
    const char *instance, *group, *delivery, *librdkafka;
    const char *const *stages; /* names, in order */
    size_t stages_count;
};

/* The rulebook in use. */
struct metrics_rulebook {
    char digest[48];
    long long loaded_ms; /* wall clock */
};

struct metrics {
    struct lane_metrics *lanes;
    size_t lanes_count;
    struct metrics_info info;
    long long stuck_after_ms;
    atomic_bool is_draining;
    atomic_ullong reloads, reloads_refused;
    atomic_bool is_reload_refused; /* the last one */
    pthread_mutex_t lock;          /* for the next */
    struct metrics_rulebook rulebook;
    /* Families that are counted elsewhere; NULL: none. */
    void (*collect_more)(struct exposition *page, void *context);
    void *collect_context;
    struct ledger_table ledgers; /* of all lanes: a partition may move between them */
    struct clients clients;
    struct flow flow;
};

struct metrics_options {
    size_t lanes_count;
    long long stuck_after_ms, silence_least_ms, silence_learn_ms;
};

/* False when out of memory; deinit is right after both. */
bool metrics_init(struct metrics *metrics, const struct metrics_options *options);
void metrics_deinit(struct metrics *metrics);

static inline void metric_add(struct lane_metrics *lane, enum metric metric,
                              unsigned long long amount)
{
    atomic_fetch_add_explicit(&lane->counts[metric], amount, memory_order_relaxed);
}

/* The rulebook that is in use from now on. */
void metrics_set_rulebook(struct metrics *metrics, const char *digest);
/* One metric summed over the lanes. */
unsigned long long metrics_sum(const struct metrics *metrics, enum metric metric);
/* "starting", "joining", ... */
const char *lane_state_name(enum lane_state state);
/* The clock of the lanes' times. */
long long metrics_now_ms(void);

/* collect.c: all families, in Prometheus text format 0.0.4, or as JSON:
 * {"time_ms":N,"metrics":{"NAME":[{"labels":{"lane":"0"},"value":1}, ...], ...}}, histograms with
 * "buckets":[[bound in seconds, cumulative count], ...], "count" and "sum". A heap string of *len
 * bytes, or NULL. Any thread. */
char *metrics_text(struct metrics *metrics, size_t *len);
char *metrics_json(struct metrics *metrics, size_t *len);

#endif
