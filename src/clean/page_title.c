/* What stands over the article is its title. Structured data and the title element are written for
 * search engines and shares; they tell which of the page's headings is meant, and stand in where
 * the page shows none. */
#include "clean/page_title.h"

#include "base/slice.h"
#include "clean/page_nearby.h"
#include "clean/pagewords.h"
#include "text/space.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { HEADING_BYTES_MAX = 400, HEADING_LETTERS_MIN = 2 };

/* Overlap with a stated title from which a heading is certainly the article's; an h2 is one of many
 * and must be nearly equal. */
static const double NEAR = 0.4, SAME = 0.85;

struct heading {
    uint32_t node, paragraphs;
    desk_slice text;
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
        desk_slice href = slice_trim(tree_attribute(node, ATTRIBUTE_HREF));
        size_t host = slice_find(href, slice_from_cstr("//"), 0);
        size_t path = host == DESK_SLICE_NONE ? 0 : slice_find_byte(href, '/', host + 2);
        return href.len &&
               (path == DESK_SLICE_NONE || (path + 1 == href.len && href.data[path] == '/'));
    }
    return false;
}

/* The stated titles as words, whole and without the site's name. */
struct stated {
    struct title_words *items;
    size_t count;
};

static void read_stated(struct page_facts *facts, const struct title_context *context,
                        struct stated *out)
{
    const struct fact_list *titles = &facts->lists[FACT_TITLE];
    out->items = arena_alloc(facts->page->arena, 2 * FACTS_MAX * sizeof *out->items,
                             _Alignof(struct title_words));
    out->count = 0;
    for (size_t i = 0; out->items && i < titles->count; i++) {
        desk_slice whole = titles->items[i].text, cut = title_without_site(context, whole);
        if (i && slice_equal(whole, titles->items[i - 1].text))
            continue;
        title_words_of(whole, &out->items[out->count++]);
        if (cut.len != whole.len)
            title_words_of(cut, &out->items[out->count++]);
    }
}

static double best_overlap(const struct stated *stated, desk_slice text)
{
    struct title_words words;
    double best = 0;
    title_words_of(text, &words);
    for (size_t i = 0; i < stated->count; i++) {
        double overlap = title_words_overlap(&stated->items[i], &words);
        best = overlap > best ? overlap : best;
    }
    return best;
}

/* Of the main headings, or of the others. */
static size_t read_headings(struct page_facts *facts, const struct stated *stated, bool is_main,
                            struct heading out[HEADINGS_MAX])
{
    const struct tree *tree = &facts->page->tree;
    size_t count = 0;
    for (size_t i = 0; i < facts->headings_count; i++) {
        uint32_t node = facts->headings[i];
        if ((tree->nodes[node].element != ELEMENT_H2) != is_main)
            continue;
        desk_slice text = page_text_below(facts->page, node, HEADING_BYTES_MAX);
        if (text.len < HEADING_LETTERS_MIN || is_site_link(tree, node))
            continue;
        out[count++] = (struct heading){.node = node,
                                        .paragraphs = facts->heading_paragraphs[i],
                                        .text = text,
                                        .is_outside = is_outside(tree, node),
                                        .overlap = best_overlap(stated, text)};
    }
    return count;
}

/* "3 comments on ..." repeats the headline. */
static bool is_elsewhere(struct page *page, uint32_t node)
{
    struct nearby nearby = {.page = page, .words = page->metadata_words};
    return nearby_is_elsewhere(&nearby, node);
}

/* The heading nearest to a stated title; those in the page's frame come last. */
static const struct heading *nearest(const struct site_names *sites, const struct heading *headings,
                                     size_t count, double least)
{
    static const double outside_cost = 0.5;
    const struct heading *best = NULL;
    double best_score = -1;
    for (size_t i = 0; i < count; i++) {
        double score = headings[i].overlap - (headings[i].is_outside ? outside_cost : 0);
        bool is_site = headings[i].overlap < 1 && site_names_match(sites, headings[i].text);
        if (headings[i].overlap < least || score <= best_score || is_site)
            continue;
        best = &headings[i];
        best_score = score;
    }
    return best;
}

/* More than "Log in". */
static bool is_phrase(desk_slice text)
{
    enum { WORDS_MIN = 3 };
    struct title_words words;
    title_words_of(text, &words);
    return words.count >= WORDS_MIN;
}

/* A heading that no stated title resembles is the headline all the same when it stands alone above
 * the text. */
static bool may_stand_alone(const struct page_facts *facts, const struct site_names *sites,
                            const struct heading *heading)
{
    enum { BYTES_MAX = 180 };
    return !heading->is_outside && heading->text.len <= BYTES_MAX && is_phrase(heading->text) &&
           2 * heading->paragraphs <= facts->paragraphs + 2 &&
           !site_names_match(sites, heading->text);
}

