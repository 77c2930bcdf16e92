/* The source of a record and the original of a reprint, through the engine; outlet tables of one's
 * own and their mistakes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <copydesk/copydesk.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"

static const char OWN[] = "# Outlets of these tests, all invented.\n"
                          "domain,name,country,language,type\n"
                          "harbour-gazette.example,The Harbour Gazette,IE,en,newspaper\n"
                          "blogs.harbour-gazette.example,Gazette Blogs,IE,en,blog\n"
                          "harbour-gazette.example.org,The Harbour Gazette,IE,en,newspaper\n"
                          "valley-wire.example,Valley Wire,NZ,en,agency\n"
                          "b\xC3\xBC"
                          "cher.example,B\xC3\xBC"
                          "cherschau,AT,de-AT,magazine\n"
                          "\"quoted.example\",\"Q, or \"\"Queue\"\"\",FR,fr,blog,sure\n"
                          "reuters.com,Our Reuters,GB,en,agency\n";

/* The built-in rulebook with one more file. */
static desk_status load(const char *content, desk_rulebook **rulebook, desk_error *err)
{
    struct rulebook_files builtin = rulebook_builtin();
    desk_rulebook_file *files = calloc(builtin.count + 1, sizeof *files);
    assert_non_null(files);
    memcpy(files, builtin.items, builtin.count * sizeof *files);
    files[builtin.count] =
        (desk_rulebook_file){slice_from_cstr("sources/mine.csv"), slice_from_cstr(content)};
    desk_status status = desk_rulebook_load_memory(files, builtin.count + 1, rulebook, err);
    free(files);
    free((void *)(size_t)builtin.items);
    return status;
}

static int set_up(void **state)
{
    desk_rulebook *rulebook = NULL;
    desk_engine *engine = NULL;
    desk_error err = DESK_ERROR_INIT;
    if (load(OWN, &rulebook, &err) != DESK_OK ||
        desk_engine_new(rulebook, NULL, &engine, &err) != DESK_OK) {
        print_error("%s\n", err.message);
        return -1;
    }
    desk_rulebook_release(rulebook);
    *state = engine;
    return 0;
}

static int tear_down(void **state)
{
    desk_engine_free(*state);
    return 0;
}

/* The record of `fields` (JSON members) must hold `wanted`; with "!" before it, must not. */
static void check(desk_engine *engine, const char *fields, const char *wanted)
{
    char value[4096];
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    snprintf(value, sizeof value,
             "{%s%s\"text\":\"The council said on Monday that the bridge will be closed for two "
             "weeks. Work begins in March.\"}",
             fields, *fields ? "," : "");
    record.value = slice_from_cstr(value);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    assert_int_equal(result.outcome, DESK_ENRICHED);
    desk_slice needle = slice_from_cstr(wanted + (*wanted == '!'));
    bool is_there = slice_find(result.json, needle, 0) != DESK_SLICE_NONE;
    if (is_there == (*wanted == '!'))
        fail_msg("%s: not as wanted: %s\n%.*s", fields, wanted, (int)result.json.len,
                 result.json.data);
}

static const char *const SOURCES[][2] = {
    {"\"url\":\"https://www.harbour-gazette.example/a\"",
     "\"source\":{\"domain\":\"harbour-gazette.example\",\"name\":\"The Harbour Gazette\","
     "\"country\":\"IE\",\"language\":\"en\",\"type\":\"newspaper\"}"},
    {"\"url\":\"https://blogs.harbour-gazette.example/a\"",
     "\"source\":{\"domain\":\"harbour-gazette.example\",\"name\":\"Gazette Blogs\""},
    {"\"url\":\"https://www.b\xC3\xBC"
     "cher.example/a\"",
     "\"source\":{\"domain\":\"xn--bcher-kva.example\",\"name\":\"B\xC3\xBC"
     "cherschau\",\"country\":\"AT\",\"language\":\"de-AT\""},
    {"\"url\":\"https://quoted.example/a\"", "\"name\":\"Q, or \\\"Queue\\\"\""},
    {"\"url\":\"https://www.reuters.com/a\"", "\"name\":\"Our Reuters\""},
    {"\"url\":\"https://www.google.com/amp/s/harbour-gazette.example/a\"",
     "\"source\":{\"domain\":\"harbour-gazette.example\",\"name\":\"The Harbour Gazette\""},
    {"\"url\":\"https://t.co/abc\",\"canonical_url\":\"https://valley-wire.example/a\"",
     "\"source\":{\"domain\":\"valley-wire.example\",\"name\":\"Valley Wire\""},
    {"\"url\":\"https://t.co/abc\"", "!\"source\":"},
    {"\"source\":\"valley-wire.example\"", "\"source\":{\"domain\":\"valley-wire.example\""},
    {"\"source\":\"VALLEY WIRE\"",
     "\"source\":{\"domain\":\"valley-wire.example\",\"name\":\"Valley Wire\",\"country\":\"NZ\""},
    {"\"source\":\"Harbour Gazette\"", "\"source\":{\"name\":\"The Harbour Gazette\""},
    {"\"source\":\"Nobody Knows This Paper\"", "\"source\":{\"name\":\"Nobody Knows This Paper\"}"},
    {"\"url\":\"https://unknown-paper.example/a\"",
     "\"source\":{\"domain\":\"unknown-paper.example\"}"},
    {"", "!\"source\":"},
};

