/* What the metrics show of a lane: its pulse, times, ages of records, and what its clients say. All
 * of it runs in the lane's thread and costs a record about as much as reading the clock. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "article/article.h"
#include "engine/engine.h"
#include "engine/stage_table.h"
#include "kafka/backfill.h"
#include "kafka/lane_parts.h"
#include "kafka/statistics.h"
#include "stage/stages.h"

/* To read the clock around each stage takes 0.6 us; of one record in 64 that is 10 ns a record. */
enum { RECORDS_PER_SAMPLE = 64 };

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void measure_turn(struct lane *lane, long long now_ms)
{
    atomic_store_explicit(&lane->metrics->polled_ms, now_ms, memory_order_relaxed);
}

void measure_state(struct lane *lane, enum lane_state state)
{
    atomic_store_explicit(&lane->metrics->state, state, memory_order_relaxed);
}

/* --- records ------------------------------------------------------------------------------- */

enum { TIMES_MAX = (int)STAGE_COUNT + (int)STAGES_LOADED_MAX };
_Static_assert((int)TIMES_MAX <= (int)METRIC_STAGES_MAX, "each stage has its histogram");

/* A stage that took no time was not reached. */
static void observe_stages(struct lane *lane, const unsigned long long before[TIMES_MAX])
{
    const unsigned long long *after = engine_stage_times(lane->engine);
    for (size_t i = 0; i < engine_stage_count(lane->engine); i++)
        if (after[i] != before[i])
            histogram_observe(&lane->metrics->stages[i], &HISTOGRAM_STAGE, after[i] - before[i]);
}

desk_status measure_process(struct lane *lane, const desk_record *record, desk_result *result,
                            desk_error *err)
{
    unsigned long long before[TIMES_MAX], started = lane_now_ns();
    bool is_sampled = lane->sampled++ % RECORDS_PER_SAMPLE == 0;
    engine_set_clock(lane->engine, is_sampled ? lane_now_ns : NULL);
    if (is_sampled)
        memcpy(before, engine_stage_times(lane->engine), sizeof before);
    desk_status status = desk_engine_process(lane->engine, record, result, err);
    histogram_observe(&lane->metrics->record, &HISTOGRAM_RECORD, lane_now_ns() - started);
    if (is_sampled)
        observe_stages(lane, before);
    return status;
}

void measure_placed(struct lane *lane, const rd_kafka_message_t *message, const desk_result *result)
{
    rd_kafka_timestamp_type_t type;
    int64_t now = wall_ms(), timestamp = rd_kafka_message_timestamp(message, &type);
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || timestamp < 0 || timestamp > now)
        timestamp = now; /* a clock that runs ahead must not set ours; before 1970 none ran */
    if (lane->raw_count < LANE_AGES)
        lane->raw_ms[lane->raw_count++] = timestamp;
    if (result->outcome != DESK_ENRICHED)
        return;
    const struct subject_list *subjects = &engine_article(lane->engine)->subjects;
    struct flow_record record = {.subject = result->top_subject,
                                 .language = result->language,
                                 .source = result->source_domain,
                                 .timestamp_ms = timestamp};
    if (subjects->count)
        record.subject_name = subjects->items[0].name;
    flow_add(&lane->shared->metrics.flow, &record);
}

/* --- transactions -------------------------------------------------------------------------- */

void measure_ended(struct lane *lane, unsigned long long commit_ns)
{
    struct lane_metrics *metrics = lane->metrics;
    long long now = lane_now_ms();
    unsigned long long open_ms =
        now > lane->opened_ms ? (unsigned long long)(now - lane->opened_ms) : 0;
    histogram_observe(&metrics->transactions[commit_ns ? 0 : 1], &HISTOGRAM_COMMIT,
                      open_ms * 1000000);
    if (commit_ns) {
        int64_t wall = wall_ms();
        for (size_t i = 0; i < lane->raw_count; i++)
            histogram_observe(&metrics->latency, &HISTOGRAM_LATENCY,
                              wall > lane->raw_ms[i] ? (unsigned long long)(wall - lane->raw_ms[i])
                                                     : 0);
        histogram_observe(&metrics->commit, &HISTOGRAM_COMMIT, lane_now_ns() - commit_ns);
        atomic_store_explicit(&metrics->committed_ms, now, memory_order_relaxed);
    }
    lane->raw_count = 0;
}

/* --- statistics ---------------------------------------------------------------------------- */

/* Whether the lane is to read on in the partition: a backfill leaves what lies behind its bound. */
static bool is_wanted(const struct lane *lane, const struct partition_figures *partition)
{
    const struct backfill *backfill = lane->shared->backfill;
    const struct reader_part *stretch =
        backfill ? backfill_find(backfill, partition->topic, partition->partition) : NULL;
    return !backfill || (stretch && partition->committed < stretch->to);
}

/* Since when the lane has records to read. */
static void note_lag(struct lane *lane, const struct statistics *statistics)
{
    int64_t lag = 0;
    for (size_t i = 0; i < statistics->partitions_count; i++)
        if (statistics->partitions[i].lag > 0 && is_wanted(lane, &statistics->partitions[i]))
            lag += statistics->partitions[i].lag;
    if (!lag)
        atomic_store(&lane->metrics->lagging_ms, 0);
    else if (!atomic_load(&lane->metrics->lagging_ms))
        atomic_store(&lane->metrics->lagging_ms, lane_now_ms());
}

int measure_statistics(rd_kafka_t *client, char *json, size_t len, void *opaque)
{
    struct lane *lane = opaque;
    struct clients *clients = &lane->shared->metrics.clients;
    struct statistics statistics;
    bool is_consumer = rd_kafka_type(client) == RD_KAFKA_CONSUMER;
    if (!statistics_read(json, len, is_consumer ? &lane->parts : NULL, &statistics))
        return 0;
    clients_update(clients, lane->index, is_consumer ? CLIENTS_CONSUMER : CLIENTS_PRODUCER,
                   &statistics.client);
    if (is_consumer) {
        note_lag(lane, &statistics);
        clients_set_partitions(clients, lane->index, statistics.partitions,
                               statistics.partitions_count);
    }
    return 0;
}
