/* Stages of a host's own program, through the public interface: what an article takes and refuses,
 * in which order it comes out, that nothing is left behind when a stage cannot be opened, and that
 * a warm engine with stages takes nothing from the heap. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <copydesk/copydesk.h>

#include "unit/builtin_rulebook.h"
#include "base/arena.h"
#include "engine/engine.h"

static unsigned opened, closed;

static desk_slice text(const char *cstr)
{
    return (desk_slice){cstr, strlen(cstr)};
}

/* --- stages -------------------------------------------------------------------------------- */

static const desk_stage_description *describe(void)
{
    static const desk_stage_description is = {sizeof is, "unit", "1", NULL, NULL};
    return &is;
}

static desk_status open_counted(desk_stage_config *config, void **state, desk_error *err)
{
    (void)err;
    *state = &opened;
    opened++;
    return desk_stage_config_bool(config, "refuse", 0)
               ? desk_stage_config_fail(config, "refuse", "as you say")
               : DESK_OK;
}

static void close_counted(void *state)
{
    assert_ptr_equal(state, &opened);
    closed++;
}

static desk_stage_option option_of(const desk_stage *functions)
{
    desk_stage_option option = DESK_STAGE_OPTION_INIT;
    option.functions = functions;
    return option;
}

static desk_engine *engine_with(const desk_stage_option *options, size_t count, desk_error *err)
{
    desk_engine *engine = NULL;
    desk_engine_options engine_options = DESK_ENGINE_OPTIONS_INIT;
    engine_options.evidence = DESK_EVIDENCE_FULL;
    engine_options.memory_bytes_max = (size_t)32 << 20;
    engine_options.stages = options;
    engine_options.stages_count = count;
    desk_status status = desk_engine_new(rulebook, &engine_options, &engine, err);
    assert_true((status == DESK_OK) == (engine != NULL));
    return engine;
}

static const char ARTICLE[] = "The ferry to Larsund stays in service, the caf\xC3\xA9 does not.";

static desk_result process_with(desk_engine *engine)
{
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value = text(ARTICLE);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    return result;
}

/* Runs one function as a stage behind the fingerprint, and keeps the engine for its article. */
static desk_engine *run(desk_status (*process)(void *, desk_article *, desk_error *),
                        desk_result *result)
{
    const desk_stage stage = {DESK_STAGE_ABI, sizeof stage, describe, NULL, process, NULL};
    desk_stage_option option = option_of(&stage);
    desk_engine *engine = engine_with(&option, 1, NULL);
    assert_non_null(engine);
    *result = process_with(engine);
    return engine;
}

/* --- subjects ------------------------------------------------------------------------------ */

static desk_status add(desk_article *article, const char *uri, double confidence)
{
    desk_subject subject = DESK_SUBJECT_INIT;
    subject.uri = text(uri);
    subject.confidence = confidence;
    return desk_article_add_subject(article, &subject, NULL, 0);
}

static desk_status add_many(void *state, desk_article *article, desk_error *err)
{
    (void)state;
    (void)err;
    assert_int_equal(add(article, "x:b", 0.5), DESK_OK);
    assert_int_equal(add(article, "x:a", 0.5), DESK_OK);
    assert_int_equal(add(article, "x:c", 0.9), DESK_OK);
    assert_int_equal(add(article, "x:b", 0.1), DESK_OK); /* less sure: nothing changes */
    assert_int_equal(add(article, "medtop:20000065", 0.95), DESK_OK);
    return DESK_OK;
}

static size_t find(const desk_article *article, const char *uri, desk_subject *subject)
{
    for (size_t i = 0; desk_article_subject(article, i, subject); i++)
        if (subject->uri.len == strlen(uri) && !memcmp(subject->uri.data, uri, subject->uri.len))
            return i;
    return SIZE_MAX;
}

static void subjects_come_in_the_order_of_the_record(void **state)
{
    desk_result result;
    desk_engine *engine = run(add_many, &result);
    desk_subject subject = DESK_SUBJECT_INIT, before = DESK_SUBJECT_INIT;
    (void)state;
    assert_int_equal(result.outcome, DESK_ENRICHED);
    for (size_t i = 1; desk_article_subject(result.article, i, &subject); i++) {
        assert_true(desk_article_subject(result.article, i - 1, &before));
        assert_true(before.confidence >= subject.confidence);
    }
    size_t a = find(result.article, "x:a", &subject), b = find(result.article, "x:b", &subject);
    assert_int_equal(b, a + 1);
    assert_true(subject.confidence > 0.49);
    assert_memory_equal(subject.creator.data, "stage:unit", subject.creator.len);
    assert_true(find(result.article, "medtop:16000000", &subject) != SIZE_MAX);
    assert_true(subject.confidence > 0.94);
    desk_engine_free(engine);
}

