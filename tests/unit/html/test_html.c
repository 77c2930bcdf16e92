/* Tokens, references and the tree. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/slice.h"
#include "html/references.h"
#include "html/tag_name.h"
#include "html/tree.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)256 << 20, (size_t)1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_deinit(&arena);
    return 0;
}

static void references_follow_the_standard(void **state)
{
    static const char *const cases[][2] = {{"&amp;", "&"},
                                           {"a &lt b", "a < b"},
                                           {"&notit;", "¬it;"},
                                           {"&notin;", "∉"},
                                           {"&#8364;", "€"},
                                           {"&#x20AC;", "€"},
                                           {"&#128;", "€"},
                                           {"&#0;", "\xEF\xBF\xBD"},
                                           {"&#xD800;", "\xEF\xBF\xBD"},
                                           {"&nosuch;", "&nosuch;"},
                                           {"&", "&"},
                                           {"&#;", "&#;"},
                                           {"&ampamp;", "&amp;"},
                                           {"a\r\nb\rc", "a\nb\nc"},
                                           {"&NotEqualTilde;", "≂̸"},
                                           {"&AMP", "&"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        desk_slice text = slice_from_cstr(cases[i][0]);
        assert_true(html_decode(&arena, &text, TEXT_DATA));
        assert_int_equal(text.len, strlen(cases[i][1]));
        assert_memory_equal(text.data, cases[i][1], text.len);
    }
    desk_slice attribute = slice_from_cstr("?a=1&copy=2&amp;b");
    assert_true(html_decode(&arena, &attribute, TEXT_ATTRIBUTE));
    assert_memory_equal(attribute.data, "?a=1&copy=2&b", 13);
}

/* The tree as "p(text b(text))". */
static void print_node(const struct tree *tree, uint32_t index, char *out, size_t size)
{
    const struct tree_node *node = &tree->nodes[index];
    size_t len = strlen(out);
    if (node->is_text) {
        snprintf(out + len, size - len, "'%.*s'", (int)node->text.len, node->text.data);
        return;
    }
    snprintf(out + len, size - len, "%s(", index ? ELEMENT_INFO[node->element].name : "");
    for (uint32_t child = index + 1; child < node->end; child = tree->nodes[child].end)
        print_node(tree, child, out, size);
    strncat(out, ")", size - strlen(out) - 1);
}

