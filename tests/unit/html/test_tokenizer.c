/* Tokens of broken and odd markup, by the HTML Standard. Cases written for this project; they cover
 * what html5lib's cover (tests/eval/html5lib) without that folder.
 *
 * Tokens are printed as: text in quotes, <tag a=value/>, </tag>, <!comment>, <!doctype name>. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/slice.h"
#include "html/doctype.h"
#include "html/tokenizer.h"

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)16 << 20, (size_t)1 << 20);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_deinit(&arena);
    return 0;
}

struct output {
    char text[2048];
    size_t len;
    bool ends_in_text;
};

static void put(struct output *out, const char *format, desk_slice value)
{
    int len = snprintf(out->text + out->len, sizeof out->text - out->len, format, (int)value.len,
                       value.data ? value.data : "");
    assert_true(len >= 0 && (size_t)len < sizeof out->text - out->len);
    out->len += (size_t)len;
}

static desk_slice decoded(desk_slice text, enum text_mode mode)
{
    assert_true(html_decode(&arena, &text, mode));
    return text;
}

static void print_tag(struct output *out, const struct html_token *token)
{
    put(out, token->type == HTML_END_TAG ? "</%.*s" : "<%.*s", token->name);
    for (size_t i = 0; token->type == HTML_START_TAG && i < token->attributes_count; i++) {
        put(out, " %.*s", token->attributes[i].name);
        put(out, "=%.*s", decoded(token->attributes[i].value, TEXT_ATTRIBUTE));
    }
    put(out, "%.*s", slice_from_cstr(token->is_self_closing ? "/>" : ">"));
}

static void print_token(struct output *out, const struct html_token *token)
{
    bool joins = token->type == HTML_TEXT && out->ends_in_text;
    if (out->ends_in_text && !joins)
        put(out, "%.*s", slice_from_cstr("'"));
    out->ends_in_text = token->type == HTML_TEXT;
    if (token->type == HTML_TEXT)
        put(out, joins ? "%.*s" : "'%.*s", decoded(token->text, token->mode));
    else if (token->type == HTML_COMMENT)
        put(out, "<!%.*s>", decoded(token->text, TEXT_RAW));
    else if (token->type == HTML_DOCTYPE)
        put(out, "<!doctype %.*s>", html_doctype_read(token->text, token->is_unfinished).name);
    else
        print_tag(out, token);
}

struct token_case {
    const char *input, *tokens;
};

static void check(const struct token_case *cases, size_t count, enum raw_state raw,
                  const char *name)
{
    for (size_t i = 0; i < count; i++) {
        struct tokenizer tokenizer;
        struct html_token token;
        struct output out = {"", 0, false};
        tokenizer_init(&tokenizer, slice_from_cstr(cases[i].input), &arena);
        if (raw != RAW_NONE)
            tokenizer_set_raw(&tokenizer, raw, slice_from_cstr(name));
        while (tokenizer_next(&tokenizer, &token))
            print_token(&out, &token);
        if (out.ends_in_text)
            put(&out, "%.*s", slice_from_cstr("'"));
        if (strcmp(out.text, cases[i].tokens) != 0)
            fail_msg("%s\n  wanted %s\n  got    %s", cases[i].input, cases[i].tokens, out.text);
    }
}

#define CHECK(cases, raw, name) check(cases, sizeof(cases) / sizeof(cases)[0], raw, name)

static void tags_and_attributes(void **state)
{
    static const struct token_case cases[] = {
        {"<p>a</p>", "<p>'a'</p>"},
        {"<P Class=X>", "<P Class=X>"},
        {"<a b=1 B=2 c>", "<a b=1 c=>"},
        {"<a b='x>y' c=\"'\">", "<a b=x>y c='>"},
        {"<a b = c/d>", "<a b=c/d>"},
        {"<a/b/c=d/>", "<a b= c=d/>"},
        {"<br/><br /><br / >", "<br/><br/><br>"},
        {"<a =b>", "<a =b=>"},
        {"<a b=>x", "<a b=>'x'"},
        {"<a b='1'c=\"2\">", "<a b=1 c=2>"},
        {"<a b\n=\n'c'>", "<a b=c>"},
        {"<a 'b\"=c>", "<a 'b\"=c>"},
        {"<a b=\"&quot;&lt&#65;\">", "<a b=\"<A>"},
        {"<a b='?x=1&copy=2&amp=3&notin;'>", "<a b=?x=1&copy=2&amp=3∉>"},
        {"<a b=x&ampy>", "<a b=x&ampy>"},
        {"</p class=x>", "</p>"},
        {"</p/>", "</p/>"},
        {"<a", ""},
        {"x<a b", "'x'"},
        {"x<a b='", "'x'"},
        {"x</a b=\"c\"", "'x'"},
        {"<a b=c", ""},
        {"<a<b>", "<a<b>"},
        {"<h1\t\f>", "<h1>"}};
    (void)state;
    CHECK(cases, RAW_NONE, "");
}

static void text_that_looks_like_markup(void **state)
{
    static const struct token_case cases[] = {{"a < b", "'a < b'"},
                                              {"1<2", "'1<2'"},
                                              {"<", "'<'"},
                                              {"</", "'</'"},
                                              {"a</>b", "'ab'"},
                                              {"<>", "'<>'"},
                                              {"a\r\nb\rc\n", "'a\nb\nc\n'"},
                                              {"x &amp y &AMP;", "'x & y &'"},
                                              {"&", "'&'"},
                                              {"&#", "'&#'"},
                                              {"&#x", "'&#x'"},
                                              {"&#x;&#y", "'&#x;&#y'"},
                                              {"&#0;&#xD800;&#x110000;", "'���'"},
                                              {"&#x80;&#x9f;", "'€Ÿ'"},
                                              {"&#65x", "'Ax'"},
                                              {"&#99999999999999;", "'�'"},
                                              {"&notit;&notin;&no", "'¬it;∉&no'"},
                                              {"&CounterClockwiseContourIntegral;", "'∳'"},
                                              {"&CounterClockwise", "'&CounterClockwise'"},
                                              {"&fjlig;&nGt;", "'fj≫⃒'"}};
    (void)state;
    CHECK(cases, RAW_NONE, "");
}

static void comments_and_doctypes(void **state)
{
    static const struct token_case cases[] = {
        {"<!--a-->b", "<!a>'b'"},
        {"<!---->", "<!>"},
        {"<!-->a", "<!>'a'"},
        {"<!--->a", "<!>'a'"},
        {"<!--a--!>b", "<!a>'b'"},
        {"<!--a--b-->", "<!a--b>"},
        {"<!--a--->", "<!a->"},
        {"<!--<!--a-->", "<!<!--a>"},
        {"<!--a", "<!a>"},
        {"<!--a-", "<!a>"},
        {"<!--a--", "<!a>"},
        {"<!--a--!", "<!a>"},
        {"<!--", "<!>"},
        {"<!-", "<!->"},
        {"<!", "<!>"},
        {"<!x>y", "<!x>'y'"},
        {"<?php a > b", "<!?php a >' b'"},
        {"</ a>b", "<! a>'b'"},
        {"</3>", "<!3>"},
        {"<![CDATA[x]]>", "<![CDATA[x]]>"},
        {"<!DOCTYPE html>", "<!doctype html>"},
        {"<!doctype>", "<!doctype >"},
        {"<!doctypehtml>", "<!doctype html>"},
        {"<!doctype html public 'a' 'b' c>d", "<!doctype html>'d'"}};
    (void)state;
    CHECK(cases, RAW_NONE, "");
}

static void raw_text_ends_at_its_own_tag(void **state)
{
    static const struct token_case title[] = {{"a</b></title>c", "'a</b>'</title>'c'"},
                                              {"&amp;</TITLE >b", "'&'</TITLE>'b'"},
                                              {"a</titlex></title/>", "'a</titlex>'</title/>"},
                                              {"a</title", "'a</title'"},
                                              {"a<!--</title>-->", "'a<!--'</title>'-->'"}};
    static const struct token_case style[] = {{"a&amp;<b></style>", "'a&amp;<b>'</style>"}};
    static const struct token_case script[] = {
        {"a</script>b", "'a'</script>'b'"},
        {"<!--</script>b", "'<!--'</script>'b'"},
        {"<!--<script></script>--></script>b", "'<!--<script></script>-->'</script>'b'"},
        {"<!--<script></script></script>b", "'<!--<script></script>'</script>'b'"},
        {"<!--<script>--></script>b", "'<!--<script>-->'</script>'b'"},
        {"<!--><script></script>b", "'<!--><script>'</script>'b'"},
        {"<!--<scriptx></script>b", "'<!--<scriptx>'</script>'b'"},
        {"<!--<script", "'<!--<script'"}};
    static const struct token_case plain[] = {{"a</plaintext>&amp;", "'a</plaintext>&amp;'"}};
    static const struct token_case cdata[] = {{"a<b>&amp;]]>c</d>", "'a<b>&amp;c'</d>"},
                                              {"a]]", "'a]]'"}};
    (void)state;
    CHECK(title, RAW_RCDATA, "title");
    CHECK(style, RAW_TEXT, "style");
    CHECK(script, RAW_SCRIPT, "script");
    CHECK(plain, RAW_PLAINTEXT, "plaintext");
    CHECK(cdata, RAW_CDATA, "");
}

static void a_nul_is_kept_or_replaced(void **state)
{
    desk_slice data = slice_of("a\0b", 3), raw = data, attribute = data;
    (void)state;
    assert_int_equal(decoded(data, TEXT_DATA).len, 3);
    assert_true(slice_is(decoded(raw, TEXT_RAW), "a\xEF\xBF\xBD"
                                                 "b"));
    assert_true(slice_is(decoded(attribute, TEXT_ATTRIBUTE), "a\xEF\xBF\xBD"
                                                             "b"));
}

/* Every name of the standard's list, with and without what follows. */
static void every_named_reference_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < NAMED_REFERENCE_COUNT; i++) {
        const struct named_reference *name = &NAMED_REFERENCES[i];
        char text[REFERENCE_NAME_MAX + 4], out[REFERENCE_BYTES_MAX];
        size_t len = 0;
        snprintf(text, sizeof text, "&%.*s!", (int)name->name_len, name->name);
        size_t taken = reference_decode(slice_from_cstr(text), 0, false, out, &len);
        assert_int_equal(taken, name->name_len + 1);
        assert_int_equal(len, name->text_len);
        assert_memory_equal(out, name->text, len);
    }
}

static void quirks_follow_the_doctype(void **state)
{
    static const struct {
        const char *doctype;
        bool is_quirky;
    } cases[] = {{" html", false},
                 {"", true},
                 {" svg", true},
                 {" html public \"-//W3C//DTD HTML 4.01 Transitional//EN\"", true},
                 {" html public \"-//W3C//DTD HTML 4.01 Transitional//EN\" \"x\"", false},
                 {" html public \"-//W3C//DTD HTML 3.2//EN\"", true},
                 {" html public \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"x\"", false},
                 {" html system 'about:legacy-compat'", false},
                 {" html public", true},
                 {" html x", true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct html_doctype doctype = html_doctype_read(slice_from_cstr(cases[i].doctype), false);
        assert_int_equal(html_doctype_is_quirky(&doctype), cases[i].is_quirky);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tags_and_attributes),
                                       cmocka_unit_test(text_that_looks_like_markup),
                                       cmocka_unit_test(comments_and_doctypes),
                                       cmocka_unit_test(raw_text_ends_at_its_own_tag),
                                       cmocka_unit_test(a_nul_is_kept_or_replaced),
                                       cmocka_unit_test(every_named_reference_is_found),
                                       cmocka_unit_test(quirks_follow_the_doctype)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
