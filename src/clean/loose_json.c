/* One pass with a stack of open containers. A quote ends a string when what follows it can follow a
 * string; else it belongs to the text. */
#include "clean/loose_json.h"

#include "base/slice.h"
#include "html/references.h"

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
    enum { WRAPPER_MAX = 72 };
    const desk_slice mark = SLICE_LITERAL("<![CDATA[");
    desk_slice start = slice_sub(text, 0, text.len < WRAPPER_MAX ? text.len : WRAPPER_MAX);
    size_t at = slice_find(start, mark, 0);
    return at != DESK_SLICE_NONE ? slice_sub(text, at + mark.len, text.len) : text;
}

/* {&quot;@context&quot;: ...}: the whole was escaped once too often. */
static bool is_escaped(desk_slice text)
{
    size_t quote = slice_find_byte(text, '"', 0);
    desk_slice before = slice_sub(text, 0, quote == DESK_SLICE_NONE ? text.len : quote);
    return slice_find(before, slice_from_cstr("&quot;"), 0) != DESK_SLICE_NONE;
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
