/* The typed view says what the enriched record says: every field of the JSON against its accessor.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <copydesk/copydesk.h>
#include <jansson.h>

#include "unit/builtin_rulebook.h"

static const char INPUT[] =
    "{\"id\":\"a-1\",\"url\":\"https://www.example.org/news/1?utm_source=x\","
    "\"title\":\"Ministers sign the peace agreement in Geneva\","
    "\"description\":\"The talks took \\u00e9ight days.\","
    "\"author\":[\"Anna Example\",\"Ben Sample\"],\"section\":\"World\",\"keywords\":[\"peace\"],"
    "\"image\":\"https://www.example.org/1.jpg\",\"published_at\":\"2022-12-31T08:00:00+01:00\","
    "\"updated_at\":\"2023-01-01\",\"crawled_at\":1672560000000,\"desk\":{\"a\":[1,2]},"
    "\"text\":\"GENEVA (Reuters) - Caf\\u00e9 owners cheered when the government and the rebels "
    "signed a "
    "peace agreement on Friday, ending a civil war of six years.\\n\\n"
    "\\u201cThe war is over and the children can go home,\\u201d said Foreign Minister Maria "
    "Okafor. "
    "The ceasefire had been agreed on 23 December 2022 in Paris, according to the United "
    "Nations.\\n\\n"
    "Soldiers of both armies will leave Khartoum and the border with Ethiopia, President John "
    "Garang told Reuters. John Garang thanked the peacekeepers.\"}";

struct seen {
    desk_engine *engine;
    desk_result result;
    json_t *json;
};

static struct seen process(const desk_engine_options *options, const char *value)
{
    struct seen seen = {NULL, DESK_RESULT_INIT, NULL};
    desk_record record = DESK_RECORD_INIT;
    record.value.data = value;
    record.value.len = strlen(value);
    assert_int_equal(desk_engine_new(rulebook, options, &seen.engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(seen.engine, &record, &seen.result, NULL), DESK_OK);
    if (seen.result.outcome == DESK_ENRICHED)
        seen.json = json_loadb(seen.result.json.data, seen.result.json.len, 0, NULL);
    return seen;
}

static void forget(struct seen *seen)
{
    json_decref(seen->json);
    desk_engine_free(seen->engine);
}

/* An absent text is an empty one. */
static void same_text(const json_t *object, const char *key, desk_slice got)
{
    const json_t *wanted = json_object_get(object, key);
    assert_int_equal(got.len, json_string_length(wanted));
    if (got.len)
        assert_memory_equal(got.data, json_string_value(wanted), got.len);
}

static void same_number(const json_t *object, const char *key, double got)
{
    double difference = json_number_value(json_object_get(object, key)) - got;
    assert_true(difference < 0.006 && difference > -0.006);
}

static void same_evidence(const json_t *tag, const desk_evidence_list *list)
{
    desk_evidence evidence = DESK_EVIDENCE_INIT;
    const json_t *wanted = json_object_get(tag, "evidence");
    static const char *const fields[] = {"title", "description", "body"};
    assert_int_equal(list->count, json_array_size(wanted));
    for (size_t i = 0; desk_evidence_at(list, i, &evidence); i++) {
        const json_t *item = json_array_get(wanted, i);
        same_text(item, "rule", evidence.rule);
        same_text(item, "text", evidence.text);
        assert_string_equal(json_string_value(json_object_get(item, "field")),
                            fields[evidence.field]);
        same_number(item, "offset", (double)evidence.offset_points);
        same_number(item, "weight", evidence.weight);
        desk_slice text = desk_article_text(list->article, evidence.field);
        assert_true(evidence.offset_bytes + evidence.text.len <= text.len);
        assert_memory_equal(text.data + evidence.offset_bytes, evidence.text.data,
                            evidence.text.len);
    }
}

