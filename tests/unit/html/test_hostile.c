/* Pages made to hurt: work and memory grow in proportion, and limits end what is too large. */
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
#include "html/tree.h"

/* A page is `first` once and `again` as often as wanted. */
struct shape {
    const char *name, *first, *again;
};

static const struct shape SHAPES[] = {
    {"nested blocks", "", "<div>"},
    {"nested unknown elements", "", "<x-y>"},
    {"unclosed formatting and paragraphs", "", "<b><i><p>x"},
    {"links around blocks", "", "<a href=x><div>y"},
    {"links closed through blocks", "", "<a><div>x</a>"},
    {"many formatting elements closed late", "<p><b><i><u><s><em>", "</b><b>x"},
    {"font in font", "", "<font size=1>x"},
    {"end tags of nothing", "<div><div><div>", "</b></p></x></li></td>"},
    {"paragraphs out of reach", "<p><button>", "<span><div></div>"},
    {"headings", "", "<h1><span>x</h2>"},
    {"items", "", "<li><div><dd>x"},
    {"lists in lists", "", "<ul><li>x"},
    {"tables in tables", "", "<table><tr><td>x"},
    {"fostered text", "<table>", "x<tr>y"},
    {"fostered tables", "", "<table>x"},
    {"fostered blocks and formatting", "<table>", "<b><div>x</b><tr>"},
    {"forms", "", "<form><div></form>"},
    {"selects", "", "<select><option>x<table><tr><td>"},
    {"templates", "", "<template><tr>x"},
    {"SVG", "<svg>", "<g><title><p>x"},
    {"SVG broken out of", "", "<svg><g><g><p>"},
    {"MathML", "", "<math><mi><b></math>"},
    {"ruby", "<ruby>", "<rt>x<rp><rb>"},
    {"references", "", "&amp;&notit;&#x10FFFF;&#99999999999;&&lt"},
    {"brackets", "", "<<</<!<?"},
    {"comments", "", "<!--x--!><!-->"},
    {"an unclosed comment", "<!--", "<!-- -- -> "},
    {"an unclosed attribute", "<a title=\"", "x y=z <b>"},
    {"attributes of one name", "<a ", "b=c "},
    {"escaped scripts", "<script><!--", "<script></script><!--"},
    {"scripts", "", "<script><!-- </script>"},
    {"an unclosed title", "<title>", "</tit<title></titlE "},
    {"frames and bodies", "", "<html><head><body><frameset>"}};

struct result {
    uint64_t steps;
    size_t nodes, bytes;
};

static char *page_of(const struct shape *shape, size_t times, size_t *len)
{
    size_t first = strlen(shape->first), again = strlen(shape->again);
    char *page = malloc(first + times * again);
    assert_non_null(page);
    memcpy(page, shape->first, first);
    for (size_t i = 0; i < times; i++)
        memcpy(page + first + i * again, shape->again, again);
    *len = first + times * again;
    return page;
}

static struct result build(desk_slice page)
{
    struct arena arena;
    struct tree tree;
    arena_init(&arena, (size_t)256 << 20, 0);
    assert_true(tree_build(&arena, page, &tree));
    struct result result = {tree.steps, tree.count, arena.bytes_reserved};
    arena_deinit(&arena);
    return result;
}

/* Twice the page is about twice the work and the nodes; memory comes in chunks that double. */
static void twice_the_page_is_twice_the_work(void **state)
{
    enum { TIMES = 4000 };
    (void)state;
    for (size_t i = 0; i < sizeof SHAPES / sizeof SHAPES[0]; i++) {
        size_t len, twice_len;
        char *page = page_of(&SHAPES[i], TIMES, &len);
        char *twice = page_of(&SHAPES[i], (size_t)2 * TIMES, &twice_len);
        struct result one = build(slice_of(page, len)), two = build(slice_of(twice, twice_len));
        bool is_linear = two.steps <= one.steps * 22 / 10 + 1000 &&
                         two.nodes <= one.nodes * 22 / 10 + 100 &&
                         two.bytes <= one.bytes * 4 + ((size_t)1 << 20) &&
                         two.steps <= (uint64_t)TREE_DEPTH_MAX * twice_len;
        if (!is_linear)
            fail_msg("%s: %zu bytes take %llu steps, %zu nodes, %zu bytes; %zu bytes take %llu, "
                     "%zu, %zu",
                     SHAPES[i].name, len, (unsigned long long)one.steps, one.nodes, one.bytes,
                     twice_len, (unsigned long long)two.steps, two.nodes, two.bytes);
        free(page);
        free(twice);
    }
}

