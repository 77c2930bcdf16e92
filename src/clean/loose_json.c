/* One pass with a stack of open containers. A quote ends a string when what follows it can follow a
 * string; else it belongs to the text. */
#include "clean/loose_json.h"

#include "base/slice.h"
#include "html/references.h"
#include "text/space.h"
#include "text/utf8.h"

enum { DEPTH_MAX = 64, VALUES_FIRST = 256 };

struct scanner {
    struct arena *arena;
    desk_slice text;
    size_t at;
    struct loose_json *out;
    uint32_t capacity;
    uint32_t stack[DEPTH_MAX];
    bool wants_value[DEPTH_MAX]; /* of objects: a key was read */
    size_t depth;
    bool out_of_memory;
};

/* --- values -------------------------------------------------------------------------------- */

static void add(struct scanner *s, enum loose_type type, desk_slice text)
{
    struct loose_json *out = s->out;
    if (out->count == s->capacity) {
        uint32_t wanted = s->capacity ? s->capacity * 2 : VALUES_FIRST;
        struct loose_value *grown =
            arena_grow(s->arena, out->values, s->capacity * sizeof *grown, wanted * sizeof *grown,
                       _Alignof(struct loose_value));
        if (!grown) {
            s->out_of_memory = true;
            return;
        }
        out->values = grown;
        s->capacity = wanted;
    }
    out->values[out->count] = (struct loose_value){text, out->count + 1, (uint8_t)type};
    out->count++;
}

static bool in_object(const struct scanner *s)
{
    return s->depth && s->out->values[s->stack[s->depth - 1]].type == LOOSE_OBJECT;
}

/* Keeps keys and values in turn: an object's value that has no key is left out by its caller. */
static bool may_add_value(const struct scanner *s)
{
    return !in_object(s) || s->wants_value[s->depth - 1];
}

static void value_done(struct scanner *s)
{
    if (s->depth)
        s->wants_value[s->depth - 1] = false;
}

/* A key without a value gets an empty one. */
static void close_top(struct scanner *s)
{
    if (in_object(s) && s->wants_value[s->depth - 1])
        add(s, LOOSE_BARE, slice_of(NULL, 0));
    s->depth--;
    if (!s->out_of_memory)
        s->out->values[s->stack[s->depth]].end = s->out->count;
    value_done(s);
}

static void open(struct scanner *s, enum loose_type type)
{
    s->at++;
    /* A brace where a key must stand has lost its key; its content is read with an empty one. */
    if (!may_add_value(s))
        add(s, LOOSE_STRING, slice_of(NULL, 0));
    if (s->depth == DEPTH_MAX) {
        s->at = s->text.len;
        return;
    }
    s->wants_value[s->depth] = false;
    s->stack[s->depth++] = s->out->count;
    add(s, type, slice_of(NULL, 0));
}

static void close(struct scanner *s, enum loose_type type)
{
    s->at++;
    size_t depth = s->depth;
    while (depth && s->out->values[s->stack[depth - 1]].type != type)
        depth--;
    while (depth && s->depth >= depth)
        close_top(s);
}

/* --- strings ------------------------------------------------------------------------------- */

static size_t skip_spaces(desk_slice text, size_t at)
{
    while (at < text.len && (ascii_is_space(text.data[at]) || text.data[at] == '\v'))
        at++;
    return at;
}

/* Can a string end at this quote? */
static bool ends_string(const struct scanner *s, size_t quote)
{
    size_t backslashes = 0;
    while (backslashes < quote && s->text.data[quote - 1 - backslashes] == '\\')
        backslashes++;
    if (backslashes % 2)
        return false;
    size_t next = skip_spaces(s->text, quote + 1);
    if (next == s->text.len)
        return true;
    char c = s->text.data[next];
    return c == ',' || c == ':' || c == '}' || c == ']' || c == '"' || c == '/';
}

/* A string that the text's end cuts off is left out: half a headline is wrong. */
static void take_string(struct scanner *s)
{
    char mark = s->text.data[s->at];
    size_t from = s->at + 1, to = from;
    while ((to = slice_find_byte(s->text, mark, to)) != DESK_SLICE_NONE && !ends_string(s, to))
        to++;
    if (to == DESK_SLICE_NONE) {
        s->at = s->text.len;
        return;
    }
    s->at = to + 1;
    desk_slice text = slice_sub(s->text, from, to);
    if (in_object(s) && !s->wants_value[s->depth - 1]) {
        size_t next = skip_spaces(s->text, s->at);
        if (next < s->text.len && s->text.data[next] == ':') {
            s->at = next + 1;
            add(s, LOOSE_STRING, text);
            s->wants_value[s->depth - 1] = true;
        }
        return;
    }
    add(s, LOOSE_STRING, text);
    value_done(s);
}

