/* Metadata of a page. Order of trust per field: what the input said, structured data (JSON-LD),
 * meta elements (OpenGraph, Twitter, Dublin Core and their like), then the visible page. */
#include "base/slice.h"
#include "clean/json_ld.h"
#include "clean/page.h"
#include "clean/pagewords.h"
#include "clean/page_visible.h"
#include "tag/parse_time.h"
#include "text/space.h"

/* A meta element's name (or property, itemprop) and the slot it fills; earlier rows of a slot win.
 */
enum meta_slot {
    META_TITLE,
    META_DESCRIPTION,
    META_IMAGE,
    META_SECTION,
    META_SITE,
    META_AUTHOR,
    META_PUBLISHED,
    META_UPDATED,
    META_URL,
    META_KEYWORDS,
    META_LOCALE,
    META_COUNT
};

struct meta_row {
    const char *name;
    enum meta_slot slot;
};

static const struct meta_row ROWS[] = {{"og:title", META_TITLE},
                                       {"twitter:title", META_TITLE},
                                       {"dc.title", META_TITLE},
                                       {"headline", META_TITLE},
                                       {"sailthru.title", META_TITLE},
                                       {"og:description", META_DESCRIPTION},
                                       {"description", META_DESCRIPTION},
                                       {"twitter:description", META_DESCRIPTION},
                                       {"dc.description", META_DESCRIPTION},
                                       {"og:image", META_IMAGE},
                                       {"og:image:url", META_IMAGE},
                                       {"og:image:secure_url", META_IMAGE},
                                       {"twitter:image", META_IMAGE},
                                       {"twitter:image:src", META_IMAGE},
                                       {"article:section", META_SECTION},
                                       {"section", META_SECTION},
                                       {"articlesection", META_SECTION},
                                       {"og:site_name", META_SITE},
                                       {"application-name", META_SITE},
                                       {"dc.publisher", META_SITE},
                                       {"author", META_AUTHOR},
                                       {"article:author", META_AUTHOR},
                                       {"byl", META_AUTHOR},
                                       {"dc.creator", META_AUTHOR},
                                       {"parsely-author", META_AUTHOR},
                                       {"sailthru.author", META_AUTHOR},
                                       {"article:published_time", META_PUBLISHED},
                                       {"og:published_time", META_PUBLISHED},
                                       {"datepublished", META_PUBLISHED},
                                       {"article.published", META_PUBLISHED},
                                       {"parsely-pub-date", META_PUBLISHED},
                                       {"sailthru.date", META_PUBLISHED},
                                       {"pubdate", META_PUBLISHED},
                                       {"publishdate", META_PUBLISHED},
                                       {"publish-date", META_PUBLISHED},
                                       {"publication_date", META_PUBLISHED},
                                       {"dc.date", META_PUBLISHED},
                                       {"dc.date.issued", META_PUBLISHED},
                                       {"dcterms.created", META_PUBLISHED},
                                       {"dcterms.date", META_PUBLISHED},
                                       {"date", META_PUBLISHED},
                                       {"article:modified_time", META_UPDATED},
                                       {"og:updated_time", META_UPDATED},
                                       {"datemodified", META_UPDATED},
                                       {"last-modified", META_UPDATED},
                                       {"dcterms.modified", META_UPDATED},
                                       {"og:url", META_URL},
                                       {"twitter:url", META_URL},
                                       {"news_keywords", META_KEYWORDS},
                                       {"keywords", META_KEYWORDS},
                                       {"parsely-tags", META_KEYWORDS},
                                       {"og:locale", META_LOCALE},
                                       {"content-language", META_LOCALE}};
enum { ROW_COUNT = sizeof ROWS / sizeof ROWS[0] };

struct found {
    desk_slice meta[META_COUNT];
    size_t ranks[META_COUNT];
    struct slice_list authors; /* several author elements are several authors */
    desk_slice title_element, heading, canonical, page_language, time_published;
    uint32_t heading_node;
    struct json_ld structured;
};

/* --- gathering ----------------------------------------------------------------------------- */

