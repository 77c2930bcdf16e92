/* What is read of librdkafka's statistics, trace headers, and tap's look into a value. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/slice.h"
#include "kafka/statistics.h"
#include "kafka/tap_filter.h"
#include "ops/trace.h"

/* --- statistics ---------------------------------------------------------------------------- */

/* Partition 0 is at its end, 1 has records open, 2 was never read by the lane and begins at 40, 3
 * has answered nothing yet, 4 belongs to somebody else; -1 is librdkafka's own. */
static const char CONSUMER[] =
    "{\"name\":\"c\",\"brokers\":{\"a:1/1\":{\"nodeid\":1,\"state\":\"UP\",\"tx\":5,\"txbytes\":50,"
    "\"rxbytes\":60,\"disconnects\":1,\"txerrs\":2,\"rxerrs\":3,\"req_timeouts\":4,\"rtt\":{"
    "\"avg\":"
    "1500,\"p99\":9000}},\"a:1/bootstrap\":{\"nodeid\":-1,\"state\":\"UP\",\"tx\":7},"
    "\"b:1/2\":{\"nodeid\":2,\"state\":\"DOWN\",\"tx\":-1,\"rtt\":{\"avg\":0,\"p99\":0}}},"
    "\"topics\":{\"raw\":{\"partitions\":{"
    "\"0\":{\"partition\":0,\"desired\":true,\"fetchq_cnt\":0,\"fetchq_size\":0,\"next_offset\":"
    "101,"
    "\"app_offset\":100,\"ls_offset\":101},"
    "\"1\":{\"partition\":1,\"desired\":true,\"fetchq_cnt\":9,\"fetchq_size\":900,\"next_offset\":"
    "80,"
    "\"app_offset\":70,\"ls_offset\":200},"
    "\"2\":{\"partition\":2,\"desired\":true,\"fetchq_cnt\":9,\"fetchq_size\":900,\"next_offset\":"
    "40,"
    "\"app_offset\":-1001,\"ls_offset\":50},"
    "\"3\":{\"partition\":3,\"desired\":true,\"next_offset\":-1001,\"app_offset\":-1001,"
    "\"ls_offset\":-1001},"
    "\"4\":{\"partition\":4,\"desired\":false,\"ls_offset\":9},"
    "\"-1\":{\"partition\":-1,\"desired\":true}}}}}";

static void fill_parts(struct parts *parts)
{
    struct part *part = parts_get(parts, "raw", 0);
    part->next_offset = 100; /* 100 is a transaction marker, which no reader gets */
    part = parts_get(parts, "raw", 1);
    part->first_offset = 60;
    part->next_offset = 70;
}

static void expect_partition(const struct partition_figures *row, int64_t committed, int64_t end,
                             int64_t lag)
{
    assert_string_equal(row->topic, "raw");
    assert_int_equal(row->committed, committed);
    assert_int_equal(row->end, end);
    assert_int_equal(row->lag, lag);
}

static void a_consumer_s_statistics_are_read(void **state)
{
    struct parts parts = {NULL, 0, 0, 0};
    struct statistics statistics;
    (void)state;
    fill_parts(&parts);
    assert_true(statistics_read(CONSUMER, sizeof CONSUMER - 1, &parts, &statistics));
    assert_int_equal(statistics.partitions_count, 4);
    expect_partition(&statistics.partitions[0], 100, 101, 0);
    expect_partition(&statistics.partitions[1], 60, 200, 140);
    expect_partition(&statistics.partitions[2], 40, 50, 10);
    expect_partition(&statistics.partitions[3], -1, -1, -1);
    /* The queue is the group's, and each partition reports all of it. */
    assert_int_equal(statistics.client.queue_messages, 9);
    assert_int_equal(statistics.client.queue_bytes, 900);
    assert_int_equal(statistics.client.brokers_count, 2);
    const struct broker_figures *broker = &statistics.client.brokers[0];
    assert_int_equal(broker->id, 1);
    assert_true(broker->is_up);
    assert_int_equal(broker->rtt_average_us, 1500);
    assert_int_equal(broker->rtt_p99_us, 9000);
    static const uint64_t wanted[BROKER_COUNTERS] = {5, 50, 60, 1, 2, 3, 4};
    assert_memory_equal(broker->counters, wanted, sizeof wanted);
    assert_false(statistics.client.brokers[1].is_up);
    assert_int_equal(statistics.client.brokers[1].counters[BROKER_REQUESTS], 0);
    free(statistics.partitions);
    parts_free(&parts);
}

static void a_producer_s_statistics_are_read(void **state)
{
    static const char text[] = "{\"msg_cnt\":12,\"msg_size\":3456,\"brokers\":{},\"topics\":{}}";
    struct statistics statistics;
    (void)state;
    assert_true(statistics_read(text, sizeof text - 1, NULL, &statistics));
    assert_int_equal(statistics.client.queue_messages, 12);
    assert_int_equal(statistics.client.queue_bytes, 3456);
    assert_null(statistics.partitions);
    assert_false(statistics_read("[]", 2, NULL, &statistics));
    assert_false(statistics_read("{", 1, NULL, &statistics));
}

/* --- trace --------------------------------------------------------------------------------- */

/* Cases of the specification, section "traceparent header field values". */
static void only_valid_parents_have_a_trace(void **state)
{
    static const struct {
        const char *header;
        bool is_valid;
    } cases[] = {{"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true},
                 {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00", true},
                 {"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later", true},
                 {"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true},
                 {"", false},
                 {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false},
                 {"cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more", false},
                 {"ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
                 {"00-00000000000000000000000000000000-00f067aa0ba902b7-01", false},
                 {"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false},
                 {"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false},
                 {"00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-012", false},
                 {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0", false},
                 {"0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char id[TRACE_ID_SIZE] = "";
        if (trace_id_of(slice_from_cstr(cases[i].header), id) != cases[i].is_valid)
            fail_msg("'%s' is judged wrongly", cases[i].header);
        assert_string_equal(id, cases[i].is_valid ? "4bf92f3577b34da6a3ce929d0e0e4736" : "");
    }
}

/* --- tap ----------------------------------------------------------------------------------- */

static void a_subject_is_found_where_it_counts(void **state)
{
    desk_slice json = slice_from_cstr(
        "{\"body\":\"about medtop:07000000\",\"subjects\":[{\"uri\":\"medtop:16000000\",\"name\":"
        "\"conflict, war and peace\"},{\"uri\":\"medtop:20000053\",\"name\":\"war\"}]}");
    (void)state;
    assert_true(tap_has_subject(json, "medtop:20000053"));
    assert_true(tap_has_subject(json, "16000000"));
    assert_true(tap_has_subject(json, "Conflict, War and Peace"));
    assert_false(tap_has_subject(json, "medtop:07000000")); /* the text's, not the record's */
    assert_false(tap_has_subject(json, "medtop:2000005"));
    assert_false(tap_has_subject(json, "peace"));
    assert_false(tap_has_subject(slice_from_cstr("{\"uri\":\"medtop:16000000\""), "16000000"));
    assert_false(tap_has_subject(slice_of(NULL, 0), "war"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_consumer_s_statistics_are_read),
                                       cmocka_unit_test(a_producer_s_statistics_are_read),
                                       cmocka_unit_test(only_valid_parents_have_a_trace),
                                       cmocka_unit_test(a_subject_is_found_where_it_counts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
