/* The library's manners: wrong arguments, structs of other versions, rulebooks in memory and their
 * mistakes, what the logger hears. */
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

static desk_slice text(const char *s)
{
    return (desk_slice){s, strlen(s)};
}

static desk_rulebook_file file(const char *path, const char *content)
{
    return (desk_rulebook_file){text(path), text(content)};
}

/* --- arguments ----------------------------------------------------------------------------- */

static void refused(desk_status status, const desk_error *err, const char *words)
{
    assert_int_equal(status, DESK_EARGUMENT);
    assert_int_equal(err->status, DESK_EARGUMENT);
    assert_int_equal(err->error_class, DESK_CLASS_FATAL);
    if (!strstr(err->message, words))
        fail_msg("\"%s\" lacks \"%s\"", err->message, words);
}

static void missing_arguments_are_errors(void **state)
{
    (void)state;
    desk_engine *engine = NULL;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    desk_error err = DESK_ERROR_INIT;
    refused(desk_engine_new(NULL, NULL, &engine, &err), &err, "must not be NULL");
    assert_null(engine);
    assert_int_equal(desk_engine_new(rulebook, NULL, NULL, NULL), DESK_EARGUMENT);
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(NULL, &record, &result, NULL), DESK_EARGUMENT);
    assert_int_equal(desk_engine_process(engine, NULL, &result, NULL), DESK_EARGUMENT);
    assert_int_equal(desk_engine_process(engine, &record, NULL, NULL), DESK_EARGUMENT);
    assert_int_equal(desk_engine_set_rulebook(engine, NULL, NULL), DESK_EARGUMENT);
    assert_int_equal(desk_engine_set_rulebook(NULL, rulebook, NULL), DESK_EARGUMENT);
    desk_engine_free(engine);
    desk_engine_free(NULL);
    desk_rulebook_release(NULL);
    assert_null(desk_rulebook_retain(NULL));
    assert_string_equal(desk_rulebook_digest(NULL), "");
    assert_string_equal(desk_status_code((desk_status)-999), "unknown");
    assert_string_equal(desk_log_level_name((desk_log_level)9), "unknown");
}

static void empty_values_are_rejected_not_read(void **state)
{
    (void)state;
    desk_engine *engine = NULL;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_int_equal(result.outcome, DESK_REJECTED);
    assert_int_equal(result.error.status, DESK_EEMPTY);
    record.value = (desk_slice){"x", 0};
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_int_equal(result.error.status, DESK_EEMPTY);
    record.is_null = 1;
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_int_equal(result.outcome, DESK_PASSED);
    assert_null(result.article);
    assert_int_equal(result.error.status, DESK_OK); /* nothing stays of the one before */
    desk_engine_free(engine);
}

static void lengths_without_data_are_errors(void **state)
{
    (void)state;
    desk_engine *engine = NULL;
    const desk_slice hole = {NULL, 5};
    const desk_header headers[] = {{{"a", 1}, {"b", 1}}, {{NULL, 5}, {"b", 1}}};
    desk_record records[5];
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    for (size_t i = 0; i < 5; i++) {
        records[i] = (desk_record)DESK_RECORD_INIT;
        records[i].value = text("Some text about the weather in the north.");
    }
    records[0].value = hole;
    records[1].content_type = hole;
    records[2].url = hole;
    records[3].headers = headers;
    records[3].headers_count = 2;
    records[4].headers_count = 1;
    for (size_t i = 0; i < 5; i++) {
        desk_result result = DESK_RESULT_INIT;
        desk_error err = DESK_ERROR_INIT;
        refused(desk_engine_process(engine, &records[i], &result, &err), &err, "NULL");
    }
    desk_engine_free(engine);
}

/* --- other versions ------------------------------------------------------------------------ */

static void structs_that_nobody_filled_in_are_errors(void **state)
{
    (void)state;
    desk_engine *engine = NULL;
    desk_engine_options options;
    desk_rulebook_options source;
    desk_record record;
    desk_result result = DESK_RESULT_INIT, garbage;
    desk_rulebook *loaded = rulebook;
    desk_error err = DESK_ERROR_INIT;
    memset(&options, 0, sizeof options);
    memset(&source, 0xFF, sizeof source);
    memset(&record, 0xAB, sizeof record);
    memset(&garbage, 0xAB, sizeof garbage);
    refused(desk_engine_new(rulebook, &options, &engine, &err), &err, "desk_engine_options");
    err = (desk_error)DESK_ERROR_INIT;
    refused(desk_rulebook_load(&source, &loaded, &err), &err, "_INIT");
    assert_null(loaded);
    err = (desk_error)DESK_ERROR_INIT;
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    refused(desk_engine_process(engine, &record, &result, &err), &err, "desk_record");
    err = (desk_error)DESK_ERROR_INIT;
    record = (desk_record)DESK_RECORD_INIT;
    refused(desk_engine_process(engine, &record, &garbage, &err), &err, "desk_result");
    desk_engine_free(engine);
}

