/* Addresses: canonical form, registrable domain, what is hostile. The rules are the built-in ones.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/url.h"

struct fixture {
    struct arena arena;
    desk_rulebook *rulebook;
};

static const char *const CANONICAL[][2] = {
    /* Scheme, host, port, user information. */
    {"HTTP://WWW.Example.COM:80/a?utm_source=x&b=1#top", "http://www.example.com/a?b=1"},
    {"https://user:secret@example.org/", "https://example.org/"},
    {"https://a@b:c@example.org/x", "https://example.org/x"},
    {"https://example.org:443/a", "https://example.org/a"},
    {"https://example.org:8443/a", "https://example.org:8443/a"},
    {"http://example.org:443/a", "http://example.org:443/a"},
    {"https://example.org:/a", "https://example.org/a"},
    {"https://example.org./a", "https://example.org/a"},
    {"//example.org/a", "https://example.org/a"},
    {"example.org/a", "https://example.org/a"},
    {"  https://example.org/a \n", "https://example.org/a"},
    {"https://example.org", "https://example.org/"},
    {"https://example.org?b=1", "https://example.org/?b=1"},
    {"https://example.org#x", "https://example.org/"},
    {"ftp://example.org/", ""},
    {"mailto:someone@example.org", ""},
    {"javascript:alert(1)", ""},
    {"about:blank", ""},
    {"", ""},
    {"nothing", ""},
    {"https://", ""},
    {"https://exa mple.org/", ""},
    {"https://example..org/", ""},
    {"https://ex<b>ample.org/", ""},
    {"https://example.org:port/", ""},
    {"http://localhost/a", "http://localhost/a"},
    {"http://192.0.2.7:8080/a", "http://192.0.2.7:8080/a"},
    {"http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"},
    {"http://[not-an-address]/a", ""},
    /* Internationalised hosts. */
    {"https://bücher.example/a", "https://xn--bcher-kva.example/a"},
    {"https://BÜCHER.example/a", "https://xn--bcher-kva.example/a"},
    {"https://xn--bcher-kva.example/a", "https://xn--bcher-kva.example/a"},
    {"https://президент.рф/a", "https://xn--d1abbgf6aiiy.xn--p1ai/a"},
    {"https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"},
    {"https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"},
    {"https://موقع.مثال/", "https://xn--4gbrim.xn--mgbh0fb/"},
    /* Path and percent-encoding. */
    {"https://example.org/%7Euser/%61", "https://example.org/~user/a"},
    {"https://example.org/a%2fb", "https://example.org/a%2Fb"},
    {"https://example.org/é", "https://example.org/%C3%A9"},
    {"https://example.org/%c3%a9", "https://example.org/%C3%A9"},
    {"https://example.org/a b", "https://example.org/a%20b"},
    {"https://example.org/100%", "https://example.org/100%"},
    {"https://example.org/a/./b/../c", "https://example.org/a/c"},
    {"https://example.org/../../a", "https://example.org/a"},
    {"https://example.org/a/..", "https://example.org/"},
    {"https://example.org/a//b", "https://example.org/a//b"},
    {"https://example.org/A/", "https://example.org/A/"},
    {"https://example.org/a\nb", "https://example.org/ab"},
    {"https://example.org/\"quoted\"", "https://example.org/%22quoted%22"},
    /* Parameters. */
    {"https://example.org/a?", "https://example.org/a"},
    {"https://example.org/a?b", "https://example.org/a?b"},
    {"https://example.org/a?b=", "https://example.org/a?b="},
    {"https://example.org/a?&&b=1&&c=2&", "https://example.org/a?b=1&c=2"},
    {"https://example.org/a?c=2&b=1", "https://example.org/a?c=2&b=1"},
    {"https://example.org/a?fbclid=1", "https://example.org/a"},
    {"https://example.org/a?UTM_Source=x&id=7", "https://example.org/a?id=7"},
    {"https://example.org/a?id=7&amp;utm_medium=x", "https://example.org/a?id=7"},
    {"https://example.org/a?id=7&gclid=1&mc_cid=2&igshid=3", "https://example.org/a?id=7"},
    {"https://example.org/a?wt.mc_id=1&cmpid=2&ref_src=twsrc%5Etfw", "https://example.org/a"},
    {"https://example.org/a?xtor=RSS-3208&ocid=2", "https://example.org/a"},
    {"https://example.org/a?utmost=1", "https://example.org/a?utmost=1"},
    {"https://example.org/a?partner=17", "https://example.org/a?partner=17"},
    {"https://example.org/a?q=%e9+b", "https://example.org/a?q=%E9+b"},
    {"https://example.org/#!/a", "https://example.org/"},
    /* AMP. */
    {"https://example.org/story/amp", "https://example.org/story"},
    {"https://example.org/story/amp/", "https://example.org/story/"},
    {"https://example.org/amp/", "https://example.org/amp/"},
    {"https://example.org/story.amp.html", "https://example.org/story.html"},
    {"https://example.org/story?amp=1", "https://example.org/story"},
    {"https://example.org/story?amp&id=1", "https://example.org/story?id=1"},
    {"https://example.org/story?outputType=amp", "https://example.org/story"},
    {"https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a",
     "https://www.example.org/a"},
    {"https://www-example-org.cdn.ampproject.org/v/s/www.example.org/a?usqp=x&amp_js_v=1",
     "https://www.example.org/a"},
    {"https://cdn.ampproject.org/c/s/www.example.org/a", "https://www.example.org/a"},
    {"https://www.google.com/amp/s/www.example.org/a/amp/", "https://www.example.org/a/"},
    {"https://www.google.co.uk/amp/s/www.example.org/a", "https://www.example.org/a"},
    {"https://www.google.evil-example.org/amp/s/www.example.org/a",
     "https://www.google.evil-example.org/amp/s/www.example.org/a"},
    {"https://www-example-org.bing-amp.com/c/s/www.example.org/a", "https://www.example.org/a"},
    /* Archives, translations, redirectors. */
    {"https://web.archive.org/web/20230101000000/https://example.org/a", "https://example.org/a"},
    {"https://web.archive.org/web/20230101000000id_/http://example.org:80/a",
     "http://example.org/a"},
    {"https://web.archive.org/web/2023/https:/example.org/a", "https://example.org/a"},
    {"https://web.archive.org/about/", "https://web.archive.org/about/"},
    {"https://archive.ph/2023.01.02-101112/https://example.org/a", "https://example.org/a"},
    {"https://archive.ph/AbC12", "https://archive.ph/AbC12"},
    {"https://www-example-org.translate.goog/a?_x_tr_sl=fr&_x_tr_tl=en",
     "https://www.example.org/a"},
    {"https://my--paper-example-org.translate.goog/a", "https://my-paper.example.org/a"},
    {"https://translate.google.com/translate?sl=auto&tl=en&u=https%3A%2F%2Fexample.org%2Fa",
     "https://example.org/a"},
    {"https://translate.google.fr/translate?u=http://example.org/a&hl=fr", "http://example.org/a"},
    {"https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa%3Futm_source%3Dx&h=AT",
     "https://example.org/a"},
    {"https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa&usg=x",
     "https://example.org/a"},
    {"https://www.google.com/url?q=https://example.org/a", "https://example.org/a"},
    {"https://www.google.com/url?q=javascript%3Aalert(1)",
     "https://www.google.com/url?q=javascript%3Aalert(1)"},
    {"https://vk.com/away.php?to=https%3A%2F%2Fexample.org%2Fa", "https://example.org/a"},
    {"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa&data=05",
     "https://example.org/a"},
    {"https://l.facebook.com/l.php?h=AT", "https://l.facebook.com/l.php?h=AT"},
    {"https://www.google.com/"
     "url?q=https%3A%2F%2Fweb.archive.org%2Fweb%2F2020%2Fhttps%3A%2F%2Fexample.org%2Fa",
     "https://example.org/a"},
};

