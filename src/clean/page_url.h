/* Addresses that a page gives: made absolute, and judged. */
#ifndef CLEAN_PAGE_URL_H
#define CLEAN_PAGE_URL_H

#include <copydesk/slice.h>
#include <stdbool.h>

#include "article/time.h"
#include "base/arena.h"

/* `reference` as an absolute web address, resolved against `base` (absolute, or empty). Empty when
 * it is none, or at the memory limit. */
desk_slice page_url_resolve(struct arena *arena, desk_slice base, desk_slice reference);

/* False for an address that cannot be the article's own: a site's front page where the article's
 * address (may be empty) has a path. */
bool page_url_may_be_article(desk_slice url, desk_slice article_url);

/* The day in a path: /2021/05/04/, /2021-05-04-, /20210504/. */
bool page_url_day(desk_slice url, struct civil_date *out);

#endif
