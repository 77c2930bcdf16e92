/* Rendering the counters. Source of the format: prometheus.io, "Exposition formats", text format
 * 0.0.4. */
#include "ops/metrics.h"

#include <copydesk/error.h>
#include <copydesk/version.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct metric_row {
    enum metric metric;
    const char *name, *help;
    double scale; /* of the number printed */
};

static const struct metric_row ROWS[] = {
    {METRIC_IN, "copydesk_records_in_total", "Raw records read.", 1},
    {METRIC_ENRICHED, "copydesk_records_enriched_total", "Records published as enriched.", 1},
    {METRIC_REJECTED, "copydesk_records_rejected_total", "Records published as rejected.", 1},
    {METRIC_PASSED, "copydesk_records_passed_total", "Tombstones passed through.", 1},
    {METRIC_SKIPPED, "copydesk_records_skipped_total", "Records dropped by a stage.", 1},
    {METRIC_BYTES_IN, "copydesk_bytes_in_total", "Bytes of raw values read.", 1},
    {METRIC_BYTES_OUT, "copydesk_bytes_out_total", "Bytes of values produced.", 1},
    {METRIC_COMMITS, "copydesk_commits_total",
     "Transactions (or offset commits) that went through.", 1},
    {METRIC_COMMITTED_RECORDS, "copydesk_records_committed_total",
     "Records whose offsets were committed.", 1},
    {METRIC_ABORTS, "copydesk_aborts_total", "Transactions aborted.", 1},
    {METRIC_REWINDS, "copydesk_rewinds_total", "Times a lane went back to its last commit.", 1},
    {METRIC_REBALANCES, "copydesk_rebalances_total", "Rebalance events.", 1},
    {METRIC_REBUILDS, "copydesk_lane_rebuilds_total",
     "Times a lane made its clients anew after a fatal error.", 1},
    {METRIC_STALE, "copydesk_stale_messages_total",
     "Messages delivered again by the client and left out.", 1},
    {METRIC_LEDGER_BREACHES, "copydesk_ledger_breaches_total",
     "Commits refused because a ledger did not add up; the lane stopped.", 1},
    {METRIC_ENGINE_NS, "copydesk_engine_seconds_total", "Time spent in the engine.", 1e-9},
    {METRIC_COMMIT_NS, "copydesk_commit_seconds_total", "Time spent committing.", 1e-9},
};

static unsigned long long read_count(const struct lane_metrics *lane, enum metric metric)
{
    return atomic_load_explicit(&((struct lane_metrics *)(size_t)lane)->counts[metric],
                                memory_order_relaxed);
}

static void print_rows(FILE *out, const struct metrics *metrics)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        const struct metric_row *row = &ROWS[i];
        fprintf(out, "# HELP %s %s\n# TYPE %s counter\n", row->name, row->help, row->name);
        for (size_t lane = 0; lane < metrics->lanes_count; lane++) {
            unsigned long long count = read_count(&metrics->lanes[lane], row->metric);
            if (row->scale < 1)
                fprintf(out, "%s{lane=\"%zu\"} %.9f\n", row->name, lane,
                        (double)count * row->scale);
            else
                fprintf(out, "%s{lane=\"%zu\"} %llu\n", row->name, lane, count);
        }
    }
}

static void print_rejected(FILE *out, const struct metrics *metrics)
{
    fputs("# HELP copydesk_rejected_by_code_total Rejected records by error code.\n# TYPE "
          "copydesk_rejected_by_code_total counter\n",
          out);
    for (int code = 0; code < METRIC_CODES; code++) {
        unsigned long long sum = 0;
        for (size_t lane = 0; lane < metrics->lanes_count; lane++)
            sum += atomic_load_explicit(&metrics->lanes[lane].rejected[code], memory_order_relaxed);
        if (sum)
            fprintf(out, "copydesk_rejected_by_code_total{code=\"%s\"} %llu\n",
                    desk_status_code((desk_status)-code), sum);
    }
}

