/* The `config` of a loaded stage: one JSON object, parsed for the time of open. Jansson does it:
 * here nothing is fast, and its tree is what the functions of copydesk/stage.h walk. */
#ifndef STAGE_STAGE_CONFIG_H
#define STAGE_STAGE_CONFIG_H

#include <copydesk/stage.h>

/* NULL, with the error told, when the text is no JSON object or memory is out. Empty is {}. */
desk_stage_config *stage_config_open(desk_slice json, desk_error *err);
void stage_config_close(desk_stage_config *config);
/* Notes the first key that is not in the list, with the nearest one that is. */
void stage_config_check_keys(desk_stage_config *config, const char *const *known);
/* The first mistake as "key: what is wrong", or NULL. */
const char *stage_config_mistake(const desk_stage_config *config);

#endif
