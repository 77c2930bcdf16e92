/* Where a node stands in its page, in words for people; see page_path.c. */
#ifndef CLEAN_PAGE_PATH_H
#define CLEAN_PAGE_PATH_H

#include "clean/page.h"

/* "body > article.story > p": the elements around a node and itself, each with its id or first
 * class, outermost first; the outer ones are left out when there are many. In the page's arena;
 * empty for the root and at the memory limit. */
desk_slice page_path(const struct page *page, uint32_t node);

#endif
