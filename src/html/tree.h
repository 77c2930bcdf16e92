/* A page as a compact tree in the arena: nodes in document order, each with the end of its subtree.
 *
 * Built by the HTML Standard's rules as far as text is concerned ("Tree construction"): implied end
 * tags, void elements, misnested formatting, tables with what is fostered out of them, select,
 * template, SVG and MathML. Node 0 is the root; html, head, body, tbody and tr are nodes only where
 * the page writes them, and formatting that a block cut off is not opened again (docs/html.md has
 * all differences). Nesting beyond TREE_DEPTH_MAX is flattened, as browsers do. Text nodes hold raw
 * text; decode it with html_decode(text, mode). */
#ifndef HTML_TREE_H
#define HTML_TREE_H

#include "html/tokenizer.h"

enum { TREE_DEPTH_MAX = 512 };

struct tree_node {
    desk_slice text; /* raw, of text nodes */
    const struct html_attribute *attributes;
    uint32_t attributes_count;
    uint32_t parent; /* index; the root is its own parent */
    uint32_t end;    /* nodes (i, end) are its descendants */
    uint16_t depth;  /* of the root 0 */
    uint8_t element; /* enum element; ELEMENT_NONE for text, the root and unknown elements */
    uint8_t mode;    /* enum text_mode of text nodes */
    bool is_text;
    uint32_t known; /* attribute_bit of its attributes */
};

struct tree {
    struct tree_node *nodes;
    size_t count, capacity;
    uint64_t steps; /* counted work: tokens and open elements looked at */
};

/* False at the memory limit. */
bool tree_build(struct arena *arena, desk_slice input, struct tree *tree);

static inline bool tree_has(const struct tree_node *node, enum attribute attribute)
{
    return node->known & attribute_bit(attribute);
}
/* Raw value of an attribute; data is NULL when the node has none of the kind. */
desk_slice tree_attribute(const struct tree_node *node, enum attribute attribute);
/* The same decoded and with white space trimmed; empty at the memory limit. */
desk_slice tree_value(struct arena *arena, const struct tree_node *node, enum attribute attribute);

#endif
