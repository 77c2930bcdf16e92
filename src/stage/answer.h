/* What a child answers, done to the article. */
#ifndef STAGE_ANSWER_H
#define STAGE_ANSWER_H

#include <copydesk/stage.h>
#include <stdbool.h>

/* Reads one line and does what it says, within the stage's turn.
 * Errors  DESK_ECHILD with what is wrong; *is_readable tells whether child and host still agree on
 *         what is being talked about. DESK_EMEMORY */
desk_status answer_take(desk_slice line, uint64_t seq, struct desk_article *article,
                        bool *is_readable, desk_error *err);

#endif