static void depth_is_flattened(void **state)
{
    enum { TAGS = 1000000 };
    static const struct shape nested = {"", "", "<div>"}, linked = {"<table>x", "", "<div>"};
    const struct shape *shapes[] = {&nested, &linked};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct arena arena;
        struct tree tree;
        size_t len;
        char *page = page_of(shapes[i], TAGS, &len);
        arena_init(&arena, (size_t)512 << 20, 0);
        assert_true(tree_build(&arena, slice_of(page, len), &tree));
        assert_true(tree.count >= TAGS);
        for (uint32_t k = 1; k < tree.count; k++) {
            assert_true(tree.nodes[k].depth <= TREE_DEPTH_MAX);
            assert_true(tree.nodes[k].end > k && tree.nodes[k].end <= tree.count);
            assert_true(tree.nodes[k].parent < k);
        }
        arena_deinit(&arena);
        free(page);
    }
}

static void a_million_attributes_are_read(void **state)
{
    enum { ATTRIBUTES = 1000000, BYTES = 9 };
    char *page = malloc((size_t)ATTRIBUTES * BYTES + 8);
    struct arena arena;
    struct tree tree;
    (void)state;
    assert_non_null(page);
    memcpy(page, "<p ", 3);
    for (size_t i = 0; i < ATTRIBUTES; i++) {
        char one[BYTES + 1];
        snprintf(one, sizeof one, "a%07zu ", i);
        memcpy(page + 3 + i * BYTES, one, BYTES);
    }
    size_t len = 3 + (size_t)ATTRIBUTES * BYTES;
    memcpy(page + len, ">x", 2);
    arena_init(&arena, (size_t)256 << 20, 0);
    assert_true(tree_build(&arena, slice_of(page, len + 2), &tree));
    assert_int_equal(tree.nodes[1].attributes_count, ATTRIBUTES);
    assert_true(slice_is(tree.nodes[1].attributes[ATTRIBUTES - 1].name, "a0999999"));
    /* A limit too small for them ends it. */
    arena_deinit(&arena);
    arena_init(&arena, (size_t)4 << 20, 0);
    assert_false(tree_build(&arena, slice_of(page, len + 2), &tree));
    arena_deinit(&arena);
    free(page);
}

/* --- the whole engine ---------------------------------------------------------------------- */

static desk_status process(const desk_engine_options *options, desk_slice page, desk_slice *json)
{
    static char copy[4096];
    desk_rulebook *rulebook = NULL;
    desk_engine *engine = NULL;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value = page;
    assert_int_equal(desk_rulebook_load_builtin(&rulebook, NULL), DESK_OK);
    assert_int_equal(desk_engine_new(rulebook, options, &engine, NULL), DESK_OK);
    assert_int_equal(desk_engine_process(engine, &record, &result, NULL), DESK_OK);
    desk_status status = result.outcome == DESK_REJECTED ? result.error.status : DESK_OK;
    size_t len = result.json.len < sizeof copy ? result.json.len : sizeof copy;
    if (len)
        memcpy(copy, result.json.data, len);
    *json = slice_of(copy, len);
    desk_engine_free(engine);
    desk_rulebook_release(rulebook);
    return status;
}

static const char SENTENCE[] =
    "<p>The council of the small town voted on Monday for the new bridge.";

