/* All families, in the order of the catalogue. */
#include "ops/metrics.h"

#include <copydesk/error.h>
#include <copydesk/version.h>
#include <inttypes.h>
#include <jansson.h>
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ops/health.h"
#include "ops/process.h"

static void put_lane_count(struct exposition *page, size_t lane, unsigned long long count)
{
    char name[24];
    snprintf(name, sizeof name, "%zu", lane);
    exposition_count(page, LABELS({"lane", name}), count);
}

static void put_lane_value(struct exposition *page, size_t lane, double value)
{
    char name[24];
    snprintf(name, sizeof name, "%zu", lane);
    exposition_value(page, LABELS({"lane", name}), value);
}

/* With a second label. */
static void put_lane_split(struct exposition *page, size_t lane, struct label second,
                           unsigned long long count)
{
    char name[24];
    snprintf(name, sizeof name, "%zu", lane);
    exposition_count(page, LABELS({"lane", name}, second), count);
}

static unsigned long long count_of(struct metrics *metrics, size_t lane, enum metric metric)
{
    return atomic_load_explicit(&metrics->lanes[lane].counts[metric], memory_order_relaxed);
}

/* --- info ---------------------------------------------------------------------------------- */

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

static void collect_info(struct metrics *metrics, struct exposition *page)
{
    const struct metrics_info *info = &metrics->info;
    char pcre2[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
    exposition_family(page, FAMILY_BUILD_INFO);
    exposition_count(page,
                     LABELS({"version", desk_version()},
                            {"librdkafka", text_or_empty(info->librdkafka)},
                            {"jansson", jansson_version_str()}, {"pcre2", pcre2}),
                     1);
    exposition_family(page, FAMILY_INSTANCE_INFO);
    exposition_count(page,
                     LABELS({"instance", text_or_empty(info->instance)},
                            {"group", text_or_empty(info->group)},
                            {"delivery", text_or_empty(info->delivery)}),
                     1);
}

/* --- records ------------------------------------------------------------------------------- */

static void collect_counter(struct metrics *metrics, struct exposition *page, enum family family,
                            enum metric metric)
{
    exposition_family(page, family);
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        put_lane_count(page, lane, count_of(metrics, lane, metric));
}

/* A counter with a second label, one metric a value of it. */
struct split {
    const char *value;
    enum metric metric;
};

static void collect_split(struct metrics *metrics, struct exposition *page, enum family family,
                          const struct split *splits)
{
    const char *label = strchr(family_row(family)->labels, ',') + 1;
    exposition_family(page, family);
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        for (const struct split *split = splits; split->value; split++)
            put_lane_split(page, lane, (struct label){label, split->value},
                           count_of(metrics, lane, split->metric));
}

static void collect_codes(struct metrics *metrics, struct exposition *page)
{
    exposition_family(page, FAMILY_REJECTED_BY_CODE);
    for (int code = 1; code < METRIC_CODES; code++) {
        desk_status status = (desk_status)-code;
        unsigned long long sum = 0;
        for (size_t lane = 0; lane < metrics->lanes_count; lane++)
            sum += atomic_load_explicit(&metrics->lanes[lane].rejected[code], memory_order_relaxed);
        if (desk_status_class(status) == DESK_CLASS_RECORD)
            exposition_count(page, LABELS({"code", desk_status_code(status)}), sum);
    }
}

static void collect_ledger_row(struct exposition *page, const struct ledger_row *row)
{
    const struct {
        const char *name;
        uint64_t count;
    } outcomes[] = {{"in", row->ledger.in},
                    {"enriched", row->ledger.enriched},
                    {"rejected", row->ledger.rejected},
                    {"passed", row->ledger.passed},
                    {"skipped", row->ledger.skipped}};
    char partition[16];
    snprintf(partition, sizeof partition, "%" PRId32, row->partition);
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        exposition_count(page,
                         LABELS({"topic", row->topic ? row->topic : "others"},
                                {"partition", partition}, {"outcome", outcomes[i].name}),
                         outcomes[i].count);
}

static void collect_ledgers(struct metrics *metrics, struct exposition *page)
{
    size_t count;
    struct ledger_row *rows = ledger_table_copy(&metrics->ledgers, &count);
    exposition_family(page, FAMILY_LEDGER_RECORDS);
    for (size_t i = 0; i < count; i++)
        collect_ledger_row(page, &rows[i]);
    free(rows);
}

static void collect_records(struct metrics *metrics, struct exposition *page)
{
    static const struct split outcomes[] = {{"enriched", METRIC_ENRICHED},
                                            {"rejected", METRIC_REJECTED},
                                            {"passed", METRIC_PASSED},
                                            {"skipped", METRIC_SKIPPED},
                                            {NULL, 0}};
    static const struct split bytes[] = {
        {"enriched", METRIC_BYTES_ENRICHED}, {"rejected", METRIC_BYTES_REJECTED}, {NULL, 0}};
    collect_counter(metrics, page, FAMILY_RECORDS_IN, METRIC_IN);
    collect_counter(metrics, page, FAMILY_BYTES_IN, METRIC_BYTES_IN);
    collect_split(metrics, page, FAMILY_RECORDS_OUT, outcomes);
    collect_split(metrics, page, FAMILY_BYTES_OUT, bytes);
    collect_counter(metrics, page, FAMILY_RECORDS_COMMITTED, METRIC_COMMITTED_RECORDS);
    collect_codes(metrics, page);
    collect_ledgers(metrics, page);
    collect_counter(metrics, page, FAMILY_LEDGER_BREACHES, METRIC_LEDGER_BREACHES);
    collect_counter(metrics, page, FAMILY_STALE_MESSAGES, METRIC_STALE);
}

/* --- times --------------------------------------------------------------------------------- */

/* The sum over lanes of the histogram that lies `offset` bytes into struct lane_metrics. */
static struct histogram_sum sum_lanes(struct metrics *metrics, size_t offset)
{
    struct histogram_sum sum = {{0}, 0};
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        histogram_add(&sum, (void *)((char *)&metrics->lanes[lane] + offset));
    return sum;
}

static void collect_histogram(struct metrics *metrics, struct exposition *page, enum family family,
                              const struct histogram_scale *scale, size_t offset)
{
    struct histogram_sum sum = sum_lanes(metrics, offset);
    exposition_family(page, family);
    exposition_histogram(page, NULL, scale, &sum);
}

static void collect_stages(struct metrics *metrics, struct exposition *page)
{
    exposition_family(page, FAMILY_STAGE_DURATION);
    for (size_t i = 0; i < metrics->info.stages_count && i < METRIC_STAGES_MAX; i++) {
        struct histogram_sum sum = sum_lanes(metrics, offsetof(struct lane_metrics, stages) +
                                                          i * sizeof(struct histogram));
        exposition_histogram(page, LABELS({"stage", metrics->info.stages[i]}), &HISTOGRAM_STAGE,
                             &sum);
    }
}

static void collect_transactions(struct metrics *metrics, struct exposition *page)
{
    static const struct split results[] = {
        {"committed", METRIC_COMMITS}, {"aborted", METRIC_ABORTS}, {NULL, 0}};
    collect_split(metrics, page, FAMILY_TRANSACTIONS, results);
    exposition_family(page, FAMILY_TRANSACTION_DURATION);
    for (size_t i = 0; i < 2; i++) {
        struct histogram_sum sum = sum_lanes(metrics, offsetof(struct lane_metrics, transactions) +
                                                          i * sizeof(struct histogram));
        exposition_histogram(page, LABELS({"result", results[i].value}), &HISTOGRAM_COMMIT, &sum);
    }
    collect_histogram(metrics, page, FAMILY_COMMIT_DURATION, &HISTOGRAM_COMMIT,
                      offsetof(struct lane_metrics, commit));
}

static void collect_times(struct metrics *metrics, struct exposition *page)
{
    collect_histogram(metrics, page, FAMILY_END_TO_END_LATENCY, &HISTOGRAM_LATENCY,
                      offsetof(struct lane_metrics, latency));
    collect_histogram(metrics, page, FAMILY_RECORD_DURATION, &HISTOGRAM_RECORD,
                      offsetof(struct lane_metrics, record));
    collect_stages(metrics, page);
    collect_transactions(metrics, page);
}

/* --- lanes --------------------------------------------------------------------------------- */

static long long wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void collect_states(struct metrics *metrics, struct exposition *page)
{
    exposition_family(page, FAMILY_LANE_STATE);
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        for (enum lane_state state = 0; state < STATE_COUNT; state++)
            put_lane_split(page, lane, (struct label){"state", lane_state_name(state)},
                           (enum lane_state)atomic_load(&metrics->lanes[lane].state) == state);
}

/* A time of the monotonic clock as one since 1970. */
static double timestamp(long long then_ms)
{
    return then_ms ? (double)(wall_ms() - (metrics_now_ms() - then_ms)) / 1000 : 0;
}

static void collect_lanes(struct metrics *metrics, struct exposition *page)
{
    static const struct split events[] = {{"assigned", METRIC_ASSIGNED},
                                          {"revoked", METRIC_REVOKED},
                                          {"lost", METRIC_LOST},
                                          {"failed", METRIC_REBALANCE_FAILED},
                                          {NULL, 0}};
    long long now = metrics_now_ms();
    collect_counter(metrics, page, FAMILY_REWINDS, METRIC_REWINDS);
    collect_split(metrics, page, FAMILY_REBALANCES, events);
    collect_counter(metrics, page, FAMILY_LANE_REBUILDS, METRIC_REBUILDS);
    collect_states(metrics, page);
    exposition_family(page, FAMILY_LANE_PARTITIONS);
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        put_lane_count(page, lane, atomic_load(&metrics->lanes[lane].partitions));
    exposition_family(page, FAMILY_LANE_STUCK);
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        put_lane_count(page, lane, health_lane_is_stuck(metrics, lane, now));
    exposition_family(page, FAMILY_LANE_LAST_POLL);
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        put_lane_value(page, lane, timestamp(atomic_load(&metrics->lanes[lane].polled_ms)));
    exposition_family(page, FAMILY_LANE_LAST_COMMIT);
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        put_lane_value(page, lane, timestamp(atomic_load(&metrics->lanes[lane].committed_ms)));
}

/* --- process ------------------------------------------------------------------------------- */

static void put(struct exposition *page, enum family family, bool value)
{
    exposition_family(page, family);
    exposition_count(page, NULL, value);
}

static void collect_health(struct metrics *metrics, struct exposition *page)
{
    long long now = metrics_now_ms();
    put(page, FAMILY_LIVE, health_is(metrics, HEALTH_LIVE, now));
    put(page, FAMILY_READY, health_is(metrics, HEALTH_READY, now));
    put(page, FAMILY_DRAINING, atomic_load(&metrics->is_draining));
}

static void collect_rulebook(struct metrics *metrics, struct exposition *page)
{
    struct metrics_rulebook rulebook;
    pthread_mutex_lock(&metrics->lock);
    rulebook = metrics->rulebook;
    pthread_mutex_unlock(&metrics->lock);
    exposition_family(page, FAMILY_RULEBOOK_INFO);
    exposition_count(page, LABELS({"digest", rulebook.digest}), 1);
    exposition_family(page, FAMILY_RULEBOOK_RELOADS);
    exposition_count(page, LABELS({"result", "taken"}), atomic_load(&metrics->reloads));
    exposition_count(page, LABELS({"result", "refused"}), atomic_load(&metrics->reloads_refused));
    put(page, FAMILY_RULEBOOK_LAST_RELOAD, !atomic_load(&metrics->is_reload_refused));
    exposition_family(page, FAMILY_RULEBOOK_LOADED);
    exposition_value(page, NULL, (double)rulebook.loaded_ms / 1000);
}

static char *collect(struct metrics *metrics, enum exposition_form form, size_t *len)
{
    char *text = NULL;
    struct exposition page;
    FILE *out = open_memstream(&text, len);
    if (!out)
        return NULL;
    exposition_begin(&page, out, form);
    collect_info(metrics, &page);
    collect_records(metrics, &page);
    collect_times(metrics, &page);
    collect_lanes(metrics, &page);
    clients_collect(&metrics->clients, &page);
    collect_health(metrics, &page);
    collect_rulebook(metrics, &page);
    flow_collect(&metrics->flow, &page, wall_ms(), clients_lag(&metrics->clients) > 0);
    if (metrics->collect_more)
        metrics->collect_more(&page, metrics->collect_context);
    process_collect(&page);
    exposition_end(&page);
    fclose(out);
    return text;
}

char *metrics_text(struct metrics *metrics, size_t *len)
{
    return collect(metrics, EXPOSITION_TEXT, len);
}

char *metrics_json(struct metrics *metrics, size_t *len)
{
    return collect(metrics, EXPOSITION_JSON, len);
}
