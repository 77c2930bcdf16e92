/* What the parts of the tree builder share: the stack of open elements and the nodes. */
#ifndef HTML_TREE_BUILDER_H
#define HTML_TREE_BUILDER_H

#include "html/tree.h"

/* What is known of an open element; the first two are inherited by what opens inside. */
enum open_flags {
    OPEN_IN_TABLE = 1,    /* between a table and its cells: text does not belong here */
    OPEN_IN_SELECT = 2,   /* nothing but options */
    OPEN_FOREIGN = 4,     /* SVG or MathML */
    OPEN_MATH = 8,        /* MathML */
    OPEN_TEXT_POINT = 16, /* MathML that holds text: tags inside are HTML */
    OPEN_HTML_POINT = 32, /* SVG or MathML that holds HTML */
    OPEN_SCOPE = 64,      /* end tags inside do not reach what is outside */
    OPEN_SPECIAL = 128,   /* stops end tags of ordinary elements */
    OPEN_FLOW_ENDED = 256 /* its end tag came too early: it ends with what is open inside */
};

struct open_element {
    const char *name; /* as written: unknown and foreign elements are compared by it */
    uint32_t name_len;
    uint32_t node;
    uint16_t flags;
    uint8_t element; /* ELEMENT_NONE when unknown or foreign */
};

/* Neighbours of a node, by index; 0 is none. Kept only once the order of creation is no longer the
 * order of the document. */
struct node_links {
    uint32_t first, last, previous, next;
};

struct builder {
    struct arena *arena;
    struct tree *tree;
    struct tokenizer *tokenizer;
    struct open_element *stack; /* [0] is the root */
    size_t depth, stack_capacity;
    uint32_t open_counts[ELEMENT_COUNT]; /* open elements of each kind */
    struct node_links *links;            /* NULL while the page is regular */
    size_t links_capacity;
    uint32_t form; /* the open form, or 0 */
    bool has_html, has_head, has_content;
    bool is_quirky;     /* a table does not end a paragraph */
    bool fosters;       /* what is inserted into a table goes before it */
    bool skips_newline; /* directly behind <pre> and <textarea> */
    bool failed;        /* at the memory limit */
};

/* How far up an open element is looked for. */
enum scope {
    SCOPE_ALL,
    SCOPE_DEFAULT, /* "has an element in scope" */
    SCOPE_BUTTON,
    SCOPE_LIST,
    SCOPE_TABLE
};

static inline struct open_element *builder_top(const struct builder *builder)
{
    return &builder->stack[builder->depth - 1];
}

/* Adds a node of a tag, at the place where the standard inserts it; 0 at the memory limit. */
uint32_t builder_add(struct builder *builder, const struct html_token *token);
/* The same and opens it. `flags` are those not inherited. */
void builder_push(struct builder *builder, const struct html_token *token, unsigned flags);
/* Adds a text node. */
void builder_text(struct builder *builder, const struct html_token *token);

/* Position in the stack of the innermost open element of the kind, 0 when there is none in the
 * scope. */
size_t builder_find(struct builder *builder, enum element element, enum scope scope);
/* Closes open elements until `depth` are left. */
void builder_close_to(struct builder *builder, size_t depth);
/* Closes the innermost open element of the kind, if it is in the scope; true when it was. */
bool builder_close(struct builder *builder, enum element element, enum scope scope);
/* Takes one element out of the stack while those inside stay open. */
void builder_end_flow(struct builder *builder, size_t at);

/* The end tag of a formatting element that may reach through blocks ("adoption agency algorithm").
 */
void builder_adopt(struct builder *builder, enum element element);

/* Opens the stack; closes everything and puts the nodes in document order. */
bool builder_open(struct builder *builder);
bool builder_finish(struct builder *builder);

/* The rules for tags: what they end, and where they go. */
void tree_start_tag(struct builder *builder, const struct html_token *token);
void tree_end_tag(struct builder *builder, const struct html_token *token);
/* Opens SVG or MathML, or an element of theirs. */
void tree_foreign_open(struct builder *builder, const struct html_token *token, bool is_math);
/* The rules inside SVG and MathML; false when those of HTML hold. */
bool tree_foreign_start(struct builder *builder, const struct html_token *token);
bool tree_foreign_end(struct builder *builder, const struct html_token *token);

/* How many open elements are looked at for one tag, so that the work stays linear; nesting that
 * deep is flattened in any case. */
enum { SEARCH_MAX = TREE_DEPTH_MAX };

#endif
