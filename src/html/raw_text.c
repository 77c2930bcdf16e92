/* Script, style, textarea, title and their like: text up to the end tag of the same name. */
#include "html/raw_text.h"

#include "base/slice.h"

static bool ends_name(desk_slice input, size_t at)
{
    return at < input.len &&
           (ascii_is_space(input.data[at]) || input.data[at] == '/' || input.data[at] == '>');
}

/* The name at this place, and a byte that ends a name. */
static bool has_name(desk_slice input, size_t at, desk_slice name)
{
    return at < input.len && slice_starts_nocase(slice_sub(input, at, input.len), name) &&
           ends_name(input, at + name.len);
}

/* "</name" and a byte that ends a name; `at` is at the '<'. */
static bool is_end_tag(desk_slice input, size_t at, desk_slice name)
{
    return name.len && at + 2 < input.len && input.data[at + 1] == '/' &&
           has_name(input, at + 2, name);
}

static bool starts_at(desk_slice input, size_t at, const char *text)
{
    return slice_starts(slice_sub(input, at, input.len), slice_from_cstr(text));
}

/* Inside "<!--" of a script, from its first dash on: a start tag of script hides the next end tag
 * of script. Returns the place behind "-->", or that of the end tag, or the input's length; *is_end
 * tells whether the script ends there. */
static size_t escaped_script_end(desk_slice input, size_t from, desk_slice name, bool *is_end)
{
    const desk_slice script = SLICE_LITERAL("script");
    bool is_double = false;
    *is_end = false;
    for (size_t at = from; at < input.len; at++) {
        char c = input.data[at];
        if (c == '-' && starts_at(input, at, "-->"))
            return at + 3;
        if (c != '<')
            continue;
        if (is_double) {
            is_double = !is_end_tag(input, at, script);
        } else if (is_end_tag(input, at, name)) {
            *is_end = true;
            return at;
        } else {
            is_double = has_name(input, at + 1, script);
        }
    }
    *is_end = true;
    return input.len;
}

static size_t script_end(desk_slice input, size_t from, desk_slice name)
{
    size_t at = slice_find_byte(input, '<', from);
    while (at != DESK_SLICE_NONE) {
        bool is_end = is_end_tag(input, at, name);
        size_t next = at + 1;
        /* "<!-->" ends the escape at once: its dashes count for both ends. */
        if (!is_end && starts_at(input, at, "<!--"))
            at = next = escaped_script_end(input, at + 2, name, &is_end);
        if (is_end)
            return at;
        at = slice_find_byte(input, '<', next);
    }
    return input.len;
}

size_t raw_text_end(desk_slice input, size_t from, enum raw_state state, desk_slice name)
{
    if (state == RAW_CDATA) {
        size_t end = slice_find(input, slice_from_cstr("]]>"), from);
        return end == DESK_SLICE_NONE ? input.len : end;
    }
    if (state == RAW_PLAINTEXT)
        return input.len;
    if (state == RAW_SCRIPT)
        return script_end(input, from, name);
    for (size_t at = slice_find_byte(input, '<', from); at != DESK_SLICE_NONE;
         at = slice_find_byte(input, '<', at + 1))
        if (is_end_tag(input, at, name))
            return at;
    return input.len;
}
