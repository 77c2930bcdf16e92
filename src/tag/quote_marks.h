/* Pairs of quotation marks in the body: « » “ ” „ “ ‚ ‘ ‘ ’ ‹ › » « 「 」 『 』 " " ' '.
 *
 * Of nested quotes the outermost is given. A quote may go on over paragraphs that each begin with
 * its opening mark again. Apostrophes open nothing: a single mark opens only in front of a word and
 * closes only behind one. What is never closed is dropped. */
#ifndef TAG_QUOTE_MARKS_H
#define TAG_QUOTE_MARKS_H

#include "article/article.h"
#include "tag/tokens.h"

struct quote_span {
    size_t open, from, to, after; /* bytes into body: mark, text, closing mark, behind it */
    size_t first, end;            /* its tokens: [first, end) */
};

struct quote_spans {
    struct quote_span *items;
    size_t count, capacity;
};

/* Fills `spans` in the order of the text, from the article's arena. False at the memory limit.
 * Linear in the length of the body. */
bool quote_marks_pair(struct desk_article *article, const struct token_table *tokens,
                      struct quote_spans *spans);

#endif
