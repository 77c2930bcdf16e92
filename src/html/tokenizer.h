/* HTML text to tokens, by the rules of the HTML Standard ("Tokenization"), in one pass and without
 * copying.
 *
 * Text, names and values are slices of the input, not decoded: html_decode() of references.h turns
 * them into characters where they are needed. A token holds a run of text, one tag, a comment or a
 * doctype. Parse errors are not reported: what browsers make of the text is what comes out.
 *
 *     struct tokenizer tokenizer;
 *     tokenizer_init(&tokenizer, input, arena);
 *     while (tokenizer_next(&tokenizer, &token)) ...
 */
#ifndef HTML_TOKENIZER_H
#define HTML_TOKENIZER_H

#include <copydesk/slice.h>
#include <stdbool.h>

#include "base/arena.h"
#include "html/elements.h"
#include "html/references.h"

enum html_token_type { HTML_TEXT, HTML_START_TAG, HTML_END_TAG, HTML_COMMENT, HTML_DOCTYPE };

struct html_attribute {
    desk_slice name;  /* as written; compare without ASCII case */
    desk_slice value; /* raw: decode with TEXT_ATTRIBUTE */
};

struct html_token {
    enum html_token_type type;
    enum text_mode mode;  /* of text */
    desk_slice text;      /* of text, comments and doctypes, raw */
    desk_slice name;      /* of tags, as written */
    enum element element; /* of tags */
    bool is_self_closing;
    const struct html_attribute *attributes; /* of tags; duplicates are left out */
    size_t attributes_count;
    size_t start, end; /* bytes of the input */
};

struct tokenizer {
    desk_slice input;
    size_t at;
    struct arena *arena;
    enum element raw;     /* the element whose raw text comes next, or ELEMENT_NONE */
    bool keep_attributes; /* false: they are skipped */
    bool keep_comments;   /* false: comments and doctypes are skipped */
    bool is_foreign;      /* in SVG or MathML: CDATA sections are text */
    bool out_of_memory;
    struct html_attribute *attributes; /* of the current tag */
    size_t attributes_count, attributes_capacity;
};

void tokenizer_init(struct tokenizer *tokenizer, desk_slice input, struct arena *arena);
/* False at the end, or when out_of_memory. Attributes are valid until the next call unless
 * tokenizer_take_attributes() is called, which hands the array to the caller. */
bool tokenizer_next(struct tokenizer *tokenizer, struct html_token *token);
void tokenizer_take_attributes(struct tokenizer *tokenizer);
/* Reads what follows as the raw text of an element, as after its start tag. The tokenizer does so
 * by itself for the elements whose content is always raw (script, style, textarea, title ...). */
void tokenizer_set_raw(struct tokenizer *tokenizer, enum element element);

#endif
