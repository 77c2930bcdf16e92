/* Loose JSON, and the metadata of whole pages. */
#include "unit/clean/fixture.h"

#include "article/article.h"
#include "clean/loose_json.h"
#include "clean/page.h"

/* --- loose JSON ---------------------------------------------------------------------------- */

static void broken_json_is_read(void **state)
{
    struct fixture *fixture = *state;
    static const char *const cases[][2] = {
        /* text, value of "headline" */
        {"{\"headline\": \"Plain\"}", "Plain"},
        {"{\"headline\": \"Comma\",}", "Comma"},
        {"{\"a\": [1, 2,], \"headline\": \"After a list\"}", "After a list"},
        {"{/* note */ \"headline\": \"Comment\" // end\n}", "Comment"},
        {"// start\n{\"headline\": \"Line comment\"}", "Line comment"},
        {"<!-- {\"headline\": \"Wrapped\"} -->", "Wrapped"},
        {"//<![CDATA[\n{\"headline\": \"CDATA\"}\n//]]>", "CDATA"},
        {"{\"headline\": \"Two\nlines\"}", "Two lines"},
        {"{\"headline\": \"Tab\there\x01!\"}", "Tab here!"},
        {"{\"headline\": \"She said \"no\" today\"}", "She said \"no\" today"},
        {"{\"a\": \"x\" \"headline\": \"Missing comma\"}", "Missing comma"},
        {"{headline: \"Bare key\"}", "Bare key"},
        {"{'headline': 'Single quotes'}", "Single quotes"},
        {"{&quot;headline&quot;: &quot;Escaped &amp;amp; read&quot;}", "Escaped & read"},
        {"{\"headline\": \"Caf\\u00e9 \\ud83d\\ude00 \\/ \\\"q\\\"\"}", "Café 😀 / \"q\""},
        {"{\"headline\": \"It&amp;#39;s &lt;em&gt;new&lt;/em&gt;\"}", "It's new"},
        {"{\"headline\": \"Open end\", \"b\": {\"c\": \"cut o", "Open end"},
        {"{\"headline\": \"No end at all", ""},
        {"{\"headline\": }", ""},
        {"{\"x\": {\"headline\": \"Inner\"}}", ""},
        {"no data", ""},
        {"", ""}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct loose_json json;
        assert_true(loose_json_read(&fixture->arena, slice_from_cstr(cases[i][0]), &json));
        uint32_t at = json.count ? loose_json_get(&json, 0, "headline") : 0;
        desk_slice text =
            at ? loose_json_text(&fixture->arena, json.values[at].text) : slice_of(NULL, 0);
        if (!slice_is(text, cases[i][1]))
            fail_msg("%s: got '%.*s'", cases[i][0], (int)text.len, text.data);
    }
}

/* A hundred thousand brackets, quotes or backslashes take linear time and no memory beyond the
 * list. */
static void hostile_json_ends(void **state)
{
    struct fixture *fixture = *state;
    static const char *const units[] = {"[", "{\"a\":", "\"", "\\\"", "/*",
                                        "'", "{",       "]",  "<a",   "&quot;"};
    enum { REPEATS = 100000 };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t len = strlen(units[i]);
        char *text = malloc(len * REPEATS + 1);
        struct loose_json json;
        text[0] = '{';
        for (size_t k = 0; k < REPEATS; k++)
            memcpy(text + 1 + k * len, units[i], len);
        assert_true(loose_json_read(&fixture->arena, slice_of(text, len * REPEATS + 1), &json));
        for (uint32_t k = 0; k < json.count; k++)
            assert_true(json.values[k].end > k && json.values[k].end <= json.count);
        loose_json_text(&fixture->arena, slice_of(text, len * REPEATS + 1));
        free(text);
        arena_reset(&fixture->arena);
    }
}

/* --- pages --------------------------------------------------------------------------------- */

struct page_case {
    const char *name, *page;
    const char *title, *authors, *published, *updated; /* authors joined by "; " */
    const char *title_origin;                          /* NULL: not asked */
};

#define LD(json) "<script type='application/ld+json'>" json "</script>"
#define BODY                                                                                       \
    "<p>The last ferry of the season ran aground on Monday in thick fog, and all of its forty "    \
    "passengers were brought ashore by the fishing boats of the harbour.</p>"

