/* Where the raw text of an element ends. */
#ifndef HTML_RAW_TEXT_H
#define HTML_RAW_TEXT_H

#include <copydesk/slice.h>

#include "html/elements.h"

/* Position of the "</" of the end tag that ends the raw text of the element which begins at `from`,
 * or the input's length. For script with the escapes of the standard ("Script data escaped state"
 * and following). Linear. */
size_t raw_text_end(desk_slice input, size_t from, enum element element);

#endif
