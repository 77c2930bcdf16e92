/* The difference of two enriched records, for people. */
#ifndef COMMANDS_DIFF_H
#define COMMANDS_DIFF_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdio.h>

/* Prints what differs, a member a line and a paragraph a line: "- " only before, "+ " only after,
 * and the path of the member they stand in. Text from records is made safe for a terminal. Returns
 * the number of lines that differ; 0 when they say the same. */
size_t diff_records(FILE *out, desk_slice before, desk_slice after, bool colour);

#endif