static desk_status refuse_subjects(void *state, desk_article *article, desk_error *err)
{
    static const char *const bad[] = {"",      "x",     "x:",         ":a", "X:a",
                                      "x:a b", "x:a\"", "x:\xC3\xA9", "9:a"};
    char long_uri[300];
    (void)state;
    (void)err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(add(article, bad[i], 1), DESK_EARGUMENT);
    memset(long_uri, 'a', sizeof long_uri);
    memcpy(long_uri, "x:", 2);
    long_uri[201] = '\0';
    assert_int_equal(add(article, long_uri, 1), DESK_EARGUMENT);
    assert_int_equal(add(article, "x:a", -0.1), DESK_EARGUMENT);
    assert_int_equal(add(article, "x:a", 1.1), DESK_EARGUMENT);
    assert_int_equal(add(article, "x:a", (double)NAN), DESK_EARGUMENT);
    desk_subject unset = {0};
    assert_int_equal(desk_article_add_subject(article, &unset, NULL, 0), DESK_EARGUMENT);
    assert_int_equal(desk_article_add_subject(article, NULL, NULL, 0), DESK_EARGUMENT);
    return DESK_OK;
}

static void a_subject_that_is_none_changes_nothing(void **state)
{
    desk_result result, plain;
    desk_engine *engine = run(refuse_subjects, &result), *other = engine_with(NULL, 0, NULL);
    (void)state;
    plain = process_with(other);
    assert_int_equal(result.json.len, plain.json.len);
    assert_memory_equal(result.json.data, plain.json.data, plain.json.len);
    desk_engine_free(engine);
    desk_engine_free(other);
}

static desk_status add_evidence(desk_article *article, const desk_evidence *evidence, size_t count)
{
    desk_subject subject = DESK_SUBJECT_INIT;
    subject.uri = text("x:a");
    subject.confidence = 1;
    return desk_article_add_subject(article, &subject, evidence, count);
}

static desk_status try_evidence(void *state, desk_article *article, desk_error *err)
{
    desk_slice body = desk_article_text(article, DESK_FIELD_BODY);
    desk_evidence evidence = DESK_EVIDENCE_INIT;
    (void)state;
    (void)err;
    size_t cafe = (size_t)(strstr(ARTICLE, "caf") - ARTICLE);
    evidence.field = DESK_FIELD_BODY;
    evidence.text = text("ferry");
    evidence.offset_bytes = 3;
    assert_int_equal(add_evidence(article, &evidence, 1), DESK_EARGUMENT);
    evidence.offset_bytes = SIZE_MAX;
    assert_int_equal(add_evidence(article, &evidence, 1), DESK_EARGUMENT);
    evidence.offset_bytes = 4;
    evidence.field = DESK_FIELD_TITLE;
    assert_int_equal(add_evidence(article, &evidence, 1), DESK_EARGUMENT);
    evidence.field = DESK_FIELD_URL;
    assert_int_equal(add_evidence(article, &evidence, 1), DESK_EARGUMENT);
    evidence.field = DESK_FIELD_BODY;
    evidence.weight = 1e300;
    assert_int_equal(add_evidence(article, &evidence, 1), DESK_EARGUMENT);
    evidence.weight = 1;
    assert_int_equal(add_evidence(article, &evidence, SIZE_MAX), DESK_EARGUMENT);
    assert_int_equal(add_evidence(article, NULL, 1), DESK_EARGUMENT);
    /* Half a character. */
    evidence.text = (desk_slice){body.data + cafe, 4};
    evidence.offset_bytes = cafe;
    assert_int_equal(add_evidence(article, &evidence, 1), DESK_EARGUMENT);
    desk_evidence both[2] = {evidence, evidence};
    both[0].text.len = 5;
    both[0].weight = 2;
    both[1].text = text("The");
    both[1].offset_bytes = 0;
    both[1].weight = 3;
    return add_evidence(article, both, 2);
}

