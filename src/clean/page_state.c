/* Text in JSON of single-page apps - __NEXT_DATA__, window.__INITIAL_STATE__ and their like - and
 * in copies for browsers without scripts (noscript).
 *
 * Scripts are read as loosely as browsers' data are written: only strings, keys and brackets
 * matter, whatever stands around them. Strings under keys that usually hold text are gathered by
 * key, nesting and enclosing array, since the paragraphs of an article stand under one key of one
 * list, or are one string of HTML. The group with the most running text is the article. A long
 * string that is JSON again is read in turn, to a small depth. One pass over the bytes, whatever
 * they are. */
#include "clean/page_state.h"

#include <string.h>

#include "base/slice.h"
#include "text/utf8.h"

enum {
    SCRIPT_BYTES_MIN = 600, /* shorter ones hold no article */
    PROSE_BYTES_MIN = 60, /* a string of so many bytes, with spaces or non-ASCII, is running text */
    NESTED_MAX = 2,       /* JSON in strings of JSON */
    DEPTH_MAX = 128,      /* brackets; what is deeper belongs to the innermost kept one */
    GROUPS_MAX = 256
};

static const char *const TEXT_KEYS[] = {"articleBody", "body",  "bodyHtml", "children", "content",
                                        "copy",        "html",  "markup",   "p",        "paragraph",
                                        "paragraphs",  "story", "text",     "value"};

struct bracket {
    bool is_array;
    size_t id;      /* place of the bracket, unique in the page */
    desk_slice key; /* under which it stands */
};

struct group {
    desk_slice key;
    size_t array; /* id of the innermost array around, 0 for none */
    size_t depth;
    size_t prose; /* bytes of running text */
};

struct piece {
    desk_slice text; /* unescaped; HTML or plain */
    size_t group;
};

struct scan {
    struct page *page;
    struct group groups[GROUPS_MAX];
    size_t groups_count;
    struct piece *pieces;
    size_t pieces_count, pieces_capacity;
    size_t ids; /* given to brackets */
};

/* The state of one script, or of one string that is JSON. */
struct reader {
    desk_slice text;
    size_t at;
    struct bracket open[DEPTH_MAX];
    size_t depth, skipped; /* brackets open, and those deeper than DEPTH_MAX */
    desk_slice key;
};

/* --- strings ------------------------------------------------------------------------------- */

static unsigned hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

