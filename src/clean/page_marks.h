/* What class names and elements say of the text inside: bits of page_node.own and around. The low
 * bits are the groups of pagewords.h. */
#ifndef CLEAN_PAGE_MARKS_H
#define CLEAN_PAGE_MARKS_H

#include "clean/pagewords.h"

enum page_mark {
    MARK_NAV = 1 << 16,
    MARK_ASIDE = 1 << 17,
    MARK_FOOTER = 1 << 18,
    MARK_HEADER = 1 << 19,
    MARK_FORM = 1 << 20, /* forms, labels, buttons, dialogs */
    MARK_FIGURE = 1 << 21,
    MARK_TABLE = 1 << 22,
    MARK_LIST = 1 << 23,
    MARK_QUOTE = 1 << 24,
    MARK_ARTICLE = 1 << 25,
    MARK_MAIN = 1 << 26,
    MARK_ARTICLE_BODY = 1 << 27, /* itemprop="articleBody" */
    MARK_ARIA_HIDDEN = 1 << 28
};

/* What speaks for the article and so may hold the bulk of a page. */
enum {
    MARKS_OF_ARTICLE =
        PAGEWORD_BODY | PAGEWORD_ARTICLE | MARK_ARTICLE | MARK_MAIN | MARK_ARTICLE_BODY
};

/* Parts that are not the article by themselves. */
enum {
    MARKS_UNLIKELY = PAGEWORD_NAVIGATION | PAGEWORD_RELATED | PAGEWORD_SHARE | PAGEWORD_COMMENTS |
                     PAGEWORD_ADVERT | PAGEWORD_AUTHOR | PAGEWORD_CAPTION | PAGEWORD_SUBSCRIBE |
                     PAGEWORD_META | PAGEWORD_CHROME | MARK_NAV | MARK_ASIDE | MARK_FOOTER |
                     MARK_FORM | MARK_FIGURE
};

#endif
