/* White space, control and invisible characters of one block of text. */
#ifndef TEXT_SPACE_H
#define TEXT_SPACE_H

#include <copydesk/slice.h>
#include <stdbool.h>

#include "base/arena.h"

/* Runs of white space become one space, none at the ends. A single no-break space, narrow or not,
 * becomes U+00A0 where typography asks for one - before ; : ! ? » % and signs of currency, behind
 * «, between digits - and a space elsewhere. Control characters and those that show nothing (soft
 * hyphen, zero width space, byte order mark, direction marks) go; joiners stay inside words of
 * scripts that need them (Arabic, the scripts of India and South-East Asia) and in emoji. Returns
 * the same bytes when nothing changes; false at the memory limit. */
bool space_fold(struct arena *arena, desk_slice *text);

/* Without Unicode white space and invisible characters at both ends. */
desk_slice space_trim(desk_slice text);

#endif
