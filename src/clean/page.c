/* Opening a page: which nodes are hidden or unlikely to be the article, and how much text each
 * holds. */
#include "clean/page.h"

#include "base/slice.h"
#include "clean/pagewords.h"
#include "text/space.h"

bool page_open(struct page *page, struct desk_article *article, const struct pagewords *words)
{
    *page = (struct page){.article = article, .arena = article->arena, .words = words};
    if (!tree_build(page->arena, article->markup, &page->tree))
        return false;
    /* When this uses the budget up, the next stage that asks for some rejects the record. */
    (void)article_work(article, page->tree.steps);
    page->nodes = ARENA_ARRAY(page->arena, struct page_node, page->tree.count);
    return page->nodes != NULL;
}

/* --- flags --------------------------------------------------------------------------------- */

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

static unsigned flags_of_element(enum element element)
{
    if (ELEMENT_INFO[element].flags & ELEMENT_HIDDEN)
        return PAGE_HIDDEN;
    switch (element) {
    case ELEMENT_NAV:
    case ELEMENT_ASIDE:
    case ELEMENT_FOOTER:
    case ELEMENT_FORM:
    case ELEMENT_FIELDSET:
    case ELEMENT_DIALOG:
    case ELEMENT_MENU:
    case ELEMENT_BUTTON:
    case ELEMENT_LABEL:
        return PAGE_UNLIKELY;
    case ELEMENT_ARTICLE:
    case ELEMENT_MAIN:
        return PAGE_LIKELY;
    default:
        return 0;
    }
}

static unsigned flags_of_attribute(const struct pagewords *words,
                                   const struct html_attribute *attribute)
{
    unsigned flags = 0, kinds;
    desk_slice name = attribute->name;
    if (slice_equal_nocase(name, slice_from_cstr("hidden")))
        return PAGE_HIDDEN;
    if (slice_equal_nocase(name, slice_from_cstr("style")))
        return style_hides(attribute->value) ? PAGE_HIDDEN : 0;
    if (slice_equal_nocase(name, slice_from_cstr("itemprop")))
        return slice_find(attribute->value, slice_from_cstr("articleBody"), 0) != DESK_SLICE_NONE
                   ? PAGE_LIKELY
                   : 0;
    if (!slice_equal_nocase(name, slice_from_cstr("class")) &&
        !slice_equal_nocase(name, slice_from_cstr("id")) &&
        !slice_equal_nocase(name, slice_from_cstr("role")))
        return 0;
    kinds = pagewords_of_value(words, attribute->value);
    flags |= kinds & PAGEWORD_UNLIKELY ? PAGE_UNLIKELY : 0;
    flags |= kinds & PAGEWORD_LIKELY ? PAGE_LIKELY : 0;
    return flags;
}

static void set_flags(struct page *page)
{
    for (size_t i = 1; i < page->tree.count; i++) {
        const struct tree_node *node = &page->tree.nodes[i];
        if (node->is_text)
            continue;
        unsigned flags = flags_of_element((enum element)node->element);
        for (size_t k = 0; k < node->attributes_count; k++)
            flags |= flags_of_attribute(page->words, &node->attributes[k]);
        if (node->element == ELEMENT_BODY || node->element == ELEMENT_HTML ||
            node->element == ELEMENT_ARTICLE)
            flags &= ~(unsigned)(PAGE_HIDDEN | PAGE_UNLIKELY);
        page->nodes[i].flags = (uint8_t)flags;
    }
}

/* --- lengths ------------------------------------------------------------------------------- */

/* Bytes of text without leading, trailing and repeated white space: near enough for shares. */
static uint32_t text_weight(desk_slice text)
{
    uint32_t len = 0;
    bool after_space = true;
    for (size_t i = 0; i < text.len; i++) {
        bool space = ascii_is_space(text.data[i]);
        len += !(space && after_space);
        after_space = space;
    }
    return len;
}

static void add_lengths(struct page *page)
{
    const struct tree_node *nodes = page->tree.nodes;
    uint32_t link_end = 0;
    for (size_t i = 1; i < page->tree.count; i++) {
        struct page_node *node = &page->nodes[i];
        if (node->flags & PAGE_HIDDEN || page->nodes[nodes[i].parent].flags & PAGE_HIDDEN)
            node->flags |= PAGE_HIDDEN;
        if (nodes[i].element == ELEMENT_A && !nodes[i].is_text && i >= link_end)
            link_end = nodes[i].end;
        if (!nodes[i].is_text || node->flags & PAGE_HIDDEN)
            continue;
        node->text_len = text_weight(nodes[i].text);
        node->link_len = i < link_end ? node->text_len : 0;
    }
    for (size_t i = page->tree.count; i-- > 1;) {
        page->nodes[nodes[i].parent].text_len += page->nodes[i].text_len;
        page->nodes[nodes[i].parent].link_len += page->nodes[i].link_len;
    }
}

/* Prunes what is hidden, and what is unlikely unless it holds most of the page's running text. */
static void prune(struct page *page)
{
    uint32_t whole = page->nodes[0].text_len - page->nodes[0].link_len;
    for (size_t i = 1; i < page->tree.count; i++) {
        struct page_node *node = &page->nodes[i];
        bool is_bulk = 2 * (uint64_t)(node->text_len - node->link_len) > whole;
        bool is_unlikely = node->flags & PAGE_UNLIKELY && !is_bulk && !page->tree.nodes[i].is_text;
        if (node->flags & PAGE_HIDDEN || is_unlikely ||
            page->nodes[page->tree.nodes[i].parent].flags & PAGE_PRUNED)
            node->flags |= PAGE_PRUNED;
    }
}

bool page_measure(struct page *page)
{
    set_flags(page);
    add_lengths(page);
    prune(page);
    return true;
}

void page_relax(struct page *page)
{
    for (size_t i = 1; i < page->tree.count; i++) {
        struct page_node *node = &page->nodes[i];
        unsigned above = page->nodes[page->tree.nodes[i].parent].flags & PAGE_PRUNED;
        node->flags = (uint8_t)(node->flags & ~(unsigned)PAGE_PRUNED);
        if (node->flags & PAGE_HIDDEN || above)
            node->flags |= PAGE_PRUNED;
    }
    page->blocks_count = 0;
}
