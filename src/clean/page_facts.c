/* The one pass over the tree: meta elements, links, microdata, JSON-LD, headings. */
#include "clean/page_facts.h"

#include "base/slice.h"
#include "clean/meta_names.h"
#include "text/space.h"

enum {
    TITLE_BYTES_MAX = 1000,
    PROPERTY_BYTES_MAX = 2000,
    SCOPES_MAX = 64,
    NODES_BELOW_MAX = 256,
    MARK_BYTES = 3
};

/* --- text ---------------------------------------------------------------------------------- */

desk_slice page_trim(desk_slice text)
{
    text = slice_trim(text);
    bool is_plain = !text.len || ((unsigned char)text.data[0] < 0x80 &&
                                  (unsigned char)text.data[text.len - 1] < 0x80);
    return is_plain ? text : space_trim(text);
}

static bool parts_words(const struct tree_node *node)
{
    return !node->is_text &&
           (node->element == ELEMENT_BR || ELEMENT_INFO[node->element].flags & ELEMENT_BLOCK);
}

static bool is_hidden_element(const struct tree_node *node)
{
    return !node->is_text && ELEMENT_INFO[node->element].flags & ELEMENT_HIDDEN;
}

/* Bytes that the text below takes at most; more than `limit` when there are more, or so many nodes
 * that it is no line: nested elements must not be read again on every level. */
static size_t measure(const struct page *page, uint32_t index, size_t limit)
{
    const struct tree_node *nodes = page->tree.nodes;
    size_t len = 0;
    uint32_t last = index + NODES_BELOW_MAX;
    for (uint32_t i = index + 1; i < nodes[index].end && len <= limit;) {
        if (i > last)
            return limit + 1;
        len += nodes[i].is_text ? nodes[i].text.len + 1 : MARK_BYTES * parts_words(&nodes[i]);
        i = is_hidden_element(&nodes[i]) ? nodes[i].end : i + 1;
    }
    return len;
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static desk_slice text_below(struct page *page, uint32_t index, size_t limit, const char *mark)
{
    /* Indented markup is white space for the most part. */
    enum { INDENTATION = 8 };
    const struct tree_node *nodes = page->tree.nodes;
    size_t room = measure(page, index, INDENTATION * limit), len = 0;
    char *raw = room && room <= INDENTATION * limit ? arena_alloc(page->arena, room, 1) : NULL;
    for (uint32_t i = index + 1; raw && i < nodes[index].end;) {
        if (nodes[i].is_text) {
            /* "Author" and "Jane Doe" in two inline elements are parted by style only. */
            if (len && nodes[i].text.len && is_small(raw[len - 1]) &&
                is_capital(nodes[i].text.data[0]))
                raw[len++] = ' ';
            memcpy(raw + len, nodes[i].text.data, nodes[i].text.len);
            len += nodes[i].text.len;
        } else if (parts_words(&nodes[i])) {
            memcpy(raw + len, mark, MARK_BYTES);
            len += MARK_BYTES;
        }
        i = is_hidden_element(&nodes[i]) ? nodes[i].end : i + 1;
    }
    desk_slice text = slice_of(raw, len);
    enum text_mode mode = nodes[index].element == ELEMENT_TITLE ? TEXT_RCDATA : TEXT_DATA;
    if (!raw || !html_decode(page->arena, &text, mode) || !space_fold(page->arena, &text) ||
        text.len > limit)
        return slice_of(NULL, 0);
    return text;
}

desk_slice page_text_below(struct page *page, uint32_t index, size_t limit)
{
    return text_below(page, index, limit, "   ");
}

desk_slice page_lines_below(struct page *page, uint32_t index, size_t limit)
{
    return text_below(page, index, limit, " | ");
}

/* --- facts --------------------------------------------------------------------------------- */

void page_facts_add(struct page_facts *facts, enum fact_slot slot, struct fact fact)
{
    struct fact_list *list = &facts->lists[slot];
    if (!fact.text.len)
        return;
    size_t at = list->count;
    while (at && list->items[at - 1].rank > fact.rank)
        at--;
    if (at == FACTS_MAX)
        return;
    list->count += list->count < FACTS_MAX;
    memmove(&list->items[at + 1], &list->items[at], (list->count - 1 - at) * sizeof fact);
    list->items[at] = fact;
}

static void add(struct page_facts *facts, enum fact_slot slot, desk_slice text, const char *origin,
                unsigned rank)
{
    page_facts_add(facts, slot, (struct fact){text, origin, (uint8_t)rank, 0});
}

/* --- meta elements ------------------------------------------------------------------------- */

/* twitter:label1 "Written by", twitter:data1 "Jane Doe". */
static bool take_label(struct page_facts *facts, const struct tree_node *node, desk_slice name)
{
    if (!slice_starts_nocase(name, slice_from_cstr("twitter:")) || name.len < 10)
        return false;
    size_t at = (size_t)(name.data[name.len - 1] - '1');
    desk_slice kind = slice_sub(name, 8, name.len - 1);
    bool is_label = slice_is(kind, "label");
    if (at > 1 || (!is_label && !slice_is(kind, "data")))
        return false;
    desk_slice value = tree_value(facts->page->arena, node, ATTRIBUTE_CONTENT);
    *(is_label ? &facts->labels[at] : &facts->label_values[at]) = value;
    return true;
}

static void take_meta(struct page_facts *facts, const struct tree_node *node)
{
    static const enum attribute attributes[] = {ATTRIBUTE_PROPERTY, ATTRIBUTE_NAME,
                                                ATTRIBUTE_HTTP_EQUIV};
    struct arena *arena = facts->page->arena;
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        desk_slice name = slice_trim(tree_attribute(node, attributes[i]));
        const struct meta_name *row = name.len ? meta_name_find(name) : NULL;
        if (row)
            add(facts, (enum fact_slot)row->slot, tree_value(arena, node, ATTRIBUTE_CONTENT),
                row->name, RANK_META + row->rank);
        if (row || (name.len && take_label(facts, node, name)))
            return;
    }
}

