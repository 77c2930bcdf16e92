/* The loaded stages of one engine: where each stands, its turn with an article, and what comes of
 * it. */
#ifndef STAGE_STAGES_H
#define STAGE_STAGES_H

#include <copydesk/log.h>
#include <copydesk/stage.h>

#include "stage/turn.h"

struct stages;
struct lexicon;

/* More than anybody chains; metrics have room for them. */
enum { STAGES_LOADED_MAX = 16 };

/* Loads and opens all of them; NULL for none. The logger hears of them as long as they are open.
 * Errors  DESK_ESTAGELOAD, DESK_ECONFIG with err->stage the name of the stage if it is known;
 *         DESK_EARGUMENT, DESK_ENOMEM */
desk_status stages_open(const desk_stage_option *options, size_t count, const desk_logger *logger,
                        struct stages **stages, desk_error *err);
void stages_close(struct stages *stages);

size_t stages_count(const struct stages *stages);
const char *stages_name(const struct stages *stages, size_t index);

/* What a turn needs beside the article. */
struct stages_run {
    const struct lexicon *lexicon;     /* of the rulebook; NULL: none */
    unsigned long long (*clock)(void); /* NULL: times are not kept */
    unsigned long long *times;         /* of each loaded stage */
};

/* Gives a turn to each stage that stands behind built-in stage `after`. A status other than DESK_OK
 * ends the article, with err->stage set; article->is_dropped tells a dropped one. */
desk_status stages_run(struct stages *stages, size_t after, struct desk_article *article,
                       const struct stages_run *run, desk_error *err);

/* The name a stage will have, without opening it: shared objects are loaded and asked. */
desk_status stages_find_name(const desk_stage_option *option, char name[STAGE_NAME_MAX + 1],
                             desk_error *err);

#endif
