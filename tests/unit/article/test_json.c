/* The strict JSON reader against Jansson as an independent judge, and what only we refuse. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "article/json_read.h"
#include "base/slice.h"
#include "text/utf8.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)64 << 20, (size_t)1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_deinit(&arena);
    return 0;
}

static bool we_take(desk_slice text)
{
    struct json_reader reader;
    desk_error err = DESK_ERROR_INIT;
    if (!utf8_is_valid(text))
        return false;
    json_reader_init(&reader, &arena, text, 64, &err);
    return json_skip(&reader, NULL) && json_at_end(&reader);
}

static bool jansson_takes(desk_slice text)
{
    json_error_t error;
    json_t *value = json_loadb(text.data, text.len,
                               JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    bool good = value != NULL;
    json_decref(value);
    return good;
}

static void agree(const char *text, size_t len)
{
    desk_slice slice = slice_of(text, len);
    arena_reset(&arena);
    if (we_take(slice) != jansson_takes(slice))
        fail_msg("we and Jansson differ on: %.*s", (int)len, text);
}

static void same_judgement_on_cases(void **state)
{
    static const char *const cases[] = {"{}",
                                        "[]",
                                        "[1,]",
                                        "{\"a\":1,}",
                                        "{\"a\" 1}",
                                        "01",
                                        "1.",
                                        ".5",
                                        "-",
                                        "-0",
                                        "1e5",
                                        "1E+5",
                                        "1e",
                                        "tru",
                                        "true",
                                        "nul",
                                        "\"\\u12\"",
                                        "\"\\u00e9\"",
                                        "\"\\ud83d\\ude00\"",
                                        "\"\\ud83d\"",
                                        "\"a\nb\"",
                                        "\"\\x\"",
                                        "[1 2]",
                                        "{\"a\":{\"b\":[null,true,false,\"x\"]}}",
                                        "{\"a\":1,\"a\":2}",
                                        "[[[[]]]]",
                                        "[[[[]]]",
                                        "\"",
                                        "",
                                        " ",
                                        "1 2",
                                        "{\"a\":1}}",
                                        "\"\\/\\b\\f\\n\\r\\t\\\\\\\"\"",
                                        "[\"\xC3\xA9\"]",
                                        "[\"\xFF\"]",
                                        "{1:2}",
                                        "'a'"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        agree(cases[i], strlen(cases[i]));
}

/* Small random changes to a good document; the seed is fixed. Numbers out of Jansson's range are
 * kept out of it. */
static void same_judgement_on_changed_documents(void **state)
{
    static const char document[] = "{\"a\": [1, -2.5, \"x\\u00e9\\n\", {\"b\": null, \"c\": [true, "
                                   "false]}], \"d\": \"caf\xC3\xA9\", \"e\": {}}";
    static const char alphabet[] = "{}[]\",:\\ut0e1-.nx \xC3\xA9";
    uint32_t random = 12345;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        char text[sizeof document];
        memcpy(text, document, sizeof document);
        for (int change = 0; change < 1 + round % 3; change++) {
            random = random * 1664525u + 1013904223u;
            text[(random >> 8) % (sizeof document - 1)] =
                alphabet[(random >> 20) % (sizeof alphabet - 1)];
        }
        agree(text, sizeof document - 1);
    }
}

static void errors_name_the_byte(void **state)
{
    static const struct {
        const char *text;
        desk_status status;
        size_t offset;
    } cases[] = {{"{\"a\": tru}", DESK_EJSON, 6},
                 {"[1, 2", DESK_EJSON, 5},
                 {"[\"a\\q\"]", DESK_EESCAPE, 3},
                 {"[\"a\x02\"]", DESK_ECONTROL, 3}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_reader reader;
        desk_error err = DESK_ERROR_INIT;
        json_reader_init(&reader, &arena, slice_from_cstr(cases[i].text), 64, &err);
        assert_false(json_skip(&reader, NULL) && json_at_end(&reader));
        assert_int_equal(err.status, cases[i].status);
        assert_int_equal(err.offset, cases[i].offset);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(same_judgement_on_cases),
                                       cmocka_unit_test(same_judgement_on_changed_documents),
                                       cmocka_unit_test(errors_name_the_byte)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
