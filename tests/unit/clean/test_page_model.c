/* Finding the article: measures of a block, the file of the model, and which blocks are chosen. */
#include "fixture.h"

#include <copydesk/copydesk.h>
#include <stdio.h>

#include "article/article.h"
#include "clean/page_ascii.h"
#include "clean/page_features.h"
#include "clean/page_lanes.h"
#include "clean/page_letters.h"
#include "clean/page_model.h"
#include "clean/page_shape.h"
#include "engine/engine.h"
#include "yaml/yaml.h"

static struct text_shape shape(const char *text)
{
    return page_shape(slice_from_cstr(text));
}

static void lengths_are_alike_in_all_scripts(void **state)
{
    (void)state;
    assert_int_equal(page_letters(slice_from_cstr("abc d")), 5);
    assert_int_equal(page_letters(slice_from_cstr("жук")), 3);
    assert_int_equal(page_letters(slice_from_cstr("新聞")), 6);
}

static void logarithms_grow_by_eight_a_doubling(void **state)
{
    (void)state;
    assert_int_equal(feature_log(0), 0);
    assert_int_equal(feature_log(1), 8);
    assert_int_equal(feature_log(3), 16);
    assert_int_equal(feature_log(255), 64);
    assert_int_equal(feature_log(UINT32_MAX), 255);
}

static void sentences_end_in_all_scripts(void **state)
{
    (void)state;
    assert_int_equal(shape("It rained. It stopped.").sentences, 2);
    assert_int_equal(shape("It costs 3.50 euros").sentences, 0);
    assert_int_equal(shape("雨が降った。止んだ。").end, END_SENTENCE);
    assert_int_equal(shape("هل توقف المطر؟").end, END_SENTENCE);
    assert_int_equal(shape("बारिश रुक गई।").end, END_SENTENCE);
    assert_int_equal(shape("He said \"no.\"").end, END_SENTENCE);
    assert_int_equal(shape("Read on...").end, END_ELLIPSIS);
    assert_int_equal(shape("Three things:").end, END_COLON);
    assert_int_equal(shape("Home").end, END_NONE);
}

static void scripts_without_capitals_look_like_prose(void **state)
{
    (void)state;
    assert_int_equal(shape("About Us").capitals, 64);
    assert_true(shape("the rain in spain").capitals == 0);
    assert_int_equal(shape("خبر جديد").capitals, shape("新聞 記事").capitals);
}

/* The same numbers on every machine. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void pieces_look_alike_in_both_ways(void **state)
{
    uint32_t seed = 1;
    (void)state;
    for (unsigned round = 0; round < 5000; round++) {
        char text[ASCII_PIECE];
        unsigned len = 1 + next_random(&seed) % ASCII_PIECE;
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = (char)next_random(&seed);
        struct ascii_piece fast = ascii_piece(text, len), plain = ascii_piece_plain(text, len);
        assert_memory_equal(&fast, &plain, sizeof fast);
    }
}

static void leaves_are_alike_in_both_ways(void **state)
{
    enum { SPLITS = 6, FEATURES = 8 };
    uint32_t seed = 1;
    (void)state;
    for (unsigned round = 0; round < 5000; round++) {
        uint8_t values[FEATURES * LANES], fast[LANES], plain[LANES];
        struct lane_split splits[SPLITS];
        unsigned count = 1 + next_random(&seed) % SPLITS;
        for (size_t i = 0; i < sizeof values; i++)
            values[i] = (uint8_t)next_random(&seed);
        for (size_t k = 0; k < SPLITS; k++) {
            /* The ends of the scale are likely borders. */
            uint32_t border = next_random(&seed) % 4;
            border = border == 0 ? 0 : border == 1 ? 255 : next_random(&seed);
            memset(splits[k].borders, (uint8_t)border, LANES);
            splits[k].at = (uint16_t)(next_random(&seed) % FEATURES * LANES);
        }
        lanes_leaves(splits, count, values, fast);
        lanes_leaves_plain(splits, count, values, plain);
        assert_memory_equal(fast, plain, LANES);
    }
}

/* Text is looked at in pieces of 64 bytes; what is counted does not depend on where they end. */
static void shapes_do_not_depend_on_the_place(void **state)
{
    static const char *const texts[] = {
        "It rained. \"Don't go,\" he said. The End, www.x or https://y",
        "L’été – À Évry (“Oui.”) 5 km.", "Он сказал: «Нет.» Да. 12", "雨が降った。止んだ。OK.",
        "a.b.c. D... E?! F)-- G"};
    (void)state;
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        struct text_shape first = {0};
        for (size_t pad = 2; pad < 140; pad += 2) {
            char text[300];
            /* Separators in front change neither words nor sentences. */
            memset(text, '|', pad);
            snprintf(text + pad, sizeof text - pad, " %s", texts[t]);
            struct text_shape s = shape(text);
            first = pad == 2 ? s : first;
            assert_int_equal(s.separators - pad, first.separators - 2);
            assert_int_equal(s.sentences, first.sentences);
            assert_int_equal(s.commas, first.commas);
            assert_int_equal(s.capitals, first.capitals);
            assert_int_equal(s.digits, first.digits);
            assert_int_equal(s.address, first.address);
            assert_int_equal(s.end, first.end);
        }
    }
}