/* The code unit of "XXXX", or 0x10000 when it is none. */
static uint32_t code_unit(desk_slice text, size_t at)
{
    uint32_t unit = 0;
    for (size_t i = at; i < at + 4; i++) {
        unsigned digit = i < text.len ? hex_digit(text.data[i]) : 16;
        if (digit > 15)
            return 0x10000;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* A \uXXXX, with its second half when it is a surrogate. Moves *at behind it. */
static uint32_t escaped_code_point(desk_slice text, size_t *at)
{
    uint32_t unit = code_unit(text, *at);
    if (unit > 0xFFFF)
        return 0xFFFD;
    *at += 4;
    if (unit < 0xD800 || unit > 0xDFFF)
        return unit;
    bool has_low = *at + 1 < text.len && text.data[*at] == '\\' && text.data[*at + 1] == 'u';
    uint32_t low = has_low ? code_unit(text, *at + 2) : 0;
    if (unit > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
        return 0xFFFD;
    *at += 6;
    return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
}

/* Unescaped into the arena; the same bytes when nothing is escaped. data is NULL at the limit. */
static desk_slice unescape(struct arena *arena, desk_slice text)
{
    if (!memchr(text.data, '\\', text.len))
        return text;
    char *out = arena_alloc(arena, text.len, 1);
    size_t len = 0;
    for (size_t at = 0; out && at < text.len;) {
        char c = text.data[at++];
        if (c != '\\' || at == text.len) {
            out[len++] = c;
            continue;
        }
        c = text.data[at++];
        if (c == 'u')
            len += utf8_put(escaped_code_point(text, &at), out + len);
        else if (c == 'n' || c == 'r' || c == 't')
            out[len++] = c == 't' ? ' ' : '\n';
        else
            out[len++] = c;
    }
    return slice_of(out, out ? len : 0);
}

static bool is_html(desk_slice text)
{
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.data[i] == '<' && (text.data[i + 1] == '/' || hex_digit(text.data[i + 1]) < 16 ||
                                    (text.data[i + 1] | 0x20) >= 'a'))
            return true;
    return false;
}

/* Words between spaces, or letters beyond ASCII: not an address, a hash or a class name. */
static bool is_prose(desk_slice text)
{
    size_t spaces = 0, letters = 0;
    for (size_t i = 0; i < text.len; i++) {
        spaces += text.data[i] == ' ';
        letters += (unsigned char)text.data[i] >= 0x80;
    }
    return text.len >= PROSE_BYTES_MIN && (16 * spaces >= text.len || 2 * letters >= text.len);
}

/* --- gathering ----------------------------------------------------------------------------- */

static bool is_text_key(desk_slice key)
{
    for (size_t i = 0; i < sizeof TEXT_KEYS / sizeof TEXT_KEYS[0]; i++)
        if (slice_equal_nocase(key, slice_from_cstr(TEXT_KEYS[i])))
            return true;
    return false;
}

/* The group of a string at this place, or GROUPS_MAX when there are too many. */
static size_t group_of(struct scan *scan, const struct reader *reader, desk_slice key)
{
    size_t array = 0;
    for (size_t i = reader->depth; i-- > 0 && !array;)
        array = reader->open[i].is_array ? reader->open[i].id : 0;
    size_t at = 0;
    while (at < scan->groups_count &&
           (scan->groups[at].array != array || scan->groups[at].depth != reader->depth ||
            !slice_equal(scan->groups[at].key, key)))
        at++;
    if (at == scan->groups_count && at < GROUPS_MAX)
        scan->groups[scan->groups_count++] = (struct group){key, array, reader->depth, 0};
    return at;
}

static bool add_piece(struct scan *scan, size_t group, desk_slice text)
{
    if (scan->pieces_count == scan->pieces_capacity) {
        size_t old = scan->pieces_capacity, wanted = old ? old * 2 : 64;
        struct piece *grown = arena_grow(scan->page->arena, scan->pieces, old * sizeof *grown,
                                         wanted * sizeof *grown, _Alignof(struct piece));
        if (!grown)
            return false;
        scan->pieces = grown;
        scan->pieces_capacity = wanted;
    }
    scan->pieces[scan->pieces_count++] = (struct piece){text, group};
    scan->groups[group].prose += is_prose(text) ? text.len : 0;
    return true;
}

/* --- reading ------------------------------------------------------------------------------- */

static bool scan_text(struct scan *scan, desk_slice text, unsigned nested);

static bool is_json(desk_slice text)
{
    return text.len >= SCRIPT_BYTES_MIN &&
           slice_find(text, slice_from_cstr("\":"), 0) != DESK_SLICE_NONE;
}

/* The string that begins at the quote; `at` moves behind its end. */
static desk_slice read_string(struct reader *reader)
{
    size_t from = ++reader->at;
    while (reader->at < reader->text.len && reader->text.data[reader->at] != '"')
        reader->at += reader->text.data[reader->at] == '\\' ? 2 : 1;
    size_t to = reader->at < reader->text.len ? reader->at : reader->text.len;
    reader->at = to < reader->text.len ? to + 1 : to;
    return slice_sub(reader->text, from, to);
}

/* Whether a colon follows: the string before it is a key. */
static bool is_at_colon(const struct reader *reader)
{
    size_t at = reader->at;
    while (at < reader->text.len && (unsigned char)reader->text.data[at] <= ' ')
        at++;
    return at < reader->text.len && reader->text.data[at] == ':';
}

static bool take_string(struct scan *scan, struct reader *reader, unsigned nested)
{
    desk_slice raw = read_string(reader);
    if (is_at_colon(reader)) {
        reader->key = raw;
        return true;
    }
    bool in_array = reader->depth && reader->open[reader->depth - 1].is_array;
    desk_slice key = in_array ? reader->open[reader->depth - 1].key : reader->key;
    bool is_text = raw.len > 1 && is_text_key(key);
    if (!is_text && (raw.len < SCRIPT_BYTES_MIN || nested >= NESTED_MAX))
        return true;
    desk_slice text = unescape(scan->page->arena, raw);
    if (!text.data)
        return false;
    if (nested < NESTED_MAX && is_json(text))
        return scan_text(scan, text, nested + 1);
    size_t group = is_text ? group_of(scan, reader, key) : GROUPS_MAX;
    return group == GROUPS_MAX || add_piece(scan, group, text);
}

static void open_bracket(struct scan *scan, struct reader *reader, bool is_array)
{
    if (reader->depth == DEPTH_MAX) {
        reader->skipped++;
        return;
    }
    bool in_array = reader->depth && reader->open[reader->depth - 1].is_array;
    desk_slice key = in_array ? reader->open[reader->depth - 1].key : reader->key;
    reader->open[reader->depth++] = (struct bracket){is_array, ++scan->ids, key};
}

static void close_bracket(struct reader *reader)
{
    if (reader->skipped)
        reader->skipped--;
    else if (reader->depth)
        reader->depth--;
}

static bool scan_text(struct scan *scan, desk_slice text, unsigned nested)
{
    struct reader reader = {.text = text};
    while (reader.at < text.len) {
        char c = text.data[reader.at];
        if (c == '"') {
            if (!take_string(scan, &reader, nested))
                return false;
            continue;
        }
        if (c == '{' || c == '[')
            open_bracket(scan, &reader, c == '[');
        else if (c == '}' || c == ']')
            close_bracket(&reader);
        reader.at++;
    }
    return true;
}

/* --- the text ------------------------------------------------------------------------------ */

struct writer {
    struct arena *arena;
    char *out;
    size_t len, capacity;
};

static bool write_text(struct writer *writer, desk_slice text)
{
    if (writer->capacity - writer->len < text.len) {
        size_t wanted = 2 * writer->capacity + text.len + SCRIPT_BYTES_MIN;
        char *grown = arena_grow(writer->arena, writer->out, writer->capacity, wanted, 1);
        if (!grown)
            return false;
        writer->out = grown;
        writer->capacity = wanted;
    }
    memcpy(writer->out + writer->len, text.data, text.len);
    writer->len += text.len;
    return true;
}

/* White space of HTML is a space; its blocks become paragraphs. */
static bool write_html_text(struct writer *writer, const struct html_token *token)
{
    desk_slice text = token->text;
    if (!html_decode(writer->arena, &text, token->mode))
        return false;
    for (size_t from = 0; from < text.len;) {
        size_t to = from;
        while (to < text.len && text.data[to] != '\n' && text.data[to] != '\r')
            to++;
        if (!write_text(writer, slice_sub(text, from, to)) ||
            (to < text.len && !write_text(writer, slice_from_cstr(" "))))
            return false;
        from = to + 1;
    }
    return true;
}

/* Pictures with their captions, boxes beside the text and what is not shown. */
static bool is_left_out(enum element element)
{
    return element == ELEMENT_FIGURE || element == ELEMENT_ASIDE ||
           (ELEMENT_INFO[element].flags & ELEMENT_HIDDEN) != 0;
}

static bool write_html(struct writer *writer, desk_slice html)
{
    struct tokenizer tokenizer;
    struct html_token token;
    enum element left_out = ELEMENT_NONE;
    tokenizer_init(&tokenizer, html, writer->arena);
    while (tokenizer_next(&tokenizer, &token)) {
        bool is_tag = token.type == HTML_START_TAG || token.type == HTML_END_TAG;
        if (left_out != ELEMENT_NONE) {
            if (token.type == HTML_END_TAG && token.element == left_out)
                left_out = ELEMENT_NONE;
            continue;
        }
        if (token.type == HTML_START_TAG && is_left_out(token.element) && !token.is_self_closing)
            left_out = token.element;
        bool is_break = is_tag && (token.element == ELEMENT_BR ||
                                   (ELEMENT_INFO[token.element].flags & ELEMENT_BLOCK));
        if ((is_break && !write_text(writer, slice_from_cstr("\n\n"))) ||
            (token.type == HTML_TEXT && !write_html_text(writer, &token)))
            return false;
    }
    return !tokenizer.out_of_memory;
}

static bool write_group(struct scan *scan, size_t group)
{
    struct writer writer = {.arena = scan->page->arena};
    for (size_t i = 0; i < scan->pieces_count; i++) {
        desk_slice text = scan->pieces[i].text;
        if (scan->pieces[i].group != group)
            continue;
        bool good = is_html(text) || slice_find_byte(text, '&', 0) != DESK_SLICE_NONE
                        ? write_html(&writer, text)
                        : write_text(&writer, text);
        if (!good || !write_text(&writer, slice_from_cstr("\n\n")))
            return false;
    }
    desk_slice body = slice_trim(slice_of(writer.out, writer.len));
    if (body.len > scan->page->structured_body.len)
        scan->page->structured_body = body;
    return true;
}

static bool scan_scripts(struct scan *scan)
{
    const struct tree *tree = &scan->page->tree;
    for (size_t i = 1; i < tree->count; i++) {
        const struct tree_node *node = &tree->nodes[i];
        if (!node->is_text || node->text.len < SCRIPT_BYTES_MIN ||
            tree->nodes[node->parent].element != ELEMENT_SCRIPT)
            continue;
        desk_slice type = tree_attribute(&tree->nodes[node->parent], ATTRIBUTE_TYPE);
        if (slice_find(type, slice_from_cstr("ld+json"), 0) == DESK_SLICE_NONE &&
            !scan_text(scan, node->text, 0))
            return false;
    }
    return true;
}

/* A copy of the article for browsers without scripts, with paragraphs as in HTML. */
static bool take_noscript(struct page *page, desk_slice html)
{
    struct writer writer = {.arena = page->arena};
    if (html.len < SCRIPT_BYTES_MIN ||
        slice_find(html, slice_from_cstr("<p"), 0) == DESK_SLICE_NONE)
        return true;
    if (!write_html(&writer, html))
        return false;
    desk_slice text = slice_trim(slice_of(writer.out, writer.len));
    if (text.len >= SCRIPT_BYTES_MIN && is_prose(text) && text.len > page->structured_body.len)
        page->structured_body = text;
    return true;
}

static bool scan_noscripts(struct page *page)
{
    const struct tree_node *nodes = page->tree.nodes;
    for (size_t i = 1; i < page->tree.count; i++)
        if (nodes[i].is_text && nodes[nodes[i].parent].element == ELEMENT_NOSCRIPT &&
            !take_noscript(page, nodes[i].text))
            return false;
    return true;
}

bool page_state_text(struct page *page)
{
    struct scan *scan = arena_calloc(page->arena, 1, sizeof *scan, _Alignof(struct scan));
    if (!scan)
        return false;
    scan->page = page;
    if (!scan_scripts(scan))
        return false;
    size_t best = 0;
    for (size_t i = 1; i < scan->groups_count; i++)
        if (scan->groups[i].prose > scan->groups[best].prose)
            best = i;
    bool has_prose = scan->groups_count && scan->groups[best].prose;
    return (!has_prose || write_group(scan, best)) && scan_noscripts(page);
}
