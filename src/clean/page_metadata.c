/* Deciding what the article's metadata is. Order of trust per item: what the input said, structured
 * data, meta elements, the visible page; and the visible page has a word where structured data is
 * known to err: titles written for search engines, dates of a move to another system, authors who
 * only uploaded the text. */
#include "base/slice.h"
#include "clean/decision.h"
#include "clean/page_url.h"
#include "tag/url.h"
#include "text/space.h"

enum { KEYWORDS_MAX = 50, KEYWORD_BYTES_MAX = 100 };

/* --- sites --------------------------------------------------------------------------------- */

/* Host without "www.", and its label before the public suffix: "daily-planet" names the site. */
static void add_domain(struct decision *d, desk_slice url)
{
    struct url_parts parts;
    if (!url.len || !url_split(url, &parts))
        return;
    desk_slice host = parts.host, www = slice_from_cstr("www.");
    if (slice_starts_nocase(host, www))
        host = slice_sub(host, www.len, host.len);
    site_names_add(&d->sites, host);
    desk_slice domain = url_registrable(d->page->arena, parts.host);
    size_t dot = slice_find_byte(domain, '.', 0);
    if (dot != DESK_SLICE_NONE)
        site_names_add(&d->sites, slice_sub(domain, 0, dot));
}

static void collect_sites(struct decision *d)
{
    const struct fact_list *names = &d->facts->lists[FACT_SITE];
    const struct fact_list *urls = &d->facts->lists[FACT_URL];
    add_domain(d, d->article->url.len             ? d->article->url
                  : d->article->canonical_url.len ? d->article->canonical_url
                  : urls->count                   ? urls->items[0].text
                                                  : slice_of(NULL, 0));
    for (size_t i = 0; i < names->count; i++)
        site_names_add(&d->sites, names->items[i].text);
}

/* Microdata of another article: its object does not hold the headline. */
static void drop_foreign(struct decision *d)
{
    const struct tree_node *nodes = d->page->tree.nodes;
    uint32_t heading = d->title.heading;
    for (size_t slot = 0; heading && slot < FACT_SLOTS; slot++) {
        struct fact_list *list = &d->facts->lists[slot];
        size_t kept = 0;
        for (size_t i = 0; i < list->count; i++) {
            uint32_t scope = list->items[i].scope;
            if (!scope || (scope < heading && heading < nodes[scope].end))
                list->items[kept++] = list->items[i];
        }
        list->count = kept;
    }
}

/* --- simple items -------------------------------------------------------------------------- */

static void take(desk_slice *slot, const char **origin, const struct fact_list *list)
{
    if (slot->len || !list->count)
        return;
    *slot = list->items[0].text;
    *origin = list->items[0].origin;
}

/* The first that is not cut off, else the first. */
static void decide_description(struct decision *d)
{
    struct fact_list *list = &d->facts->lists[FACT_DESCRIPTION];
    for (size_t i = 1; i < list->count; i++) {
        desk_slice first = list->items[0].text, next = list->items[i].text;
        bool is_cut = slice_ends(first, slice_from_cstr("...")) ||
                      slice_ends(first, slice_from_cstr("…")) ||
                      slice_ends(first, slice_from_cstr("[…]"));
        if (!is_cut || next.len <= first.len)
            break;
        list->items[0] = list->items[i];
    }
    take(&d->article->description, &d->article->origins.description, list);
}

/* The first publisher that is a name: an address of a page in social media is none. */
static void decide_site(struct decision *d)
{
    struct desk_article *article = d->article;
    const struct fact_list *list = &d->facts->lists[FACT_SITE];
    for (size_t i = 0; i < list->count && !article->site_name.len; i++) {
        if (slice_find(list->items[i].text, slice_from_cstr("://"), 0) != DESK_SLICE_NONE)
            continue;
        article->site_name = list->items[i].text;
        article->origins.site_name = list->items[i].origin;
    }
}

/* "en_US" to "en-US"; what does not look like a tag is left out. */
static void decide_language(struct decision *d)
{
    enum { TAG_BYTES_MAX = 20 };
    struct desk_article *article = d->article;
    const struct fact_list *list = &d->facts->lists[FACT_LANGUAGE];
    for (size_t i = 0; i < list->count && !article->page_language.len; i++) {
        desk_slice tag = list->items[i].text;
        size_t letters = 0;
        while (letters < tag.len && ascii_is_alpha(tag.data[letters]))
            letters++;
        bool ends = letters == tag.len || tag.data[letters] == '-' || tag.data[letters] == '_';
        if (letters < 2 || letters > 3 || !ends || tag.len > TAG_BYTES_MAX)
            continue;
        desk_slice copy = arena_copy(d->page->arena, tag);
        for (size_t k = 0; k < copy.len; k++)
            if (copy.data[k] == '_')
                ((char *)(size_t)copy.data)[k] = '-';
        article->page_language = copy;
        article->origins.language = list->items[i].origin;
    }
}