/* `headings` has room for the result. */
static const struct heading *choose(struct page_facts *facts, const struct title_context *context,
                                    struct heading headings[HEADINGS_MAX])
{
    struct stated stated;
    struct heading others[HEADINGS_MAX];
    read_stated(facts, context, &stated);
    size_t count = read_headings(facts, &stated, true, headings);
    const struct heading *best = nearest(context->sites, headings, count, NEAR);
    if (best)
        return best;
    size_t others_count = read_headings(facts, &stated, false, others);
    best = nearest(context->sites, others, others_count, SAME);
    if (best && !is_elsewhere(facts->page, best->node)) {
        headings[0] = *best;
        return headings;
    }
    return count == 1 && may_stand_alone(facts, context->sites, &headings[0]) ? headings : NULL;
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

/* A kicker before the headline or a date behind it, inside the same heading: where a part of the
 * heading's text nodes is what a title states, that part is the headline. */
static desk_slice without_kicker(struct page_facts *facts, const struct title_context *context,
                                 const struct heading *heading)
{
    enum { CUTS_MAX = 6 };
    const struct tree *tree = &facts->page->tree;
    const struct fact_list *titles = &facts->lists[FACT_TITLE];
    uint32_t node = heading->node, end = tree->nodes[node].end;
    size_t before = 0, cuts = 0;
    for (uint32_t i = node + 1; i < end && cuts < CUTS_MAX; i++) {
        desk_slice text = page_trim(tree->nodes[i].text);
        if (!tree->nodes[i].is_text || !text.len)
            continue;
        size_t at = slice_find(heading->text, text, before);
        if (at == DESK_SLICE_NONE)
            return heading->text;
        before = at;
        if (at == 0)
            continue;
        cuts++;
        desk_slice head = space_trim(slice_sub(heading->text, 0, at)),
                   tail = slice_sub(heading->text, at, heading->text.len);
        for (size_t k = 0; k < titles->count; k++) {
            desk_slice title = title_without_site(context, titles->items[k].text);
            if (title_same(title, tail))
                return tail;
            if (title_same(title, head))
                return head;
        }
    }
    return heading->text;
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

/* --- a headline that is no heading --------------------------------------------------------- */

/* Old and careless pages show the headline as big text. A side of the title element that stands
 * alone somewhere on the page is it. */
struct sides {
    desk_slice items[12];
    size_t count;
};

static void add_side(struct sides *sides, desk_slice side)
{
    enum { SIDE_BYTES_MIN = 8 };
    side = space_trim(side);
    if (side.len >= SIDE_BYTES_MIN && sides->count < sizeof sides->items / sizeof sides->items[0])
        sides->items[sides->count++] = side;
}

/* The title whole, and both sides of every mark that may part it from the site's name. */
static void cut_sides(desk_slice title, struct sides *sides)
{
    static const char *const marks[] = {" - ", " | ", ": ", " – ", " — ", "-",
                                        "_",   "|",   "»",  "：",  "｜"};
    add_side(sides, title);
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        desk_slice mark = slice_from_cstr(marks[i]);
        size_t at = slice_find(title, mark, 0);
        if (at == DESK_SLICE_NONE)
            continue;
        add_side(sides, slice_sub(title, 0, at));
        add_side(sides, slice_sub(title, at + mark.len, title.len));
    }
}

/* Text is a link to elsewhere, or not shown. */
static bool is_shown_text(const struct tree *tree, uint32_t index)
{
    enum { LEVELS = 4 };
    for (unsigned i = 0; index && i < LEVELS; i++, index = tree->nodes[index].parent)
        if (tree->nodes[index].element == ELEMENT_A ||
            ELEMENT_INFO[tree->nodes[index].element].flags & ELEMENT_HIDDEN)
            return false;
    return true;
}

static desk_slice side_of_text(struct page *page, const struct sides *sides, uint32_t index)
{
    enum { SLACK = 60 };
    const struct tree_node *node = &page->tree.nodes[index];
    desk_slice text = page_trim(node->text), best = {NULL, 0};
    for (size_t i = 0; text.len && i < sides->count; i++) {
        desk_slice side = sides->items[i];
        /* References and line breaks make raw text longer, never shorter. */
        bool may_be = text.len >= side.len && text.len <= side.len + SLACK && side.len > best.len;
        if (may_be && is_shown_text(&page->tree, node->parent) &&
            html_decode(page->arena, &text, TEXT_DATA) && title_same(text, side))
            best = side;
    }
    return best;
}

static void find_as_text(const struct page_facts *facts, const struct site_names *sites,
                         struct page_title *out)
{
    const struct fact_list *titles = &facts->lists[FACT_TITLE];
    struct sides sides = {.count = 0};
    if (!titles->count)
        return;
    cut_sides(titles->items[titles->count - 1].text, &sides);
    for (uint32_t i = 1; i < facts->page->tree.count; i++) {
        if (!facts->page->tree.nodes[i].is_text)
            continue;
        desk_slice side = side_of_text(facts->page, &sides, i);
        if (side.len <= out->text.len || site_names_match(sites, side))
            continue;
        *out = (struct page_title){side, "title, as a line of the page has it", i};
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
    const struct heading *heading = choose(facts, &context, headings);
    if (!heading) {
        find_as_text(facts, sites, out);
        if (!out->text.len)
            take_stated(titles, &context, out);
        return;
    }
    context.heading = without_kicker(facts, &context, heading);
    out->heading = heading->node;
    out->text = in_small_letters(titles, &context, title_without_site(&context, context.heading));
    out->origin = "headline of the page";
}
