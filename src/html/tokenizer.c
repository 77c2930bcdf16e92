/* The tokenizer: text runs by memchr, tags by a small state machine; raw text in raw_text.c. */
#include "html/tokenizer.h"

#include "base/slice.h"
#include "html/raw_text.h"

enum { ATTRIBUTES_FIRST = 16, ATTRIBUTES_COMPARED_MAX = 128 };

void tokenizer_init(struct tokenizer *tokenizer, desk_slice input, struct arena *arena)
{
    *tokenizer = (struct tokenizer){.input = input, .arena = arena, .keep_comments = true};
}

void tokenizer_set_raw(struct tokenizer *tokenizer, enum raw_state raw, desk_slice name)
{
    tokenizer->raw = raw;
    tokenizer->raw_name = name;
}

void tokenizer_take_attributes(struct tokenizer *tokenizer)
{
    /* What the array does not use goes back when nothing was allocated since. */
    arena_shrink(tokenizer->arena, tokenizer->attributes,
                 tokenizer->attributes_capacity * sizeof *tokenizer->attributes,
                 tokenizer->attributes_count * sizeof *tokenizer->attributes);
    tokenizer->attributes = NULL;
    tokenizer->attributes_capacity = 0;
}

/* --- attributes ---------------------------------------------------------------------------- */

/* Duplicates are dropped; among absurdly many attributes only the first ones are compared, to stay
 * linear. Most names are told apart by a bit of their length and letters alone. */
static bool is_duplicate(struct tokenizer *tokenizer, desk_slice name)
{
    unsigned letters = (unsigned)ascii_lower(name.data[0]) * 7u +
                       (unsigned)ascii_lower(name.data[name.len - 1]) + (unsigned)name.len * 5u;
    uint64_t bit = (uint64_t)1 << (letters & 63u);
    size_t count = tokenizer->attributes_count;
    bool may_be_there = tokenizer->names_seen & bit;
    tokenizer->names_seen |= bit;
    if (count > ATTRIBUTES_COMPARED_MAX)
        count = ATTRIBUTES_COMPARED_MAX;
    for (size_t i = 0; may_be_there && i < count; i++)
        if (slice_equal_nocase(tokenizer->attributes[i].name, name))
            return true;
    return false;
}

static void add_attribute(struct tokenizer *tokenizer, desk_slice name, desk_slice value)
{
    if (is_duplicate(tokenizer, name))
        return;
    if (tokenizer->attributes_count == tokenizer->attributes_capacity) {
        size_t old = tokenizer->attributes_capacity, wanted = old ? old * 2 : ATTRIBUTES_FIRST;
        struct html_attribute *grown =
            arena_grow(tokenizer->arena, tokenizer->attributes, old * sizeof *grown,
                       wanted * sizeof *grown, _Alignof(struct html_attribute));
        if (!grown) {
            tokenizer->out_of_memory = true;
            return;
        }
        tokenizer->attributes = grown;
        tokenizer->attributes_capacity = wanted;
    }
    tokenizer->attributes[tokenizer->attributes_count++] = (struct html_attribute){name, value};
}

/* What a byte ends inside a tag. */
enum { ENDS_TAG_NAME = 1, ENDS_ATTRIBUTE_NAME = 2, ENDS_VALUE = 4, IS_SPACE = 8 };
enum { SPACE = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_VALUE | IS_SPACE };

static const uint8_t ENDS[256] = {[' '] = SPACE,
                                  ['\t'] = SPACE,
                                  ['\n'] = SPACE,
                                  ['\f'] = SPACE,
                                  ['\r'] = SPACE,
                                  ['/'] = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME,
                                  ['='] = ENDS_ATTRIBUTE_NAME,
                                  ['>'] = ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_VALUE};

/* The first byte at or after `at` that ends what is read, or the input's length. */
static size_t end_of(desk_slice input, size_t at, unsigned what)
{
    while (at < input.len && !(ENDS[(unsigned char)input.data[at]] & what))
        at++;
    return at;
}

static size_t skip_space(desk_slice input, size_t at)
{
    while (at < input.len && ENDS[(unsigned char)input.data[at]] & IS_SPACE)
        at++;
    return at;
}

/* Reads the value after '='; false at the end of the input. */
static bool read_value(desk_slice input, size_t *at, desk_slice *value)
{
    size_t from = skip_space(input, *at);
    if (from >= input.len)
        return false;
    char quote = input.data[from];
    if (quote == '"' || quote == '\'') {
        size_t end = slice_find_byte(input, quote, from + 1);
        if (end == DESK_SLICE_NONE)
            return false;
        *value = slice_sub(input, from + 1, end);
        *at = end + 1;
        return true;
    }
    size_t end = end_of(input, from, ENDS_VALUE);
    *value = slice_sub(input, from, end);
    *at = end;
    return end < input.len;
}

