/* What a doctype declares, for the one thing it decides: quirks. */
#ifndef HTML_DOCTYPE_H
#define HTML_DOCTYPE_H

#include <copydesk/slice.h>
#include <stdbool.h>

/* Slices of the token's text, as written; data is NULL for what is missing. */
struct html_doctype {
    desk_slice name, public_id, system_id;
    bool force_quirks; /* malformed */
};

/* Reads the text of a doctype token, by the states of the standard from "DOCTYPE state" on.
 * `is_unfinished`: the input ended before its '>'. */
struct html_doctype html_doctype_read(desk_slice text, bool is_unfinished);

/* Whether a browser shows the page in quirks mode, in which a table does not end a paragraph. */
bool html_doctype_is_quirky(const struct html_doctype *doctype);

#endif