static void evidence_has_to_stand_where_it_says(void **state)
{
    desk_result result;
    desk_engine *engine = run(try_evidence, &result);
    desk_subject subject = DESK_SUBJECT_INIT;
    desk_evidence evidence = DESK_EVIDENCE_INIT;
    (void)state;
    assert_true(find(result.article, "x:a", &subject) != SIZE_MAX);
    assert_int_equal(subject.evidence.count, 2);
    assert_true(desk_evidence_at(&subject.evidence, 0, &evidence)); /* heaviest first */
    assert_int_equal(evidence.text.len, 3);
    assert_true(desk_evidence_at(&subject.evidence, 1, &evidence));
    assert_int_equal(evidence.text.len, 5);
    assert_memory_equal(evidence.rule.data, "x:a", 3);
    desk_engine_free(engine);
}

/* --- other changes ------------------------------------------------------------------------- */

static desk_status change(void *state, desk_article *article, desk_error *err)
{
    (void)state;
    (void)err;
    assert_int_equal(desk_article_set_extra(article, "a", text("1")), DESK_OK);
    assert_int_equal(desk_article_set_extra(article, "a", text("[2]")), DESK_OK);
    assert_int_equal(desk_article_set_extra_text(article, "q\"", text("a\n\"b\"")), DESK_OK);
    assert_int_equal(desk_article_set_extra(article, "", text("1")), DESK_EARGUMENT);
    assert_int_equal(desk_article_set_extra(article, NULL, text("1")), DESK_EARGUMENT);
    assert_int_equal(desk_article_set_extra(article, "b", text("")), DESK_EARGUMENT);
    assert_int_equal(desk_article_set_extra(article, "b", text("1 2")), DESK_EARGUMENT);
    assert_int_equal(desk_article_set_extra(article, "b", text("\"\xFF\"")), DESK_EARGUMENT);
    assert_int_equal(desk_article_set_extra_text(article, "b", text("\xFF")), DESK_EARGUMENT);
    assert_int_equal(desk_article_set_text(article, DESK_FIELD_LANGUAGE, text("pt-BR")), DESK_OK);
    assert_int_equal(desk_article_set_text(article, DESK_FIELD_LANGUAGE, text("French")),
                     DESK_EARGUMENT);
    assert_int_equal(desk_article_set_text(article, DESK_FIELD_BODY, text("a")), DESK_EARGUMENT);
    assert_int_equal(desk_article_set_text(article, DESK_FIELD_SOURCE_COUNTRY, text("fr")),
                     DESK_EARGUMENT);
    assert_int_equal(desk_article_set_text(article, DESK_FIELD_SOURCE_DOMAIN, text("a b.example")),
                     DESK_EARGUMENT);
    assert_int_equal(desk_article_set_text(article, DESK_FIELD_SOURCE_DOMAIN, text("a.example")),
                     DESK_OK);
    assert_int_equal(desk_article_work(article, 10), 1);
    return DESK_OK;
}

static void fields_are_set_and_what_is_none_is_refused(void **state)
{
    desk_result result;
    desk_engine *engine = run(change, &result);
    (void)state;
    static const char extra[] = "\"extra\":{\"a\":[2],\"q\\\"\":\"a\\n\\\"b\\\"\"}}";
    assert_memory_equal(result.json.data + result.json.len - strlen(extra), extra, strlen(extra));
    assert_memory_equal(result.language.data, "pt-BR", 5);
    assert_memory_equal(result.source_domain.data, "a.example", 9);
    /* Outside of a turn nothing can be changed. */
    desk_article *article = (desk_article *)(size_t)result.article;
    assert_int_equal(add(article, "x:a", 1), DESK_EARGUMENT);
    assert_int_equal(desk_article_set_extra(article, "a", text("1")), DESK_EARGUMENT);
    assert_int_equal(desk_article_work(article, 1), 0);
    desk_article_reject(article, "too late");
    desk_engine_free(engine);
}

static desk_status spend(void *state, desk_article *article, desk_error *err)
{
    (void)state;
    (void)err;
    while (desk_article_work(article, 1u << 20)) {}
    return DESK_EWORK;
}

static desk_status fill_memory(void *state, desk_article *article, desk_error *err)
{
    static char large[1 << 20];
    desk_status status = DESK_OK;
    char key[16];
    (void)state;
    (void)err;
    memset(large, 'a', sizeof large);
    for (unsigned i = 0; status == DESK_OK; i++) {
        snprintf(key, sizeof key, "k%u", i);
        status = desk_article_set_extra_text(article, key, (desk_slice){large, sizeof large});
    }
    return status;
}

