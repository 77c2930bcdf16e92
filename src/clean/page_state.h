/* The article's text in the data of a single-page app; see page_state.c. */
#ifndef CLEAN_PAGE_STATE_H
#define CLEAN_PAGE_STATE_H

#include "clean/page.h"

/* Looks through the page's scripts for data that hold an article and makes it
 * page->structured_body, paragraphs separated by blank lines, when it is longer than what is there.
 * For pages that show next to nothing. False at the memory limit. */
bool page_state_text(struct page *page);

#endif