static bool ends_bare(char c)
{
    return ascii_is_space(c) || c == ',' || c == '}' || c == ']' || c == '{' || c == '[' ||
           c == '"' || c == ':';
}

/* A number, true, null, or a key without quotes. */
static void take_bare(struct scanner *s)
{
    size_t from = s->at++;
    while (s->at < s->text.len && !ends_bare(s->text.data[s->at]))
        s->at++;
    desk_slice text = slice_sub(s->text, from, s->at);
    if (may_add_value(s)) {
        add(s, LOOSE_BARE, text);
        value_done(s);
        return;
    }
    size_t next = skip_spaces(s->text, s->at);
    if (next < s->text.len && s->text.data[next] == ':') {
        s->at = next + 1;
        add(s, LOOSE_STRING, text);
        s->wants_value[s->depth - 1] = true;
    }
}

/* Past a comment that begins at the slash. */
static void skip_comment(struct scanner *s)
{
    desk_slice rest = slice_sub(s->text, s->at, s->text.len);
    size_t end = 1;
    if (slice_starts(rest, slice_from_cstr("//"))) {
        end = slice_find_byte(rest, '\n', 0);
    } else if (slice_starts(rest, slice_from_cstr("/*"))) {
        end = slice_find(rest, slice_from_cstr("*/"), 2);
        end += end == DESK_SLICE_NONE ? 0 : 2;
    }
    s->at = end == DESK_SLICE_NONE ? s->text.len : s->at + end;
}

static void step(struct scanner *s)
{
    switch (s->text.data[s->at]) {
    case '{':
        open(s, LOOSE_OBJECT);
        break;
    case '[':
        open(s, LOOSE_ARRAY);
        break;
    case '}':
        close(s, LOOSE_OBJECT);
        break;
    case ']':
        close(s, LOOSE_ARRAY);
        break;
    case '"':
    case '\'':
        take_string(s);
        break;
    case '/':
        skip_comment(s);
        break;
    case ',':
    case ':':
    case ';':
        s->at++;
        break;
    default:
        take_bare(s);
    }
}

/* --- reading ------------------------------------------------------------------------------- */

static size_t first_container(desk_slice text)
{
    size_t at = 0;
    while (at < text.len && text.data[at] != '{' && text.data[at] != '[')
        at++;
    return at;
}

/* "//<![CDATA[" before the data has a bracket of its own. */
static desk_slice without_wrapper(desk_slice text)
{
    enum { WRAPPER_MAX = 64 };
    size_t at = slice_find(text, slice_from_cstr("<![CDATA["), 0);
    return at != DESK_SLICE_NONE && at < WRAPPER_MAX ? slice_sub(text, at + 9, text.len) : text;
}

/* {&quot;@context&quot;: ...}: the whole was escaped once too often. */
static bool is_escaped(desk_slice text)
{
    size_t quote = slice_find_byte(text, '"', 0),
           reference = slice_find(text, slice_from_cstr("&quot;"), 0);
    return reference != DESK_SLICE_NONE && (quote == DESK_SLICE_NONE || reference < quote);
}

bool loose_json_read(struct arena *arena, desk_slice text, struct loose_json *out)
{
    *out = (struct loose_json){NULL, 0};
    text = without_wrapper(text);
    if (is_escaped(text) && !html_decode(arena, &text, TEXT_DATA))
        return false;
    struct scanner s = {.arena = arena, .text = text, .out = out, .at = first_container(text)};
    while (!s.out_of_memory) {
        s.at = skip_spaces(text, s.at);
        if (s.at >= text.len)
            break;
        /* Several documents in one script follow each other; what is between them is not data. */
        if (!s.depth) {
            s.at += first_container(slice_sub(text, s.at, text.len));
            if (s.at >= text.len)
                break;
        }
        step(&s);
    }
    while (s.depth && !s.out_of_memory)
        close_top(&s);
    return !s.out_of_memory;
}