static void decide_canonical(struct decision *d)
{
    struct desk_article *article = d->article;
    const struct fact_list *list = &d->facts->lists[FACT_URL];
    desk_slice base = d->facts->base.len
                          ? page_url_resolve(d->page->arena, article->url, d->facts->base)
                          : article->url;
    for (size_t i = 0; i < list->count && !article->canonical_url.len; i++) {
        desk_slice url = page_url_resolve(d->page->arena, base, list->items[i].text);
        if (!url.len || !page_url_may_be_article(url, article->url))
            continue;
        article->canonical_url = url;
        article->origins.canonical_url = list->items[i].origin;
    }
    d->address = base.len ? base : article->canonical_url;
}

static void decide_image(struct decision *d)
{
    struct desk_article *article = d->article;
    const struct fact_list *list = &d->facts->lists[FACT_IMAGE];
    for (size_t i = 0; i < list->count && !article->image.len; i++) {
        article->image = page_url_resolve(d->page->arena, d->address, list->items[i].text);
        article->origins.image = article->image.len ? list->items[i].origin : NULL;
    }
}

/* --- keywords ------------------------------------------------------------------------------ */

static bool has_keyword(const struct slice_list *list, desk_slice word)
{
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal_nocase(list->items[i], word))
            return true;
    return false;
}

/* "a, b; c" to a list. */
static bool split_keywords(struct decision *d, desk_slice text)
{
    struct slice_list *list = &d->article->keywords;
    for (size_t from = 0; from <= text.len && list->count < KEYWORDS_MAX;) {
        size_t to = from;
        while (to < text.len && text.data[to] != ',' && text.data[to] != ';')
            to++;
        desk_slice word = space_trim(slice_sub(text, from, to));
        if (word.len && word.len <= KEYWORD_BYTES_MAX && !has_keyword(list, word) &&
            !article_add_slice(d->page->arena, list, word))
            return false;
        from = to + 1;
    }
    return true;
}

/* All statements of the best rank: article:tag stands once per keyword. */
static bool decide_keywords(struct decision *d)
{
    const struct fact_list *list = &d->facts->lists[FACT_KEYWORDS];
    if (d->article->keywords.count || !list->count)
        return true;
    d->article->origins.keywords = list->items[0].origin;
    for (size_t i = 0; i < list->count && list->items[i].rank == list->items[0].rank; i++)
        if (!split_keywords(d, list->items[i].text))
            return false;
    return true;
}

/* --- title --------------------------------------------------------------------------------- */

static bool decide_title(struct decision *d)
{
    struct desk_article *article = d->article;
    struct site_names around = d->sites;
    const struct fact_list *sections = &d->facts->lists[FACT_SECTION];
    for (size_t i = 0; i < sections->count; i++)
        site_names_add(&around, sections->items[i].text);
    page_title_decide(d->facts, &around, &d->title);
    if (article->title.len)
        return true;
    article->title = d->title.text;
    article->origins.title = d->title.origin;
    return space_fold(d->page->arena, &article->title);
}

/* --- the page ------------------------------------------------------------------------------ */

bool page_metadata(struct page *page)
{
    struct desk_article *article = page->article;
    struct page_facts *facts = ARENA_NEW(page->arena, struct page_facts);
    struct decision *d = ARENA_NEW(page->arena, struct decision);
    if (!facts || !d || !page_facts_gather(page, facts))
        return false;
    *d = (struct decision){.page = page, .article = article, .facts = facts};
    page->structured_body = facts->structured.body;
    collect_sites(d);
    decide_canonical(d);
    decide_language(d);
    if (!decide_title(d))
        return false;
    drop_foreign(d);
    nearby_open(&d->nearby, page, page->metadata_words, d->title.heading);
    d->dates = (struct date_reader){page->metadata_words, article->page_language,
                                    date_order_of(article->page_language)};
    decide_authors(d);
    decide_description(d);
    decide_site(d);
    decide_image(d);
    take(&article->section, &article->origins.section, &facts->lists[FACT_SECTION]);
    return decide_dates(d) && decide_keywords(d);
}
