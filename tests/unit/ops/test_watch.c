/* Lists of names that stay bounded, silent sources and stuck lanes with a clock in the test's hand,
 * figures of clients, and how the pages are written. */
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

/* --- toplist ------------------------------------------------------------------------------- */

static void add(struct toplist *list, const char *name, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        toplist_add(list, slice_from_cstr(name), slice_of(NULL, 0));
}

static unsigned long long count_of(const struct toplist *list, const char *name)
{
    const struct toplist_entry *shown[16];
    size_t count = toplist_shown(list, shown);
    for (size_t i = 0; i < count; i++)
        if (!strcmp(shown[i]->name, name))
            return shown[i]->count;
    return 0;
}

static unsigned long long sum_of(const struct toplist *list)
{
    const struct toplist_entry *shown[16];
    unsigned long long sum = list->other;
    for (size_t i = toplist_shown(list, shown); i-- > 0;)
        sum += shown[i]->count;
    return sum;
}

static void names_beyond_the_bound_share_one_count(void **state)
{
    struct toplist list;
    char name[24];
    (void)state;
    assert_true(toplist_init(&list, 2));
    add(&list, "a", 5);
    add(&list, "b", 3);
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "rare-%d", i);
        add(&list, name, 1);
    }
    add(&list, "", 0);
    toplist_add(&list, slice_of(NULL, 0), slice_of(NULL, 0));
    assert_int_equal(count_of(&list, "a"), 5);
    assert_int_equal(count_of(&list, "b"), 3);
    assert_int_equal(list.other, 1001);
    assert_int_equal(sum_of(&list), 1009);
    toplist_deinit(&list);
}

/* Counts only grow, whoever is shown: a counter that falls would be taken for a restart. */
static void a_name_that_becomes_frequent_is_shown(void **state)
{
    struct toplist list;
    unsigned long long other = 0;
    (void)state;
    assert_true(toplist_init(&list, 2));
    add(&list, "old", 10);
    add(&list, "steady", 20);
    for (int i = 0; i < 40000; i++) {
        add(&list, i % 2 ? "new" : "steady", 1);
        assert_true(list.other >= other);
        other = list.other;
    }
    assert_true(count_of(&list, "new") > 5000);
    assert_int_equal(count_of(&list, "old"), 0);
    assert_int_equal(count_of(&list, "steady"), 20020);
    toplist_deinit(&list);
}

static void a_name_cannot_stand_for_the_rest(void **state)
{
    struct toplist list;
    char longest[300];
    const struct toplist_entry *shown[16];
    (void)state;
    assert_true(toplist_init(&list, 2));
    add(&list, "other", 3);
    assert_int_equal(count_of(&list, "other"), 0);
    assert_int_equal(list.other, 3);
    memset(longest, 'x', sizeof longest);
    memcpy(longest + TOPLIST_NAME_SIZE - 2, "\xc3\xa9", 2); /* would be cut within a character */
    toplist_add(&list, slice_of(longest, sizeof longest), slice_of(NULL, 0));
    assert_int_equal(toplist_shown(&list, shown), 1);
    assert_int_equal(strlen(shown[0]->name), TOPLIST_NAME_SIZE - 2);
    toplist_deinit(&list);
}

/* --- silence ------------------------------------------------------------------------------- */

static const int64_t MINUTE = 60000, HOUR = 3600000, DAY = 86400000, START = 1700000000000;

static struct silence_report judged(const struct silence *silence, int64_t now_ms)
{
    struct silence_report report;
    silence_judge(silence, now_ms, &report);
    return report;
}

/* Two days of an article each ten minutes by day, none from midnight to six. */
static int64_t publish_days(struct silence *silence, const char *name, int days)
{
    int64_t last = 0;
    for (int64_t day = 0; day < days; day++)
        for (int64_t at = 6 * HOUR; at < DAY; at += 10 * MINUTE) {
            last = START + day * DAY + at;
            silence_heard(silence, slice_from_cstr(name), last);
        }
    return last;
}

static void a_steady_source_that_stops_is_silent(void **state)
{
    struct silence silence;
    (void)state;
    assert_true(silence_init(&silence, HOUR, DAY));
    int64_t last = publish_days(&silence, "daily.example", 2);
    /* The longest pause was the night, six hours and ten minutes. */
    assert_int_equal(judged(&silence, last + 7 * HOUR).silent, 0);
    assert_int_equal(judged(&silence, last + 12 * HOUR).silent, 0);
    struct silence_report report = judged(&silence, last + 13 * HOUR);
    assert_int_equal(report.silent, 1);
    assert_int_equal(report.shown, 1);
    assert_string_equal(report.sources[0].name, "daily.example");
    assert_int_equal(report.sources[0].silent_ms, 13 * HOUR);
    /* One article ends it. */
    silence_heard(&silence, slice_from_cstr("daily.example"), last + 13 * HOUR);
    assert_int_equal(judged(&silence, last + 14 * HOUR).silent, 0);
    silence_deinit(&silence);
}

