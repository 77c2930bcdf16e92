/* From bytes to UTF-8: which charset, by whom declared, and the conversion.
 *
 * Order: byte order mark, `charset=` of the content type, what HTML declares (the WHATWG prescan),
 * valid UTF-8, detection (uchardet), windows-1252. Two declarations are not believed: UTF-8 when
 * hardly any of the bytes above ASCII are, and a single-byte charset when all of them are UTF-8 and
 * there are several. Bytes that fit nothing become U+FFFD and are counted. Labels are those of the
 * Encoding Standard (encoding.spec.whatwg.org), where latin1 means windows-1252. */
#ifndef TEXT_CHARSET_H
#define TEXT_CHARSET_H

#include <copydesk/error.h>
#include <copydesk/slice.h>
#include <stdbool.h>

#include "base/arena.h"

struct charset_state; /* converters and detector, kept open between records; one thread */

struct charset_result {
    desk_slice text;  /* valid UTF-8, in the input or the arena */
    const char *name; /* the charset's name, static */
    size_t replaced;  /* byte sequences that fit nothing */
};

desk_status charset_open(struct charset_state **state, desk_error *err);
void charset_close(struct charset_state *state);

/* Errors: DESK_EBINARY for bytes that are no text at all, DESK_EMEMORY. */
desk_status charset_to_utf8(struct charset_state *state, struct arena *arena, desk_slice bytes,
                            desk_slice content_type, bool is_html, struct charset_result *result,
                            desk_error *err);

/* The standard's name for a label such as "latin1", or NULL when it is not known. */
const char *charset_by_label(desk_slice label);
/* The charset that the first bytes of an HTML page declare, or NULL. */
const char *charset_of_meta(desk_slice bytes);

#endif
