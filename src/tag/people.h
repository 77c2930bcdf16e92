/* Names of people in the token table; see people.c. */
#ifndef TAG_PEOPLE_H
#define TAG_PEOPLE_H

#include "article/article.h"

struct token_table;
struct quoting;

/* `taken` has one byte per token: 0, or 1 + enum name_kind of the gazetteer name it belongs to.
 * Adds to article->people. False at the memory limit. */
bool people_find(struct desk_article *article, const struct token_table *tokens,
                 const unsigned char *taken, const struct quoting *quoting);

#endif