static void a_source_must_be_known_to_be_missed(void **state)
{
    struct silence silence;
    (void)state;
    assert_true(silence_init(&silence, HOUR, DAY));
    for (int i = 0; i < 15; i++) /* a week, but too seldom */
        silence_heard(&silence, slice_from_cstr("weekly.example"), START + i * 12 * HOUR);
    for (int i = 0; i < 500; i++) /* often, but not for a day */
        silence_heard(&silence, slice_from_cstr("new.example"), START + i * MINUTE);
    for (int i = 0; i < 30; i++) /* a burst, a long pause, a burst */
        silence_heard(&silence, slice_from_cstr("burst.example"),
                      START + i * MINUTE + (i < 15 ? 0 : 5 * DAY));
    silence_heard(&silence, slice_of(NULL, 0), START);
    struct silence_report report = judged(&silence, START + 100 * DAY);
    assert_int_equal(report.tracked, 3);
    assert_int_equal(report.silent, 0);
    silence_deinit(&silence);
}

static void short_silence_is_no_alarm(void **state)
{
    struct silence silence;
    (void)state;
    assert_true(silence_init(&silence, HOUR, HOUR));
    for (int i = 0; i < 240; i++)
        silence_heard(&silence, slice_from_cstr("ticker.example"), START + i * MINUTE);
    int64_t last = START + 239 * MINUTE;
    assert_int_equal(judged(&silence, last + 59 * MINUTE).silent, 0);
    assert_int_equal(judged(&silence, last + 61 * MINUTE).silent, 1);
    /* A partition that another process reads now is not ours to miss. */
    silence_moved(&silence);
    assert_int_equal(judged(&silence, last + 61 * MINUTE).silent, 0);
    silence_heard(&silence, slice_from_cstr("ticker.example"), last + MINUTE);
    assert_int_equal(judged(&silence, last + 63 * MINUTE).silent, 1);
    silence_deinit(&silence);
}

/* A flood of names takes the places of what is not steady, and never that of a steady source. */
static void steady_sources_are_kept(void **state)
{
    struct silence silence;
    char name[32];
    (void)state;
    assert_true(silence_init(&silence, HOUR, DAY));
    int64_t last = publish_days(&silence, "daily.example", 2);
    for (int i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "flood-%d.example", i);
        silence_heard(&silence, slice_from_cstr(name), last + i);
    }
    struct silence_report report = judged(&silence, last + 13 * HOUR);
    assert_in_range(report.tracked, 1000, SILENCE_SOURCES);
    assert_int_equal(report.silent, 1);
    silence_deinit(&silence);
}

static void the_longest_lists_stay_short(void **state)
{
    struct silence silence;
    char name[32];
    (void)state;
    assert_true(silence_init(&silence, HOUR, DAY));
    for (int source = 0; source < 200; source++) {
        snprintf(name, sizeof name, "s%d.example", source);
        for (int i = 0; i < 50 + source; i++)
            silence_heard(&silence, slice_from_cstr(name), START + i * HOUR);
    }
    struct silence_report report = judged(&silence, START + 60 * DAY);
    assert_int_equal(report.silent, 200);
    assert_int_equal(report.shown, SILENCE_SHOWN_MAX);
    assert_string_equal(report.sources[0].name, "s199.example");
    assert_string_equal(report.sources[SILENCE_SHOWN_MAX - 1].name, "s150.example");
    silence_deinit(&silence);
}

/* While records wait to be read, it is as late as the newest of them says: sources are not silent
 * because nobody listens. */
static void a_backlog_is_no_silence(void **state)
{
    struct flow flow;
    int64_t last = START;
    (void)state;
    assert_true(flow_init(&flow, HOUR, HOUR));
    for (int i = 0; i < 240; i++) {
        last = START + i * MINUTE;
        struct flow_record record = {.source = slice_from_cstr("ticker.example"),
                                     .timestamp_ms = last};
        flow_add(&flow, &record);
    }
    for (int has_lag = 0; has_lag < 2; has_lag++) {
        char *text = NULL;
        size_t len;
        struct exposition page;
        FILE *out = open_memstream(&text, &len);
        exposition_begin(&page, out, EXPOSITION_TEXT);
        flow_collect(&flow, &page, last + 3 * HOUR, has_lag);
        exposition_end(&page);
        fclose(out);
        if (!strstr(text, has_lag ? "copydesk_sources_silent 0\n"
                                  : "copydesk_source_silent_seconds{source=\"ticker.example\"} "
                                    "10800\n"))
            fail_msg("has_lag %d: %s", has_lag, text);
        free(text);
    }
    flow_deinit(&flow);
}

