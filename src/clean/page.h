/* A page while the article is looked for: the tree, what each node holds, and its blocks of text.
 */
#ifndef CLEAN_PAGE_H
#define CLEAN_PAGE_H

#include "article/article.h"
#include "html/tree.h"

struct pagewords;
struct metadata_words;

enum page_node_flags {
    PAGE_HIDDEN = 1,   /* not shown, or no text for readers: script, style, svg, hidden attribute */
    PAGE_UNLIKELY = 2, /* class, id, role or element speak of navigation, sharing, comments ... */
    PAGE_LIKELY = 4,   /* they speak of the article's body */
    PAGE_PRUNED =
        8 /* hidden, or unlikely and not the bulk of the page; holds for the whole subtree */
};

struct page_node {
    uint32_t
        text_len; /* bytes of text in the subtree that is not pruned, white space folded roughly */
    uint32_t link_len; /* the part of it inside links */
    uint32_t good_len; /* bytes of running text in blocks of the subtree */
    uint32_t bad_len;  /* bytes of its other blocks */
    float score;       /* of paragraphs near below */
    uint8_t flags;
};

/* A run of text between two line ends of the page. */
struct page_block {
    desk_slice text; /* decoded, white space folded */
    uint32_t node;   /* the nearest block element around it */
    uint32_t link_len;
    uint8_t kind; /* enum block_kind */
    bool is_caption;
};

struct page {
    struct desk_article *article;
    struct arena *arena;
    const struct pagewords *words;
    const struct metadata_words *metadata_words;
    struct tree tree;
    struct page_node *nodes;
    struct page_block *blocks;
    size_t blocks_count, blocks_capacity;
    desk_slice structured_body; /* what JSON-LD gives as the text; may be a teaser */
};

/* Each returns false at the memory limit. */
bool page_open(struct page *page, struct desk_article *article, const struct pagewords *words);
bool page_measure(struct page *page); /* flags, lengths, blocks */
/* Takes back the pruning of what is only unlikely, for pages that have nothing else. */
void page_relax(struct page *page);
/* The node that holds the article; 0 is the whole page. Needs the blocks. */
uint32_t page_find_main(struct page *page);
/* Adds the article's blocks below `main` to the article. */
bool page_collect(struct page *page, uint32_t main);
/* Fills the article's metadata from head, structured data and marked-up dates, where the input was
 * silent. */
bool page_metadata(struct page *page);
/* Makes names of the authors that the record gives as one text ("By A and B, Reporters"). A text
 * without a name ("Reuters") stays what it is. */
void page_record_authors(struct desk_article *article, const struct metadata_words *words);

#endif
