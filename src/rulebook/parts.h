/* The table of parts: which module compiles what, and which can run its own cases. */
#ifndef RULEBOOK_PARTS_H
#define RULEBOOK_PARTS_H

#include <stddef.h>

struct desk_rulebook;
struct mistakes;
struct rulebook_files;

struct part {
    const char *name;
    size_t slot; /* offset of the part's pointer in struct desk_rulebook */
    void *(*compile)(const struct rulebook_files *files, struct mistakes *mistakes);
    void (*free)(void *part);
};

/* Ends with a row whose name is NULL. */
extern const struct part RULEBOOK_PARTS[];

#endif