static void the_table_names_the_source(void **state)
{
    for (size_t i = 0; i < sizeof SOURCES / sizeof SOURCES[0]; i++)
        check(*state, SOURCES[i][0], SOURCES[i][1]);
}

static const char *const ORIGINALS[][2] = {
    {"\"url\":\"https://copies.example/a\",\"canonical_url\":\"https://valley-wire.example/a\"",
     "\"reprint\":{\"is_reprint\":true,\"markers\":[\"https://valley-wire.example/"
     "a\"],\"original\":"
     "{\"name\":\"Valley Wire\",\"url\":\"https://valley-wire.example/a\",\"domain\":"
     "\"valley-wire.example\"}}"},
    {"\"url\":\"https://harbour-gazette.example/a\",\"canonical_url\":"
     "\"https://harbour-gazette.example.org/a\"",
     "\"reprint\":{\"is_reprint\":false"},
    {"\"url\":\"https://m.copies.example/a\",\"canonical_url\":\"https://www.copies.example/a\"",
     "\"reprint\":{\"is_reprint\":false"},
    {"\"url\":\"https://copies.example/a\",\"authors\":[\"Valley Wire\"]",
     "\"reprint\":{\"is_reprint\":false"},
    {"\"url\":\"https://copies.example/a\",\"authors\":[\"AFP\"]",
     "\"original\":{\"name\":\"Agence France-Presse\",\"domain\":\"afp.com\"}"},
    {"\"url\":\"https://www.afp.com/a\",\"authors\":[\"AFP\"]",
     "\"reprint\":{\"is_reprint\":false"},
    {"\"url\":\"https://copies.example/a\",\"authors\":[\"Ann Example\"]",
     "\"reprint\":{\"is_reprint\":false"},
};

static void reprints_name_their_original(void **state)
{
    for (size_t i = 0; i < sizeof ORIGINALS / sizeof ORIGINALS[0]; i++)
        check(*state, ORIGINALS[i][0], ORIGINALS[i][1]);
}

static const char *const MISTAKES[][2] = {
    {"a.example,A,FR,fr,newspaper\nhttps://b.example/,B,FR,fr,newspaper\n",
     "sources/mine.csv:2:1: 'https://b.example/' is no domain"},
    {"www.a.example,A,FR,fr,newspaper\n", "sources/mine.csv:1:1: 'www.a.example' begins with www."},
    {"co.uk,A,GB,en,newspaper\n", "sources/mine.csv:1:1: 'co.uk' is a public suffix"},
    {"a.example,A,fr,fr,newspaper\n", "sources/mine.csv:1:13: 'fr': a country code"},
    {"a.example,A,FR,french,newspaper\n", "sources/mine.csv:1:16: 'french': a language code"},
    {"a.example, A ,FR, fr, gazette\n", "sources/mine.csv:1:23: 'gazette': the type must be"},
    {"a.example,A,FR,fr,blog,maybe\n", "sources/mine.csv:1:24: 'maybe': the confidence"},
    {"a.example,A, B,FR,fr,blog,sure\n", "sources/mine.csv:1:1: 7 columns"},
    {"a.example,A\n", "sources/mine.csv:1:1: 2 columns"},
    {"a.example,\"A,FR,fr,blog\n", "sources/mine.csv:1:11: the quotation mark"},
    {"a.example,A,FR,fr,blog\n\nA.EXAMPLE,B,FR,fr,blog\n",
     "sources/mine.csv:3:1: the domain a.example stands in line 1 already"},
};

static void mistakes_name_line_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof MISTAKES / sizeof MISTAKES[0]; i++) {
        desk_rulebook *rulebook = NULL;
        desk_error err = DESK_ERROR_INIT;
        assert_int_equal(load(MISTAKES[i][0], &rulebook, &err), DESK_ERULEBOOK);
        if (!strstr(err.message, MISTAKES[i][1]))
            fail_msg("%s: %s", MISTAKES[i][0], err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_table_names_the_source),
                                       cmocka_unit_test(reprints_name_their_original),
                                       cmocka_unit_test(mistakes_name_line_and_column)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
