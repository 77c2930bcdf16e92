/* What stands over the article is its title. Structured data and the title element are written for
 * search engines and shares; they tell which of the page's headings is meant, and stand in where
 * the page shows none. */
#include "clean/page_title.h"

#include "base/slice.h"
#include "clean/page_nearby.h"
#include "clean/pagewords.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { HEADING_BYTES_MAX = 400, HEADING_LETTERS_MIN = 2 };

/* Overlap with a stated title from which a heading is certainly the article's; an h2 is one of many
 * and must be nearly equal. */
static const double NEAR = 0.4, SAME = 0.85;

struct heading {
    uint32_t node, paragraphs;
    desk_slice text;
    bool is_main; /* h1, or marked up as the headline */
    bool is_outside;
    double overlap;
};

/* In the page's frame: navigation, footer, dialog ... */
static bool is_outside(const struct tree *tree, uint32_t index)
{
    enum { LEVELS = 12 };
    for (unsigned i = 0; index && i < LEVELS; i++) {
        switch (tree->nodes[index].element) {
        case ELEMENT_NAV:
        case ELEMENT_ASIDE:
        case ELEMENT_FOOTER:
        case ELEMENT_DIALOG:
        case ELEMENT_TEMPLATE:
        case ELEMENT_NOSCRIPT:
            return true;
        case ELEMENT_ARTICLE:
        case ELEMENT_MAIN:
            return false;
        default:
            index = tree->nodes[index].parent;
        }
    }
    return false;
}

/* A heading that is a link to the front page is the site's name. */
static bool is_site_link(const struct tree *tree, uint32_t index)
{
    for (uint32_t i = index + 1; i < tree->nodes[index].end; i++) {
        const struct tree_node *node = &tree->nodes[i];
        if (node->is_text || node->element != ELEMENT_A)
            continue;
        desk_slice href = slice_trim(tree_attribute(node, "href"));
        size_t host = slice_find(href, slice_from_cstr("//"), 0);
        size_t path = host == DESK_SLICE_NONE ? 0 : slice_find_byte(href, '/', host + 2);
        return href.len &&
               (path == DESK_SLICE_NONE || (path + 1 == href.len && href.data[path] == '/'));
    }
    return false;
}

static double best_overlap(const struct fact_list *titles, const struct title_context *context,
                           desk_slice text)
{
    double best = 0;
    for (size_t i = 0; i < titles->count; i++) {
        desk_slice title = titles->items[i].text;
        double whole = title_overlap(title, text),
               cut = title_overlap(title_without_site(context, title), text);
        best = whole > best ? whole : best;
        best = cut > best ? cut : best;
    }
    return best;
}

static size_t read_headings(struct page_facts *facts, const struct title_context *context,
                            struct heading out[HEADINGS_MAX])
{
    const struct tree *tree = &facts->page->tree;
    size_t count = 0;
    for (size_t i = 0; i < facts->headings_count; i++) {
        uint32_t node = facts->headings[i];
        desk_slice text = page_text_below(facts->page, node, HEADING_BYTES_MAX);
        if (text.len < HEADING_LETTERS_MIN || is_site_link(tree, node))
            continue;
        out[count++] =
            (struct heading){.node = node,
                             .paragraphs = facts->heading_paragraphs[i],
                             .text = text,
                             .is_main = tree->nodes[node].element != ELEMENT_H2,
                             .is_outside = is_outside(tree, node),
                             .overlap = best_overlap(&facts->lists[FACT_TITLE], context, text)};
    }
    return count;
}

/* A heading that no stated title resembles is the headline all the same when it stands alone above
 * the text. */
static bool may_stand_alone(const struct page_facts *facts, const struct site_names *sites,
                            const struct heading *heading, size_t main_count)
{
    return heading->is_main && main_count == 1 && !heading->is_outside &&
           2 * heading->paragraphs <= facts->paragraphs && !site_names_match(sites, heading->text);
}

/* "3 comments on ..." repeats the headline. */
static bool is_elsewhere(struct page *page, uint32_t node)
{
    struct nearby nearby = {.page = page, .words = page->metadata_words};
    return nearby_is_elsewhere(&nearby, node);
}

static const struct heading *choose(const struct page_facts *facts, const struct site_names *sites,
                                    const struct heading *headings, size_t count)
{
    const struct heading *best = NULL;
    double best_score = -1;
    size_t main_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct heading *heading = &headings[i];
        double score =
            heading->overlap - (heading->is_outside ? 0.3 : 0) - (heading->is_main ? 0 : 0.2);
        main_count += heading->is_main;
        if (heading->overlap < (heading->is_main ? NEAR : SAME) || score <= best_score ||
            (site_names_match(sites, heading->text) && heading->overlap < 1) ||
            (!heading->is_main && is_elsewhere(facts->page, heading->node)))
            continue;
        best = heading;
        best_score = score;
    }
    for (size_t i = 0; !best && i < count; i++)
        if (may_stand_alone(facts, sites, &headings[i], main_count))
            best = &headings[i];
    return best;
}

static bool has_lower_case(desk_slice text)
{
    const char *p = text.data, *end = p + text.len;
    while (p < end)
        if (text_class(utf8_next(&p, end)) & CLASS_LOWER)
            return true;
    return false;
}

/* A headline in capitals was written in small letters somewhere, perhaps. */
static desk_slice in_small_letters(const struct fact_list *titles,
                                   const struct title_context *context, desk_slice heading)
{
    if (has_lower_case(heading))
        return heading;
    for (size_t i = 0; i < titles->count; i++) {
        desk_slice title = title_without_site(context, titles->items[i].text);
        if (has_lower_case(title) && title_same(title, heading))
            return title;
    }
    return heading;
}

/* Cut off by whoever stated it: "The minister said he would ..." */
static bool is_truncated(desk_slice title)
{
    return slice_ends(title, slice_from_cstr("...")) || slice_ends(title, slice_from_cstr("…"));
}

static void take_stated(const struct fact_list *titles, const struct title_context *context,
                        struct page_title *out)
{
    for (size_t i = 0; i < titles->count; i++) {
        desk_slice title = title_without_site(context, titles->items[i].text);
        bool is_site = site_names_match(context->sites, title);
        if (out->text.len && (is_site || !is_truncated(out->text)))
            continue;
        out->text = title;
        out->origin = titles->items[i].origin;
        if (!is_site && !is_truncated(title))
            return;
    }
}

void page_title_decide(struct page_facts *facts, const struct site_names *sites,
                       struct page_title *out)
{
    const struct fact_list *titles = &facts->lists[FACT_TITLE];
    struct heading headings[HEADINGS_MAX];
    struct title_context context = {.sites = sites};
    *out = (struct page_title){{NULL, 0}, NULL, 0};
    context.separators_count = pagewords_separators(facts->page->words, &context.separators);
    size_t count = read_headings(facts, &context, headings);
    const struct heading *heading = choose(facts, sites, headings, count);
    if (!heading) {
        take_stated(titles, &context, out);
        return;
    }
    context.heading = heading->text;
    out->heading = heading->node;
    out->text = in_small_letters(titles, &context, title_without_site(&context, heading->text));
    out->origin = "headline of the page";
}