static void print_gauges(FILE *out, const struct metrics *metrics)
{
    fputs("# HELP copydesk_lane_partitions Partitions assigned to a lane.\n# TYPE "
          "copydesk_lane_partitions gauge\n",
          out);
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        fprintf(out, "copydesk_lane_partitions{lane=\"%zu\"} %u\n", lane,
                atomic_load_explicit(&metrics->lanes[lane].partitions, memory_order_relaxed));
    fputs("# HELP copydesk_lane_joined Whether a lane has joined its consumer group.\n# TYPE "
          "copydesk_lane_joined gauge\n",
          out);
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        fprintf(out, "copydesk_lane_joined{lane=\"%zu\"} %d\n", lane,
                (int)atomic_load(&metrics->lanes[lane].is_joined));
    fputs("# HELP copydesk_last_commit_timestamp_seconds When a lane last committed.\n"
          "# TYPE copydesk_last_commit_timestamp_seconds gauge\n",
          out);
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        fprintf(out, "copydesk_last_commit_timestamp_seconds{lane=\"%zu\"} %.3f\n", lane,
                (double)atomic_load(&metrics->lanes[lane].last_commit_ms) / 1000);
    fprintf(out,
            "# HELP copydesk_draining Whether the process is stopping.\n# TYPE copydesk_draining "
            "gauge\ncopydesk_draining %d\n",
            (int)atomic_load(&((struct metrics *)(size_t)metrics)->is_draining));
}

static void print_ledger_row(FILE *out, const struct ledger_row *row)
{
    const struct {
        const char *name;
        uint64_t count;
    } outcomes[] = {{"in", row->ledger.in},
                    {"enriched", row->ledger.enriched},
                    {"rejected", row->ledger.rejected},
                    {"passed", row->ledger.passed},
                    {"skipped", row->ledger.skipped}};
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        fprintf(out,
                "copydesk_ledger_records_total{topic=\"%s\",partition=\"%" PRId32
                "\",outcome=\"%s\"} %" PRIu64 "\n",
                row->topic ? row->topic : "others", row->partition, outcomes[i].name,
                outcomes[i].count);
}

/* A topic's name has only letters, digits, '.', '_' and '-': nothing to escape. */
static void print_ledgers(FILE *out, struct metrics *metrics)
{
    size_t count;
    struct ledger_row *rows = ledger_table_copy(&metrics->ledgers, &count);
    if (count)
        fputs(
            "# HELP copydesk_ledger_records_total Committed records of a partition by what became "
            "of them; in = enriched + rejected + passed + skipped.\n"
            "# TYPE copydesk_ledger_records_total counter\n",
            out);
    for (size_t i = 0; i < count; i++)
        print_ledger_row(out, &rows[i]);
    if (count)
        fputs("# HELP copydesk_committed_offset Offset that the group's next read starts at.\n"
              "# TYPE copydesk_committed_offset gauge\n",
              out);
    for (size_t i = 0; i < count; i++)
        if (rows[i].topic)
            fprintf(out,
                    "copydesk_committed_offset{topic=\"%s\",partition=\"%" PRId32 "\"} %" PRId64
                    "\n",
                    rows[i].topic, rows[i].partition, rows[i].next_offset);
    free(rows);
}

char *metrics_text(struct metrics *metrics, size_t *len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, len);
    if (!out)
        return NULL;
    fprintf(out,
            "# HELP copydesk_build_info Version.\n# TYPE copydesk_build_info "
            "gauge\ncopydesk_build_info{version=\"%s\"} 1\n",
            desk_version());
    print_rows(out, metrics);
    print_rejected(out, metrics);
    print_ledgers(out, metrics);
    print_gauges(out, metrics);
    fprintf(
        out,
        "# HELP copydesk_rulebook_reloads_total Rulebooks taken at a reload.\n"
        "# TYPE copydesk_rulebook_reloads_total counter\ncopydesk_rulebook_reloads_total %llu\n",
        (unsigned long long)atomic_load(&metrics->reloads));
    fprintf(out,
            "# HELP copydesk_rulebook_reloads_refused_total Bad rulebooks refused at a reload.\n"
            "# TYPE copydesk_rulebook_reloads_refused_total "
            "counter\ncopydesk_rulebook_reloads_refused_total %llu\n",
            (unsigned long long)atomic_load(&metrics->reloads_refused));
    if (metrics->print_more)
        metrics->print_more(out, metrics->print_context);
    fclose(out);
    return text;
}

int metrics_is_ready(const struct metrics *metrics)
{
    if (atomic_load(&((struct metrics *)(size_t)metrics)->is_draining))
        return 0;
    for (size_t lane = 0; lane < metrics->lanes_count; lane++)
        if (atomic_load(&metrics->lanes[lane].is_joined))
            return 1;
    return 0;
}