static const struct page_case PAGES[] = {
    {"JSON-LD alone",
     LD("{\"@type\":\"NewsArticle\",\"headline\":\"Ferry runs aground\",\"author\":{\"@type\":"
        "\"Person\",\"name\":\"Jane Doe\"},\"datePublished\":\"2021-05-04T10:30:00+02:00\","
        "\"dateModified\":\"2021-05-05T08:00:00+02:00\"}") BODY,
     "Ferry runs aground", "Jane Doe", "2021-05-04T10:30:00+02:00", "2021-05-05T08:00:00+02:00",
     "JSON-LD headline"},
    {"a graph with references by @id, over two scripts",
     LD("{\"@graph\":[{\"@type\":[\"Article\"],\"headline\":\"Ferry\",\"author\":[{\"@id\":\"#a\"},"
        "{\"@id\":\"#b\"}],\"datePublished\":\"2021-05-04\"}]}")
         LD("[{\"@type\":\"Person\",\"@id\":\"#a\",\"name\":\"Jane Doe\"},{\"@type\":\"Person\","
            "\"@id\":\"#b\",\"name\":\"Max Roe\"}]") "<h1>Ferry</h1>" BODY,
     "Ferry", "Jane Doe; Max Roe", "2021-05-04", "", "headline of the page"},
    {"an organisation is no author",
     LD("{\"@type\":\"NewsArticle\",\"headline\":\"Ferry\",\"author\":{\"@type\":\"Organization\","
        "\"name\":\"Plover Wire\"}}") BODY,
     "Ferry", "", "", "", NULL},
    {"the page's own article among teasers",
     "<title>Ferry runs aground in fog</title>" LD(
         "[{\"@type\":\"NewsArticle\",\"headline\":\"Cat on a roof\",\"datePublished\":"
         "\"2020-01-01\"},{\"@type\":\"NewsArticle\",\"headline\":\"Ferry runs aground\","
         "\"datePublished\":\"2021-05-04\"}]") BODY,
     "Ferry runs aground", "", "2021-05-04", "", NULL},
    {"OpenGraph with the site's name",
     "<meta property='og:title' content='Ferry runs aground | Daily Plover'><meta "
     "property='og:site_name' content='Daily Plover'><meta property='article:published_time' "
     "content='2021-05-04T10:30:00Z'><meta name='author' content='By Jane Doe'>" BODY,
     "Ferry runs aground", "Jane Doe", "2021-05-04T10:30:00Z", "", "og:title"},
    {"the headline wins over a title for search engines",
     "<title>Ferry accident 2021: all you need to know | Plover</title><h1>All saved from the "
     "stranded ferry accident</h1>" BODY,
     "All saved from the stranded ferry accident", "", "", "", "headline of the page"},
    {"a heading that is the site's name does not",
     "<title>Ferry runs aground | Daily Plover</title><h1><a href='/'>Daily "
     "Plover</a></h1><h2>Ferry runs aground</h2>" BODY,
     "Ferry runs aground", "", "", "", NULL},
    {"a kicker in the heading",
     "<meta property='og:title' content='Ferry runs aground in fog'><h1><span>Shipping</span> "
     "<span>Ferry runs aground in fog</span></h1>" BODY,
     "Ferry runs aground in fog", "", "", "", NULL},
    {"a headline in capitals", "<title>Ferry runs aground</title><h1>FERRY RUNS AGROUND</h1>" BODY,
     "Ferry runs aground", "", "", "", NULL},
    {"microdata, nested, of this article only",
     "<div itemscope itemtype='http://schema.org/NewsArticle'><h1 itemprop='headline'>Ferry runs "
     "aground</h1><span itemprop='author' itemscope itemtype='http://schema.org/Person'><b "
     "itemprop='name'>Jane Doe</b></span><time itemprop='datePublished' "
     "datetime='2021-05-04T10:30:00+02:00'>4 May</time>" BODY
     "</div><div itemscope itemtype='http://schema.org/NewsArticle'><span "
     "itemprop='author'>Max Roe</span></div>",
     "Ferry runs aground", "Jane Doe", "2021-05-04T10:30:00+02:00", "", NULL},
    {"a comment's author and date are not the article's",
     "<h1>Ferry runs aground</h1>" BODY BODY BODY BODY BODY BODY
     "<div class='comments'><span class='author'>Mad Max</span><time "
     "datetime='2021-06-01T00:00:00Z'>1 June</time></div>",
     "Ferry runs aground", "", "", "", NULL},
    {"visible byline and date",
     "<h1>Ferry runs aground</h1><p class='meta'>By <a href='/x'>Jane Doe</a> and <a "
     "href='/y'>Max Roe</a></p><p>Published May 4, 2021 | Updated May 5, 2021</p>" BODY,
     "Ferry runs aground", "Jane Doe; Max Roe", "2021-05-04", "2021-05-05", NULL},
    {"the byline is right where the field names who uploaded it",
     "<meta name='author' content='webmaster2'><h1>Ferry runs aground</h1><p>by Jane "
     "Doe</p>" BODY,
     "Ferry runs aground", "Jane Doe", "", "", NULL},
    {"a date over the text is older than the data's",
     "<meta property='article:published_time' content='2024-08-07T12:01:51Z'><h1>Ferry runs "
     "aground</h1><span>Dec 30, 2013</span>" BODY,
     "Ferry runs aground", "", "2013-12-30", "", NULL},
    {"but not when the page shows the data's day as well",
     "<meta property='article:published_time' content='2024-08-07T12:01:51Z'><h1>Ferry runs "
     "aground</h1><span>August 7, 2024</span><span>Dec 30, 2013</span>" BODY,
     "Ferry runs aground", "", "2024-08-07T12:01:51Z", "", NULL},
    {"one instant, in the page's zone",
     "<meta property='article:published_time' content='2025-12-19T03:05:00+00:00'><h1>Ferry runs "
     "aground</h1><time datetime='2025-12-18T19:05:00-08:00'>December 18</time>" BODY,
     "Ferry runs aground", "", "2025-12-18T19:05:00-08:00", "", NULL},
    {"a time without a zone is a day",
     "<meta property='article:published_time' content='2021-05-04 10:30:00'><h1>Ferry runs "
     "aground</h1>" BODY,
     "Ferry runs aground", "", "2021-05-04", "", NULL},
    {"a changed text is not a published one",
     "<h1>Ferry runs aground</h1><time datetime='2021-05-05T00:00:00Z'>Updated May 5</time>" BODY,
     "Ferry runs aground", "", "", "2021-05-05T00:00:00Z", NULL},
    {"hAtom",
     "<div class='hentry'><h1 class='entry-title'>Ferry runs aground</h1><abbr class='published' "
     "title='2012-05-22T16:20:00+02:00'>22 mei</abbr> <span class='author vcard'><span "
     "class='fn'>Pieter de Vries</span></span>" BODY "</div>",
     "Ferry runs aground", "Pieter de Vries", "2012-05-22T16:20:00+02:00", "", NULL},
    {"labels for Twitter",
     "<meta name='twitter:label1' content='Geschrieben von'><meta name='twitter:data1' "
     "content='Anna Müller'><h1>Ferry runs aground</h1>" BODY,
     "Ferry runs aground", "Anna Müller", "", "", NULL},
    {"names that sites invent",
     "<meta name='cms:published_date' content='2021-05-04'><meta name='Updated Date' "
     "content='2021-05-05'><h1>Ferry runs aground</h1>" BODY,
     "Ferry runs aground", "", "2021-05-04", "2021-05-05", NULL},
    {"data in a script",
     "<h1>Ferry runs aground</h1><script>window.state={\"publishedAt\":\"2021-05-04T10:30:00Z\"}"
     "</script>" BODY,
     "Ferry runs aground", "", "2021-05-04T10:30:00Z", "", NULL},
    {"a headline that is no heading",
     "<title>渡船搁浅无人受伤-溪口日报</title><div "
     "class='t'>渡船搁浅无人受伤</div><div>作者：王小明</div>"
     "<div>2021年5月4日</div>" BODY,
     "渡船搁浅无人受伤", "王小明", "2021-05-04", "", NULL},
    {"Arabic",
     "<html lang='ar'><h1>جنوح عبارة في الضباب الكثيف</h1><p>بقلم: أحمد علي</p><p>٤ مايو "
     "٢٠٢١</p>" BODY,
     "جنوح عبارة في الضباب الكثيف", "أحمد علي", "2021-05-04", "", NULL},
    {"nothing", "", "", "", "", "", NULL}};