static void take_meta(struct page *page, const struct tree_node *node, struct found *found)
{
    desk_slice name = tree_value(page->arena, node, "property");
    if (!name.len)
        name = tree_value(page->arena, node, "name");
    if (!name.len)
        name = tree_value(page->arena, node, "itemprop");
    if (!name.len)
        name = tree_value(page->arena, node, "http-equiv");
    for (size_t i = 0; i < ROW_COUNT; i++) {
        enum meta_slot slot = ROWS[i].slot;
        if (!slice_equal_nocase(name, slice_from_cstr(ROWS[i].name)))
            continue;
        desk_slice value = tree_value(page->arena, node, "content");
        if (value.len && slot == META_AUTHOR && i == found->ranks[slot])
            article_add_slice(page->arena, &found->authors, value);
        if (!value.len || (found->meta[slot].len && found->ranks[slot] <= i))
            return;
        found->meta[slot] = value;
        found->ranks[slot] = i;
        if (slot == META_AUTHOR) {
            found->authors.count = 0;
            article_add_slice(page->arena, &found->authors, value);
        }
        return;
    }
}

static void take_link(struct page *page, const struct tree_node *node, struct found *found)
{
    if (!found->canonical.len &&
        slice_equal_nocase(slice_trim(tree_attribute(node, "rel")), slice_from_cstr("canonical")))
        found->canonical = tree_value(page->arena, node, "href");
}

static void take_time(struct page *page, const struct tree_node *node, struct found *found)
{
    if (!found->time_published.len)
        found->time_published = tree_value(page->arena, node, "datetime");
}

static void take_script(struct page *page, uint32_t index, struct found *found)
{
    const struct tree_node *node = &page->tree.nodes[index];
    desk_slice type = slice_trim(tree_attribute(node, "type"));
    if (!slice_equal_nocase(type, slice_from_cstr("application/ld+json")) || index + 1 >= node->end)
        return;
    json_ld_read(page->arena, page->tree.nodes[index + 1].text, &found->structured);
}

static void gather(struct page *page, struct found *found)
{
    bool in_svg = false;
    uint32_t svg_end = 0;
    for (uint32_t i = 1; i < page->tree.count; i++) {
        const struct tree_node *node = &page->tree.nodes[i];
        in_svg = i < svg_end;
        switch (node->element) {
        case ELEMENT_META:
            take_meta(page, node, found);
            break;
        case ELEMENT_LINK:
            take_link(page, node, found);
            break;
        case ELEMENT_TITLE:
            if (!found->title_element.len && !in_svg)
                found->title_element = page_text_below(page, i);
            break;
        case ELEMENT_H1:
            if (!found->heading.len) {
                found->heading = page_text_below(page, i);
                found->heading_node = i;
            }
            break;
        case ELEMENT_TIME:
            take_time(page, node, found);
            break;
        case ELEMENT_SCRIPT:
            take_script(page, i, found);
            break;
        case ELEMENT_HTML:
            found->page_language = tree_value(page->arena, node, "lang");
            break;
        case ELEMENT_SVG:
            svg_end = node->end;
            break;
        default:
            break;
        }
    }
}

/* --- deciding ------------------------------------------------------------------------------ */

static void take_first(desk_slice *slot, desk_slice value)
{
    if (!slot->len)
        *slot = value;
}

/* Cuts the site's name off a title: " | Site", "Site - ". The longer side is the title; a page's
 * own heading, when it is one of the sides, decides. */
static desk_slice without_site(const struct pagewords *words, desk_slice title, desk_slice heading,
                               desk_slice site)
{
    const desk_slice *separators;
    size_t count = pagewords_separators(words, &separators);
    for (size_t i = 0; i < count; i++) {
        size_t at = slice_find(title, separators[i], 0), last = at;
        if (at == DESK_SLICE_NONE)
            continue;
        for (size_t next = at; next != DESK_SLICE_NONE;
             next = slice_find(title, separators[i], last + 1))
            last = next;
        desk_slice head = slice_trim(slice_sub(title, 0, last)),
                   tail = slice_trim(slice_sub(title, last + separators[i].len, title.len));
        if (heading.len && (slice_equal(heading, head) || slice_equal(heading, tail)))
            return heading;
        if (site.len && slice_equal_nocase(tail, site))
            return head;
        if (site.len && slice_equal_nocase(slice_trim(slice_sub(title, 0, at)), site))
            return slice_trim(slice_sub(title, at + separators[i].len, title.len));
        if (i < 3 && head.len > 2 * tail.len && head.len > 15)
            return head;
    }
    return title;
}