/* Reads attributes up to and past the '>' of the tag. False when the input ends inside the tag: it
 * is dropped then. */
static bool read_attributes(struct tokenizer *tokenizer, bool *is_self_closing)
{
    desk_slice input = tokenizer->input;
    size_t at = tokenizer->at;
    *is_self_closing = false;
    tokenizer->attributes_count = 0;
    tokenizer->names_seen = 0;
    for (;;) {
        at = skip_space(input, at);
        if (at >= input.len)
            return false;
        char c = input.data[at];
        if (c == '>')
            break;
        if (c == '/') {
            *is_self_closing = at + 1 < input.len && input.data[at + 1] == '>';
            at++;
            continue;
        }
        size_t name_start = at; /* a '=' here is part of the name */
        at = end_of(input, at + 1, ENDS_ATTRIBUTE_NAME);
        desk_slice name = slice_sub(input, name_start, at), value = slice_of(input.data + at, 0);
        size_t next = skip_space(input, at);
        if (next < input.len && input.data[next] == '=') {
            at = next + 1;
            if (!read_value(input, &at, &value))
                return false;
        }
        add_attribute(tokenizer, name, value);
    }
    tokenizer->at = at + 1;
    return true;
}

/* --- tags, comments ------------------------------------------------------------------------ */

/* How a browser reads what follows the start tag of an element. */
static enum raw_state raw_state_of(enum element element)
{
    unsigned flags = ELEMENT_INFO[element].flags;
    if (!(flags & (ELEMENT_RAW | ELEMENT_RCDATA)))
        return RAW_NONE;
    if (flags & ELEMENT_RCDATA)
        return RAW_RCDATA;
    return element == ELEMENT_SCRIPT      ? RAW_SCRIPT
           : element == ELEMENT_PLAINTEXT ? RAW_PLAINTEXT
                                          : RAW_TEXT;
}

static bool read_tag(struct tokenizer *tokenizer, struct html_token *token, bool is_end)
{
    desk_slice input = tokenizer->input;
    size_t from = tokenizer->at + (is_end ? 2 : 1), to = end_of(input, from, ENDS_TAG_NAME);
    token->type = is_end ? HTML_END_TAG : HTML_START_TAG;
    token->name = slice_sub(input, from, to);
    token->element = element_by_name(token->name);
    tokenizer->at = to;
    if (!read_attributes(tokenizer, &token->is_self_closing)) {
        tokenizer->at = input.len;
        return false;
    }
    token->attributes = tokenizer->attributes;
    token->attributes_count = tokenizer->attributes_count;
    if (!is_end && !tokenizer->is_foreign)
        tokenizer_set_raw(tokenizer, raw_state_of(token->element), token->name);
    return true;
}

/* `from` is the first byte of the content. Ends at -->, --!> or, when that comes first, at <!-->
 * and <!--->. */
static void read_comment(struct tokenizer *tokenizer, struct html_token *token, size_t from)
{
    desk_slice input = tokenizer->input;
    size_t at = from;
    token->type = HTML_COMMENT;
    if (at < input.len && input.data[at] == '>') {
        token->text = slice_of(input.data + at, 0);
        tokenizer->at = at + 1;
        return;
    }
    if (at + 1 < input.len && input.data[at] == '-' && input.data[at + 1] == '>') {
        token->text = slice_of(input.data + at, 0);
        tokenizer->at = at + 2;
        return;
    }
    for (at = slice_find_byte(input, '-', from); at != DESK_SLICE_NONE;
         at = slice_find_byte(input, '-', at + 1)) {
        desk_slice rest = slice_sub(input, at, input.len);
        bool is_plain = slice_starts(rest, slice_from_cstr("-->")),
             is_bang = slice_starts(rest, slice_from_cstr("--!>"));
        if (!is_plain && !is_bang)
            continue;
        token->text = slice_sub(input, from, at);
        tokenizer->at = at + (is_plain ? 3 : 4);
        return;
    }
    /* At the end of the input a beginning of "-->" or "--!>" is no content. */
    size_t end = input.len;
    if (end - from >= 3 && slice_ends(input, slice_from_cstr("--!")))
        end -= 3;
    else
        for (int i = 0; i < 2 && end > from && input.data[end - 1] == '-'; i++)
            end--;
    token->text = slice_sub(input, from, end);
    tokenizer->at = input.len;
}

