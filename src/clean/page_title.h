/* The article's title: the headline that the page shows, checked against what it states. */
#ifndef CLEAN_PAGE_TITLE_H
#define CLEAN_PAGE_TITLE_H

#include "clean/page_facts.h"
#include "clean/title.h"

struct page_title {
    desk_slice text;    /* empty when the page has none */
    const char *origin; /* static */
    uint32_t heading;   /* node of the visible headline; 0 when none was found */
};

void page_title_decide(struct page_facts *facts, const struct site_names *sites,
                       struct page_title *out);

#endif
