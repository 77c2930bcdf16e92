/* The parts of the Kafka side that need no broker: coordinates, ledgers of partitions, filters,
 * differences of a shadow. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "article/article.h"
#include "base/slice.h"
#include "config/config.h"
#include "kafka/coordinates.h"
#include "kafka/parts.h"
#include "kafka/redrive_filter.h"
#include "kafka/routing.h"
#include "kafka/shadow_compare.h"
#include "yaml/yaml.h"

static void coordinates_are_read_as_printed(void **state)
{
    static const char *const bad[] = {
        "",          "a",    "a/1",     "a/b/1",  "a/1/-1",         "/1/2",
        "a//2",      "a/1/", "a b/1/2", "a/1/2x", "a/2147483648/1", "a/1/9223372036854775808",
        "a/1/2/3/4x"};
    char text[COORDINATES_SIZE];
    struct coordinates place;
    (void)state;
    size_t len = coordinates_print("articles.raw", 2147483647, INT64_MAX, text);
    assert_true(coordinates_parse(text, len, &place));
    assert_string_equal(place.topic, "articles.raw");
    assert_int_equal(place.partition, 2147483647);
    assert_true(place.offset == INT64_MAX);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (coordinates_parse(bad[i], strlen(bad[i]), &place))
            fail_msg("'%s' was taken for coordinates", bad[i]);
}

/* As an older version without the header wrote it; a text that looks like it does not count. */
static void provenance_is_found_in_the_value(void **state)
{
    char value[] =
        "{\"body\":\"\\\"provenance\\\":{\\\"version\\\":\\\"1\\\",\\\"topic\\\":\\\"x\\\"\","
        "\"provenance\":{\"version\":\"0.1.0\",\"rulebook\":\"d\",\"topic\":\"a.raw\","
        "\"partition\":3,"
        "\"offset\":77,\"timestamp\":5}}";
    struct coordinates place;
    rd_kafka_message_t message = {.payload = value, .len = sizeof value - 1};
    (void)state;
    /* A message that librdkafka did not make has no headers to ask for: only the value is looked
     * at. */
    assert_true(coordinates_of_value(slice_of(message.payload, message.len), &place));
    assert_string_equal(place.topic, "a.raw");
    assert_int_equal(place.partition, 3);
    assert_int_equal(place.offset, 77);
    assert_false(coordinates_of_value(slice_from_cstr("{}"), &place));
}

static void a_broken_ledger_is_found(void **state)
{
    struct parts parts = {NULL, 0, 0, 0};
    struct ledger_table table;
    (void)state;
    struct part *part = parts_get(&parts, "a", 0);
    assert_non_null(part);
    part->first_offset = 10;
    part->next_offset = 13;
    part->ledger = (struct ledger){3, 2, 1, 0, 0};
    assert_null(parts_breach(&parts));
    part->ledger.rejected = 0;
    assert_ptr_equal(parts_breach(&parts), part);
    part->ledger.rejected = 1;
    part->next_offset = 12; /* two offsets cannot hold three records */
    assert_ptr_equal(parts_breach(&parts), part);
    part->next_offset = 13;
    ledger_table_init(&table);
    assert_int_equal(parts_committed(&parts, &table), 3);
    assert_int_equal(table.rows[0].next_offset, 13);
    assert_int_equal(part->first_offset, -1);
    assert_int_equal(parts_committed(&parts, &table), 0);
    ledger_table_deinit(&table);
    parts_free(&parts);
}

static void a_source_is_a_host_in_the_value(void **state)
{
    static const char value[] =
        "{\"url\": \"https://www.News.example.org:443/a?b=//other.net\", broken";
    (void)state;
    assert_true(redrive_names_source(value, sizeof value - 1, "example.org"));
    assert_true(redrive_names_source(value, sizeof value - 1, "news.example.org"));
    assert_true(redrive_names_source(value, sizeof value - 1, "other.net"));
    assert_false(redrive_names_source(value, sizeof value - 1, "ample.org"));
    assert_false(redrive_names_source(value, sizeof value - 1, "org.example"));
    assert_false(redrive_names_source(NULL, 0, "example.org"));
}