static void budgets_reject_the_article(void **state)
{
    desk_result result;
    (void)state;
    desk_engine_free(run(spend, &result));
    assert_int_equal(result.outcome, DESK_REJECTED);
    assert_int_equal(result.error.status, DESK_EWORK);
    assert_string_equal(result.error.stage, "unit");
    desk_engine_free(run(fill_memory, &result));
    assert_int_equal(result.outcome, DESK_REJECTED);
    assert_int_equal(result.error.status, DESK_EMEMORY);
}

static desk_status drop_then_reject(void *state, desk_article *article, desk_error *err)
{
    (void)state;
    (void)err;
    desk_article_drop(article, "first");
    desk_article_reject(article, "second");
    return DESK_OK;
}

static void the_first_verdict_counts(void **state)
{
    desk_result result;
    (void)state;
    desk_engine_free(run(drop_then_reject, &result));
    assert_int_equal(result.outcome, DESK_SKIPPED);
    assert_string_equal(result.error.message, "first");
}

/* --- life ---------------------------------------------------------------------------------- */

static desk_status do_nothing(void *state, desk_article *article, desk_error *err)
{
    (void)state;
    (void)article;
    (void)err;
    return DESK_OK;
}

static void states_are_closed_however_it_ends(void **state)
{
    const desk_stage stage = {DESK_STAGE_ABI, sizeof stage, describe,
                              open_counted,   do_nothing,   close_counted};
    desk_stage_option options[3] = {option_of(&stage), option_of(&stage), option_of(&stage)};
    desk_error err = DESK_ERROR_INIT;
    (void)state;
    opened = closed = 0;
    options[0].name = "one", options[1].name = "two", options[2].name = "two";
    desk_engine_free(engine_with(options, 2, NULL));
    assert_int_equal(opened, 2);
    assert_int_equal(closed, 2);
    assert_null(engine_with(options, 3, &err)); /* a name twice */
    assert_int_equal(err.status, DESK_ESTAGELOAD);
    assert_int_equal(opened, closed);
    options[1].config = text("{\"refuse\": true}");
    err = (desk_error)DESK_ERROR_INIT;
    assert_null(engine_with(options, 2, &err));
    assert_int_equal(err.status, DESK_ECONFIG);
    assert_string_equal(err.message, "config: refuse: as you say");
    assert_string_equal(err.stage, "two");
    assert_int_equal(opened, closed);
}

static void options_that_are_none_are_refused(void **state)
{
    const desk_stage stage = {DESK_STAGE_ABI, sizeof stage, describe, NULL, do_nothing, NULL};
    const char *const command[] = {"true", NULL};
    desk_error err = DESK_ERROR_INIT;
    desk_stage_option option = DESK_STAGE_OPTION_INIT;
    (void)state;
    assert_null(engine_with(&option, 1, &err));
    assert_int_equal(err.status, DESK_EARGUMENT);
    option = option_of(&stage);
    option.command = command;
    assert_null(engine_with(&option, 1, NULL));
    option = option_of(&stage);
    option.config = text("[1]");
    assert_null(engine_with(&option, 1, NULL));
    option = option_of(&stage);
    option.after = "encode";
    assert_null(engine_with(&option, 1, NULL));
    option = option_of(&stage);
    option.name = "subject";
    assert_null(engine_with(&option, 1, NULL));
    assert_null(engine_with(NULL, 1, NULL));
}

static void a_warm_engine_takes_nothing_from_the_heap(void **state)
{
    const desk_stage stage = {DESK_STAGE_ABI, sizeof stage, describe, NULL, add_many, NULL};
    desk_stage_option option = option_of(&stage);
    desk_engine *engine = engine_with(&option, 1, NULL);
    (void)state;
    process_with(engine);
    size_t chunks = engine_arena(engine)->chunk_allocations;
    for (unsigned i = 0; i < 100; i++)
        process_with(engine);
    assert_int_equal(engine_arena(engine)->chunk_allocations, chunks);
    desk_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(subjects_come_in_the_order_of_the_record),
        cmocka_unit_test(a_subject_that_is_none_changes_nothing),
        cmocka_unit_test(evidence_has_to_stand_where_it_says),
        cmocka_unit_test(fields_are_set_and_what_is_none_is_refused),
        cmocka_unit_test(budgets_reject_the_article),
        cmocka_unit_test(the_first_verdict_counts),
        cmocka_unit_test(states_are_closed_however_it_ends),
        cmocka_unit_test(options_that_are_none_are_refused),
        cmocka_unit_test(a_warm_engine_takes_nothing_from_the_heap),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
