/* The order of the stages. */
#ifndef ENGINE_STAGE_TABLE_H
#define ENGINE_STAGE_TABLE_H

#include <stddef.h>

#include "engine/stage.h"

enum { STAGE_COUNT = 12 };
extern const struct stage *const STAGES[STAGE_COUNT];

/* Index of a stage by its name; STAGE_COUNT when there is none. */
size_t stage_table_find(const char *name);

#endif