static json_t *differences(const char *main, const char *shadow,
                           unsigned long long counts[SHADOW_KINDS])
{
    return shadow_differences(slice_from_cstr(main), slice_from_cstr(shadow), counts);
}

static void a_shadow_tells_only_what_differs(void **state)
{
    unsigned long long counts[SHADOW_KINDS] = {0};
    const char *
        a = "{\"title\":\"T\",\"body\":\"one\",\"subjects\":[{\"uri\":\"m:1\",\"confidence\":0.8},"
            "{\"uri\":\"m:2\",\"confidence\":0.5}],\"provenance\":{\"rulebook\":\"x\"}}",
       *b = "{\"title\":\"T\",\"body\":\"two!\",\"subjects\":[{\"uri\":\"m:1\",\"confidence\":0.7},"
            "{\"uri\":\"m:3\",\"confidence\":0.4}],\"provenance\":{\"rulebook\":\"y\"}}";
    (void)state;
    json_t *list = differences(a, a, counts);
    assert_int_equal(json_array_size(list), 0);
    json_decref(list);
    list = differences(a, b, counts);
    assert_int_equal(json_array_size(list), 4);
    assert_int_equal(counts[SHADOW_BODY], 1);
    assert_int_equal(counts[SHADOW_CONFIDENCE], 1);
    assert_int_equal(counts[SHADOW_REMOVED], 1);
    assert_int_equal(counts[SHADOW_ADDED], 1);
    json_decref(list);
    assert_null(differences("{", b, counts));
}

static const char ROUTED[] =
    "output: {topic: \"news.{language}\", topics: [news.other, news.de]}\n"
    "rejected: {topic: rejected}\n"
    "input: {topics: [a, b]}\n"
    "routes:\n"
    "  - {when: {subject: [medtop:15000000, medtop:01000000], language: pt}, topic: sport.pt}\n"
    "  - {when: {source: outlet.example}, topic: outlet}\n"
    "  - {when: {rejected: [invalid-json, no-text], input: b}, topic: b.rejected}\n"
    "  - {when: {rejected: any, input: b}, topic: b.broken}\n"
    "  - {when: {input: b}, topic: b.enriched}\n";

static void expect_route(const struct config *config, const struct routing_facts *facts,
                         const char *wanted)
{
    char topic[TOPIC_SIZE];
    routing_topic(config, facts, topic);
    assert_string_equal(topic, wanted);
}

static void the_first_route_that_fits_decides(void **state)
{
    struct mistakes mistakes = {0};
    struct config *config = config_load_text("routed", slice_from_cstr(ROUTED), &mistakes);
    struct subject subject = {.uri = slice_from_cstr("medtop:15000000")};
    struct desk_article article = {.subjects = {.items = &subject, .count = 1}};
    desk_result result = DESK_RESULT_INIT;
    struct routing_facts facts = {"a", &result, &article};
    (void)state;
    assert_non_null(config);
    result.language = slice_from_cstr("pt-BR");
    expect_route(config, &facts, "sport.pt");
    facts.article = NULL; /* a tombstone has no subjects */
    expect_route(config, &facts, "news.other");
    result.language = slice_from_cstr("de");
    expect_route(config, &facts, "news.de");
    result.source_domain = slice_from_cstr("outlet.example");
    expect_route(config, &facts, "outlet");
    result.source_domain = slice_from_cstr("other.example");
    facts.input = "b";
    expect_route(config, &facts, "b.enriched");
    assert_string_equal(routing_rejected_topic(config, "a", "no-text"), "rejected");
    assert_string_equal(routing_rejected_topic(config, "b", "no-text"), "b.rejected");
    assert_string_equal(routing_rejected_topic(config, "b", "too-deep"), "b.broken");
    assert_int_equal(config->targets_enriched.count, 5);
    assert_int_equal(config->targets_rejected.count, 3);
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(coordinates_are_read_as_printed),
                                       cmocka_unit_test(provenance_is_found_in_the_value),
                                       cmocka_unit_test(a_broken_ledger_is_found),
                                       cmocka_unit_test(the_first_route_that_fits_decides),
                                       cmocka_unit_test(a_source_is_a_host_in_the_value),
                                       cmocka_unit_test(a_shadow_tells_only_what_differs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
