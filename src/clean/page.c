/* Opening a page, and marking what class names and elements say of the text inside them. */
#include "clean/page.h"

#include <xxhash.h>

#include "base/slice.h"
#include "clean/page_features.h"
#include "clean/page_marks.h"
#include "clean/pagewords.h"

enum { SPOKEN_BYTES_MIN = 7 };

/* --- hidden parts -------------------------------------------------------------------------- */

/* The value of a property in a style attribute, without the space before it; empty when absent. */
static desk_slice style_value(desk_slice style, const char *name)
{
    desk_slice wanted = slice_from_cstr(name);
    size_t at = slice_find(style, wanted, 0);
    if (at == DESK_SLICE_NONE)
        return slice_of("", 0);
    at += wanted.len;
    while (at < style.len && (style.data[at] == ':' || style.data[at] == ' '))
        at++;
    return slice_sub(style, at, style.len);
}

/* A length that takes an element off the screen: "-9999px". */
static bool is_far_off(desk_slice value)
{
    return value.len > 4 && value.data[0] == '-' && ascii_is_digit(value.data[1]) &&
           ascii_is_digit(value.data[2]) && ascii_is_digit(value.data[3]) &&
           ascii_is_digit(value.data[4]);
}

/* style="display:none" and the other ways to keep text from readers. What only waits for a script
 * to fade or slide it in (opacity, height) is none of them. */
static bool style_hides(desk_slice style)
{
    return slice_starts(style_value(style, "display"), slice_from_cstr("none")) ||
           slice_starts(style_value(style, "visibility"), slice_from_cstr("hidden")) ||
           is_far_off(style_value(style, "left")) || is_far_off(style_value(style, "indent"));
}

/* <div hidden id="S:1">: a part of the page that React sends late and a script moves into place. */
static bool is_streamed(const struct tree_node *node)
{
    return slice_starts(tree_attribute(node, ATTRIBUTE_ID), slice_from_cstr("S:"));
}

/* <span class="sr-only">: words for screen readers within a line ("opens in a new window"), by the
 * names that style sheets agree on, in any case: visually-hidden, screen-reader-text. */
static bool is_spoken_only(desk_slice classes)
{
    static const char *const names[] = {"sr-only", "isually-h", "isuallyh", "isuallyH",
                                        "creen-r", "creenr",    "creenR"};
    if (classes.len < SPOKEN_BYTES_MIN)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (slice_find(classes, slice_from_cstr(names[i]), 0) != DESK_SLICE_NONE)
            return true;
    return false;
}

/* hidden="until-found" is text that a search of the browser opens. */
static bool is_hidden_value(const struct tree_node *node, desk_slice value)
{
    return !slice_equal_nocase(value, slice_from_cstr("until-found")) && !is_streamed(node);
}

static bool attributes_hide(const struct tree_node *node)
{
    if (tree_has(node, ATTRIBUTE_HIDDEN) &&
        is_hidden_value(node, tree_attribute(node, ATTRIBUTE_HIDDEN)))
        return true;
    if (tree_has(node, ATTRIBUTE_STYLE) && style_hides(tree_attribute(node, ATTRIBUTE_STYLE)))
        return true;
    return node->element == ELEMENT_SPAN && tree_has(node, ATTRIBUTE_CLASS) &&
           is_spoken_only(tree_attribute(node, ATTRIBUTE_CLASS));
}

static bool is_hidden(const struct tree_node *node)
{
    if (ELEMENT_INFO[node->element].flags & ELEMENT_HIDDEN)
        return true;
    bool is_outermost = node->element == ELEMENT_BODY || node->element == ELEMENT_HTML ||
                        node->element == ELEMENT_ARTICLE;
    return node->known && !is_outermost && attributes_hide(node);
}

bool page_open(struct page *page, struct desk_article *article, const struct pagewords *words)
{
    *page = (struct page){.article = article, .arena = article->arena, .words = words};
    if (!tree_build(page->arena, article->markup, &page->tree))
        return false;
    /* When this uses the budget up, the next stage that asks for some rejects the record. */
    (void)article_work(article, page->tree.steps);
    page->nodes = arena_alloc(page->arena, page->tree.count * sizeof *page->nodes,
                              _Alignof(struct page_node));
    if (!page->nodes)
        return false;
    for (size_t i = 0; i < page->tree.count; i++) {
        const struct tree_node *node = &page->tree.nodes[i];
        page->nodes[i] = (struct page_node){.is_hidden = i && !node->is_text && is_hidden(node)};
    }
    return true;
}

/* --- marks --------------------------------------------------------------------------------- */

static uint32_t marks_of_element(enum element element)
{
    switch (element) {
    case ELEMENT_NAV:
    case ELEMENT_MENU:
        return MARK_NAV;
    case ELEMENT_ASIDE:
        return MARK_ASIDE;
    case ELEMENT_FOOTER:
        return MARK_FOOTER;
    case ELEMENT_HEADER:
    case ELEMENT_HGROUP:
        return MARK_HEADER;
    case ELEMENT_FORM:
    case ELEMENT_FIELDSET:
    case ELEMENT_LABEL:
    case ELEMENT_BUTTON:
    case ELEMENT_DIALOG:
        return MARK_FORM;
    case ELEMENT_FIGURE:
    case ELEMENT_FIGCAPTION:
    case ELEMENT_CAPTION:
        return MARK_FIGURE;
    case ELEMENT_TABLE:
        return MARK_TABLE;
    case ELEMENT_UL:
    case ELEMENT_OL:
    case ELEMENT_DL:
        return MARK_LIST;
    case ELEMENT_BLOCKQUOTE:
        return MARK_QUOTE;
    case ELEMENT_ARTICLE:
        return MARK_ARTICLE;
    case ELEMENT_MAIN:
        return MARK_MAIN;
    default:
        return 0;
    }
}

