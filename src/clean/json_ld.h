/* Structured data of schema.org in JSON-LD: the article's own object, found at any depth and in
 * @graph. */
#ifndef CLEAN_JSON_LD_H
#define CLEAN_JSON_LD_H

#include "article/article.h"

struct json_ld {
    desk_slice headline, description, published, modified, section, publisher, image, body;
    desk_slice page_published; /* of the page's own object, when the article has no date */
    struct slice_list authors;
    bool has_article; /* an object of an article type was read; others no longer count */
};

/* Adds what a script of type application/ld+json says; broken JSON adds what was read before the
 * break. */
void json_ld_read(struct arena *arena, desk_slice text, struct json_ld *out);

#endif
