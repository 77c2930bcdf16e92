/* Writing systems, as far as they tell which languages are possible. */
#ifndef TAG_SCRIPTS_H
#define TAG_SCRIPTS_H

#include <copydesk/slice.h>
#include <stdint.h>

/* Scripts are numbered by ranges of code points; a script with several ranges goes by its first. */
enum { SCRIPT_LATIN = 0, SCRIPT_COUNT = 27 };

/* The range that a letter belongs to, or -1 for what is no letter of a known script. */
int script_of(uint32_t cp);

/* The first range of a script, such as "Latin" or "Han", or -1. */
int script_by_name(desk_slice name);

/* The number by which the script of this range goes. */
int script_first(int range);

#endif
