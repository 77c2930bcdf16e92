/* Words around titles, authors and dates, in many languages. File metadata.yaml of the rulebook:
 *
 *     byline: [by, von, par, ...]        before an author's name
 *     lead: [written, posted, ...]       before those, or before a colon
 *     byline_prefixes: ["記者/", ...]    the same in scripts without spaces between words
 *     byline_suffixes: ["記者", ...]
 *     and, particles, jobs, agencies, outlets, titles, anonymous, credits, places
 *     updated, published, other_dates    words beside a date
 *     author_classes, author_paths, date_classes, beside_authors, elsewhere
 *     months: {de: [januar|jan, ...]}    twelve, January first; forms of one month separated by |
 *
 * Words match by their folded form (text/fold.h). */
#ifndef CLEAN_METADATA_WORDS_H
#define CLEAN_METADATA_WORDS_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>

struct mistakes;
struct rulebook_files;
struct metadata_words;

enum metadata_word_kind {
    METAWORD_BYLINE = 1,
    METAWORD_LEAD = 2,
    METAWORD_AND = 4,
    METAWORD_PARTICLE = 8,
    METAWORD_JOB = 16,
    METAWORD_OUTLET = 32,
    METAWORD_ANONYMOUS = 64,
    METAWORD_CREDIT = 128,
    METAWORD_PLACE = 256,
    METAWORD_UPDATED = 512,
    METAWORD_PUBLISHED = 1024,
    METAWORD_OTHER_DATE = 2048,
    METAWORD_AUTHOR_CLASS = 4096,
    METAWORD_AUTHOR_PATH = 8192,
    METAWORD_DATE_CLASS = 16384,
    METAWORD_BESIDE_AUTHOR = 32768,
    METAWORD_ELSEWHERE = 65536,
    METAWORD_AGENCY = 131072,
    METAWORD_TITLE = 262144
};

void *metadata_words_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void metadata_words_free(void *words);

/* Kinds of a word that is folded already; 0 when it is not listed. */
unsigned metadata_word_kinds(const struct metadata_words *words, desk_slice folded);
/* The same for a word as written. */
unsigned metadata_word_kinds_of(const struct metadata_words *words, desk_slice word);
/* All kinds of the words of a class name: cut at what is no letter and where lower case turns to
 * upper. */
unsigned metadata_words_of_class(const struct metadata_words *words, desk_slice value);
/* 1..12, or 0 when the folded word is no month. `language` (its primary subtag counts) decides
 * where languages differ. */
int metadata_month(const struct metadata_words *words, desk_slice folded, desk_slice language);
/* The text without a byline prefix or suffix of an unspaced script; *found tells whether there was
 * one. */
desk_slice metadata_strip_unspaced(const struct metadata_words *words, desk_slice text,
                                   bool *found);

#endif