static void words_are_counted_as_readers_do(void **state)
{
    (void)state;
    assert_int_equal(shape("Don't Say \"Never\" Again").capitals, 64);
    assert_int_equal(shape("Semi-final on Sunday").capitals, 64 * 2 / 3);
    assert_int_equal(shape("Sold: 12").digits, 64 * 2 / 6);
    assert_int_equal(shape("One. Two... Three?").sentences, 2);
    assert_int_equal(shape("He said “no.” Then he left.").sentences, 2);
    assert_int_equal(shape("see www.example.org").address, 1);
    assert_int_equal(shape("see https://example.org").address, 1);
    assert_int_equal(shape("it was late: he left").address, 0);
    assert_int_equal(shape("© Agency").copyright, 1);
}

static void mistakes_in_the_model_are_placed(void **state)
{
    (void)state;
    static const char *const wrong[] = {"tree nosuch>3 | 1 2", "tree length>300 | 1 2",
                                        "tree length>3 | 1 2 3", "tree length>3 | 1 x", "forest"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char content[100] = "bias 5\n";
        strcat(content, wrong[i]);
        desk_rulebook_file file = {slice_from_cstr("page.model"), slice_from_cstr(content)};
        struct rulebook_files files = {&file, 1};
        struct mistakes mistakes = {0};
        void *model = pagemodel_compile(&files, &mistakes);
        assert_int_equal(mistakes.errors, 1);
        assert_int_equal(mistakes.items[0].line, 2);
        mistakes_free(&mistakes);
        pagemodel_free(model);
    }
}

/* --- whole pages --------------------------------------------------------------------------- */

#define PARAGRAPH(words)                                                                           \
    "<p>The council of Ardmore said on Monday that " words                                         \
    ", after a long debate in which nobody, not even the mayor, had changed his mind.</p>"
#define ARTICLE                                                                                    \
    PARAGRAPH("the bridge will be closed for a year")                                              \
    PARAGRAPH("a ferry will carry people instead")                                                 \
    PARAGRAPH("the costs of two million will be shared")
#define TEASER(words)                                                                              \
    "<div class=t><h3><a href=/x>" words "</a></h3><p>A farmer near " words                        \
    " has found a coin of gold in his field, and he will keep it for now.</p></div>"

/* The body of a page with this content. */
static char *body_of(struct fixture *fixture, const char *content)
{
    desk_engine *engine = NULL;
    desk_error err;
    assert_int_equal(desk_engine_new(fixture->rulebook, NULL, &engine, &err), DESK_OK);
    char page[8192] = "<!DOCTYPE html><title>Bridge closes</title><body><div class=page>"
                      "<h1>Bridge closes</h1>";
    strcat(page, content);
    strcat(page, "</div>");
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value = slice_from_cstr(page);
    assert_int_equal(desk_engine_process(engine, &record, &result, &err), DESK_OK);
    char *json = strndup(result.json.data, result.json.len);
    desk_engine_free(engine);
    char *start = strstr(json, "\"body\":");
    assert_non_null(start);
    char *end = strstr(start, "\",\"word_count\"");
    char *body = strndup(start, (size_t)((end ? end : start + strlen(start)) - start));
    free(json);
    return body;
}

static void expect(struct fixture *fixture, const char *content, const char *held,
                   const char *missing)
{
    char *body = body_of(fixture, content);
    if (!strstr(body, held) || strstr(body, missing))
        fail_msg("%s: wanted with '%s' and without '%s'", body, held, missing);
    free(body);
}

static void teasers_after_an_article_go(void **state)
{
    expect(*state,
           "<div class=a>" ARTICLE "</div>" TEASER("Hilltown") TEASER("Derryfield")
               TEASER("Oakley"),
           "a ferry will carry", "a coin of gold");
}

static void a_second_copy_goes(void **state)
{
    char *body = body_of(*state, "<div class=a>" ARTICLE "</div><div class=b>" ARTICLE "</div>");
    char *first = strstr(body, "a ferry will carry");
    assert_non_null(first);
    assert_null(strstr(first + 1, "a ferry will carry"));
    free(body);
}

static void a_row_of_data_is_one_block(void **state)
{
    struct fixture *fixture = *state;
    desk_engine *engine = NULL;
    desk_error err;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value = slice_from_cstr(
        "<!DOCTYPE html><table><tr><td>Ardmore</td><td>12</td></tr></table>" ARTICLE);
    assert_int_equal(desk_engine_new(fixture->rulebook, NULL, &engine, &err), DESK_OK);
    engine_set_trace(engine, true);
    assert_int_equal(desk_engine_process(engine, &record, &result, &err), DESK_OK);
    const struct trace_list *trace = &engine_article(engine)->trace;
    assert_int_equal(trace->count, 4);
    assert_true(slice_is(trace->items[0].text, "Ardmore 12"));
    desk_engine_free(engine);
}

static void parts_that_react_streams_are_shown(void **state)
{
    expect(*state, "<div hidden id=\"S:1\">" ARTICLE "</div><div hidden><p>Never shown.</p></div>",
           "a ferry will carry", "Never shown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_alike_in_all_scripts),
        cmocka_unit_test(logarithms_grow_by_eight_a_doubling),
        cmocka_unit_test(sentences_end_in_all_scripts),
        cmocka_unit_test(scripts_without_capitals_look_like_prose),
        cmocka_unit_test(pieces_look_alike_in_both_ways),
        cmocka_unit_test(leaves_are_alike_in_both_ways),
        cmocka_unit_test(shapes_do_not_depend_on_the_place),
        cmocka_unit_test(words_are_counted_as_readers_do),
        cmocka_unit_test(mistakes_in_the_model_are_placed),
        cmocka_unit_test_setup_teardown(teasers_after_an_article_go, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_second_copy_goes, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(a_row_of_data_is_one_block, fixture_open, fixture_close),
        cmocka_unit_test_setup_teardown(parts_that_react_streams_are_shown, fixture_open,
                                        fixture_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
