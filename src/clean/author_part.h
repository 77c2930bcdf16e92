/* One part of a byline, between commas and marks: is it a name? Used by clean/author_names.c only.
 */
#ifndef CLEAN_AUTHOR_PART_H
#define CLEAN_AUTHOR_PART_H

#include "clean/author_names.h"

enum author_verdict {
    VERDICT_NAME, /* added to the reader's list */
    VERDICT_OTHER,
    VERDICT_END /* what follows are no more names */
};

enum author_verdict author_part_read(const struct author_reader *reader, desk_slice text,
                                     enum author_trust trust);

/* The next word at *at, which moves past it; empty at the end. */
desk_slice author_next_word(desk_slice text, size_t *at);
size_t author_count_words(desk_slice text);
/* Kinds of metadata.yaml of a word without the marks at its ends. */
unsigned author_word_kinds(const struct metadata_words *words, desk_slice word);
/* True when the word begins with no small letter. */
bool author_word_is_upper(desk_slice word);

#endif
