/* The blocks of a measured page; see page_blocks.c. */
#ifndef CLEAN_PAGE_BLOCKS_H
#define CLEAN_PAGE_BLOCKS_H

#include "clean/page.h"

/* Fills page->blocks with the text that is not pruned, in document order. False at the memory
 * limit. */
bool page_cut_blocks(struct page *page);

#endif
