/* A lane: a thread with its own consumer, its own producer and its own engine. It shares the
 * rulebook and nothing else.
 *
 * Loop: poll one message, process it inline, produce what comes out, commit by time or bytes.
 * Everything between two commits is one transaction; whatever goes wrong ends in an abort and a
 * rewind to its start, or in new clients that start from the committed offsets.
 */
#ifndef KAFKA_LANE_H
#define KAFKA_LANE_H

#include <copydesk/copydesk.h>
#include <pthread.h>
#include <stdatomic.h>

#include "kafka/client.h"
#include "kafka/oversize.h"
#include "kafka/parts.h"
#include "ops/metrics.h"

enum lane_stop { LANE_RUN, LANE_DRAIN, LANE_ABORT };

struct backfill;
struct shadow;
struct spotlight;

/* Records of a transaction whose age at its commit is measured; those after them are left out, as
 * they were read within the same commit.interval. */
enum { LANE_AGES = 8192 };

/* What all lanes of a runner see. */
struct lane_shared {
    const struct config *config;
    const char *instance;
    struct log_settings log;
    struct metrics metrics;
    atomic_int stop;                 /* enum lane_stop */
    pthread_mutex_t lock;            /* for the rulebook's swap only */
    desk_rulebook *rulebook;         /* current; a lane takes its own reference under the lock */
    atomic_uint generation;          /* counts swaps */
    struct shadow *shadow;           /* NULL: none */
    struct spotlight *spotlight;     /* NULL: none */
    const struct backfill *backfill; /* NULL: reads for ever */
    /* Called after each enriched record was produced, for the demo; NULL else. Runs in the lane's
     * thread. */
    void (*on_enriched)(void *context, const desk_result *result,
                        const rd_kafka_message_t *message);
    void *on_enriched_context;
};

struct lane {
    struct client_head head; /* first: the clients' callbacks find it through their opaque */
    struct lane_shared *shared;
    struct lane_metrics *metrics;
    unsigned index;
    pthread_t thread;
    char transactional_id[320];
    rd_kafka_t *consumer, *producer;
    desk_engine *engine;
    unsigned generation; /* of the engine's rulebook */
    struct parts parts;
    bool is_open;           /* a transaction is open */
    bool must_rewind;       /* the transaction was aborted inside a callback */
    bool has_been_assigned; /* the consumer has had its first assignment */
    bool must_rebuild;      /* clients are of no more use */
    long long opened_ms;    /* monotonic, when the transaction was opened */
    size_t bytes_open;
    unsigned delivery_failures, unproven_deliveries;
    unsigned failures; /* times the lane went back since its last commit */
    struct oversize oversize;
    unsigned long long sampled; /* records worked on, to choose those whose stages are measured */
    int64_t raw_ms[LANE_AGES];  /* timestamps of the open transaction's first records */
    size_t raw_count;
    atomic_bool has_failed; /* for good */
    char failure[CLIENT_ERROR_SIZE];
};

/* The thread's function; `argument` is a struct lane. */
void *lane_run(void *argument);

#endif