/* A newer header's record: the field at its end may be there, not used. */
static void a_newer_programs_record_is_taken_while_it_sets_nothing_new(void **state)
{
    (void)state;
    struct {
        desk_record known;
        uint64_t newer;
    } record = {DESK_RECORD_INIT, 0};
    struct {
        desk_result known;
        uint64_t newer;
    } result = {DESK_RESULT_INIT, 7};
    desk_engine *engine = NULL;
    desk_error err = DESK_ERROR_INIT;
    record.known.size = sizeof record;
    result.known.size = sizeof result;
    record.known.value = text("Some text about the weather in the north.");
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(engine, &record.known, &result.known, NULL), DESK_OK);
    assert_int_equal(result.known.outcome, DESK_ENRICHED);
    assert_int_equal(result.known.size, sizeof result);
    assert_true(result.newer == 0);
    record.newer = 1;
    refused(desk_engine_process(engine, &record.known, &result.known, &err), &err, "newer");
    desk_engine_free(engine);
}

/* An older header's result is smaller: nothing behind it is touched. */
static void an_older_programs_result_is_not_overrun(void **state)
{
    (void)state;
    union {
        desk_result known;
        unsigned char bytes[sizeof(desk_result)];
    } result = {DESK_RESULT_INIT};
    size_t size = offsetof(desk_result, language);
    desk_record record = DESK_RECORD_INIT;
    desk_engine *engine = NULL;
    memset(result.bytes + size, 0x5A, sizeof result - size);
    result.known.size = size;
    record.value = text("{\"id\":\"a\",\"text\":\"The minister spoke about the weather.\"}");
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(engine, &record, &result.known, NULL), DESK_OK);
    assert_memory_equal(result.known.id.data, "a", 1);
    for (size_t i = size; i < sizeof result; i++)
        assert_int_equal(result.bytes[i], 0x5A);
    desk_engine_free(engine);
}

static void the_interface_serves_older_programs_of_its_major_only(void **state)
{
    (void)state;
    desk_error err = DESK_ERROR_INIT;
    assert_int_equal(desk_abi_check(DESK_ABI, NULL), DESK_OK);
    assert_int_equal(desk_abi_check((uint32_t)DESK_ABI_MAJOR << 16, NULL), DESK_OK);
    refused(desk_abi_check(DESK_ABI + 1, &err), &err, "install a newer libcopydesk");
    assert_int_equal(desk_abi_check(DESK_ABI + (1u << 16), NULL), DESK_EARGUMENT);
}

/* --- headers ------------------------------------------------------------------------------- */

