/* Words in class, id and role attributes, and words around titles and bylines. File page.yaml of
 * the rulebook:
 *
 *     classes:                            groups of words that tell the parts of a page apart
 *       navigation: [nav, menu, ...]
 *       related: [related, more, ...]
 *       ...                               one list for each of enum pageword_group
 *     byline: [by, von, par, ...]         words before an author's name
 *     title_separators: [" | ", " - "]    between a title and the site's name */
#ifndef CLEAN_PAGEWORDS_H
#define CLEAN_PAGEWORDS_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>

struct mistakes;
struct rulebook_files;
struct pagewords;

/* One line a group: name in page.yaml, what such a part of a page is. */
#define PAGEWORD_GROUPS(X)                                                                         \
    X(NAVIGATION, navigation) /* menus, breadcrumbs, pages */                                      \
    X(RELATED, related)       /* lists of other articles */                                        \
    X(SHARE, share)           /* social buttons */                                                 \
    X(COMMENTS, comments)                                                                          \
    X(ADVERT, adverts)                                                                             \
    X(AUTHOR, authors)      /* bylines and author boxes */                                         \
    X(CAPTION, captions)    /* captions, credits, galleries, players */                            \
    X(SUBSCRIBE, subscribe) /* newsletters, sign-in, paywalls, donations */                        \
    X(META, meta)           /* dates, tags, kickers, counts */                                     \
    X(CHROME, chrome)       /* footers, side bars, dialogs, cookie notices, legal text */          \
    X(TITLE, titles)        /* headlines */                                                        \
    X(LEAD, leads)          /* summaries and introductions */                                      \
    X(BOX, boxes)           /* pull quotes, fact boxes, key points */                              \
    X(BODY, body)           /* the article's text */                                               \
    X(ARTICLE, article)     /* the article as a whole, main columns */

#define PAGEWORD_ENUM(id, name) PAGEWORD_##id##_BIT,
enum pageword_group { PAGEWORD_GROUPS(PAGEWORD_ENUM) PAGEWORD_BYLINE_BIT, PAGEWORD_GROUP_COUNT };
#undef PAGEWORD_ENUM
#define PAGEWORD_ENUM(id, name) PAGEWORD_##id = 1U << PAGEWORD_##id##_BIT,
enum pageword_kind { PAGEWORD_GROUPS(PAGEWORD_ENUM) PAGEWORD_BYLINE = 1U << PAGEWORD_BYLINE_BIT };
#undef PAGEWORD_ENUM

void *pagewords_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void pagewords_free(void *words);
/* Kinds of one word, ASCII case ignored; 0 when it is not listed. */
unsigned pagewords_kind(const struct pagewords *words, desk_slice word);
/* Kinds of all words in an attribute value: split at what is no letter and where lower case turns
 * to upper. */
unsigned pagewords_of_value(const struct pagewords *words, desk_slice value);
size_t pagewords_separators(const struct pagewords *words, const desk_slice **separators);

#endif
