/* A view as JSON, for the monitor page. */
#ifndef VIEW_VIEW_JSON_H
#define VIEW_VIEW_JSON_H

#include "article/json_write.h"
#include "view/view.h"

/* Adds members to the open object: title, blocks, language, source, url, subjects, people,
 * organisations, places, attributions, removed, words, body_bytes. docs/monitor.md shows their
 * form. Blocks that would make the JSON longer than `bytes_max` are left out and counted in
 * blocks_left_out. Errors are the writer's. */
void view_json(struct view *view, struct json_writer *out, size_t bytes_max);
/* Text that may be no UTF-8, as a JSON string: what is wrong in it becomes U+FFFD. The writer's
 * arena gives the memory. */
void json_any_text(struct json_writer *out, desk_slice text);

#endif
