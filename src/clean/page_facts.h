/* What a page says about its article: for each item a short list of statements, best source first.
 * Gathered in one pass over the tree; nothing is decided here (clean/page_metadata.c does). */
#ifndef CLEAN_PAGE_FACTS_H
#define CLEAN_PAGE_FACTS_H

#include "clean/json_ld.h"
#include "clean/page.h"

enum fact_slot {
    FACT_TITLE,
    FACT_DESCRIPTION,
    FACT_IMAGE,
    FACT_SECTION,
    FACT_SITE,
    FACT_AUTHOR,
    FACT_PUBLISHED,
    FACT_UPDATED,
    FACT_URL,
    FACT_KEYWORDS,
    FACT_LANGUAGE,
    FACT_SLOTS
};

/* Trust of a source: the smaller, the more. Statements of one rank are equals: several authors. */
enum fact_rank {
    RANK_JSON_LD = 10,
    RANK_MICRODATA = 20,
    RANK_META = 30, /* the table of clean/meta_names.c adds up to 29 */
    RANK_JSON_LD_PAGE = 60,
    RANK_PAGE = 70 /* elements that mean something else too: title, html lang */
};

struct fact {
    desk_slice text;    /* decoded, white space trimmed */
    const char *origin; /* static, for explain */
    uint8_t rank;
    uint32_t scope; /* of microdata: the node of the object it belongs to; else 0 */
};

enum { FACTS_MAX = 16, HEADINGS_MAX = 24 };

struct fact_list {
    struct fact items[FACTS_MAX];
    size_t count;
};

struct page_facts {
    struct page *page;
    struct fact_list lists[FACT_SLOTS];
    struct json_ld structured;
    uint32_t headings[HEADINGS_MAX]; /* nodes of h1, h2 and marked-up headlines, in order */
    size_t headings_count;
    uint32_t paragraphs,
        heading_paragraphs[HEADINGS_MAX];  /* p elements of the page and before each */
    desk_slice labels[2], label_values[2]; /* twitter:label1, twitter:data1 ... */
    desk_slice base;                       /* href of <base> */
};

/* False at the memory limit. */
bool page_facts_gather(struct page *page, struct page_facts *facts);

/* Adds a statement in the order of ranks; one too many, or an empty one, is dropped. */
void page_facts_add(struct page_facts *facts, enum fact_slot slot, struct fact fact);

/* space_trim for text of a page, which begins and ends with indentation for the most part. */
desk_slice page_trim(desk_slice text);

/* Text below a node, decoded, on one line; line breaks and block elements part words. Empty when it
 * is longer than `limit` bytes, or at the memory limit. */
desk_slice page_text_below(struct page *page, uint32_t index, size_t limit);
/* The same with " | " between lines and blocks. */
desk_slice page_lines_below(struct page *page, uint32_t index, size_t limit);

#endif