static void take_link(struct page_facts *facts, const struct tree_node *node)
{
    if (slice_equal_nocase(slice_trim(tree_attribute(node, ATTRIBUTE_REL)),
                           slice_from_cstr("canonical")))
        add(facts, FACT_URL, tree_value(facts->page->arena, node, ATTRIBUTE_HREF),
            "link rel=canonical", RANK_JSON_LD);
}

static bool take_script(struct page_facts *facts, uint32_t index)
{
    const struct tree_node *node = &facts->page->tree.nodes[index];
    desk_slice type = slice_trim(tree_attribute(node, ATTRIBUTE_TYPE));
    return !slice_starts_nocase(type, slice_from_cstr("application/ld+json")) ||
           index + 1 >= node->end ||
           json_ld_read(facts->page->arena, facts->page->tree.nodes[index + 1].text,
                        &facts->structured);
}

static void take_heading(struct page_facts *facts, uint32_t index)
{
    if (facts->headings_count == HEADINGS_MAX)
        return;
    facts->heading_paragraphs[facts->headings_count] = facts->paragraphs;
    facts->headings[facts->headings_count++] = index;
}

/* --- microdata ----------------------------------------------------------------------------- */

/* The object that a property belongs to: the nearest element above with itemscope. */
static uint32_t scope_of(const struct tree *tree, uint32_t index)
{
    uint32_t at = index;
    for (unsigned i = 0; at && i < SCOPES_MAX; i++) {
        at = tree->nodes[at].parent;
        if (at && tree_has(&tree->nodes[at], ATTRIBUTE_ITEMSCOPE))
            return at;
    }
    return 0;
}

static bool scope_is(const struct tree *tree, uint32_t scope, const char *word)
{
    return slice_find(tree_attribute(&tree->nodes[scope], ATTRIBUTE_ITEMTYPE),
                      slice_from_cstr(word), 0) != DESK_SLICE_NONE;
}

/* An article, a page, or no object at all; not a comment, a product, a teaser's image ... */
static bool is_article_scope(const struct tree *tree, uint32_t scope)
{
    return !scope || scope_is(tree, scope, "Article") || scope_is(tree, scope, "Posting") ||
           scope_is(tree, scope, "WebPage") || scope_is(tree, scope, "CreativeWork") ||
           scope_is(tree, scope, "Recipe") || scope_is(tree, scope, "Report");
}

static desk_slice property_value(struct page_facts *facts, uint32_t index)
{
    static const enum attribute attributes[] = {ATTRIBUTE_CONTENT, ATTRIBUTE_DATETIME,
                                                ATTRIBUTE_SRC};
    const struct tree_node *node = &facts->page->tree.nodes[index];
    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++) {
        desk_slice value = tree_value(facts->page->arena, node, attributes[i]);
        if (value.len)
            return value;
    }
    return page_text_below(facts->page, index, PROPERTY_BYTES_MAX);
}