static void a_giant_attribute_is_one_slice(void **state)
{
    enum { BYTES = 100 * 1024 * 1024 };
    char *page = malloc(BYTES);
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    desk_slice json;
    (void)state;
    assert_non_null(page);
    memset(page, 'x', BYTES);
    memcpy(page, "<p title=\"", 10);
    memcpy(page + BYTES - sizeof SENTENCE - 1, "\">", 2);
    memcpy(page + BYTES - sizeof SENTENCE + 1, SENTENCE, sizeof SENTENCE - 1);
    assert_int_equal(process(&options, slice_of(page, BYTES), &json), DESK_EINPUT_SIZE);
    options.input_bytes_max = (size_t)BYTES + 1;
    options.memory_bytes_max = (size_t)64 << 20;
    assert_int_equal(process(&options, slice_of(page, BYTES), &json), DESK_OK);
    assert_true(slice_find(json, slice_from_cstr("voted on Monday"), 0) != DESK_SLICE_NONE);
    free(page);
}

static void damaged_pages_keep_their_text(void **state)
{
    static const char nul_page[] =
        "<p>The coun\0cil\0 of the small town voted on Monday for the new bridge.\0</p>"
        "<p>Work on it begins in the spring and ends two years later, the mayor said, and it will "
        "carry more traffic than the old one, which was built before the war.</p>";
    char page[4096];
    desk_slice json;
    (void)state;
    assert_int_equal(process(NULL, slice_of(nul_page, sizeof nul_page - 1), &json), DESK_OK);
    assert_true(slice_find(json, slice_from_cstr("The council of"), 0) != DESK_SLICE_NONE);
    snprintf(page, sizeof page, "%s<!-- never closed %s", SENTENCE, SENTENCE);
    assert_int_equal(process(NULL, slice_from_cstr(page), &json), DESK_OK);
    assert_true(slice_find(json, slice_from_cstr("bridge.\""), 0) != DESK_SLICE_NONE);
    snprintf(page, sizeof page, "<div><b><table><tr><td>%s<a href=\"x", SENTENCE);
    assert_int_equal(process(NULL, slice_from_cstr(page), &json), DESK_OK);
    assert_true(slice_find(json, slice_from_cstr("voted on Monday"), 0) != DESK_SLICE_NONE);
}

static void floods_end_in_a_record_or_a_limit(void **state)
{
    static const struct shape floods[] = {{"tags", "", "<div>"},
                                          {"text", "", "<p>a b"},
                                          {"references", "<p>", "&lt;&AMP;&#1;&nGt;"},
                                          {"fostered text", "<table>", "x<tr>"}};
    (void)state;
    for (size_t i = 0; i < sizeof floods / sizeof floods[0]; i++) {
        desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
        desk_slice json;
        size_t len;
        char *page = page_of(&floods[i], 200000, &len);
        options.memory_bytes_max = (size_t)32 << 20;
        desk_status status = process(&options, slice_of(page, len), &json);
        if (status != DESK_OK && status != DESK_EMEMORY && status != DESK_EWORK &&
            status != DESK_ENOTEXT)
            fail_msg("%s: status %d", floods[i].name, (int)status);
        free(page);
    }
}

/* What the tree takes is counted: the same page passes with a larger budget. */
static void deep_searches_use_the_budget(void **state)
{
    static const struct shape deep = {"", "<p>The council voted on Monday.<p><button>",
                                      "<span><div></div>"};
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    desk_slice json;
    size_t len;
    char *page = page_of(&deep, 20000, &len);
    (void)state;
    options.work_max = 5000000;
    assert_int_equal(process(&options, slice_of(page, len), &json), DESK_EWORK);
    options.work_max = 50000000;
    assert_int_equal(process(&options, slice_of(page, len), &json), DESK_OK);
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(twice_the_page_is_twice_the_work),
                                       cmocka_unit_test(depth_is_flattened),
                                       cmocka_unit_test(a_million_attributes_are_read),
                                       cmocka_unit_test(a_giant_attribute_is_one_slice),
                                       cmocka_unit_test(damaged_pages_keep_their_text),
                                       cmocka_unit_test(floods_end_in_a_record_or_a_limit),
                                       cmocka_unit_test(deep_searches_use_the_budget)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
