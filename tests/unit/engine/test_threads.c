/* Engines share a rulebook and nothing else: the same record gives the same bytes in any thread,
 * while rulebooks are swapped. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <copydesk/copydesk.h>

enum { THREADS = 4, ROUNDS = 60, BYTES_MAX = 16384 };

static const char ARTICLE[] =
    "<html><body><article><h1>Talks go on</h1><p>The minister told Reuters on 5 May 2021 that "
    "\u201cthe talks in Paris will go on\u201d until "
    "Friday, and the army said a ceasefire held.</p><p>Read more</p></article></body></html>";

struct worker {
    desk_rulebook *rulebook;
    char json[BYTES_MAX];
    size_t len;
    int failures;
};

static void *work(void *argument)
{
    struct worker *worker = argument;
    desk_engine *engine = NULL;
    if (desk_engine_new(worker->rulebook, NULL, &engine, NULL) != DESK_OK)
        worker->failures++;
    for (int i = 0; engine && i < ROUNDS; i++) {
        desk_record record = DESK_RECORD_INIT;
        desk_result result = DESK_RESULT_INIT;
        record.value.data = ARTICLE;
        record.value.len = sizeof ARTICLE - 1;
        if (desk_engine_process(engine, &record, &result, NULL) != DESK_OK ||
            result.json.len > BYTES_MAX ||
            (worker->len && (worker->len != result.json.len ||
                             memcmp(worker->json, result.json.data, worker->len) != 0)))
            worker->failures++;
        worker->len = result.json.len;
        memcpy(worker->json, result.json.data, worker->len < BYTES_MAX ? worker->len : BYTES_MAX);
        if (i % 20 == 10 && desk_engine_set_rulebook(engine, worker->rulebook, NULL) != DESK_OK)
            worker->failures++;
    }
    desk_engine_free(engine);
    desk_rulebook_release(worker->rulebook);
    return NULL;
}

static void threads_agree(void **state)
{
    pthread_t threads[THREADS];
    struct worker *workers = calloc(THREADS, sizeof *workers);
    desk_rulebook *rulebook = NULL;
    (void)state;
    assert_non_null(workers);
    assert_int_equal(desk_rulebook_load_builtin(&rulebook, NULL), DESK_OK);
    for (int i = 0; i < THREADS; i++) {
        workers[i].rulebook = desk_rulebook_retain(rulebook);
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    desk_rulebook_release(rulebook);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(workers[i].failures, 0);
        assert_int_equal(workers[i].len, workers[0].len);
        assert_memory_equal(workers[i].json, workers[0].json, workers[0].len);
    }
    free(workers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(threads_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
