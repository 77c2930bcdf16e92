/* Lines that tell about the article instead of being part of it; see about_lines.c. */
#ifndef CLEAN_ABOUT_LINES_H
#define CLEAN_ABOUT_LINES_H

#include "clean/page.h"

/* Removes, among the article's blocks, bylines of its authors (page.byline), lines that are a time
 * and no more (page.time) or have no letter (page.no-words), and pull quotes, which repeat what
 * another block says (page.pull-quote). Needs the metadata. False at the memory limit. */
bool about_lines_remove(struct page *page);

#endif
