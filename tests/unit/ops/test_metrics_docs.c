/* docs/metrics.md lists exactly the metrics of the catalogue. With COPYDESK_UPDATE_DOCS=1 in the
 * environment its table is written anew. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ops/catalogue.h"

static const char PATH[] = SOURCE_FOLDER "/docs/metrics.md";
static const char BEGIN[] = "<!-- made by test_metrics_docs -->\n", END[] = "<!-- end -->\n";

static char *read_page(void)
{
    enum { PAGE_SIZE_MAX = 1 << 20 };
    FILE *file = fopen(PATH, "rb");
    char *text = calloc(1, PAGE_SIZE_MAX);
    assert_non_null(file);
    assert_non_null(text);
    assert_true(fread(text, 1, PAGE_SIZE_MAX - 1, file) > 0);
    fclose(file);
    return text;
}

/* "lane,outcome" as `lane`, `outcome`. */
static void print_labels(FILE *out, const char *labels)
{
    while (*labels) {
        size_t len = strcspn(labels, ",");
        fprintf(out, "`%.*s`%s", (int)len, labels, labels[len] ? ", " : "");
        labels += len + (labels[len] != '\0');
    }
}

static char *make_table(void)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);
    fputs("| name | type | labels | meaning |\n| --- | --- | --- | --- |\n", out);
    for (enum family family = 0; family < FAMILY_COUNT; family++) {
        const struct family_row *row = family_row(family);
        fprintf(out, "| `%s` | %s | ", row->name, family_type_name(row->type));
        print_labels(out, row->labels);
        fprintf(out, " | %s |\n", row->help);
    }
    fclose(out);
    return text;
}

static void update_page(const char *page, const char *begin, const char *table, const char *end)
{
    FILE *file = fopen(PATH, "wb");
    assert_non_null(file);
    fprintf(file, "%.*s%s%s", (int)(begin - page), page, table, end);
    fclose(file);
}

static void the_page_lists_the_catalogue(void **state)
{
    char *page = read_page(), *table = make_table();
    char *begin = strstr(page, BEGIN), *end = strstr(page, END);
    (void)state;
    assert_non_null(begin);
    assert_non_null(end);
    begin += sizeof BEGIN - 1;
    if (getenv("COPYDESK_UPDATE_DOCS"))
        update_page(page, begin, table, end);
    else if (strlen(table) != (size_t)(end - begin) || memcmp(table, begin, strlen(table)))
        fail_msg("docs/metrics.md is not what src/ops/catalogue.c says; run this test with "
                 "COPYDESK_UPDATE_DOCS=1 and read the difference");
    free(page);
    free(table);
}

/* What Prometheus' own rules ask of names. */
static void names_say_their_type_and_unit(void **state)
{
    (void)state;
    for (enum family family = 0; family < FAMILY_COUNT; family++) {
        const struct family_row *row = family_row(family);
        assert_non_null(row->name);
        const char *total = strstr(row->name, "_total");
        if ((row->type == FAMILY_COUNTER) != (total && !total[6]))
            fail_msg("%s: counters end in _total, others do not", row->name);
        if (strncmp(row->name, "copydesk_", 9) && strncmp(row->name, "process_", 8))
            fail_msg("%s: begins with no known word", row->name);
        if (row->help[strlen(row->help) - 1] != '.')
            fail_msg("%s: its meaning is no sentence", row->name);
        for (enum family other = 0; other < family; other++)
            assert_string_not_equal(row->name, family_row(other)->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_page_lists_the_catalogue),
                                       cmocka_unit_test(names_say_their_type_and_unit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
