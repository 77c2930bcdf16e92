/* One line a stage, in the order in which an article passes them. */
#include "engine/stage_table.h"

#include <string.h>

const struct stage *const STAGES[STAGE_COUNT] = {
    &stage_decode,   &stage_extract, &stage_scrub,       &stage_normalise,
    &stage_language, &stage_date,    &stage_source,      &stage_subject,
    &stage_entity,   &stage_quote,   &stage_fingerprint, &stage_encode,
};

size_t stage_table_find(const char *name)
{
    size_t i = 0;
    while (i < STAGE_COUNT && strcmp(STAGES[i]->name, name) != 0)
        i++;
    return i;
}
