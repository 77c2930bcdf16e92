/* Plain text to blocks: its paragraphs. */
#ifndef CLEAN_PLAIN_H
#define CLEAN_PLAIN_H

#include "article/article.h"

/* Adds the paragraphs of article->plain to its blocks. A line is a paragraph, unless the text is
 * hard-wrapped: then blank lines separate paragraphs and the lines between are joined. False at the
 * memory limit. */
bool plain_collect(struct desk_article *article);

#endif
