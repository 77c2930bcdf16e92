/* What stands around the visible headline: the byline and the article's date. Teasers, comments and
 * other articles further off have theirs too; nearness tells them apart. */
#ifndef CLEAN_PAGE_NEARBY_H
#define CLEAN_PAGE_NEARBY_H

#include "clean/author_names.h"
#include "clean/date_line.h"
#include "clean/page_facts.h"

/* Nodes to look at, in the order [heading, end), then [start, heading). */
struct nearby {
    struct page *page;
    const struct metadata_words *words;
    uint32_t start, heading, end;
};

void nearby_open(struct nearby *nearby, struct page *page, const struct metadata_words *words,
                 uint32_t heading);

/* True when the node is in a part of the page that is about other articles or readers' words. */
bool nearby_is_elsewhere(const struct nearby *nearby, uint32_t index);

/* Where authors were found; static text for explain, NULL when nowhere. */
const char *nearby_authors(const struct nearby *nearby, const struct author_reader *reader);
/* The same on the whole page, stricter, for pages that have nothing near the headline. */
const char *nearby_authors_anywhere(const struct nearby *nearby,
                                    const struct author_reader *reader);

/* Dates near the headline: text is as a machine writes it; empty when there is none. Of several
 * dates of publication the one that says so, else the nearest. */
enum { NEARBY_DAYS_MAX = 12 };
struct nearby_dates {
    desk_slice published, updated;
    const char *published_origin, *updated_origin;
    int64_t days[NEARBY_DAYS_MAX]; /* all that were seen, since 1970 */
    size_t days_count;
};
/* False at the memory limit. */
bool nearby_dates(const struct nearby *nearby, const struct date_reader *reader,
                  struct nearby_dates *out);

#endif
