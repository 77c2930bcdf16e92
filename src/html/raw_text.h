/* Where text that is not markup ends: script, style, textarea, title and their like. */
#ifndef HTML_RAW_TEXT_H
#define HTML_RAW_TEXT_H

#include <copydesk/slice.h>

/* The tokenizer's states in which tags are text, by what ends the text. */
enum raw_state {
    RAW_NONE,      /* data: not raw */
    RAW_TEXT,      /* style, iframe, xmp ...: up to the end tag */
    RAW_RCDATA,    /* title, textarea: the same, with character references */
    RAW_SCRIPT,    /* the same, with the escapes of the standard ("Script data escaped state") */
    RAW_PLAINTEXT, /* all that follows */
    RAW_CDATA      /* up to "]]>" */
};

/* Position at or after `from` of the "</" of the end tag `name`, or of "]]>", or the input's
 * length. An empty name has no end tag. Linear. */
size_t raw_text_end(desk_slice input, size_t from, enum raw_state state, desk_slice name);

#endif
