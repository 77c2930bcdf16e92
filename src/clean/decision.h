/* What the deciding parts of metadata share: clean/page_metadata.c, decide_authors.c and
 * decide_dates.c only. */
#ifndef CLEAN_DECISION_H
#define CLEAN_DECISION_H

#include "clean/page_facts.h"
#include "clean/page_nearby.h"
#include "clean/page_title.h"

struct decision {
    struct page *page;
    struct desk_article *article;
    struct page_facts *facts;
    struct site_names sites;
    struct page_title title;
    struct nearby nearby;
    struct date_reader dates;
    desk_slice address; /* the page's own, for resolving others */
};

/* Authors and times of the article where the input was silent. Times: false at the memory limit. */
void decide_authors(struct decision *d);
bool decide_dates(struct decision *d);

#endif
