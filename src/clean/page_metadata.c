/* Deciding what the article's metadata is. Order of trust per item: what the input said, structured
 * data, meta elements, the visible page; and the visible page has a word where structured data is
 * known to err: titles written for search engines, dates of a move to another system, authors who
 * only uploaded the text. */
#include "article/time.h"
#include "base/slice.h"
#include "clean/page_facts.h"
#include "clean/page_nearby.h"
#include "clean/page_title.h"
#include "clean/page_url.h"
#include "tag/parse_time.h"
#include "tag/url.h"
#include "text/space.h"

enum { DAY_MS = 86400000, KEYWORDS_MAX = 50, KEYWORD_BYTES_MAX = 100 };

struct decision {
    struct page *page;
    struct desk_article *article;
    struct page_facts *facts;
    struct site_names sites;
    struct page_title title;
    struct nearby nearby;
    struct date_reader dates;
    desk_slice address; /* the page's own, for resolving others */
};

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

/* --- authors ------------------------------------------------------------------------------- */

/* twitter:label1 "Written by" makes twitter:data1 the author. */
static void read_labels(struct decision *d)
{
    for (size_t i = 0; i < sizeof d->facts->labels / sizeof d->facts->labels[0]; i++) {
        desk_slice label = d->facts->labels[i];
        bool is_author = false;
        for (size_t at = 0; at < label.len;) {
            size_t space = slice_find_byte(label, ' ', at);
            size_t end = space == DESK_SLICE_NONE ? label.len : space;
            is_author |= (metadata_word_kinds_of(d->nearby.words, slice_sub(label, at, end)) &
                          METAWORD_BYLINE) != 0;
            at = end + 1;
        }
        if (is_author)
            page_facts_add(d->facts, FACT_AUTHOR,
                           (struct fact){d->facts->label_values[i], "twitter:data \"written by\"",
                                         RANK_META + 8, 0});
    }
}

static struct author_reader reader_into(const struct decision *d, struct slice_list *out)
{
    return (struct author_reader){d->page->arena, d->nearby.words, &d->sites, out};
}

/* Names of the best source that has any; its origin, or NULL. */
static const char *stated_authors(const struct decision *d, struct slice_list *out)
{
    const struct fact_list *list = &d->facts->lists[FACT_AUTHOR];
    struct author_reader reader = reader_into(d, out);
    const char *origin = NULL;
    uint8_t rank = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct fact *fact = &list->items[i];
        if (origin && fact->rank != rank)
            break;
        desk_slice text = fact->text;
        if (!space_fold(d->page->arena, &text))
            continue;
        if (author_names_read(&reader, text, AUTHOR_FIELD)) {
            origin = fact->origin;
            rank = fact->rank;
        }
    }
    return origin;
}

static size_t count_shared(const struct slice_list *a, const struct slice_list *b)
{
    size_t count = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = 0; k < b->count; k++)
            count += title_same(a->items[i], b->items[k]);
    return count;
}

/* The byline corrects the field where it names others, or more; elements
 * near the headline may name reviewers and editors as well. */
static bool prefers_visible(const struct slice_list *stated, const struct slice_list *visible,
                            const char *visible_origin)
{
    size_t shared = count_shared(stated, visible);
    if (!visible->count || !stated->count)
        return visible->count > 0;
    bool is_line = strcmp(visible_origin, "byline") == 0;
    return is_line && (!shared || (shared == stated->count && visible->count > shared));
}

/* Where the field names an outlet only, a link to somebody is not to the author. */
static bool may_guess(const struct decision *d, const char *visible_origin)
{
    return !d->facts->lists[FACT_AUTHOR].count || strcmp(visible_origin, "link to an author") != 0;
}

static void decide_authors(struct decision *d)
{
    struct desk_article *article = d->article;
    struct slice_list stated = {NULL, 0, 0}, visible = {NULL, 0, 0};
    struct author_reader reader = reader_into(d, &visible);
    if (article->authors.count || article->input_author.len)
        return;
    read_labels(d);
    const char *origin = stated_authors(d, &stated);
    const char *visible_origin = nearby_authors(&d->nearby, &reader);
    if (!stated.count && !visible.count)
        visible_origin = nearby_authors_anywhere(&d->nearby, &reader);
    if (!stated.count && visible.count && !may_guess(d, visible_origin))
        visible.count = 0;
    bool is_visible = prefers_visible(&stated, &visible, visible_origin);
    article->authors = is_visible ? visible : stated;
    article->origins.authors =
        article->authors.count ? (is_visible ? visible_origin : origin) : NULL;
}

/* --- dates --------------------------------------------------------------------------------- */

struct moment {
    desk_slice text; /* RFC 3339 or a day; empty when unknown */
    const char *origin;
    struct parsed_time time;
    uint8_t rank;
};

static int64_t local_day(const struct parsed_time *time)
{
    int64_t local = time->ms + (int64_t)time->zone_minutes * 60000;
    return (local - (local < 0 ? DAY_MS - 1 : 0)) / DAY_MS;
}

/* A time of day without a zone is not a point in time: the day is what is known. */
static bool make_moment(const struct decision *d, desk_slice text, const char *origin,
                        struct moment *out)
{
    struct date_hit hits[DATE_HITS_MAX];
    char day[11];
    *out = (struct moment){.text = text, .origin = origin};
    text = space_trim(text);
    if (parse_time_any(text, &out->time)) {
        if (out->time.has_zone && !out->time.is_day)
            return true;
        time_print_date(time_civil_from_days(local_day(&out->time)), day);
    } else if (date_line_read(&d->dates, text, hits)) {
        time_print_date(hits[0].date, day);
    } else {
        return false;
    }
    out->text = arena_copy(d->page->arena, slice_of(day, sizeof day - 1));
    return out->text.len && parse_time_any(out->text, &out->time);
}