/* --- health -------------------------------------------------------------------------------- */

static struct metrics *two_lanes(void)
{
    static struct metrics metrics;
    struct metrics_options options = {2, 120000, HOUR, DAY};
    assert_true(metrics_init(&metrics, &options));
    for (size_t i = 0; i < 2; i++) {
        atomic_store(&metrics.lanes[i].is_running, true);
        atomic_store(&metrics.lanes[i].is_joined, true);
        atomic_store(&metrics.lanes[i].polled_ms, 1000000);
    }
    return &metrics;
}

static void expect_reason(const struct metrics *metrics, enum health_question question,
                          long long now_ms, const char *reason)
{
    size_t len;
    char *text = health_json(metrics, question, now_ms, &len);
    assert_non_null(text);
    if (!strstr(text, reason))
        fail_msg("%s is not in %s", reason, text);
    free(text);
}

static void a_lane_that_commits_nothing_is_stuck(void **state)
{
    struct metrics *metrics = two_lanes();
    (void)state;
    /* No records to read: it may idle for ever. */
    assert_false(health_lane_is_stuck(metrics, 0, 1000000));
    atomic_store(&metrics->lanes[0].committed_ms, 5000);
    assert_false(health_lane_is_stuck(metrics, 0, 1000000));
    /* Records since 1,000 s. */
    atomic_store(&metrics->lanes[0].lagging_ms, 1000000);
    atomic_store(&metrics->lanes[0].polled_ms, 1121000);
    atomic_store(&metrics->lanes[1].polled_ms, 1121000);
    assert_false(health_lane_is_stuck(metrics, 0, 1120000));
    assert_true(health_lane_is_stuck(metrics, 0, 1121000));
    /* The other lane works: ready, and live, as the first one still polls. */
    assert_true(health_is(metrics, HEALTH_READY, 1121000));
    assert_true(health_is(metrics, HEALTH_LIVE, 1121000));
    expect_reason(metrics, HEALTH_READY, 1121000,
                  "lane 0 has had records to read for 121 s and has committed none");
    atomic_store(&metrics->lanes[0].committed_ms, 1100000);
    assert_false(health_lane_is_stuck(metrics, 0, 1121000));
    metrics_deinit(metrics);
}

static void a_lane_that_hangs_is_not_live(void **state)
{
    struct metrics *metrics = two_lanes();
    (void)state;
    assert_true(health_is(metrics, HEALTH_LIVE, 1120000));
    atomic_store(&metrics->lanes[0].polled_ms, 1100000);
    assert_false(health_is(metrics, HEALTH_LIVE, 1121000));
    expect_reason(metrics, HEALTH_LIVE, 1121000, "lane 1 has not gone round its loop for 121 s");
    expect_reason(metrics, HEALTH_LIVE, 1121000, "{\"live\":false,");
    /* A lane that has ended hangs no more. */
    atomic_store(&metrics->lanes[1].is_running, false);
    assert_true(health_is(metrics, HEALTH_LIVE, 1121000));
    metrics_deinit(metrics);
}

static void draining_is_not_ready(void **state)
{
    struct metrics *metrics = two_lanes();
    (void)state;
    assert_true(health_is(metrics, HEALTH_READY, 1000000));
    expect_reason(metrics, HEALTH_READY, 1000000, "\"reasons\":[]");
    atomic_store(&metrics->is_draining, true);
    assert_false(health_is(metrics, HEALTH_READY, 1000000));
    assert_true(health_is(metrics, HEALTH_LIVE, 1000000));
    expect_reason(metrics, HEALTH_READY, 1000000, "draining");
    metrics_deinit(metrics);
}

/* --- clients ------------------------------------------------------------------------------- */

static void update(struct clients *clients, size_t lane, uint64_t requests)
{
    struct client_figures figures = {.brokers_count = 1};
    figures.brokers[0] = (struct broker_figures){.id = 7, .is_up = true};
    figures.brokers[0].counters[BROKER_REQUESTS] = requests;
    clients_update(clients, lane, CLIENTS_PRODUCER, &figures);
}