static const char *const REGISTRABLE[][2] = {
    {"www.example.org", "example.org"},
    {"WWW.Example.ORG", "example.org"},
    {"example.org.", "example.org"},
    {"news.example.co.uk", "example.co.uk"},
    {"a.b.example.com.br", "example.com.br"},
    {"example.co.jp", "example.co.jp"},
    {"co.uk", ""},
    {"com", ""},
    {"localhost", ""},
    {"192.0.2.7", ""},
    {"0x7f.0.0.0x1", ""},
    {"[2001:db8::1]", ""},
    {"somebody.blogspot.com", "somebody.blogspot.com"},
    {"somebody.github.io", "somebody.github.io"},
    {"www.bücher.de", "xn--bcher-kva.de"},
    {"www.xn--bcher-kva.de", "xn--bcher-kva.de"},
    {"пример.рф", "xn--e1afmkfd.xn--p1ai"},
    {"a_b.example.org", "example.org"},
    {"", ""},
    {"..", ""},
};

/* Host that a source may be told by; empty when it hides the publisher. */
static const char *const PUBLISHERS[][2] = {
    {"https://www.example.org/a", "www.example.org"},
    {"https://t.co/AbC", ""},
    {"https://feedproxy.google.com/~r/example/~3/x/a", ""},
    {"https://news.google.com/rss/articles/x", ""},
    {"https://www-example-org.cdn.ampproject.org/", ""},
    {"https://bit.ly/x", ""},
};

