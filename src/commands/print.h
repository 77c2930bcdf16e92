/* Printing for people: mistakes, colours, wrapped text. */
#ifndef COMMANDS_PRINT_H
#define COMMANDS_PRINT_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdio.h>

struct mistakes;

/* Each as "file:line:column: text", warnings marked, in file order. */
void print_mistakes(const struct mistakes *mistakes, FILE *out);

/* Whether to use colours on this stream: a terminal, TERM not dumb, NO_COLOR not set
 * (no-color.org). */
bool print_wants_colour(FILE *out);

/* The word for so many: "1 mistake", "2 mistakes". */
const char *print_noun(unsigned long long count, const char *one, const char *many);

enum ink {
    INK_PLAIN,
    INK_BOLD,
    INK_DIM,
    INK_RED_STRUCK,
    INK_GREEN,
    INK_BLUE,
    INK_YELLOW,
    INK_CYAN,
    INK_MAGENTA,
    INK_UNDERLINED
};
/* The escape sequence, or "" without colour. */
const char *print_ink(enum ink ink, bool colour);

/* Text from a record made safe for a terminal: control characters are shown as U+FFFD, line ends as
 * given. */
void print_safe(FILE *out, desk_slice text);

/* Text as a JSON string with its quotation marks; bytes that are no UTF-8 are written as U+FFFD. */
void print_json_text(FILE *out, desk_slice text);

#endif