static void first_stated(const struct decision *d, enum fact_slot slot, struct moment *out)
{
    const struct fact_list *list = &d->facts->lists[slot];
    *out = (struct moment){.origin = NULL};
    for (size_t i = 0; i < list->count; i++) {
        if (make_moment(d, list->items[i].text, list->items[i].origin, out)) {
            out->rank = list->items[i].rank;
            return;
        }
    }
    *out = (struct moment){.origin = NULL};
}

static bool is_near(int64_t a, int64_t b)
{
    return a - b <= 1 && b - a <= 1;
}

/* The page shows the stated day, or its address holds it; a day's difference is the zone's. */
static bool is_confirmed(const struct decision *d, const struct moment *stated,
                         const struct nearby_dates *nearby)
{
    int64_t day = local_day(&stated->time);
    struct civil_date date;
    for (size_t i = 0; i < nearby->days_count; i++)
        if (is_near(nearby->days[i], day))
            return true;
    return page_url_day(d->address, &date) && is_near(time_days_from_civil(date), day);
}

/* A text is not published after the day that stands over it: a later date in the data that is not
 * to be seen is that of a move or a new edition. Weak fields ("date") yield to any date over the
 * text. And of one instant the form with the page's own zone is better. */
static bool visible_date_wins(const struct decision *d, const struct moment *stated,
                              const struct moment *visible, const struct nearby_dates *nearby)
{
    enum { WEAK = RANK_META + 15 };
    if (!visible->text.len || !stated->text.len)
        return visible->text.len > 0;
    if (!visible->time.is_day && visible->time.ms == stated->time.ms)
        return visible->time.zone_minutes && !stated->time.zone_minutes;
    int64_t days = local_day(&visible->time) - local_day(&stated->time);
    return (days < -1 || (stated->rank >= WEAK && days > 1)) && !is_confirmed(d, stated, nearby);
}

/* The string after a key that ends in "ublished" and the like, at `at` inside the key. */
static desk_slice date_at_key(desk_slice text, size_t at)
{
    static const char *const keys[] = {"datePublished", "publishedAt",    "published_at",
                                       "publishDate",   "firstPublished", "publishedDate"};
    enum { KEY_MAX = 20, VALUE_MAX = 64 };
    size_t start = at, end = slice_find_byte(text, '"', at);
    while (start && at - start < KEY_MAX && text.data[start - 1] != '"')
        start--;
    if (end == DESK_SLICE_NONE)
        return slice_of(NULL, 0);
    desk_slice key = slice_sub(text, start, end);
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        if (!slice_is(key, keys[k]))
            continue;
        size_t from = slice_find_byte(text, '"', end + 1);
        size_t to = from == DESK_SLICE_NONE ? from : slice_find_byte(text, '"', from + 1);
        if (to != DESK_SLICE_NONE && to - from < VALUE_MAX)
            return slice_sub(text, from + 1, to);
    }
    return slice_of(NULL, 0);
}

/* "datePublished":"..." in data of the page's own scripts. */
static desk_slice date_in_scripts(const struct decision *d)
{
    enum { HITS_MAX = 20 };
    const desk_slice stem = slice_from_cstr("ublish");
    const struct tree *tree = &d->page->tree;
    desk_slice found = {NULL, 0};
    for (uint32_t i = 1; i < tree->count && !found.len; i++) {
        desk_slice text = tree->nodes[i].text;
        if (!tree->nodes[i].is_text || tree->nodes[tree->nodes[i].parent].element != ELEMENT_SCRIPT)
            continue;
        size_t at = slice_find(text, stem, 0);
        for (unsigned hits = 0; at != DESK_SLICE_NONE && !found.len && hits < HITS_MAX; hits++) {
            found = date_at_key(text, at);
            at = slice_find(text, stem, at + 1);
        }
    }
    return found;
}

static bool day_of_address(const struct decision *d, struct moment *out)
{
    struct civil_date date;
    char day[11];
    if (!page_url_day(d->article->url, &date) && !page_url_day(d->article->canonical_url, &date))
        return false;
    time_print_date(date, day);
    return make_moment(d, arena_copy(d->page->arena, slice_of(day, sizeof day - 1)),
                       "day in the address", out);
}

static bool decide_dates(struct decision *d)
{
    struct desk_article *article = d->article;
    struct nearby_dates nearby;
    struct moment published, updated, visible = {.origin = NULL};
    if (!nearby_dates(&d->nearby, &d->dates, &nearby))
        return false;
    first_stated(d, FACT_PUBLISHED, &published);
    if (nearby.published.len &&
        !make_moment(d, nearby.published, nearby.published_origin, &visible))
        visible.text.len = 0;
    if (visible_date_wins(d, &published, &visible, &nearby))
        published = visible;
    if (!published.text.len &&
        !make_moment(d, date_in_scripts(d), "data in a script", &published) &&
        !day_of_address(d, &published))
        published.text.len = 0;
    first_stated(d, FACT_UPDATED, &updated);
    if (!updated.text.len && !make_moment(d, nearby.updated, nearby.updated_origin, &updated))
        updated.text.len = 0;
    if (!article->page_published.len && published.text.len) {
        article->page_published = published.text;
        article->origins.published = published.origin;
    }
    if (!article->page_updated.len && updated.text.len) {
        article->page_updated = updated.text;
        article->origins.updated = updated.origin;
    }
    return true;
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