/* Values of class attributes come again and again: the last one of each kind is remembered. */
static unsigned words_of_value(struct page *page, desk_slice value)
{
    if (!value.len)
        return 0;
    unsigned ends = (unsigned char)value.data[0] * 7u + (unsigned char)value.data[value.len - 1];
    struct page_value *known = &page->values[(ends + (unsigned)value.len * 5u) % PAGE_VALUES_COUNT];
    if (!slice_equal(known->value, value))
        *known = (struct page_value){value, pagewords_of_value(page->words, value)};
    return known->kinds;
}

static uint32_t marks_of_attribute(struct page *page, const struct html_attribute *attribute)
{
    switch (attribute->known) {
    case ATTRIBUTE_ID:
    case ATTRIBUTE_ROLE:
    case ATTRIBUTE_CLASS:
        return words_of_value(page, attribute->value);
    case ATTRIBUTE_ITEMPROP:
        return slice_equal_nocase(attribute->value, slice_from_cstr("articleBody"))
                   ? MARK_ARTICLE_BODY
                   : 0;
    case ATTRIBUTE_ARIA_HIDDEN:
        return slice_is(attribute->value, "true") ? MARK_ARIA_HIDDEN : 0;
    default:
        return 0;
    }
}

static bool is_heading(enum element element)
{
    return element >= ELEMENT_H1 && element <= ELEMENT_H6;
}

static uint32_t marks_of(struct page *page, uint32_t index)
{
    const struct tree_node *node = &page->tree.nodes[index];
    uint32_t marks = marks_of_element((enum element)node->element);
    if (node->element == ELEMENT_BODY || node->element == ELEMENT_HTML)
        return 0;
    for (size_t k = 0; k < node->attributes_count; k++)
        marks |= marks_of_attribute(page, &node->attributes[k]);
    /* "header" means the page's on most elements; on a heading it means just that. */
    return is_heading((enum element)node->element) ? marks & ~(uint32_t)PAGEWORD_NAVIGATION : marks;
}

/* A page of a forum says so on its outermost element: posts are all that it has. */
static bool is_forum(const struct page *page)
{
    desk_slice classes = slice_of("", 0);
    for (uint32_t i = 1; i < page->tree.count && !classes.len; i++)
        if (page->tree.nodes[i].element == ELEMENT_BODY)
            classes = tree_attribute(&page->tree.nodes[i], ATTRIBUTE_CLASS);
    return slice_find(classes, slice_from_cstr("forum"), 0) != DESK_SLICE_NONE ||
           slice_find(classes, slice_from_cstr("Forum"), 0) != DESK_SLICE_NONE;
}

/* Marks a node whose parent is marked. What an element says holds for the text inside unless it
 * holds the bulk of the page's running text: then it is the layout that speaks, not the part. Only
 * readers' comments may be more than the article: they do not hold its headline. */
static void mark_node(struct page *page, uint32_t index, uint32_t parent)
{
    struct page_node *node = &page->nodes[index];
    bool is_bulk = 2 * (uint64_t)node->good_len > page->nodes[0].good_len;
    uint32_t lasting = MARKS_OF_ARTICLE;
    if (page->has_comments && !page_is_inside(page, page->blocks[page->headline - 1].node, index))
        lasting |= PAGEWORD_COMMENTS;
    node->own = marks_of(page, index) & (is_bulk ? lasting : UINT32_MAX);
    node->around = page->nodes[parent].around | node->own;
    node->is_marked = true;
}

void page_mark_node(struct page *page, uint32_t node)
{
    uint32_t path[TREE_DEPTH_MAX + 1];
    size_t depth = 0;
    for (; !page->nodes[node].is_marked; node = page->tree.nodes[node].parent)
        path[depth++] = node;
    for (; depth; depth--)
        mark_node(page, path[depth - 1], page->tree.nodes[path[depth - 1]].parent);
}

/* Comments read like running text of the article, and there may be more of them: they do not count
 * as such. Posts that a story quotes are not meant. */
static void discount_comments(struct page *page)
{
    for (size_t i = 0; i < page->blocks_count; i++) {
        struct page_block *block = &page->blocks[i];
        uint32_t around = page->nodes[block->node].around;
        if (!block->is_good || !(around & PAGEWORD_COMMENTS) || around & MARK_QUOTE)
            continue;
        block->is_good = false;
        for (uint32_t node = block->node;; node = page->tree.nodes[node].parent) {
            page->nodes[node].good_len -= block->len;
            if (!node)
                break;
        }
    }
}

void page_mark(struct page *page)
{
    page->nodes[0].is_marked = true;
    page->headline = page_headline(page);
    page->has_comments = page->headline && !is_forum(page);
    for (size_t i = 0; i < page->blocks_count; i++)
        page_mark_node(page, page->blocks[i].node);
    if (page->has_comments &&
        page->nodes[page->blocks[page->headline - 1].node].around & PAGEWORD_COMMENTS)
        page->has_comments = false;
    if (page->has_comments)
        discount_comments(page);
}

uint64_t page_signature(const struct page *page, uint32_t node)
{
    uint64_t hash = 0;
    for (unsigned level = 0; level < 2 && node; level++) {
        const struct tree_node *n = &page->tree.nodes[node];
        desk_slice classes = tree_attribute(n, ATTRIBUTE_CLASS);
        hash =
            XXH3_64bits_withSeed(classes.data ? classes.data : "", classes.len, hash + n->element);
        node = n->parent;
    }
    return hash ^ page->tree.nodes[node].element;
}
