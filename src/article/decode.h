/* What the decode stage needs beyond the article: the field names of the engine's options. */
#ifndef ARTICLE_DECODE_H
#define ARTICLE_DECODE_H

#include "article/article.h"
#include "article/fields.h"

/* Reads a JSON object into the article. `input` is valid UTF-8. */
desk_status decode_json(struct desk_article *article, const struct field_map *map, desk_slice input,
                        desk_error *err);

/* True when text that starts or continues like this is HTML: a document, or a fragment with tags
 * that end. */
bool decode_looks_like_html(desk_slice text);

#endif