static void trees_close_what_is_implied(void **state)
{
    static const char *const cases[][2] = {
        {"<p>a<p>b", "(p('a')p('b'))"},
        {"<ul><li>a<li>b<ul><li>c</ul></ul>d", "(ul(li('a')li('b'ul(li('c'))))'d')"},
        {"<b>a<p>b</b>c</p>d", "(b('a')p(b('b')'c')'d')"},
        {"<table><tr><td>a<td>b<tr><td>c</table>d", "(table(tr(td('a')td('b'))tr(td('c')))'d')"},
        {"<p>a<div>b</div>c", "(p('a')div('b')'c')"},
        {"a<br>b</br>c", "('a'br()'b'br()'c')"},
        {"<div>a</span>b</div>c", "(div('ab')'c')"},
        {"<script>var a = '<p>';</script>x", "(script('var a = '<p>';')'x')"},
        {"<title>a<b></title>x", "(title('a<b>')'x')"},
        {"a<!-- <p> -->b<!doctype html>c", "('a''b''c')"},
        {"<h1>a<h2>b</h1>c", "(h1('a')h2('b')'c')"},
        {"x < y <3", "('x < y <3')"},
        {"<dl><dt>a<dd>b<dt>c</dl>", "(dl(dt('a')dd('b')dt('c')))"},
        {"<head><title>t</title><p>a", "(head(title('t'))p('a'))"},
        {"<a>x<div>y</a>z</div>", "(a('x')div(a('y')'z'))"},
        {"<a>x<div>y<div>z</a>u", "(a('x')div(a('y')div(a('z')'u')))"},
        {"<a>x<p><a>y", "(a('x')p(a()a('y')))"},
        {"<i>a<table>b<tr><td>c</table>d", "(i('ab'table(tr(td('c')))'d'))"},
        {"<table><p>a<tr><td>b</table>c", "(p('a')table(tr(td('b')))'c')"},
        {"<form><div>a</form>b</div>c", "(form(div('ab'))'c')"},
        {"<select><p>a<option>b</select>c", "(select('a'option('b'))'c')"},
        {"<svg><title>a</title><p>b", "(svg(title('a'))p('b'))"},
        {"<pre>\n\na</pre>", "(pre('\na'))"},
        {"<noscript><p>a</noscript>b", "(noscript('<p>a')'b')"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tree tree;
        char out[512] = "";
        assert_true(tree_build(&arena, slice_from_cstr(cases[i][0]), &tree));
        print_node(&tree, 0, out, sizeof out);
        /* Neighbouring text nodes are as good as one. */
        for (char *joint; (joint = strstr(out, "''"));)
            memmove(joint, joint + 2, strlen(joint + 2) + 1);
        char wanted[512];
        snprintf(wanted, sizeof wanted, "%s", cases[i][1]);
        for (char *joint; (joint = strstr(wanted, "''"));)
            memmove(joint, joint + 2, strlen(joint + 2) + 1);
        assert_string_equal(out, wanted);
    }
}

static void attributes_are_read(void **state)
{
    struct tree tree;
    (void)state;
    assert_true(tree_build(
        &arena, slice_from_cstr("<a HREF='x?a&amp;b' class=one CLASS=two data-x disabled / >t</a>"),
        &tree));
    desk_slice href = tree_value(&arena, &tree.nodes[1], ATTRIBUTE_HREF),
               class = tree_value(&arena, &tree.nodes[1], ATTRIBUTE_CLASS);
    assert_true(slice_is(href, "x?a&b"));
    assert_true(slice_is(class, "one"));
    assert_int_equal(tree.nodes[1].attributes_count, 4);
    assert_true(slice_is(tree.nodes[1].attributes[3].name, "disabled"));
    assert_true(tree_has(&tree.nodes[1], ATTRIBUTE_HREF));
    assert_false(tree_has(&tree.nodes[1], ATTRIBUTE_ID));
    assert_null(tree_attribute(&tree.nodes[1], ATTRIBUTE_ID).data);
}

static enum attribute attribute_of(desk_slice name)
{
    return attribute_by_name(name, tag_key(name.data, name.len));
}

static enum element element_of(desk_slice name)
{
    return element_by_name(name, tag_key(name.data, name.len));
}

static void all_known_names_are_found(void **state)
{
    (void)state;
#define FIND_ATTRIBUTE(id, name)                                                                   \
    assert_int_equal(attribute_of(slice_from_cstr(name)), ATTRIBUTE_##id);
    ATTRIBUTES(FIND_ATTRIBUTE)
#define FIND_ELEMENT(id, name, flags)                                                              \
    assert_int_equal(element_of(slice_from_cstr(name)), ELEMENT_##id);
    ELEMENTS(FIND_ELEMENT)
    assert_int_equal(attribute_of(slice_from_cstr("HTTP-Equiv")), ATTRIBUTE_HTTP_EQUIV);
    assert_int_equal(element_of(slice_from_cstr("BlockQuote")), ELEMENT_BLOCKQUOTE);
}

/* Names that differ late, or by a bit that letters of either case differ by. */
static void names_like_known_ones_are_others(void **state)
{
    static const char *const names[] = {"clas",      "classs",      "data-x",     "aria-hiddes",
                                        "itemscopf", "http_equiv",  "\x03lass",   "@ref",
                                        "h\x11",     "blockquotes", "figcaptiom", "d[v"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(attribute_of(slice_from_cstr(names[i])), ATTRIBUTE_OTHER);
        assert_int_equal(element_of(slice_from_cstr(names[i])), ELEMENT_NONE);
    }
}

/* Sixteen bytes at once, at all places of an input that ends behind them, and one at a time. */
static void names_end_alike_in_both_ways(void **state)
{
    static const char bytes[] = "aZ-1h\x11\x03@[\xC3\xA9 \t\n\f\r/>=";
    uint32_t seed = 1;
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        char input[24];
        for (size_t i = 0; i < sizeof input; i++) {
            seed = seed * 1664525u + 1013904223u;
            /* Mostly letters, so that names have all lengths. */
            input[i] = seed >> 30 ? 'b' : bytes[(seed >> 8) % (sizeof bytes - 1)];
        }
        for (size_t from = 0; from < sizeof input; from++) {
            const char *end = input + sizeof input;
            bool is_attribute = round % 2;
            struct tag_name fast = tag_name_read(input + from, end, is_attribute),
                            plain = tag_name_plain(input + from, end, is_attribute);
            assert_int_equal(fast.len, plain.len);
            enum attribute known = attribute_by_name(slice_of(input + from, plain.len), plain.key);
            assert_int_equal(attribute_by_name(slice_of(input + from, fast.len), fast.key), known);
        }
    }
}

/* The key of a name tells capitals from nothing else. */
static void a_name_with_a_control_character_is_another_one(void **state)
{
    struct tree tree;
    (void)state;
    assert_true(
        tree_build(&arena, slice_from_cstr("<h\x11>a</h\x11><p \x03lass=x id=y ID=z>b"), &tree));
    assert_int_equal(tree.nodes[1].element, ELEMENT_NONE);
    assert_int_equal(tree.nodes[3].element, ELEMENT_P);
    assert_int_equal(tree.nodes[3].attributes_count, 2);
    assert_false(tree_has(&tree.nodes[3], ATTRIBUTE_CLASS));
    assert_true(slice_is(tree_attribute(&tree.nodes[3], ATTRIBUTE_ID), "y"));
}

/* A million open tags, an endless attribute, an unclosed comment: an answer in linear time. */
static void hostile_pages_end(void **state)
{
    enum { TAGS = 1000000 };
    struct tree tree;
    char *page = malloc((size_t)TAGS * 5 + 64);
    (void)state;
    assert_non_null(page);
    for (size_t i = 0; i < TAGS; i++)
        memcpy(page + i * 5, "<div>", 5);
    assert_true(tree_build(&arena, slice_of(page, (size_t)TAGS * 5), &tree));
    assert_int_equal(tree.count, TAGS + 1);
    arena_reset(&arena);
    memset(page, 'a', (size_t)TAGS * 5);
    memcpy(page, "x<p title=\"", 11);
    assert_true(tree_build(&arena, slice_of(page, (size_t)TAGS * 5), &tree));
    arena_reset(&arena);
    memcpy(page, "<!-- <!-- <", 11);
    memset(page + 11, '-', (size_t)TAGS * 5 - 11);
    assert_true(tree_build(&arena, slice_of(page, (size_t)TAGS * 5), &tree));
    free(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(references_follow_the_standard),
        cmocka_unit_test(trees_close_what_is_implied),
        cmocka_unit_test(attributes_are_read),
        cmocka_unit_test(all_known_names_are_found),
        cmocka_unit_test(names_like_known_ones_are_others),
        cmocka_unit_test(names_end_alike_in_both_ways),
        cmocka_unit_test(a_name_with_a_control_character_is_another_one),
        cmocka_unit_test(hostile_pages_end)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
