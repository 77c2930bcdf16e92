/* The tokenizer: text runs by memchr, tags by a small state machine; raw text in raw_text.c. */
#include "html/tokenizer.h"

#include "base/slice.h"
#include "html/raw_text.h"
#include "html/tag_name.h"

enum { ATTRIBUTES_PIECE = 256, ATTRIBUTES_COMPARED_MAX = 128 };

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
    tokenizer->attributes += tokenizer->attributes_count;
    tokenizer->attributes_capacity -= tokenizer->attributes_count;
    tokenizer->attributes_count = 0;
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

/* More room, with the attributes that the current tag has so far. Many tags share one piece. */
static bool grow_attributes(struct tokenizer *tokenizer)
{
    size_t count = tokenizer->attributes_count;
    size_t wanted = 2 * count > ATTRIBUTES_PIECE ? 2 * count : ATTRIBUTES_PIECE;
    struct html_attribute *grown =
        arena_alloc(tokenizer->arena, wanted * sizeof *grown, _Alignof(struct html_attribute));
    if (!grown) {
        tokenizer->out_of_memory = true;
        return false;
    }
    if (count)
        memcpy(grown, tokenizer->attributes, count * sizeof *grown);
    tokenizer->attributes = grown;
    tokenizer->attributes_capacity = wanted;
    return true;
}

static void add_attribute(struct tokenizer *tokenizer, desk_slice name, uint64_t key,
                          desk_slice value)
{
    enum attribute known = attribute_by_name(name, key);
    uint32_t bit = attribute_bit(known);
    if (known == ATTRIBUTE_OTHER ? is_duplicate(tokenizer, name) : tokenizer->known & bit)
        return;
    tokenizer->known |= bit;
    if (tokenizer->attributes_count == tokenizer->attributes_capacity &&
        !grow_attributes(tokenizer))
        return;
    tokenizer->attributes[tokenizer->attributes_count++] =
        (struct html_attribute){name, value, (uint8_t)known};
}

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && *p <= ' ' && ascii_is_space(*p))
        p++;
    return p;
}

/* Reads the value after '=' and moves *at behind it; false at the end of the input. */
static bool read_value(const char **at, const char *end, desk_slice *value)
{
    const char *from = skip_space(*at, end), *to;
    if (from >= end)
        return false;
    if (*from == '"' || *from == '\'') {
        to = memchr(from + 1, *from, (size_t)(end - from - 1));
        if (!to)
            return false;
        *value = slice_of(from + 1, (size_t)(to - from - 1));
        *at = to + 1;
        return true;
    }
    for (to = from; to < end && *to != '>' && !ascii_is_space(*to);)
        to++;
    *value = slice_of(from, (size_t)(to - from));
    *at = to;
    return to < end;
}

/* Reads an attribute, of which the name begins at *at, and moves *at behind it. False at the end of
 * the input. */
static bool read_attribute(struct tokenizer *tokenizer, const char **at, const char *end)
{
    const char *start = *at;
    unsigned odd = *start == '='; /* at the beginning it is part of the name */
    struct tag_name name = tag_name_read(start + odd, end, true);
    const char *p = start + odd + name.len;
    desk_slice value = slice_of(p, 0);
    const char *next = skip_space(p, end);
    if (next < end && *next == '=') {
        p = next + 1;
        if (!read_value(&p, end, &value))
            return false;
    }
    *at = p;
    add_attribute(tokenizer, slice_of(start, name.len + odd), odd ? 0 : name.key, value);
    return true;
}

/* Reads attributes up to and past the '>' of the tag. False when the input ends inside the tag: it
 * is dropped then. */
static bool read_attributes(struct tokenizer *tokenizer, bool *is_self_closing)
{
    const char *p = tokenizer->input.data + tokenizer->at,
               *end = tokenizer->input.data + tokenizer->input.len;
    *is_self_closing = false;
    tokenizer->attributes_count = tokenizer->known = 0;
    tokenizer->names_seen = 0;
    for (;;) {
        p = skip_space(p, end);
        if (p >= end)
            return false;
        if (*p == '>')
            break;
        if (*p == '/') {
            p++;
            *is_self_closing = p < end && *p == '>';
        } else if (!read_attribute(tokenizer, &p, end)) {
            return false;
        }
    }
    tokenizer->at = (size_t)(p + 1 - tokenizer->input.data);
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
    size_t from = tokenizer->at + (is_end ? 2 : 1);
    struct tag_name name = tag_name_read(input.data + from, input.data + input.len, false);
    token->type = is_end ? HTML_END_TAG : HTML_START_TAG;
    token->name = slice_of(input.data + from, name.len);
    token->element = element_by_name(token->name, name.key);
    tokenizer->at = from + name.len;
    if (!read_attributes(tokenizer, &token->is_self_closing)) {
        tokenizer->at = input.len;
        return false;
    }
    token->attributes = tokenizer->attributes;
    token->attributes_count = tokenizer->attributes_count;
    token->known = tokenizer->known & ~attribute_bit(ATTRIBUTE_OTHER);
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
