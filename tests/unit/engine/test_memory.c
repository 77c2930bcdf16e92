/* The heap runs out: every call says so, gives everything back, and works again afterwards.
 *
 * malloc, calloc, realloc and strdup of our own code are wrapped by the linker and fail from the
 * n-th on (an out-of-memory machine) or at the n-th only, for each n until the call succeeds. Leaks
 * and wild reads are AddressSanitizer's to find. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <copydesk/copydesk.h>

#include "unit/builtin_rulebook.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

/* Allocations that still succeed; negative: all. */
static long left = -1;
static bool once;

static bool fails(void)
{
    if (left < 0)
        return false;
    if (left > 0) {
        left--;
        return false;
    }
    if (once)
        left = -1;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

/* One attempt of a call; false when it succeeded. */
typedef bool (*attempt_function)(void *context);

static void run_out(attempt_function attempt, void *context, long step)
{
    for (int kind = 0; kind < 2; kind++) {
        bool failed = true;
        for (long n = 0; failed; n += step) {
            assert_true(n < 2000000);
            once = kind == 1;
            left = n;
            failed = attempt(context);
            /* With `once` a failure may be survived: it counts as failed until none was due. */
            failed = failed || (once ? left < 0 : left == 0);
            left = -1;
        }
    }
}

static bool load(void *context)
{
    const desk_rulebook_options *options = context;
    desk_rulebook *loaded = NULL;
    desk_error err = DESK_ERROR_INIT;
    desk_status status = desk_rulebook_load(options, &loaded, &err);
    assert_true((status == DESK_OK) == (loaded != NULL));
    if (status != DESK_OK && status != DESK_ENOMEM)
        fail_msg("%s: %s", desk_status_code(status), err.message);
    if (status == DESK_OK && once && left < 0)
        fail_msg("a rulebook lacks what an allocation should have held");
    assert_true(status == DESK_OK || err.message[0]);
    desk_rulebook_release(loaded);
    return status != DESK_OK;
}

static void a_small_rulebook(void **state)
{
    (void)state;
    static const char rules[] = "rules:\n"
                                "  - id: own.promise\n"
                                "    where: line\n"
                                "    starts: [\"our promise to you\"]\n"
                                "    match: [\"Our promise to you: the news.\"]\n"
                                "    keep: [\"He kept our promise to you.\"]\n";
    const desk_rulebook_file file = {{"residue/own.yaml", 16}, {rules, sizeof rules - 1}};
    desk_rulebook_options options = DESK_RULEBOOK_OPTIONS_INIT;
    options.files = &file;
    options.files_count = 1;
    run_out(load, &options, 1);
}

static void the_builtin_rulebook(void **state)
{
    (void)state;
    run_out(load, NULL, 9973); /* a prime: the compilation has some 30,000 */
}

static bool make_engine(void *context)
{
    (void)context;
    desk_engine *engine = NULL;
    desk_error err = DESK_ERROR_INIT;
    desk_status status = desk_engine_new(rulebook, NULL, &engine, &err);
    assert_true((status == DESK_OK) == (engine != NULL));
    if (status != DESK_OK)
        assert_int_equal(err.status, DESK_ENOMEM);
    desk_engine_free(engine);
    return status != DESK_OK;
}

static void an_engine(void **state)
{
    (void)state;
    run_out(make_engine, NULL, 1);
}

static bool set_rulebook(void *context)
{
    desk_engine *engine = context;
    desk_result result = DESK_RESULT_INIT;
    desk_record record = desk_record_of("The storm flooded the city.", 27);
    desk_status status = desk_engine_set_rulebook(engine, rulebook, NULL);
    long rest = left;
    left = -1; /* the engine works, with the old rulebook or the new one */
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_int_equal(result.outcome, DESK_ENRICHED);
    left = rest;
    return status != DESK_OK;
}

static void another_rulebook(void **state)
{
    (void)state;
    desk_engine *engine = NULL;
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    run_out(set_rulebook, engine, 1);
    desk_engine_free(engine);
}

/* A record that memory is short for is rejected, or not judged: never half done. */
static bool process(void *context)
{
    static const char page[] =
        "<html><body><article><h1>Talks go on</h1><p>The minister told Reuters on 5 May 2021 that "
        "\u201cthe talks in Paris will go on\u201d until Friday, and the army said a ceasefire "
        "held.</p><p>Read more</p></article></body></html>";
    (void)context;
    desk_engine *engine = NULL;
    desk_result result = DESK_RESULT_INIT;
    desk_record record = desk_record_of(page, sizeof page - 1);
    long allowed = left;
    left = -1;
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    left = allowed;
    desk_status status = desk_engine_process(engine, &record, &result, NULL);
    long rest = left;
    left = -1;
    bool failed = status != DESK_OK || result.outcome == DESK_REJECTED;
    if (status == DESK_OK && failed)
        assert_int_equal(result.error.status, DESK_EMEMORY);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_int_equal(result.outcome, DESK_ENRICHED);
    desk_engine_free(engine);
    left = rest;
    return failed;
}

static void a_record(void **state)
{
    (void)state;
    run_out(process, NULL, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_rulebook), cmocka_unit_test(the_builtin_rulebook),
        cmocka_unit_test(an_engine),        cmocka_unit_test(another_rulebook),
        cmocka_unit_test(a_record),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
