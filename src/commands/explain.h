/* The forms that copydesk explain prints a view in. */
#ifndef COMMANDS_EXPLAIN_H
#define COMMANDS_EXPLAIN_H

#include <stdio.h>

#include "view/view.h"

struct text_style {
    FILE *out;
    bool colour;
    size_t width; /* columns of a line */
};

void explain_text(struct view *view, const struct text_style *style);
/* One self-contained HTML page without scripts. */
void explain_html(struct view *view, FILE *out);

#endif
