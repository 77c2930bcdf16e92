/* Character references of HTML: &amp; &#8364; &#x20AC;, with the error cases of the standard
 * ("Character reference state"). */
#ifndef HTML_REFERENCES_H
#define HTML_REFERENCES_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum { NAMED_REFERENCE_COUNT = 2231, REFERENCE_NAME_MAX = 33, REFERENCE_BYTES_MAX = 8 };

struct named_reference {
    char name[REFERENCE_NAME_MAX]; /* with its semicolon where it has one */
    char text[REFERENCE_BYTES_MAX];
    unsigned char name_len, text_len;
};

extern const struct named_reference NAMED_REFERENCES[NAMED_REFERENCE_COUNT];
extern const unsigned short NAMED_REFERENCE_FIRST[129]; /* by first byte; [c, c + 1) */

/* Decodes the reference at text.data[at], which is '&'. Returns the bytes it takes, 0 when there is
 * none (the '&' stands for itself). `out` gets 1 to REFERENCE_BYTES_MAX bytes of UTF-8. */
size_t reference_decode(desk_slice text, size_t at, bool in_attribute,
                        char out[REFERENCE_BYTES_MAX], size_t *out_len);

/* How a piece of raw text is decoded. */
enum text_mode {
    TEXT_DATA,      /* references; NUL stays */
    TEXT_RCDATA,    /* references; NUL becomes U+FFFD */
    TEXT_ATTRIBUTE, /* references by the rules of attributes; NUL becomes U+FFFD */
    TEXT_RAW,       /* no references; NUL becomes U+FFFD */
    TEXT_CDATA      /* no references; NUL stays */
};

/* References decoded, CR and CR LF as LF. The same bytes when there is nothing to do. False at the
 * memory limit. */
bool html_decode(struct arena *arena, desk_slice *text, enum text_mode mode);

#endif