static void every_text_is_the_records(void **state)
{
    (void)state;
    struct seen seen = process(NULL, INPUT);
    const desk_article *a = seen.result.article;
    const json_t *language = json_object_get(seen.json, "language");
    const json_t *source = json_object_get(seen.json, "source");
    same_text(seen.json, "id", desk_article_text(a, DESK_FIELD_ID));
    same_text(seen.json, "url", desk_article_text(a, DESK_FIELD_URL));
    same_text(seen.json, "canonical_url", desk_article_text(a, DESK_FIELD_CANONICAL_URL));
    same_text(seen.json, "title", desk_article_text(a, DESK_FIELD_TITLE));
    same_text(seen.json, "description", desk_article_text(a, DESK_FIELD_DESCRIPTION));
    same_text(seen.json, "body", desk_article_text(a, DESK_FIELD_BODY));
    same_text(seen.json, "section", desk_article_text(a, DESK_FIELD_SECTION));
    same_text(seen.json, "image", desk_article_text(a, DESK_FIELD_IMAGE));
    same_text(language, "code", desk_article_text(a, DESK_FIELD_LANGUAGE));
    same_number(language, "confidence", desk_article_language_confidence(a));
    same_text(source, "domain", desk_article_text(a, DESK_FIELD_SOURCE_DOMAIN));
    same_text(source, "name", desk_article_text(a, DESK_FIELD_SOURCE_NAME));
    same_text(source, "country", desk_article_text(a, DESK_FIELD_SOURCE_COUNTRY));
    same_text(source, "language", desk_article_text(a, DESK_FIELD_SOURCE_LANGUAGE));
    same_text(source, "type", desk_article_text(a, DESK_FIELD_SOURCE_TYPE));
    same_text(json_object_get(seen.json, "fingerprint"), "text",
              desk_article_text(a, DESK_FIELD_TEXT_HASH));
    same_number(seen.json, "word_count", (double)desk_article_word_count(a));
    assert_true(desk_article_text(a, DESK_FIELD_TITLE).len > 0);
    forget(&seen);
}

static void same_list(const json_t *wanted, const desk_article *article, desk_list list)
{
    assert_int_equal(desk_article_count(article, list), json_array_size(wanted));
    for (size_t i = 0; i < json_array_size(wanted); i++) {
        desk_slice item = desk_article_item(article, list, i);
        assert_int_equal(item.len, json_string_length(json_array_get(wanted, i)));
        assert_memory_equal(item.data, json_string_value(json_array_get(wanted, i)), item.len);
    }
    assert_int_equal(desk_article_item(article, list, json_array_size(wanted)).len, 0);
}

static void lists_of_texts_and_reprints(void **state)
{
    (void)state;
    struct seen seen = process(NULL, INPUT);
    const json_t *reprint = json_object_get(seen.json, "reprint");
    const json_t *original = json_object_get(reprint, "original");
    const desk_article *a = seen.result.article;
    same_list(json_object_get(seen.json, "authors"), a, DESK_LIST_AUTHORS);
    same_list(json_object_get(seen.json, "keywords"), a, DESK_LIST_KEYWORDS);
    same_list(json_object_get(reprint, "markers"), a, DESK_LIST_REPRINT_MARKERS);
    assert_int_equal(desk_article_count(a, DESK_LIST_AUTHORS), 2);
    assert_int_equal(desk_article_is_reprint(a),
                     json_is_true(json_object_get(reprint, "is_reprint")));
    assert_true(desk_article_is_reprint(a));
    same_text(original, "name", desk_article_text(a, DESK_FIELD_ORIGINAL_NAME));
    same_text(original, "url", desk_article_text(a, DESK_FIELD_ORIGINAL_URL));
    same_text(original, "domain", desk_article_text(a, DESK_FIELD_ORIGINAL_DOMAIN));
    forget(&seen);
}

static void check_subjects(const struct seen *seen)
{
    desk_subject subject = DESK_SUBJECT_INIT;
    const json_t *wanted = json_object_get(seen->json, "subjects");
    size_t i = 0;
    for (; desk_article_subject(seen->result.article, i, &subject); i++) {
        const json_t *item = json_array_get(wanted, i);
        same_text(item, "uri", subject.uri);
        same_text(item, "name", subject.name);
        same_text(item, "creator", subject.creator);
        same_number(item, "confidence", subject.confidence);
        same_evidence(item, &subject.evidence);
    }
    assert_int_equal(i, json_array_size(wanted));
    assert_true(i > 0);
    assert_int_equal(subject.uri.len, 0); /* cleared where the list ends */
    assert_int_equal(subject.size, sizeof subject);
}

static void subjects_with_their_evidence(void **state)
{
    (void)state;
    static const desk_evidence_level levels[] = {DESK_EVIDENCE_BRIEF, DESK_EVIDENCE_FULL,
                                                 DESK_EVIDENCE_NONE};
    for (size_t i = 0; i < sizeof levels / sizeof levels[0]; i++) {
        desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
        options.evidence = levels[i];
        struct seen seen = process(&options, INPUT);
        check_subjects(&seen);
        forget(&seen);
    }
}

