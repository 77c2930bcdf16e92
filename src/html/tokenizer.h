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
#include "html/attributes.h"
#include "html/elements.h"
#include "html/raw_text.h"
#include "html/references.h"

enum html_token_type { HTML_TEXT, HTML_START_TAG, HTML_END_TAG, HTML_COMMENT, HTML_DOCTYPE };

struct html_attribute {
    desk_slice name;  /* as written; compare without ASCII case */
    desk_slice value; /* raw: decode with TEXT_ATTRIBUTE */
    uint8_t known;    /* enum attribute */
};

struct html_token {
    enum html_token_type type;
    enum text_mode mode;  /* of text */
    desk_slice text;      /* of text, comments and doctypes, raw */
    desk_slice name;      /* of tags, as written: compare without ASCII case */
    enum element element; /* of tags */
    bool is_self_closing;
    bool is_unfinished;                      /* of doctypes: the input ends before its '>' */
    const struct html_attribute *attributes; /* of tags; duplicates are left out */
    size_t attributes_count;
    uint32_t known;    /* attribute_bit of each of them; ATTRIBUTE_OTHER's stays 0 */
    size_t start, end; /* bytes of the input */
};

struct tokenizer {
    desk_slice input;
    size_t at;
    struct arena *arena;
    enum raw_state raw;  /* how the text that comes next is read */
    desk_slice raw_name; /* the name whose end tag ends it */
    bool keep_comments;  /* false: comments are skipped */
    bool is_foreign;     /* a start tag is SVG or MathML: its name never begins raw text */
    bool has_cdata;      /* in SVG or MathML: CDATA sections are text */
    bool out_of_memory;
    struct html_attribute *attributes; /* of the current tag */
    size_t attributes_count, attributes_capacity;
    uint32_t known;      /* attributes of the current tag: attribute_bit */
    uint64_t names_seen; /* a bit for each kind of the other names of the current tag */
};

void tokenizer_init(struct tokenizer *tokenizer, desk_slice input, struct arena *arena);
/* False at the end, or when out_of_memory. Attributes are valid until the next call unless
 * tokenizer_take_attributes() is called, which hands the array to the caller. */
bool tokenizer_next(struct tokenizer *tokenizer, struct html_token *token);
void tokenizer_take_attributes(struct tokenizer *tokenizer);
/* Reads what follows as raw text up to the end tag of `name` (empty: to the end of the input). The
 * tokenizer does so by itself behind the start tags whose content is always raw (script, style,
 * textarea, title ...); RAW_NONE takes that back. */
void tokenizer_set_raw(struct tokenizer *tokenizer, enum raw_state raw, desk_slice name);

#endif
