/* What a page shows of its metadata where head and structured data are silent. */
#ifndef CLEAN_PAGE_VISIBLE_H
#define CLEAN_PAGE_VISIBLE_H

#include "clean/page.h"

/* All text below a node, decoded, white space folded; empty at the memory limit. */
desk_slice page_text_below(struct page *page, uint32_t index);
/* The author by rel=author, itemprop=author, or a short text in an element whose class speaks of an
 * author or byline. */
desk_slice page_visible_author(struct page *page);
/* The first short text of the page that is nothing but a date, with "Published:" and the like
 * before it allowed. */
desk_slice page_visible_date(struct page *page);

#endif
