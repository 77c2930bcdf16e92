/* A page while the article is looked for: the tree, what each node holds, and its blocks of text.
 *
 * Steps, in order: page_open (tree), page_metadata, page_cut_blocks (all visible text as blocks),
 * page_mark (what class names and elements say of each block's surroundings), page_find_main (a
 * first guess by hand rules), page_measure (features), pagemodel_score (page_model.h) and
 * page_choose (which blocks are the article). Everything lives in the article's arena. */
#ifndef CLEAN_PAGE_H
#define CLEAN_PAGE_H

#include "article/article.h"
#include "html/tree.h"

struct pagewords;
struct metadata_words;

struct page_node {
    uint32_t good_len; /* running text in blocks of the subtree, in letters (see page_block) */
    uint32_t text_len; /* text of all blocks of the subtree */
    uint32_t link_len; /* the part of it inside links */
    uint32_t blocks;   /* blocks of the subtree */
    uint32_t own;      /* what the element and its class, id and role say: bits of page_marks.h */
    uint32_t around;   /* the same of this element and all around it */
    float score;       /* of paragraphs near below, for the first guess */
    bool is_hidden;    /* not shown, or no text for readers: script, style, svg, hidden attribute */
    bool is_marked;    /* own is known */
};

/* A run of text between two line ends of the page. Lengths count letters as they look: a letter of
 * a script without spaces, such as Chinese, counts three, so that scripts are treated alike. */
struct page_block {
    desk_slice text;   /* decoded, white space folded */
    uint32_t node;     /* the nearest block element around it */
    uint32_t first;    /* the first block with the same text, for texts long enough; else itself */
    uint32_t best;     /* of blocks with this text, the one with the best score; in the first one */
    uint32_t len;      /* letters of the text */
    uint32_t link_len; /* of it inside links */
    uint16_t links;    /* links it touches */
    uint8_t bold, italic; /* share of it in such elements, of 64 */
    uint8_t kind;         /* enum block_kind */
    uint8_t heading;      /* level of a heading, or 0 */
    bool has_time;        /* holds a <time> */
    bool image_before;    /* a picture stands between the block before and its end */
    bool rule_before;     /* the same of a horizontal rule */
    bool is_good;         /* running text that speaks for itself */
    bool is_data;         /* a row of a table of data */
    int32_t score;        /* of the model: log-odds of being the article, in thousandths */
};

/* The value of a class, id or role, and the groups of its words. */
struct page_value {
    desk_slice value;
    unsigned kinds;
};
enum { PAGE_VALUES_COUNT = 64 };

struct page {
    struct desk_article *article;
    struct arena *arena;
    const struct pagewords *words;
    const struct metadata_words *metadata_words;
    struct tree tree;
    struct page_node *nodes;
    struct page_block *blocks;
    size_t blocks_count, blocks_capacity;
    size_t headline;   /* 1 + index of its block (page_headline), 0 for none */
    bool has_comments; /* such parts, where they are named, are beside the article */
    uint32_t *hidden;  /* elements that keep their text from readers, outermost ones only */
    size_t hidden_count, hidden_capacity, hidden_listed;
    uint32_t layout;         /* marks that say nothing on this page */
    uint32_t main;           /* the node that holds the article by the first guess; 0: the page */
    uint8_t *trace_features; /* rows of FEATURE_COUNT bytes, kept when a trace is wanted */
    desk_slice structured_body; /* what JSON-LD gives as the text; may be a teaser */
    struct page_value values[PAGE_VALUES_COUNT]; /* those that were looked at last */
};

/* Each returns false at the memory limit. */
bool page_open(struct page *page, struct desk_article *article, const struct pagewords *words);
/* Fills the article's metadata from head, structured data and marked-up dates, where the input was
 * silent. */
bool page_metadata(struct page *page);
/* Makes names of the authors that the record gives as one text ("By A and B, Reporters"). A text
 * without a name ("Reuters") stays what it is. */
void page_record_authors(struct desk_article *article, const struct metadata_words *words);
/* Cuts the visible text into blocks and sums them up in the nodes. */
bool page_cut_blocks(struct page *page);
/* Fills own and around of all nodes above blocks, and the headline. Needs the blocks. */
void page_mark(struct page *page);
/* Marks one node and those around it. */
void page_mark_node(struct page *page, uint32_t node);
/* Sets page->main and page->layout. Needs the marks. */
void page_find_main(struct page *page);
/* The score of a block by hand rules, for rulebooks without a model. */
int32_t page_score_by_hand(const struct page *page, const struct page_block *block);
/* Shows a hidden element again that holds the article, where the visible page has much less; true
 * when it did: blocks, marks and the guess must then be made anew. */
bool page_show_hidden(struct page *page);
/* Lists the hidden texts before a node as removed by `page.hidden`: those inside the guessed
 * article, and for a trace all of them. False at the memory limit. */
bool page_list_hidden(struct page *page, uint32_t before);
/* Adds the article's blocks to the article, and the others to what was removed. */
bool page_choose(struct page *page);

static inline bool page_is_inside(const struct page *page, uint32_t node, uint32_t outer)
{
    return node >= outer && node < page->tree.nodes[outer].end;
}

/* Running text of the guessed article. */
static inline bool page_is_core(const struct page *page, const struct page_block *block)
{
    return block->is_good && page_is_inside(page, block->node, page->main);
}

/* What the elements at a node and around it are called: the same for blocks of one kind. */
uint64_t page_signature(const struct page *page, uint32_t node);

/* The nearest element at or above a node that holds more than one block; the root has no other. */
static inline uint32_t page_parent(const struct page *page, uint32_t node)
{
    while (node && page->nodes[node].blocks < 2)
        node = page->tree.nodes[node].parent;
    return node;
}

#endif