static void the_last_content_type_header_counts(void **state)
{
    (void)state;
    static const char bytes[] = "<html><body><p>Caf\xE9 owners of the town met the mayor on Monday "
                                "and spoke about the rent.</p></body></html>";
    const desk_header headers[] = {{text("content-type"), text("text/html; charset=windows-1251")},
                                   {text("X-Other"), {NULL, 0}},
                                   {text("Content-Type"), text("text/html; charset=iso-8859-1")}};
    desk_engine *engine = NULL;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value = text(bytes);
    record.headers = headers;
    record.headers_count = 3;
    assert_int_equal(desk_engine_new(rulebook, NULL, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_memory_equal(desk_article_text(result.article, DESK_FIELD_BODY).data, "Caf\u00e9", 5);
    assert_int_equal(desk_article_record(result.article)->headers_count, 3);
    record.content_type = text("text/html; charset=windows-1251");
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_memory_equal(desk_article_text(result.article, DESK_FIELD_BODY).data, "Caf\u0439", 5);
    desk_engine_free(engine);
}

/* --- without JSON -------------------------------------------------------------------------- */

static void a_host_of_the_typed_view_may_go_without_json(void **state)
{
    (void)state;
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    desk_engine *engine = NULL;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    options.without_json = 1;
    record.value = text("{\"title\":\"Rain\",\"text\":\"The minister spoke about the weather.\"}");
    assert_int_equal(desk_engine_new(rulebook, &options, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_int_equal(result.outcome, DESK_ENRICHED);
    assert_int_equal(result.json.len, 0);
    assert_int_equal(desk_article_text(result.article, DESK_FIELD_TITLE).len, 4);
    assert_int_equal(desk_article_text(result.article, DESK_FIELD_TEXT_HASH).len, 32);
    desk_engine_free(engine);
}

/* --- rulebooks in memory ------------------------------------------------------------------- */

struct heard {
    int count[4];
    desk_error first, last;
};

static void hear(void *context, desk_log_level level, const desk_error *event)
{
    struct heard *heard = context;
    heard->count[level]++;
    heard->last = *event;
    if (level == DESK_LOG_ERROR && heard->count[level] == 1)
        heard->first = *event;
}

static const char RESIDUE[] = "rules:\n"
                              "  - id: own.promise\n"
                              "    where: line\n"
                              "    starts: [\"our promise to you\"]\n"
                              "    match: [\"Our promise to you: the news.\"]\n"
                              "    keep: [\"He kept our promise to you.\"]\n";

static desk_status load(const desk_rulebook_file *files, size_t count, struct heard *heard,
                        desk_error *err)
{
    desk_rulebook_options options = DESK_RULEBOOK_OPTIONS_INIT;
    desk_rulebook *loaded = rulebook;
    options.files = files;
    options.files_count = count;
    options.is_extension = 1;
    options.logger = (desk_logger){hear, heard, DESK_LOG_DEBUG};
    desk_status status = desk_rulebook_load(&options, &loaded, err);
    assert_true((status == DESK_OK) == (loaded != NULL));
    desk_rulebook_release(loaded);
    return status;
}

static void every_mistake_is_heard_with_its_place(void **state)
{
    (void)state;
    const desk_rulebook_file files[] = {
        file("residue/own.yaml", "rules:\n  - id: own.a\n    wher: anywhere\n  - id: own.b\n"),
        file("quoting.yaml", "marks: 3\n")};
    struct heard heard = {{0}, DESK_ERROR_INIT, DESK_ERROR_INIT};
    desk_error err = DESK_ERROR_INIT;
    assert_int_equal(load(files, 2, &heard, &err), DESK_ERULEBOOK);
    assert_string_equal(desk_status_code(err.status), "invalid-rulebook");
    assert_true(heard.count[DESK_LOG_ERROR] >= 2);
    assert_true(err.file[0] && err.line >= 1 && err.column >= 1);
    char place[200];
    snprintf(place, sizeof place, "%s:%u:%u: ", err.file, err.line, err.column);
    assert_memory_equal(err.message, place, strlen(place));
    assert_string_equal(heard.first.file, err.file);
    assert_int_equal(heard.first.line, err.line);
}

static void what_would_be_overlooked_is_heard(void **state)
{
    (void)state;
    const desk_rulebook_file misspelt = file("residu/own.yaml", RESIDUE);
    const desk_rulebook_file no_list = file("residue/own.yaml", "rules: 5\n");
    struct heard heard = {{0}, DESK_ERROR_INIT, DESK_ERROR_INIT};
    desk_error err = DESK_ERROR_INIT;
    assert_int_equal(load(&misspelt, 1, &heard, &err), DESK_OK);
    assert_int_equal(heard.count[DESK_LOG_WARNING], 1);
    assert_string_equal(heard.last.file, "residu/own.yaml");
    assert_memory_equal(heard.last.message, "residu/own.yaml: nothing reads this file", 40);
    assert_int_equal(load(&no_list, 1, &heard, &err), DESK_ERULEBOOK);
    assert_int_equal(err.line, 1);
}

static void a_syntax_error_has_its_line(void **state)
{
    (void)state;
    const desk_rulebook_file bad = file("residue/own.yaml", "rules:\n  - id: [\n");
    struct heard heard = {{0}, DESK_ERROR_INIT, DESK_ERROR_INIT};
    desk_error err = DESK_ERROR_INIT;
    assert_int_equal(load(&bad, 1, &heard, &err), DESK_ERULEBOOK);
    assert_string_equal(err.file, "residue/own.yaml");
    assert_true(err.line >= 2);
}

static void paths_are_judged(void **state)
{
    (void)state;
    struct heard heard = {{0}, DESK_ERROR_INIT, DESK_ERROR_INIT};
    static char longer[300];
    memset(longer, 'a', sizeof longer - 1);
    const desk_rulebook_file twice[] = {file("residue/a.yaml", RESIDUE),
                                        file("residue/a.yaml", RESIDUE)};
    const desk_rulebook_file wrong[] = {
        file("/residue/a.yaml", RESIDUE), file("", RESIDUE),          {{NULL, 0}, {"", 0}},
        {{"a\0b.yaml", 8}, {"", 0}},      {{"a.yaml", 6}, {NULL, 4}}, file(longer, RESIDUE)};
    desk_error err = DESK_ERROR_INIT;
    refused(load(twice, 2, &heard, &err), &err, "residue/a.yaml is given twice");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        err = (desk_error)DESK_ERROR_INIT;
        refused(load(&wrong[i], 1, &heard, &err), &err, "file 0 of the rulebook");
    }
    err = (desk_error)DESK_ERROR_INIT;
    refused(load(NULL, 3, &heard, &err), &err, "NULL");
    assert_int_equal(desk_rulebook_load(NULL, NULL, NULL), DESK_EARGUMENT);
    desk_rulebook *none = rulebook;
    assert_int_equal(desk_rulebook_load_folder(NULL, &none, NULL), DESK_EIO);
    assert_null(none);
}

static void own_files_join_or_replace_the_built_in_ones(void **state)
{
    (void)state;
    desk_rulebook_file own = file("residue/own.yaml", RESIDUE);
    desk_rulebook_options options = DESK_RULEBOOK_OPTIONS_INIT;
    desk_rulebook *extended = NULL, *alone = NULL;
    desk_error err = DESK_ERROR_INIT;
    options.files = &own;
    options.files_count = 1;
    options.is_extension = 1;
    if (desk_rulebook_load(&options, &extended, &err) != DESK_OK)
        fail_msg("%s", err.message);
    assert_string_not_equal(desk_rulebook_digest(extended), desk_rulebook_digest(rulebook));
    options.is_extension = 0;
    if (desk_rulebook_load(&options, &alone, &err) != DESK_OK)
        fail_msg("%s", err.message);
    assert_string_not_equal(desk_rulebook_digest(extended), desk_rulebook_digest(alone));
    desk_engine *engine = NULL;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    desk_removal removal = DESK_REMOVAL_INIT;
    record.value = text("The government and the army signed a ceasefire on Monday.\n\n"
                        "Our promise to you is that we report.");
    assert_int_equal(desk_engine_new(extended, NULL, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_true(desk_article_removal(result.article, 0, &removal));
    assert_memory_equal(removal.rule.data, "own.promise", removal.rule.len);
    assert_true(desk_article_count(result.article, DESK_LIST_SUBJECTS) > 0); /* the built-in's */
    desk_engine_free(engine);
    desk_rulebook_release(alone);
    desk_rulebook_release(extended);
}

static void the_same_content_in_memory_is_the_same_rulebook(void **state)
{
    (void)state;
    desk_rulebook_options options = DESK_RULEBOOK_OPTIONS_INIT;
    desk_rulebook *again = NULL, *empty = NULL;
    options.is_extension = 1;
    assert_int_equal(desk_rulebook_load(&options, &again, NULL), DESK_OK);
    assert_string_equal(desk_rulebook_digest(again), desk_rulebook_digest(rulebook));
    assert_int_equal(desk_rulebook_load_memory(NULL, 0, &empty, NULL), DESK_OK);
    assert_string_not_equal(desk_rulebook_digest(empty), desk_rulebook_digest(rulebook));
    desk_rulebook_release(empty);
    desk_rulebook_release(again);
}

/* --- the logger of an engine --------------------------------------------------------------- */

static void the_logger_hears_why_nothing_was_left(void **state)
{
    (void)state;
    struct heard heard = {{0}, DESK_ERROR_INIT, DESK_ERROR_INIT};
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    desk_engine *engine = NULL;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    options.logger = (desk_logger){hear, &heard, DESK_LOG_INFO};
    record.value = text("<html><body><nav>Home\nNews</nav><script>a()</script></body></html>");
    assert_int_equal(desk_engine_new(rulebook, &options, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_int_equal(result.outcome, DESK_REJECTED);
    assert_int_equal(heard.count[DESK_LOG_INFO], 1);
    assert_int_equal(heard.last.status, result.error.status);
    assert_string_equal(heard.last.message, result.error.message);
    assert_int_equal(heard.count[DESK_LOG_DEBUG], 0); /* not wanted */
    desk_engine_free(engine);
    options.logger.level = DESK_LOG_DEBUG;
    assert_int_equal(desk_engine_new(rulebook, &options, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_true(heard.count[DESK_LOG_DEBUG] > 0);
    assert_non_null(strstr(heard.last.message, "removed by "));
    assert_null(strchr(heard.last.message, '\n'));
    desk_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missing_arguments_are_errors),
        cmocka_unit_test(empty_values_are_rejected_not_read),
        cmocka_unit_test(lengths_without_data_are_errors),
        cmocka_unit_test(structs_that_nobody_filled_in_are_errors),
        cmocka_unit_test(a_newer_programs_record_is_taken_while_it_sets_nothing_new),
        cmocka_unit_test(an_older_programs_result_is_not_overrun),
        cmocka_unit_test(the_interface_serves_older_programs_of_its_major_only),
        cmocka_unit_test(the_last_content_type_header_counts),
        cmocka_unit_test(a_host_of_the_typed_view_may_go_without_json),
        cmocka_unit_test(every_mistake_is_heard_with_its_place),
        cmocka_unit_test(what_would_be_overlooked_is_heard),
        cmocka_unit_test(a_syntax_error_has_its_line),
        cmocka_unit_test(paths_are_judged),
        cmocka_unit_test(own_files_join_or_replace_the_built_in_ones),
        cmocka_unit_test(the_same_content_in_memory_is_the_same_rulebook),
        cmocka_unit_test(the_logger_hears_why_nothing_was_left),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
