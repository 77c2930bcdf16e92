/* A stage: one step of the engine with three verbs. The engine calls them; a stage knows only the
 * rulebook and the article.
 *
 * open     once per engine and rulebook; may allocate; *state may stay NULL when none is needed
 * process  once per article; pure: no heap, I/O, clock or lock; returns DESK_OK or an error whose
 * class is RECORD, which rejects the article close    accepts NULL
 */
#ifndef ENGINE_STAGE_H
#define ENGINE_STAGE_H

#include <copydesk/error.h>

struct desk_article;
struct desk_rulebook;

struct stage {
    const char *name; /* one of the stage names of docs/record.md */
    desk_status (*open)(const struct desk_rulebook *rulebook, void **state, desk_error *err);
    desk_status (*process)(void *state, struct desk_article *article, desk_error *err);
    void (*close)(void *state);
};

/* The built-in stages, each defined in its own file. */
extern const struct stage stage_decode;      /* article/decode.c */
extern const struct stage stage_extract;     /* clean/extract.c */
extern const struct stage stage_scrub;       /* clean/scrub.c */
extern const struct stage stage_normalise;   /* clean/normalise.c */
extern const struct stage stage_language;    /* tag/language.c */
extern const struct stage stage_date;        /* tag/date.c */
extern const struct stage stage_source;      /* tag/source.c */
extern const struct stage stage_subject;     /* tag/subject.c */
extern const struct stage stage_entity;      /* tag/entity.c */
extern const struct stage stage_quote;       /* tag/quote.c */
extern const struct stage stage_fingerprint; /* tag/fingerprint.c */
extern const struct stage stage_encode;      /* article/encode.c */

#endif
