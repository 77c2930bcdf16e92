/* Loading a shared object and adopting the functions it defines. */
#ifndef STAGE_LOADER_H
#define STAGE_LOADER_H

#include <copydesk/stage.h>

struct loaded_stage {
    void *handle;         /* of the shared object; NULL: functions of the host's program */
    desk_stage functions; /* what this version does not know is left out */
    desk_stage_description description; /* the same */
};

/* Loads the file; leaves nothing behind on failure.
 * Errors  DESK_ESTAGELOAD: the text names the file, what is wrong with it and what to do */
desk_status loader_open(const char *path, struct loaded_stage *stage, desk_error *err);
/* The same for functions that are there already. */
desk_status loader_adopt(const char *where, const desk_stage *given, struct loaded_stage *stage,
                         desk_error *err);
/* Safe for one that was never opened. */
void loader_close(struct loaded_stage *stage);
/* Whether a stage may be called so. */
int loader_is_name(const char *name);

#endif