static void decide_title(struct page *page, const struct found *found)
{
    struct desk_article *article = page->article;
    desk_slice site =
        found->meta[META_SITE].len ? found->meta[META_SITE] : found->structured.publisher;
    if (article->title.len)
        return;
    take_first(&article->title, found->structured.headline);
    take_first(&article->title, found->meta[META_TITLE]);
    if (!article->title.len && found->title_element.len)
        article->title = found->title_element;
    take_first(&article->title, found->heading);
    if (article->title.len)
        article->title = without_site(page->words, article->title, found->heading, site);
    if (!space_fold(page->arena, &article->title))
        article->title = slice_of(NULL, 0);
}

/* An author's page instead of a name tells nothing. */
static bool is_name(desk_slice text)
{
    return text.len > 1 && text.len < 120 && !slice_starts_nocase(text, slice_from_cstr("http")) &&
           slice_find_byte(text, '@', 0) == DESK_SLICE_NONE;
}

static void decide_authors(struct page *page, const struct found *found)
{
    struct desk_article *article = page->article;
    if (article->authors.count || article->input_author.len)
        return;
    for (size_t i = 0; i < found->structured.authors.count; i++)
        if (is_name(found->structured.authors.items[i]))
            article_add_slice(page->arena, &article->authors, found->structured.authors.items[i]);
    for (size_t i = 0; !article->authors.count && i < found->authors.count; i++)
        if (is_name(found->authors.items[i]))
            article->input_author = found->authors.items[i];
    if (!article->authors.count && !article->input_author.len)
        article->input_author = page_visible_author(page);
}

/* "a, b; c" to a list. */
static bool split_keywords(struct page *page, desk_slice text)
{
    for (size_t from = 0; from <= text.len;) {
        size_t to = from;
        while (to < text.len && text.data[to] != ',' && text.data[to] != ';')
            to++;
        desk_slice word = space_trim(slice_sub(text, from, to));
        if (word.len && !article_add_slice(page->arena, &page->article->keywords, word))
            return false;
        from = to + 1;
    }
    return true;
}

bool page_metadata(struct page *page)
{
    struct desk_article *article = page->article;
    struct found *found = ARENA_NEW(page->arena, struct found);
    if (!found)
        return false;
    gather(page, found);
    page->structured_body = found->structured.body;
    decide_title(page, found);
    decide_authors(page, found);
    take_first(&article->description, found->meta[META_DESCRIPTION]);
    take_first(&article->description, found->structured.description);
    take_first(&article->image, found->meta[META_IMAGE]);
    take_first(&article->image, found->structured.image);
    take_first(&article->section, found->structured.section);
    take_first(&article->section, found->meta[META_SECTION]);
    take_first(&article->site_name, found->meta[META_SITE]);
    take_first(&article->site_name, found->structured.publisher);
    take_first(&article->page_published, found->structured.published);
    take_first(&article->page_published, found->meta[META_PUBLISHED]);
    take_first(&article->page_published, found->structured.page_published);
    take_first(&article->page_published, found->time_published);
    if (!article->page_published.len)
        article->page_published = page_visible_date(page);
    take_first(&article->page_updated, found->structured.modified);
    take_first(&article->page_updated, found->meta[META_UPDATED]);
    take_first(&article->canonical_url, found->canonical);
    take_first(&article->canonical_url, found->meta[META_URL]);
    take_first(&article->page_language, found->page_language);
    take_first(&article->page_language, found->meta[META_LOCALE]);
    return article->keywords.count || split_keywords(page, found->meta[META_KEYWORDS]);
}
