/* White space, control and invisible characters of one block of text. */
#ifndef TEXT_SPACE_H
#define TEXT_SPACE_H

#include <copydesk/slice.h>
#include <stdbool.h>

#include "base/arena.h"

/* Runs of white space become one space, none at the ends; control characters and those that show
 * nothing (soft hyphen, zero width space, byte order mark, direction marks) go, except joiners
 * between letters, which some scripts and emoji need. A no-break space stays one where it stands
 * alone inside text. Returns the same bytes when nothing changes; false at the memory limit. */
bool space_fold(struct arena *arena, desk_slice *text);

/* Without Unicode white space and invisible characters at both ends. */
desk_slice space_trim(desk_slice text);

#endif
