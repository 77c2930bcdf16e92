/* Opening a page, and marking what class names and elements say of the text inside them. */
#include "clean/page.h"

#include <xxhash.h>

#include "base/slice.h"
#include "clean/page_marks.h"
#include "clean/pagewords.h"

enum { ATTRIBUTES_SEEN = 16 };

/* --- hidden parts -------------------------------------------------------------------------- */

/* style="display:none" and the like. */
static bool style_hides(desk_slice style)
{
    size_t at = slice_find(style, slice_from_cstr("display"), 0);
    desk_slice none = slice_from_cstr("none"), hidden = slice_from_cstr("hidden");
    if (at != DESK_SLICE_NONE) {
        at += 7;
        while (at < style.len && (style.data[at] == ':' || style.data[at] == ' '))
            at++;
        if (slice_starts(slice_sub(style, at, style.len), none))
            return true;
    }
    at = slice_find(style, slice_from_cstr("visibility"), 0);
    return at != DESK_SLICE_NONE && slice_find(style, hidden, at) != DESK_SLICE_NONE;
}

/* <div hidden id="S:1">: a part of the page that React sends late and a script moves into place. */
static bool is_streamed(const struct tree_node *node)
{
    return slice_starts(tree_attribute(node, "id"), slice_from_cstr("S:"));
}

static bool is_hidden(const struct tree_node *node)
{
    if (ELEMENT_INFO[node->element].flags & ELEMENT_HIDDEN)
        return true;
    if (node->element == ELEMENT_BODY || node->element == ELEMENT_HTML ||
        node->element == ELEMENT_ARTICLE)
        return false;
    for (size_t k = 0; k < node->attributes_count; k++) {
        const struct html_attribute *attribute = &node->attributes[k];
        if (attribute->name.len == 5 &&
            slice_equal_nocase(attribute->name, slice_from_cstr("style")) &&
            style_hides(attribute->value))
            return true;
        if (attribute->name.len == 6 &&
            slice_equal_nocase(attribute->name, slice_from_cstr("hidden")))
            return !is_streamed(node);
    }
    return false;
}

bool page_open(struct page *page, struct desk_article *article, const struct pagewords *words)
{
    *page = (struct page){.article = article, .arena = article->arena, .words = words};
    if (!tree_build(page->arena, article->markup, &page->tree))
        return false;
    /* When this uses the budget up, the next stage that asks for some rejects the record. */
    (void)article_work(article, page->tree.steps);
    page->nodes = ARENA_ARRAY(page->arena, struct page_node, page->tree.count);
    if (!page->nodes)
        return false;
    for (size_t i = 1; i < page->tree.count; i++)
        page->nodes[i].is_hidden = !page->tree.nodes[i].is_text && is_hidden(&page->tree.nodes[i]);
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

static bool attribute_is(const struct html_attribute *attribute, const char *name)
{
    return slice_equal_nocase(attribute->name, slice_from_cstr(name));
}

static uint32_t marks_of_attribute(const struct page *page, const struct html_attribute *attribute)
{
    switch (attribute->name.len) {
    case 2:
        return attribute_is(attribute, "id") ? pagewords_of_value(page->words, attribute->value)
                                             : 0;
    case 4:
        return attribute_is(attribute, "role") ? pagewords_of_value(page->words, attribute->value)
                                               : 0;
    case 5:
        return attribute_is(attribute, "class") ? pagewords_of_value(page->words, attribute->value)
                                                : 0;
    case 8:
        return attribute_is(attribute, "itemprop") &&
                       slice_equal_nocase(attribute->value, slice_from_cstr("articleBody"))
                   ? MARK_ARTICLE_BODY
                   : 0;
    case 11:
        return attribute_is(attribute, "aria-hidden") && slice_is(attribute->value, "true")
                   ? MARK_ARIA_HIDDEN
                   : 0;
    default:
        return 0;
    }
}

static bool is_heading(enum element element)
{
    return element >= ELEMENT_H1 && element <= ELEMENT_H6;
}

static uint32_t marks_of(const struct page *page, uint32_t index)
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

/* Marks a node whose parent is marked. What an element says holds for the text inside unless it
 * holds the bulk of the page's running text: then it is the layout that speaks, not the part. */
static void mark_node(struct page *page, uint32_t index, uint32_t parent)
{
    struct page_node *node = &page->nodes[index];
    bool is_bulk = 2 * (uint64_t)node->good_len > page->nodes[0].good_len;
    node->own = marks_of(page, index) & (is_bulk ? (uint32_t)MARKS_OF_ARTICLE : UINT32_MAX);
    node->around = page->nodes[parent].around | node->own;
    node->is_marked = true;
}

void page_mark(struct page *page)
{
    page->nodes[0].is_marked = true;
    for (size_t i = 0; i < page->blocks_count; i++) {
        uint32_t path[TREE_DEPTH_MAX + 1];
        size_t depth = 0;
        for (uint32_t node = page->blocks[i].node; !page->nodes[node].is_marked;
             node = page->tree.nodes[node].parent)
            path[depth++] = node;
        for (; depth; depth--)
            mark_node(page, path[depth - 1], page->tree.nodes[path[depth - 1]].parent);
    }
}

/* The class attribute, looked for among the first attributes only: it is asked for again and again.
 */
static desk_slice first_classes(const struct tree_node *node)
{
    for (size_t k = 0; k < node->attributes_count && k < ATTRIBUTES_SEEN; k++)
        if (node->attributes[k].name.len == 5 && attribute_is(&node->attributes[k], "class"))
            return node->attributes[k].value;
    return slice_of("", 0);
}

uint64_t page_signature(const struct page *page, uint32_t node)
{
    uint64_t hash = 0;
    for (unsigned level = 0; level < 2 && node; level++) {
        const struct tree_node *n = &page->tree.nodes[node];
        desk_slice classes = first_classes(n);
        hash =
            XXH3_64bits_withSeed(classes.data ? classes.data : "", classes.len, hash + n->element);
        node = n->parent;
    }
    return hash ^ page->tree.nodes[node].element;
}