static void compare(const struct page_case *wanted, const char *what, desk_slice got,
                    const char *value)
{
    if (!slice_is(got, value))
        fail_msg("%s: %s is '%.*s', wanted '%s'", wanted->name, what, (int)got.len, got.data,
                 value);
}

static desk_slice joined(struct arena *arena, const struct slice_list *list)
{
    char *out = arena_alloc(arena, 1000, 1);
    size_t len = 0;
    for (size_t i = 0; i < list->count; i++) {
        memcpy(out + len, "; ", 2);
        len += i ? 2 : 0;
        memcpy(out + len, list->items[i].data, list->items[i].len);
        len += list->items[i].len;
    }
    return slice_of(out, len);
}

static void read_page(struct fixture *fixture, const char *markup, struct desk_article *article)
{
    struct page page;
    *article = (struct desk_article){.arena = &fixture->arena, .markup = slice_from_cstr(markup)};
    article->url = slice_from_cstr("https://news.plover.example/ferry");
    assert_true(page_open(&page, article, fixture->rulebook->pagewords));
    page.metadata_words = fixture->rulebook->metadata_words;
    assert_true(page_metadata(&page));
}

static void pages_say_what_they_show(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof PAGES / sizeof PAGES[0]; i++) {
        struct desk_article article;
        read_page(fixture, PAGES[i].page, &article);
        compare(&PAGES[i], "title", article.title, PAGES[i].title);
        compare(&PAGES[i], "authors", joined(&fixture->arena, &article.authors), PAGES[i].authors);
        compare(&PAGES[i], "published", article.page_published, PAGES[i].published);
        compare(&PAGES[i], "updated", article.page_updated, PAGES[i].updated);
        assert_int_equal(article.title.len > 0, article.origins.title != NULL);
        assert_int_equal(article.authors.count > 0, article.origins.authors != NULL);
        assert_int_equal(article.page_published.len > 0, article.origins.published != NULL);
        if (PAGES[i].title_origin)
            assert_string_equal(article.origins.title, PAGES[i].title_origin);
    }
}

