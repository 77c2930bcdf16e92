/* Removals summed by rule, as the record and the explain command show them. */
#ifndef ARTICLE_ENCODE_H
#define ARTICLE_ENCODE_H

#include "article/article.h"

struct encode_removed {
    desk_slice rule;
    size_t count, bytes;
};

/* `sums` has room for list->count items; returns how many are used. */
size_t encode_sum_removals(const struct removal_list *list, struct encode_removed *sums);

/* The article as it stands, as one JSON object like the enriched record. In the arena.
 * Errors  DESK_EOUTPUT_SIZE, DESK_EMEMORY */
desk_status encode_article(struct desk_article *article, const char *digest, desk_slice *json,
                           desk_error *err);

#endif
