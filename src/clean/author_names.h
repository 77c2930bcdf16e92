/* From a byline to the names of people: "By JANE DOE and John Smith, Senior Reporters | Reuters"
 * is Jane Doe and John Smith. */
#ifndef CLEAN_AUTHOR_NAMES_H
#define CLEAN_AUTHOR_NAMES_H

#include "article/article.h"
#include "clean/metadata_words.h"
#include "clean/title.h"

struct author_reader {
    struct arena *arena;
    const struct metadata_words *words;
    const struct site_names *sites; /* names that are the outlet's, not a person's */
    struct slice_list *out;         /* names not in it yet are added */
};

enum author_trust {
    /* A line of the page that may be anything: names begin with capitals and have two words. */
    AUTHOR_GUESS,
    /* A line that a "by", a class or a link marks as the byline: one word will do. */
    AUTHOR_MARKED,
    /* A field for authors: small letters are taken too. */
    AUTHOR_FIELD
};

/* Adds the names in a line (one line, decoded). Returns how many were found, new or not; false
 * memory only drops names. */
size_t author_names_read(const struct author_reader *reader, desk_slice line,
                         enum author_trust trust);

/* The line without "By", "Written by:", "Von" ...; *found tells whether there was one. */
desk_slice author_names_without_byline(const struct metadata_words *words, desk_slice line,
                                       bool *found);

#endif
