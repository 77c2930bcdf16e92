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
    assert_non_null(tree_attribute(&tree.nodes[1], "disabled").data);
    assert_null(tree_attribute(&tree.nodes[1], ATTRIBUTE_ID).data);
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
    const struct CMUnitTest tests[] = {cmocka_unit_test(references_follow_the_standard),
                                       cmocka_unit_test(trees_close_what_is_implied),
                                       cmocka_unit_test(attributes_are_read),
                                       cmocka_unit_test(hostile_pages_end)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
