/* What a lane does with what a poll brings, step by step: the test plays the loop, the records come
 * from librdkafka's mock cluster. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <time.h>

#include "kafka/backfill.h"
#include "kafka/lane_parts.h"
#include "kafka/reader.h"
#include "scene.h"

static enum reader_next take_first(void *context, size_t part, const rd_kafka_message_t *message)
{
    struct lane *lane = context;
    (void)part;
    lane_take(lane, (rd_kafka_message_t *)(size_t)message);
    return READER_STOP;
}

/* A rebalance and a record out of one poll: the callback aborted the transaction, which held
 * nothing of the record's partition. The client has handed the record out, so it comes again only
 * after a seek. */
static void a_record_beside_an_abort_is_read_again(void **state)
{
    struct scene scene = {.handle = NULL};
    struct reader reader;
    struct lane_shared shared = {.stop = LANE_RUN};
    struct lane lane = {.shared = &shared, .must_rewind = true};
    char error[CLIENT_ERROR_SIZE] = "";
    (void)state;
    assert_true(scene_open(&scene, &(struct scene_settings){NULL, NULL, NULL}));
    assert_true(scene_produce(&scene, 1));
    assert_true(reader_open(&reader, scene.config, CLIENT_READER, error));
    assert_true(reader_add_topic(&reader, "raw", error));
    assert_true(reader_run(&reader, take_first, NULL, &lane, error));
    rd_kafka_topic_partition_list_t *list = parts_rewind_list(&lane.parts);
    assert_non_null(list);
    assert_int_equal(list->cnt, 1);
    assert_int_equal(list->elems[0].partition, 0);
    assert_int_equal(list->elems[0].offset, 0);
    rd_kafka_topic_partition_list_destroy(list);
    parts_free(&lane.parts);
    reader_close(&reader);
    scene_close(&scene);
}

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void set_answer_ms(const struct scene *scene, int ms)
{
    for (int32_t broker = 1; broker <= 2; broker++)
        rd_kafka_mock_broker_set_rtt(scene->cluster, broker, ms);
}

/* The main thread watches for signals between two looks: SIGTERM during a backfill had to wait for
 * brokers that were slow or away. */
static void a_look_at_a_backfill_waits_for_nobody(void **state)
{
    struct scene scene = {.handle = NULL};
    struct backfill backfill;
    enum backfill_state progress = BACKFILL_UNKNOWN;
    char error[CLIENT_ERROR_SIZE] = "";
    (void)state;
    assert_true(scene_open(&scene, &(struct scene_settings){NULL, NULL, NULL}));
    assert_true(scene_produce(&scene, 10));
    assert_true(backfill_open(&backfill, scene.config, BACKFILL_EARLIEST, BACKFILL_END, error));
    set_answer_ms(&scene, 3000);
    long long started = now_ms();
    for (int i = 0; i < 5; i++)
        assert_int_equal(backfill_look(&backfill), BACKFILL_UNKNOWN);
    assert_true(now_ms() - started < 1000);
    set_answer_ms(&scene, 0);
    while (progress == BACKFILL_UNKNOWN && now_ms() - started < 20000) {
        nanosleep(&(struct timespec){0, 20000000}, NULL);
        progress = backfill_look(&backfill);
    }
    assert_int_equal(progress, BACKFILL_OPEN);
    backfill_close(&backfill);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_beside_an_abort_is_read_again),
        cmocka_unit_test(a_look_at_a_backfill_waits_for_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
