/* The files of a command line, one after the other, or stdin. */
#ifndef FILTER_FILES_H
#define FILTER_FILES_H

#include "filter/intake.h"

struct files {
    struct intake intake;
    char **paths; /* "-" is stdin */
    size_t count, opened;
    bool cannot_open;   /* why INTAKE_FAILED: the next file is not there, or not ours */
    struct input input; /* of the last one opened */
    int stop_fd;        /* as input_init's */
    const char *path;   /* of the last one, for messages: "stdin" for "-" */
};

/* The next item of any of them. INTAKE_FAILED: files.intake.reason begins with the file's name. */
enum intake_status files_next(struct files *files, struct arena *arena, bool may_wait,
                              struct item *item);
void files_close(struct files *files);

#endif