static void broker_counters_survive_new_clients(void **state)
{
    struct clients clients;
    (void)state;
    assert_true(clients_init(&clients, 2));
    update(&clients, 0, 100);
    update(&clients, 1, 50);
    update(&clients, 0, 130);
    assert_int_equal(clients.sums[CLIENTS_PRODUCER][0].counters[BROKER_REQUESTS], 180);
    clients_closed(&clients, 0);
    update(&clients, 0, 140); /* of a new client: all of it is new */
    assert_int_equal(clients.sums[CLIENTS_PRODUCER][0].counters[BROKER_REQUESTS], 320);
    update(&clients, 1, 20); /* begun anew without a word */
    assert_int_equal(clients.sums[CLIENTS_PRODUCER][0].counters[BROKER_REQUESTS], 340);
    clients_deinit(&clients);
}

/* --- pages --------------------------------------------------------------------------------- */

static char *written(enum exposition_form form)
{
    char *text = NULL;
    size_t len;
    struct exposition page;
    struct histogram histogram = {.sum = 0};
    struct histogram_sum sum = {{0}, 0};
    FILE *out = open_memstream(&text, &len);
    histogram_observe(&histogram, &HISTOGRAM_COMMIT, 1000000);    /* 1 ms: on the bound */
    histogram_observe(&histogram, &HISTOGRAM_COMMIT, 1000001);    /* just above it */
    histogram_observe(&histogram, &HISTOGRAM_COMMIT, 1ULL << 50); /* 13 days */
    histogram_add(&sum, &histogram);
    exposition_begin(&page, out, form);
    exposition_family(&page, FAMILY_BY_SOURCE);
    exposition_count(&page, LABELS({"source", "a\"b\\c\nd\x1b"}), 3);
    exposition_count(&page, LABELS({"source", "other"}), 0);
    exposition_family(&page, FAMILY_LAG);
    exposition_family(&page, FAMILY_COMMIT_DURATION);
    exposition_histogram(&page, NULL, &HISTOGRAM_COMMIT, &sum);
    exposition_end(&page);
    fclose(out);
    return text;
}

static void expect_text(const char *text, const char *wanted)
{
    if (!strstr(text, wanted))
        fail_msg("%s is not in\n%s", wanted, text);
}

static void the_text_page_is_exact(void **state)
{
    char *text = written(EXPOSITION_TEXT);
    (void)state;
    expect_text(text, "# TYPE copydesk_records_by_source_total counter\n"
                      "copydesk_records_by_source_total{source=\"a\\\"b\\\\c\\nd?\"} 3\n"
                      "copydesk_records_by_source_total{source=\"other\"} 0\n");
    expect_text(text, "copydesk_commit_duration_seconds_bucket{le=\"0.001\"} 1\n"
                      "copydesk_commit_duration_seconds_bucket{le=\"0.0025\"} 2\n");
    expect_text(text, "copydesk_commit_duration_seconds_bucket{le=\"60\"} 2\n"
                      "copydesk_commit_duration_seconds_bucket{le=\"+Inf\"} 3\n"
                      "copydesk_commit_duration_seconds_sum 1125899.90884263\n"
                      "copydesk_commit_duration_seconds_count 3\n");
    free(text);
}

static void the_json_page_is_exact(void **state)
{
    char *text = written(EXPOSITION_JSON);
    (void)state;
    expect_text(text, "\"copydesk_records_by_source_total\":[{\"labels\":{\"source\":"
                      "\"a\\\"b\\\\c\\nd?\"},\"value\":3},{\"labels\":{\"source\":\"other\"},"
                      "\"value\":0}],\"copydesk_lag_records\":[],"
                      "\"copydesk_commit_duration_seconds\":[{\"labels\":{},\"buckets\":[[0.001,1],"
                      "[0.0025,2],");
    expect_text(text, "],\"count\":3,\"sum\":1125899.90884263}]}}\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names_beyond_the_bound_share_one_count),
                                       cmocka_unit_test(a_name_that_becomes_frequent_is_shown),
                                       cmocka_unit_test(a_name_cannot_stand_for_the_rest),
                                       cmocka_unit_test(a_steady_source_that_stops_is_silent),
                                       cmocka_unit_test(a_source_must_be_known_to_be_missed),
                                       cmocka_unit_test(short_silence_is_no_alarm),
                                       cmocka_unit_test(steady_sources_are_kept),
                                       cmocka_unit_test(the_longest_lists_stay_short),
                                       cmocka_unit_test(a_backlog_is_no_silence),
                                       cmocka_unit_test(a_lane_that_commits_nothing_is_stuck),
                                       cmocka_unit_test(a_lane_that_hangs_is_not_live),
                                       cmocka_unit_test(draining_is_not_ready),
                                       cmocka_unit_test(broker_counters_survive_new_clients),
                                       cmocka_unit_test(the_text_page_is_exact),
                                       cmocka_unit_test(the_json_page_is_exact)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