static void check_entities(const struct seen *seen, const char *key, desk_list list)
{
    desk_entity entity = DESK_ENTITY_INIT;
    const json_t *wanted = json_object_get(seen->json, key);
    size_t i = 0;
    for (; desk_article_entity(seen->result.article, list, i, &entity); i++) {
        const json_t *item = json_array_get(wanted, i);
        same_text(item, "name", entity.name);
        same_text(item, "kind", entity.kind);
        same_text(item, "country", entity.country);
        same_text(item, "uri", entity.uri);
        same_number(item, "count", (double)entity.count);
        same_evidence(item, &entity.evidence);
    }
    assert_int_equal(i, json_array_size(wanted));
    assert_int_equal(i, desk_article_count(seen->result.article, list));
    assert_true(i > 0);
}

static void entities_with_their_evidence(void **state)
{
    (void)state;
    struct seen seen = process(NULL, INPUT);
    check_entities(&seen, "people", DESK_LIST_PEOPLE);
    check_entities(&seen, "organisations", DESK_LIST_ORGANISATIONS);
    check_entities(&seen, "places", DESK_LIST_PLACES);
    check_entities(&seen, "attributions", DESK_LIST_ATTRIBUTIONS);
    desk_entity none = DESK_ENTITY_INIT;
    assert_false(desk_article_entity(seen.result.article, DESK_LIST_AUTHORS, 0, &none));
    forget(&seen);
}

static void quotes_dates_and_extra_fields(void **state)
{
    (void)state;
    struct seen seen = process(NULL, INPUT);
    const desk_article *a = seen.result.article;
    desk_quote quote = DESK_QUOTE_INIT;
    desk_date date = DESK_DATE_INIT;
    desk_extra extra = DESK_EXTRA_INIT;
    desk_slice body = desk_article_text(a, DESK_FIELD_BODY);
    const json_t *item = json_array_get(json_object_get(seen.json, "quotes"), 0);
    assert_true(desk_article_quote(a, 0, &quote));
    same_text(item, "text", quote.text);
    same_text(item, "speaker", quote.speaker);
    same_number(item, "offset", (double)quote.offset_points);
    same_number(item, "length", (double)quote.length_points);
    assert_true(quote.offset_points < quote.offset_bytes); /* "Café" stands before */
    assert_memory_equal(body.data + quote.offset_bytes, quote.text.data, quote.text.len);
    item = json_array_get(json_object_get(seen.json, "dates"), 0);
    assert_true(desk_article_date(a, 0, &date));
    same_text(item, "text", date.text);
    same_text(item, "date", date.date);
    same_number(item, "offset", (double)date.offset_points);
    assert_memory_equal(body.data + date.offset_bytes, date.text.data, date.text.len);
    assert_true(desk_article_extra(a, 0, &extra));
    assert_memory_equal(extra.key.data, "\"desk\"", extra.key.len);
    assert_memory_equal(extra.value.data, "{\"a\":[1,2]}", extra.value.len);
    assert_false(desk_article_extra(a, 1, &extra));
    forget(&seen);
}

static void times_print_as_in_the_record(void **state)
{
    (void)state;
    struct seen seen = process(NULL, INPUT);
    static const char *const keys[] = {"published_at", "updated_at", "crawled_at"};
    char text[DESK_TIME_TEXT_SIZE];
    for (int i = 0; i < 3; i++) {
        desk_time time = desk_article_time(seen.result.article, (desk_moment)i);
        desk_slice printed = {text, desk_time_print(time, text)};
        assert_true(printed.len > 0);
        same_text(seen.json, keys[i], printed);
    }
    desk_time published = desk_article_time(seen.result.article, DESK_MOMENT_PUBLISHED);
    assert_true(published.ms == 1672470000000 && published.zone_minutes == 60 && !published.is_day);
    assert_true(desk_article_time(seen.result.article, DESK_MOMENT_UPDATED).is_day);
    forget(&seen);
}