static void other_items_are_made_whole(void **state)
{
    struct fixture *fixture = *state;
    struct desk_article article;
    read_page(
        fixture,
        "<html lang='x'><meta property='og:locale' content='pt_BR'><meta property='og:image' "
        "content='/a.jpg'><link rel=canonical href='/ferry?x=1'><meta property='og:description' "
        "content='Cut off ...'><meta name=description content='Cut off no more, but whole'>"
        "<meta property='article:tag' content='sea'><meta property='article:tag' content='fog'>"
        "<meta property='article:tag' content='Sea'><meta property='article:section' "
        "content='Coast'><meta property='og:site_name' content='Daily Plover'>",
        &article);
    assert_true(slice_is(article.page_language, "pt-BR"));
    assert_true(slice_is(article.image, "https://news.plover.example/a.jpg"));
    assert_true(slice_is(article.canonical_url, "https://news.plover.example/ferry?x=1"));
    assert_true(slice_is(article.description, "Cut off no more, but whole"));
    assert_true(slice_is(article.section, "Coast"));
    assert_true(slice_is(article.site_name, "Daily Plover"));
    assert_int_equal(article.keywords.count, 2);
    read_page(fixture, "<link rel=canonical href='https://plover.example/'>" BODY, &article);
    assert_int_equal(article.canonical_url.len, 0);
}

/* Elements that all claim to be authors, within each other and side by side: time and memory stay
 * in proportion. */
static void hostile_pages_end(void **state)
{
    struct fixture *fixture = *state;
    static const char *const units[] = {
        "<div class=author itemprop=author>",
        "<a rel=author href=/author/x></a>",
        "<h1>x</h1>",
        "<p>By ",
        "<meta property=article:author content=x>",
        "<script type=application/ld+json>{\"@type\":\"Article\"}</script>",
        "<time datetime=2021-05-04>x</time>"};
    enum { REPEATS = 50000 };
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t len = strlen(units[i]);
        char *markup = malloc(len * REPEATS + 1);
        struct desk_article article;
        for (size_t k = 0; k < REPEATS; k++)
            memcpy(markup + k * len, units[i], len);
        markup[len * REPEATS] = '\0';
        read_page(fixture, markup, &article);
        assert_true(article.authors.count <= 20);
        free(markup);
        arena_reset(&fixture->arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_json_is_read), cmocka_unit_test(hostile_json_ends),
        cmocka_unit_test(pages_say_what_they_show), cmocka_unit_test(other_items_are_made_whole),
        cmocka_unit_test(hostile_pages_end)};
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
