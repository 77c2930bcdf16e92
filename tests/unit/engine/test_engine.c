/* The engine through its public interface: limits, outcomes, determinism, swapping the rulebook. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <copydesk/copydesk.h>

#include "unit/builtin_rulebook.h"

static desk_engine *engine_with(const desk_engine_options *options)
{
    desk_engine *engine = NULL;
    assert_int_equal(desk_engine_new(rulebook, options, &engine, NULL), DESK_OK);
    return engine;
}

static desk_result process(desk_engine *engine, const char *value, size_t len)
{
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value.data = value;
    record.value.len = len;
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    return result;
}

static void rejected_with(const desk_engine_options *options, const char *value, desk_status status)
{
    desk_engine *engine = engine_with(options);
    desk_result result = process(engine, value, strlen(value));
    assert_int_equal(result.outcome, DESK_REJECTED);
    assert_int_equal(result.error.status, status);
    assert_true(result.error.message[0] && result.error.stage[0]);
    /* The engine goes on. */
    desk_engine *other = engine_with(NULL);
    result = process(other, "A good article about the weather in the north.", 46);
    assert_int_equal(result.outcome, DESK_ENRICHED);
    desk_engine_free(other);
    desk_engine_free(engine);
}

static void limits_reject_the_record(void **state)
{
    static const char text[] = "{\"text\": \"The minister said on Monday that the talks would go "
                               "on for several more days.\", \"x\": [[[[1]]]]}";
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    (void)state;
    options.input_bytes_max = 50;
    rejected_with(&options, text, DESK_EINPUT_SIZE);
    options = (desk_engine_options)DESK_ENGINE_OPTIONS_INIT;
    options.output_bytes_max = 200;
    rejected_with(&options, text, DESK_EOUTPUT_SIZE);
    options = (desk_engine_options)DESK_ENGINE_OPTIONS_INIT;
    options.work_max = 100;
    rejected_with(&options, text, DESK_EWORK);
    options = (desk_engine_options)DESK_ENGINE_OPTIONS_INIT;
    options.json_depth_max = 3;
    rejected_with(&options, text, DESK_EDEPTH);
}

/* Whatever the memory limit, the answer is a record or a clean rejection. */
static void every_memory_limit_is_survived(void **state)
{
    static const char text[] = "{\"title\": \"A \\u00e9 title\", \"html\": \"<p>The minister said "
                               "\\u201cwe will go on with the talks\\u201d on 5 May 2021.</p>\"}";
    size_t enriched = 0, rejected = 0;
    (void)state;
    for (size_t limit = 1024; limit < 4000000; limit += limit / 6) {
        desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
        options.memory_bytes_max = limit;
        desk_engine *engine = engine_with(&options);
        desk_result result = process(engine, text, strlen(text));
        if (result.outcome == DESK_REJECTED)
            assert_int_equal(result.error.status, DESK_EMEMORY);
        *(result.outcome == DESK_ENRICHED ? &enriched : &rejected) += 1;
        desk_engine_free(engine);
    }
    assert_true(enriched > 0 && rejected > 0);
}

static void same_bytes_from_any_engine(void **state)
{
    static const char text[] = "Le président russe Vladimir Poutine a déclaré mardi 3 mai 2022 que "
                               "Moscou négocierait avec l’Ukraine.";
    (void)state;
    desk_engine *a = engine_with(NULL), *b = engine_with(NULL);
    process(b, "Something else before, so that memory differs.", 46);
    desk_result first = process(a, text, strlen(text)), second = process(b, text, strlen(text));
    assert_int_equal(first.json.len, second.json.len);
    assert_memory_equal(first.json.data, second.json.data, first.json.len);
    desk_engine_free(a);
    desk_engine_free(b);
}

static void a_tombstone_passes(void **state)
{
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    (void)state;
    desk_engine *engine = engine_with(NULL);
    record.is_null = 1;
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_int_equal(result.outcome, DESK_PASSED);
    desk_engine_free(engine);
}

static void rulebooks_swap(void **state)
{
    static const desk_rulebook_file files[] = {{{"residue/own.yaml", 16}, {NULL, 0}}};
    static const char rules[] = "rules:\n  - {id: own.line, where: line, literal: [our ad], match: "
                                "[our ad], keep: [our admiral]}\n";
    desk_rulebook_file file = files[0];
    desk_rulebook *other = NULL;
    desk_error err = DESK_ERROR_INIT;
    (void)state;
    file.content.data = rules;
    file.content.len = strlen(rules);
    assert_int_equal(desk_rulebook_load_memory(&file, 1, &other, &err), DESK_OK);
    assert_string_not_equal(desk_rulebook_digest(rulebook), desk_rulebook_digest(other));
    desk_engine *engine = engine_with(NULL);
    assert_int_equal(desk_engine_set_rulebook(engine, other, NULL), DESK_OK);
    desk_rulebook_release(other);
    desk_result result = process(engine, "The news of today.\nour ad\nMore of it.", 37);
    assert_non_null(strstr(result.json.data, "own.line"));
    file.content.len = 20;
    assert_int_equal(desk_rulebook_load_memory(&file, 1, &other, &err), DESK_ERULEBOOK);
    assert_null(other);
    assert_non_null(strstr(err.message, "residue/own.yaml:"));
    desk_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(limits_reject_the_record),
                                       cmocka_unit_test(every_memory_limit_is_survived),
                                       cmocka_unit_test(same_bytes_from_any_engine),
                                       cmocka_unit_test(a_tombstone_passes),
                                       cmocka_unit_test(rulebooks_swap)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