/* The name of a person: its property "name", else all its text. */
static desk_slice name_below(struct page_facts *facts, uint32_t index)
{
    const struct tree *tree = &facts->page->tree;
    uint32_t last = index + NODES_BELOW_MAX;
    for (uint32_t i = index + 1; i < tree->nodes[index].end && i <= last; i++)
        if (!tree->nodes[i].is_text &&
            slice_is(slice_trim(tree_attribute(&tree->nodes[i], ATTRIBUTE_ITEMPROP)), "name"))
            return property_value(facts, i);
    return property_value(facts, index);
}

static void take_word_of_itemprop(struct page_facts *facts, uint32_t index, desk_slice word)
{
    static const struct {
        const char *name;
        enum fact_slot slot;
        const char *origin;
    } rows[] = {{"headline", FACT_TITLE, "itemprop headline"},
                {"author", FACT_AUTHOR, "itemprop author"},
                {"datePublished", FACT_PUBLISHED, "itemprop datePublished"},
                {"dateModified", FACT_UPDATED, "itemprop dateModified"},
                {"articleSection", FACT_SECTION, "itemprop articleSection"},
                {"keywords", FACT_KEYWORDS, "itemprop keywords"},
                {"description", FACT_DESCRIPTION, "itemprop description"},
                {"image", FACT_IMAGE, "itemprop image"},
                {"publisher", FACT_SITE, "itemprop publisher"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (!slice_is(word, rows[i].name))
            continue;
        const struct tree *tree = &facts->page->tree;
        bool is_name = rows[i].slot == FACT_AUTHOR || rows[i].slot == FACT_SITE;
        uint32_t scope = scope_of(tree, index);
        if (!is_article_scope(tree, scope))
            return;
        if (rows[i].slot == FACT_TITLE && tree->nodes[index].element != ELEMENT_META)
            take_heading(facts, index);
        page_facts_add(
            facts, rows[i].slot,
            (struct fact){is_name ? name_below(facts, index) : property_value(facts, index),
                          rows[i].origin, RANK_MICRODATA, scope});
        return;
    }
}

static void take_itemprop(struct page_facts *facts, uint32_t index, desk_slice value)
{
    for (size_t i = 0; i < value.len;) {
        size_t from = i;
        while (i < value.len && !ascii_is_space(value.data[i]))
            i++;
        if (i > from)
            take_word_of_itemprop(facts, index, slice_sub(value, from, i));
        i += i == from;
    }
}

/* --- the pass ------------------------------------------------------------------------------ */

static void take_itemprops_of(struct page_facts *facts, uint32_t index)
{
    const struct tree_node *node = &facts->page->tree.nodes[index];
    if (tree_has(node, ATTRIBUTE_ITEMPROP))
        take_itemprop(facts, index, tree_attribute(node, ATTRIBUTE_ITEMPROP));
}

static bool take_element(struct page_facts *facts, uint32_t index)
{
    struct page *page = facts->page;
    const struct tree_node *node = &page->tree.nodes[index];
    switch (node->element) {
    case ELEMENT_META:
        take_meta(facts, node);
        break;
    case ELEMENT_LINK:
        take_link(facts, node);
        break;
    case ELEMENT_BASE:
        if (!facts->base.len)
            facts->base = tree_value(page->arena, node, ATTRIBUTE_HREF);
        break;
    case ELEMENT_TITLE:
        add(facts, FACT_TITLE, page_text_below(page, index, TITLE_BYTES_MAX), "title element",
            RANK_PAGE);
        break;
    case ELEMENT_HTML:
        add(facts, FACT_LANGUAGE, tree_value(page->arena, node, ATTRIBUTE_LANG), "html lang",
            RANK_MICRODATA);
        break;
    case ELEMENT_H1:
    case ELEMENT_H2:
        take_heading(facts, index);
        break;
    case ELEMENT_P:
        facts->paragraphs++;
        break;
    case ELEMENT_SCRIPT:
        return take_script(facts, index);
    default:
        break;
    }
    take_itemprops_of(facts, index);
    return true;
}

bool page_facts_gather(struct page *page, struct page_facts *facts)
{
    facts->page = page;
    for (uint32_t i = 1; i < page->tree.count;) {
        const struct tree_node *node = &page->tree.nodes[i];
        if (!node->is_text && !take_element(facts, i))
            return false;
        /* A drawing has titles of its own. */
        i = node->element == ELEMENT_SVG && !node->is_text ? node->end : i + 1;
    }
    json_ld_state(page->arena, &facts->structured, facts);
    return true;
}