static void removals_sum_to_the_records(void **state)
{
    (void)state;
    struct seen seen = process(NULL, INPUT);
    const json_t *removed = json_object_get(json_object_get(seen.json, "cleaning"), "removed");
    const json_t *sum;
    size_t index, bytes = 0, seen_bytes = 0;
    json_array_foreach(removed, index, sum) bytes +=
        (size_t)json_integer_value(json_object_get(sum, "bytes"));
    desk_removal removal = DESK_REMOVAL_INIT;
    for (size_t i = 0; desk_article_removal(seen.result.article, i, &removal); i++)
        seen_bytes += removal.text.len;
    assert_true(bytes > 0);
    assert_int_equal(bytes, seen_bytes);
    forget(&seen);
}

static void a_rejected_record_shows_what_was_known(void **state)
{
    (void)state;
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    options.output_bytes_max = 50;
    struct seen seen = process(&options, "{\"id\":\"a-2\",\"title\":\"Too long\"}");
    assert_int_equal(seen.result.outcome, DESK_REJECTED);
    assert_memory_equal(desk_article_text(seen.result.article, DESK_FIELD_ID).data, "a-2", 3);
    assert_int_equal(desk_article_record(seen.result.article)->value.len, 31);
    forget(&seen);
}

static void a_missing_article_is_empty(void **state)
{
    (void)state;
    char text[DESK_TIME_TEXT_SIZE] = "x";
    desk_subject subject = DESK_SUBJECT_INIT;
    assert_int_equal(desk_article_text(NULL, DESK_FIELD_TITLE).len, 0);
    assert_int_equal(desk_article_count(NULL, DESK_LIST_SUBJECTS), 0);
    assert_int_equal(desk_article_item(NULL, DESK_LIST_AUTHORS, 0).len, 0);
    assert_false(desk_article_subject(NULL, 0, &subject));
    assert_false(desk_article_subject(NULL, 0, NULL));
    assert_false(desk_evidence_at(&subject.evidence, 0, NULL));
    assert_int_equal(desk_article_time(NULL, DESK_MOMENT_CRAWLED).ms, DESK_NO_TIME);
    assert_int_equal(desk_time_print(desk_article_time(NULL, DESK_MOMENT_CRAWLED), text), 0);
    assert_string_equal(text, "");
    assert_null(desk_article_record(NULL));
    assert_int_equal(desk_article_word_count(NULL), 0);
    assert_int_equal(desk_article_is_reprint(NULL), 0);
    assert_true(desk_article_simhash(NULL) == 0);
}

static void what_the_library_does_not_know_is_empty(void **state)
{
    (void)state;
    struct seen seen = process(NULL, INPUT);
    assert_int_equal(desk_article_text(seen.result.article, (desk_field)999).len, 0);
    assert_int_equal(desk_article_count(seen.result.article, (desk_list)999), 0);
    assert_int_equal(desk_article_time(seen.result.article, (desk_moment)999).ms, DESK_NO_TIME);
    forget(&seen);
}

/* A program of an older or newer header than the library has other sizes. */
static void structs_of_other_sizes_are_filled_as_far_as_they_go(void **state)
{
    (void)state;
    struct seen seen = process(NULL, INPUT);
    struct {
        desk_subject known;
        double newer;
    } large = {DESK_SUBJECT_INIT, 7};
    large.known.size = sizeof large;
    assert_true(desk_article_subject(seen.result.article, 0, &large.known));
    assert_true(large.known.uri.len && large.newer == 0);
    desk_subject small = DESK_SUBJECT_INIT;
    small.size = offsetof(desk_subject, creator);
    small.creator.len = 77;
    assert_true(desk_article_subject(seen.result.article, 0, &small));
    assert_true(small.name.len && small.creator.len == 77);
    small.size = 0;
    assert_false(desk_article_subject(seen.result.article, 0, &small));
    forget(&seen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_is_the_records),
        cmocka_unit_test(lists_of_texts_and_reprints),
        cmocka_unit_test(subjects_with_their_evidence),
        cmocka_unit_test(entities_with_their_evidence),
        cmocka_unit_test(quotes_dates_and_extra_fields),
        cmocka_unit_test(times_print_as_in_the_record),
        cmocka_unit_test(removals_sum_to_the_records),
        cmocka_unit_test(a_rejected_record_shows_what_was_known),
        cmocka_unit_test(a_missing_article_is_empty),
        cmocka_unit_test(what_the_library_does_not_know_is_empty),
        cmocka_unit_test(structs_of_other_sizes_are_filled_as_far_as_they_go),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
