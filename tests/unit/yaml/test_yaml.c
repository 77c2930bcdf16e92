/* Keys that stand twice in a mapping, wherever it is, with or without references in the document.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/slice.h"
#include "yaml/yaml.h"

static void keys_that_stand_twice_are_named(void **state)
{
    static const struct {
        const char *text;
        size_t line, column; /* of the mistake; 0: there is none */
    } cases[] = {
        {"a: 1\nb: 2\n", 0, 0},
        {"a: 1\nb: 2\na: 3\n", 3, 1},
        {"a: {x: 1, y: 2, x: 3}\n", 1, 17},
        {"a: {x: 1}\nb: {x: 1}\n", 0, 0},
        {"- [{deep: {k: 1, k: 2}}]\n", 1, 18},
        {"a: \"R&D\"\nb: 2\na: 3\n", 3, 1},
        {"base: &base {k: 1}\nother: {<<: *base, k: 2}\n", 0, 0},
        {"base: &base {k: 1}\nother: *base\nother: 2\n", 3, 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mistakes mistakes = {0};
        struct yaml_file *file = yaml_open("f.yaml", slice_from_cstr(cases[i].text), &mistakes);
        assert_int_equal(mistakes.errors, cases[i].line ? 1 : 0);
        assert_true((file == NULL) == (cases[i].line > 0));
        if (cases[i].line) {
            assert_int_equal(mistakes.items[0].line, cases[i].line);
            assert_int_equal(mistakes.items[0].column, cases[i].column);
            assert_string_equal(mistakes.items[0].text, "not valid YAML: duplicate key");
        }
        yaml_close(file);
        mistakes_free(&mistakes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(keys_that_stand_twice_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