static void check(const char *what, const char *input, desk_slice got, const char *wanted)
{
    if (!slice_is(got, wanted))
        fail_msg("%s of %s: %.*s, not %s", what, input, (int)got.len, got.data, wanted);
}

static void urls_become_canonical(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof CANONICAL / sizeof CANONICAL[0]; i++) {
        arena_reset(&f->arena);
        desk_slice got =
            url_canonical(f->rulebook->url_rules, &f->arena, slice_from_cstr(CANONICAL[i][0]));
        check("canonical form", CANONICAL[i][0], got, CANONICAL[i][1]);
        check("canonical form", CANONICAL[i][0],
              got.len ? url_canonical(f->rulebook->url_rules, &f->arena, got) : got,
              CANONICAL[i][1]);
    }
}

static void domains_are_registrable(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof REGISTRABLE / sizeof REGISTRABLE[0]; i++)
        check("domain", REGISTRABLE[i][0],
              url_registrable(&f->arena, slice_from_cstr(REGISTRABLE[i][0])), REGISTRABLE[i][1]);
}

static void hidden_publishers_tell_no_host(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof PUBLISHERS / sizeof PUBLISHERS[0]; i++)
        check("publisher", PUBLISHERS[i][0],
              url_publisher_host(f->rulebook->url_rules, &f->arena,
                                 slice_from_cstr(PUBLISHERS[i][0])),
              PUBLISHERS[i][1]);
}

/* Fills a URL of `len` bytes with one byte after a good beginning. */
static desk_slice long_url(char *text, const char *head, char fill, size_t len)
{
    size_t head_len = strlen(head);
    memcpy(text, head, head_len);
    memset(text + head_len, fill, len - head_len);
    return slice_of(text, len);
}

static void hostile_urls_end_early(void **state)
{
    static const char bytes[] = "a.:/%@[]&?=#\\\xFF*-";
    struct fixture *f = *state;
    char *text = malloc(URL_BYTES_MAX + 2);
    assert_non_null(text);
    const struct url_rules *rules = f->rulebook->url_rules;
    assert_int_equal(
        url_canonical(rules, &f->arena, long_url(text, "https://e.org/", 'a', URL_BYTES_MAX)).len,
        URL_BYTES_MAX);
    assert_int_equal(
        url_canonical(rules, &f->arena, long_url(text, "https://e.org/", 'a', URL_BYTES_MAX + 1))
            .len,
        0);
    for (size_t i = 0; i < sizeof bytes - 1; i++) {
        arena_reset(&f->arena);
        url_canonical(rules, &f->arena, long_url(text, "https://", bytes[i], URL_BYTES_MAX));
        url_canonical(rules, &f->arena, long_url(text, "https://e.org/", bytes[i], URL_BYTES_MAX));
        url_canonical(rules, &f->arena, long_url(text, "https://e.org/?", bytes[i], URL_BYTES_MAX));
        url_registrable(&f->arena, long_url(text, "e.", bytes[i], 300));
    }
    free(text);
}

/* Every byte at every place of a URL: the sanitizers watch. */
static void any_byte_anywhere_is_survived(void **state)
{
    struct fixture *f = *state;
    char text[] = "https://www-a-org.translate.goog/l.php?u=https%3A%2F%2Fb.org&utm_a=1#c";
    for (size_t i = 0; i < sizeof text - 1; i++) {
        char kept = text[i];
        for (int byte = 0; byte < 256; byte++) {
            char *copy = malloc(sizeof text - 1);
            assert_non_null(copy);
            text[i] = (char)byte;
            memcpy(copy, text, sizeof text - 1);
            arena_reset(&f->arena);
            url_canonical(f->rulebook->url_rules, &f->arena, slice_of(copy, sizeof text - 1));
            free(copy);
        }
        text[i] = kept;
    }
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    desk_error err = DESK_ERROR_INIT;
    if (!f)
        return -1;
    if (desk_rulebook_load_builtin(&f->rulebook, &err) != DESK_OK) {
        print_error("%s\n", err.message);
        free(f);
        return -1;
    }
    arena_init(&f->arena, 1 << 24, 1 << 20);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    if (!f)
        return 0;
    arena_deinit(&f->arena);
    desk_rulebook_release(f->rulebook);
    free(f);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_become_canonical), cmocka_unit_test(domains_are_registrable),
        cmocka_unit_test(hidden_publishers_tell_no_host), cmocka_unit_test(hostile_urls_end_early),
        cmocka_unit_test(any_byte_anywhere_is_survived)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
