/* The compiled rulebook as stages see it: one part per concern, each opaque to all but its own
 * module.
 *
 * A part has two functions in its module: PART_compile(files, mistakes, err) -> part or NULL, and
 * PART_free(part). rulebook/parts.c lists them in one table. Everything is read-only after load. */
#ifndef RULEBOOK_RULEBOOK_H
#define RULEBOOK_RULEBOOK_H

#include <copydesk/rulebook.h>
#include <stdatomic.h>

struct mistakes;
struct residue;        /* clean/residue.h: rules of the scrub stage */
struct lexicon;        /* tag/lexicon.h: topics, terms, context rules */
struct models;         /* tag/model.h: trained subject models */
struct languages;      /* tag/languages.h */
struct calendar;       /* tag/calendar.h: names of months, weekdays, relative days */
struct outlets;        /* tag/outlets.h: table of sources */
struct gazetteer;      /* tag/gazetteer.h: places, people's titles, organisations, attributions */
struct quoting;        /* tag/quoting.h: quotation marks and verbs of saying */
struct url_rules;      /* tag/url_rules.h: caches, redirectors, tracking parameters */
struct pagewords;      /* clean/pagewords.h: class names, title separators */
struct metadata_words; /* clean/metadata_words.h: bylines, jobs, months */
struct pagemodel;      /* clean/page_model.h: weights by which the article's blocks are chosen */

struct desk_rulebook {
    atomic_size_t references;
    char digest[33];
    struct residue *residue;
    struct lexicon *lexicon;
    struct models *models;
    struct languages *languages;
    struct calendar *calendar;
    struct outlets *outlets;
    struct gazetteer *gazetteer;
    struct quoting *quoting;
    struct url_rules *url_rules;
    struct pagewords *pagewords;
    struct metadata_words *metadata_words;
    struct pagemodel *pagemodel;
};

/* The files of a rulebook, sorted by path. */
struct rulebook_files {
    const desk_rulebook_file *items;
    size_t count;
};

/* The file with this path, or NULL. */
const desk_rulebook_file *rulebook_file(const struct rulebook_files *files, const char *path);
/* The next file at or after *index whose path starts with folder + "/" and ends with the extension,
 * or NULL; *index is moved past it. */
const desk_rulebook_file *rulebook_next(const struct rulebook_files *files, const char *folder,
                                        const char *extension, size_t *index);

/* Compiles with all mistakes collected; *rulebook is NULL when there are errors. */
desk_status rulebook_compile(const struct rulebook_files *files, struct mistakes *mistakes,
                             struct desk_rulebook **rulebook, desk_error *err);

/* A mistake as an error with its place; `more` ends the text. */
struct mistake;
desk_status rulebook_mistake(const struct mistake *mistake, const char *more, desk_error *err);

/* Reads all *.yaml, *.csv, *.tsv and *.model files below a folder, sorted by path; freed by
 * rulebook_files_free. */
desk_status rulebook_files_read(const char *folder, struct rulebook_files *files, desk_error *err);
void rulebook_files_free(struct rulebook_files *files);
/* The files of a pack (rulebook/pack.c); items is to be freed, what they point at is the pack's. */
struct rulebook_files rulebook_unpack(const char *start, const char *end);
/* The files built into the library. */
struct rulebook_files rulebook_builtin(void);

#endif
