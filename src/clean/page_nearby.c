/* The stretch of nodes around the headline. */
#include "clean/page_nearby.h"

#include "base/slice.h"

/* A byline stands above the article's first paragraphs: a screenful after the headline, a few
 * lines before it. A page without a headline begins at its top. */
enum {
    NODES_AFTER = 300,
    NODES_BEFORE = 100,
    PROSE_AFTER = 600,
    PROSE_LINE = 160,
    LEVELS_MAX = 12
};

/* Stops when so much running text was passed. */
static uint32_t end_of_stretch(const struct tree *tree, uint32_t from, uint32_t nodes_max)
{
    size_t prose = 0;
    uint32_t i = from, limit = from + nodes_max;
    for (; i < tree->count && i < limit && prose < PROSE_AFTER; i++)
        if (tree->nodes[i].is_text && tree->nodes[i].text.len > PROSE_LINE &&
            !(ELEMENT_INFO[tree->nodes[tree->nodes[i].parent].element].flags & ELEMENT_HIDDEN))
            prose += tree->nodes[i].text.len;
    return i;
}

static uint32_t first_of_body(const struct tree *tree)
{
    for (uint32_t i = 1; i < tree->count; i++)
        if (!tree->nodes[i].is_text && tree->nodes[i].element == ELEMENT_BODY)
            return i;
    return 1;
}

void nearby_open(struct nearby *nearby, struct page *page, const struct metadata_words *words,
                 uint32_t heading)
{
    *nearby = (struct nearby){.page = page, .words = words};
    nearby->heading = heading ? page->tree.nodes[heading].end : first_of_body(&page->tree);
    nearby->start = nearby->heading;
    if (heading)
        nearby->start = heading > NODES_BEFORE ? heading - NODES_BEFORE : 1;
    nearby->end =
        end_of_stretch(&page->tree, nearby->heading, heading ? NODES_AFTER : 2 * NODES_AFTER);
}

bool nearby_is_elsewhere(const struct nearby *nearby, uint32_t index)
{
    const struct tree *tree = &nearby->page->tree;
    bool in_footer = false;
    for (unsigned i = 0; index && i < LEVELS_MAX; i++) {
        const struct tree_node *node = &tree->nodes[index];
        if (node->element == ELEMENT_BODY || node->element == ELEMENT_HTML)
            break;
        if (node->element == ELEMENT_NAV)
            return true;
        in_footer |= node->element == ELEMENT_FOOTER;
        /* The article's own footer names its author. */
        in_footer &= node->element != ELEMENT_ARTICLE && node->element != ELEMENT_MAIN;
        unsigned kinds =
            metadata_words_of_class(nearby->words, tree_attribute(node, ATTRIBUTE_CLASS)) |
            metadata_words_of_class(nearby->words, tree_attribute(node, ATTRIBUTE_ID));
        if (kinds & METAWORD_ELSEWHERE)
            return true;
        index = node->parent;
    }
    return in_footer;
}
