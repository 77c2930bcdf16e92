/* Words in class, id and role attributes, and words around titles and bylines. File page.yaml of
 * the rulebook:
 *
 *     unlikely: [comment, share, ...]     parts of the page that are not the article
 *     likely: [article, story, ...]
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

enum pageword_kind { PAGEWORD_UNLIKELY = 1, PAGEWORD_LIKELY = 2, PAGEWORD_BYLINE = 4 };

void *pagewords_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void pagewords_free(void *words);
/* Kinds of one word, ASCII case ignored; 0 when it is not listed. */
unsigned pagewords_kind(const struct pagewords *words, desk_slice word);
/* Kinds of all words in an attribute value: split at what is no letter and where lower case turns
 * to upper. */
unsigned pagewords_of_value(const struct pagewords *words, desk_slice value);
size_t pagewords_separators(const struct pagewords *words, const desk_slice **separators);

#endif