uint32_t loose_json_get(const struct loose_json *json, uint32_t object, const char *key)
{
    if (json->values[object].type != LOOSE_OBJECT)
        return 0;
    desk_slice wanted = slice_from_cstr(key);
    uint32_t end = json->values[object].end;
    for (uint32_t i = object + 1; i + 1 < end; i = json->values[i + 1].end)
        if (slice_equal(json->values[i].text, wanted))
            return i + 1;
    return 0;
}

/* --- text of strings ----------------------------------------------------------------------- */

static int hex_value(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits after "\u"; -1 when they are none. */
static int32_t code_unit(desk_slice raw, size_t at)
{
    int32_t value = 0;
    if (at + 6 > raw.len || raw.data[at] != '\\' || raw.data[at + 1] != 'u')
        return -1;
    for (size_t i = at + 2; i < at + 6; i++) {
        int digit = hex_value(raw.data[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* Writes the character of "\uXXXX" or of a surrogate pair; returns the bytes of the escape. */
static size_t unescape_unicode(desk_slice raw, size_t at, char *out, size_t *len)
{
    int32_t unit = code_unit(raw, at), low;
    if (unit < 0)
        return 0;
    if (unit >= 0xD800 && unit <= 0xDBFF && (low = code_unit(raw, at + 6)) >= 0xDC00 &&
        low <= 0xDFFF) {
        *len += utf8_put(0x10000 + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00),
                         out + *len);
        return 12;
    }
    bool is_scalar = unit && (unit < 0xD800 || unit > 0xDFFF);
    *len += utf8_put(is_scalar ? (uint32_t)unit : ' ', out + *len);
    return 6;
}

static char unescape_letter(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
    case 'r':
    case 'b':
    case 'f':
        return ' ';
    default:
        return c;
    }
}

/* An escape of any kind takes at least as many bytes as what it stands for. */
static bool unescape(struct arena *arena, desk_slice *text)
{
    desk_slice raw = *text;
    if (slice_find_byte(raw, '\\', 0) == DESK_SLICE_NONE)
        return true;
    char *out = arena_alloc(arena, raw.len, 1);
    size_t len = 0;
    for (size_t i = 0; out && i < raw.len;) {
        if (raw.data[i] != '\\' || i + 1 == raw.len) {
            out[len++] = raw.data[i++];
            continue;
        }
        size_t taken = unescape_unicode(raw, i, out, &len);
        if (!taken) {
            out[len++] = unescape_letter(raw.data[i + 1]);
            taken = 2;
        }
        i += taken;
    }
    *text = slice_of(out, out ? len : 0);
    return out != NULL;
}

static bool may_have_reference(desk_slice text)
{
    return slice_find_byte(text, '&', 0) != DESK_SLICE_NONE;
}

desk_slice loose_json_lines(struct arena *arena, desk_slice raw)
{
    desk_slice text = raw;
    if (!unescape(arena, &text) || !html_decode(arena, &text, TEXT_DATA))
        return slice_of(NULL, 0);
    return text;
}

/* <em> and the like in a headline. */
static bool drop_tags(struct arena *arena, desk_slice *text)
{
    size_t open = slice_find_byte(*text, '<', 0);
    if (open == DESK_SLICE_NONE || slice_find_byte(*text, '>', open) == DESK_SLICE_NONE)
        return true;
    char *out = arena_alloc(arena, text->len, 1);
    size_t len = 0, last = text->len;
    while (text->data[last - 1] != '>')
        last--;
    for (size_t i = 0; out && i < text->len; i++) {
        char next = i + 1 < text->len ? text->data[i + 1] : ' ';
        size_t close = DESK_SLICE_NONE;
        if (i < last && text->data[i] == '<' && (ascii_is_alpha(next) || next == '/'))
            close = slice_find_byte(*text, '>', i);
        if (close == DESK_SLICE_NONE)
            out[len++] = text->data[i];
        else
            i = close;
    }
    *text = slice_of(out, out ? len : 0);
    return out != NULL;
}

desk_slice loose_json_text(struct arena *arena, desk_slice raw)
{
    desk_slice text = loose_json_lines(arena, raw);
    /* "&amp;#39;" is common: escaped once by the editor, once by the template. */
    if (may_have_reference(text) && !html_decode(arena, &text, TEXT_DATA))
        return slice_of(NULL, 0);
    if (!drop_tags(arena, &text) || !space_fold(arena, &text))
        return slice_of(NULL, 0);
    return text;
}
