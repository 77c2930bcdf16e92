/* Judging the lanes' times. */
#include "ops/health.h"

#include <stdlib.h>

static long long load(const atomic_llong *value)
{
    return atomic_load_explicit((atomic_llong *)(size_t)value, memory_order_relaxed);
}

static bool is_running(const struct lane_metrics *lane)
{
    return atomic_load((atomic_bool *)(size_t)&lane->is_running);
}

/* It has gone round before, and not for the time of the bound. */
static bool is_hanging(const struct metrics *metrics, const struct lane_metrics *lane,
                       long long now_ms)
{
    long long polled = load(&lane->polled_ms);
    return is_running(lane) && polled && now_ms - polled > metrics->stuck_after_ms;
}

static bool commits_nothing(const struct metrics *metrics, const struct lane_metrics *lane,
                            long long now_ms)
{
    long long lagging = load(&lane->lagging_ms), committed = load(&lane->committed_ms);
    return is_running(lane) && lagging &&
           now_ms - (committed > lagging ? committed : lagging) > metrics->stuck_after_ms;
}

bool health_lane_is_stuck(const struct metrics *metrics, size_t lane, long long now_ms)
{
    const struct lane_metrics *row = &metrics->lanes[lane];
    return is_hanging(metrics, row, now_ms) || commits_nothing(metrics, row, now_ms);
}

static bool is_draining(const struct metrics *metrics)
{
    return atomic_load((atomic_bool *)(size_t)&metrics->is_draining);
}

static bool is_joined(const struct lane_metrics *lane)
{
    return atomic_load((atomic_bool *)(size_t)&lane->is_joined);
}

bool health_is(const struct metrics *metrics, enum health_question question, long long now_ms)
{
    bool has_hanging = false, has_working = false;
    for (size_t i = 0; i < metrics->lanes_count; i++) {
        has_hanging |= is_hanging(metrics, &metrics->lanes[i], now_ms);
        has_working |= is_joined(&metrics->lanes[i]) && !health_lane_is_stuck(metrics, i, now_ms);
    }
    return question == HEALTH_LIVE ? !has_hanging : !is_draining(metrics) && has_working;
}

/* --- reasons ------------------------------------------------------------------------------- */

static void print_lane_reasons(FILE *out, const struct metrics *metrics, size_t lane,
                               long long now_ms, const char **between)
{
    const struct lane_metrics *row = &metrics->lanes[lane];
    if (is_hanging(metrics, row, now_ms))
        fprintf(out, "%s\"lane %zu has not gone round its loop for %lld s\"", *between, lane,
                (now_ms - load(&row->polled_ms)) / 1000);
    else if (commits_nothing(metrics, row, now_ms))
        fprintf(out, "%s\"lane %zu has had records to read for %lld s and has committed none\"",
                *between, lane, (now_ms - load(&row->lagging_ms)) / 1000);
    else
        return;
    *between = ",";
}

static void print_reasons(FILE *out, const struct metrics *metrics, enum health_question question,
                          long long now_ms)
{
    const char *between = "";
    bool has_joined = false;
    for (size_t i = 0; i < metrics->lanes_count; i++) {
        has_joined |= is_joined(&metrics->lanes[i]);
        print_lane_reasons(out, metrics, i, now_ms, &between);
    }
    if (question == HEALTH_READY && is_draining(metrics)) {
        fprintf(out, "%s\"draining: the process is stopping\"", between);
        between = ",";
    }
    if (question == HEALTH_READY && !has_joined)
        fprintf(out, "%s\"no lane has joined its consumer group\"", between);
}

char *health_json(const struct metrics *metrics, enum health_question question, long long now_ms,
                  size_t *len)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, len);
    if (!out)
        return NULL;
    fprintf(out, "{\"%s\":%s,\"reasons\":[", question == HEALTH_LIVE ? "live" : "ready",
            health_is(metrics, question, now_ms) ? "true" : "false");
    print_reasons(out, metrics, question, now_ms);
    fputs("],\"lanes\":[", out);
    for (size_t i = 0; i < metrics->lanes_count; i++) {
        struct lane_metrics *lane = &metrics->lanes[i];
        fprintf(out, "%s{\"lane\":%zu,\"state\":\"%s\",\"partitions\":%u,\"stuck\":%s}",
                i ? "," : "", i, lane_state_name((enum lane_state)atomic_load(&lane->state)),
                atomic_load(&lane->partitions),
                health_lane_is_stuck(metrics, i, now_ms) ? "true" : "false");
    }
    fputs("]}\n", out);
    fclose(out);
    return text;
}