static void read_until_bracket(struct tokenizer *tokenizer, struct html_token *token, size_t from,
                               enum html_token_type type)
{
    size_t end = slice_find_byte(tokenizer->input, '>', from);
    size_t to = end == DESK_SLICE_NONE ? tokenizer->input.len : end;
    token->type = type;
    token->text = slice_sub(tokenizer->input, from, to);
    token->is_unfinished = end == DESK_SLICE_NONE;
    tokenizer->at = end == DESK_SLICE_NONE ? to : to + 1;
}

static void read_raw(struct tokenizer *tokenizer, struct html_token *token)
{
    enum raw_state raw = tokenizer->raw;
    size_t from = tokenizer->at,
           to = raw_text_end(tokenizer->input, from, raw, tokenizer->raw_name);
    tokenizer->raw = RAW_NONE;
    token->type = HTML_TEXT;
    token->mode = raw == RAW_RCDATA ? TEXT_RCDATA : raw == RAW_CDATA ? TEXT_CDATA : TEXT_RAW;
    token->text = slice_sub(tokenizer->input, from, to);
    tokenizer->at = raw == RAW_CDATA && to < tokenizer->input.len ? to + 3 : to;
}

/* "<!..." */
static void read_declaration(struct tokenizer *tokenizer, struct html_token *token)
{
    size_t from = tokenizer->at + 2;
    desk_slice rest = slice_sub(tokenizer->input, from, tokenizer->input.len);
    if (slice_starts(rest, slice_from_cstr("--")))
        read_comment(tokenizer, token, from + 2);
    else if (slice_starts_nocase(rest, slice_from_cstr("doctype")))
        read_until_bracket(tokenizer, token, from + 7, HTML_DOCTYPE);
    else if (tokenizer->has_cdata && slice_starts(rest, slice_from_cstr("[CDATA["))) {
        tokenizer->at = from + 7;
        tokenizer_set_raw(tokenizer, RAW_CDATA, slice_of(NULL, 0));
        read_raw(tokenizer, token);
    } else
        read_until_bracket(tokenizer, token, from, HTML_COMMENT);
}

/* --- text ---------------------------------------------------------------------------------- */

/* Whether the '<' at this place begins something else than text. */
static bool begins_markup(desk_slice input, size_t at)
{
    char next = at + 1 < input.len ? input.data[at + 1] : '\0';
    if (next == '/')
        return at + 2 < input.len;
    return ascii_is_alpha(next) || next == '!' || next == '?';
}

static void read_text(struct tokenizer *tokenizer, struct html_token *token)
{
    desk_slice input = tokenizer->input;
    size_t from = tokenizer->at, at = slice_find_byte(input, '<', from);
    while (at != DESK_SLICE_NONE && !begins_markup(input, at))
        at = slice_find_byte(input, '<', at + 1);
    size_t to = at == DESK_SLICE_NONE ? input.len : at;
    token->type = HTML_TEXT;
    token->mode = TEXT_DATA;
    token->text = slice_sub(input, from, to);
    tokenizer->at = to;
}

/* Markup at a '<' that begins some. False when it gives no token. */
static bool read_markup(struct tokenizer *tokenizer, struct html_token *token)
{
    desk_slice input = tokenizer->input;
    char next = input.data[tokenizer->at + 1];
    if (next == '!') {
        read_declaration(tokenizer, token);
        return tokenizer->keep_comments || token->type != HTML_COMMENT;
    }
    if (next == '?') {
        read_until_bracket(tokenizer, token, tokenizer->at + 1, HTML_COMMENT);
        return tokenizer->keep_comments;
    }
    if (next != '/')
        return read_tag(tokenizer, token, false);
    char after = input.data[tokenizer->at + 2];
    if (ascii_is_alpha(after))
        return read_tag(tokenizer, token, true);
    if (after == '>') {
        tokenizer->at += 3;
        return false;
    }
    read_until_bracket(tokenizer, token, tokenizer->at + 2, HTML_COMMENT);
    return tokenizer->keep_comments;
}

bool tokenizer_next(struct tokenizer *tokenizer, struct html_token *token)
{
    while (!tokenizer->out_of_memory && tokenizer->at < tokenizer->input.len) {
        *token = (struct html_token){.start = tokenizer->at};
        bool found = true;
        if (tokenizer->raw != RAW_NONE)
            read_raw(tokenizer, token);
        else if (tokenizer->input.data[tokenizer->at] == '<' &&
                 begins_markup(tokenizer->input, tokenizer->at))
            found = read_markup(tokenizer, token);
        else
            read_text(tokenizer, token);
        token->end = tokenizer->at;
        if (found && (token->type != HTML_TEXT || token->text.len))
            return !tokenizer->out_of_memory;
    }
    return false;
}
