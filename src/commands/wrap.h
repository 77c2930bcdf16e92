/* Text in lines of a terminal's width: words are kept whole, wide letters count two columns,
 * control characters and overrides of the writing direction never reach the terminal.
 *
 *     struct wrap wrap;
 *     wrap_begin(&wrap, stdout, 80, 2);
 *     wrap_text(&wrap, text, "");
 *     wrap_text(&wrap, marked, "\033[32m");
 *     wrap_end(&wrap); */
#ifndef COMMANDS_WRAP_H
#define COMMANDS_WRAP_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdio.h>

enum { WRAP_WORD_BYTES = 512 };

struct wrap {
    FILE *out;
    size_t width, indent; /* columns of a line, and of the margin in it */
    size_t column;        /* where the next word would stand */
    char word[WRAP_WORD_BYTES];
    size_t word_len, word_width;
    /* Escape sequences in force before the word, at its first letter, and after it; "" for none. */
    const char *line_ink, *word_ink, *ink;
    bool has_space;                /* a space stands before the word */
    bool has_begun;                /* the margin of the first line is written */
    const char *label, *label_ink; /* in the first line's margin; NULL for none */
};

/* Begins a paragraph at the start of a line. `indent` is less than `width`. */
void wrap_begin(struct wrap *wrap, FILE *out, size_t width, size_t indent);
/* Puts an ASCII label into the margin of the first line, from the third column. Before any text. */
void wrap_label(struct wrap *wrap, const char *label, const char *ink);
/* Adds valid UTF-8 in a colour: an escape sequence that lives until wrap_end, "" for plain. */
void wrap_text(struct wrap *wrap, desk_slice text, const char *ink);
/* Ends the paragraph and its line. */
void wrap_end(struct wrap *wrap);

/* Columns of a stream: of its terminal, else of the environment's COLUMNS, else 100; 20 at least.
 */
size_t wrap_columns(FILE *out);

#endif
