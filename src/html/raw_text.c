/* Script, style, textarea, title and their like: text up to the end tag of the same name. */
#include "html/raw_text.h"

#include "base/slice.h"

static bool ends_name(desk_slice input, size_t at)
{
    return at < input.len &&
           (ascii_is_space(input.data[at]) || input.data[at] == '/' || input.data[at] == '>');
}

/* "</name" and a byte that ends a name. */
static bool is_end_tag(desk_slice input, size_t at, desk_slice name)
{
    if (at + 2 + name.len >= input.len || input.data[at + 1] != '/')
        return false;
    return slice_starts_nocase(slice_sub(input, at + 2, input.len), name) &&
           ends_name(input, at + 2 + name.len);
}

static bool is_script_start(desk_slice input, size_t at)
{
    desk_slice name = slice_from_cstr("script");
    return slice_starts_nocase(slice_sub(input, at + 1, input.len), name) &&
           ends_name(input, at + 1 + name.len);
}

/* Inside "<!--" of a script: a start tag of script hides the next end tag of script; "-->" ends the
 * escape. */
static size_t script_end(desk_slice input, size_t from)
{
    desk_slice name = slice_from_cstr("script");
    bool is_escaped = false, is_double = false;
    for (size_t at = from; at < input.len; at++) {
        char c = input.data[at];
        if (c == '-' && is_escaped &&
            slice_starts(slice_sub(input, at, input.len), slice_from_cstr("-->"))) {
            is_escaped = is_double = false;
            at += 2;
            continue;
        }
        if (c != '<')
            continue;
        if (is_double && is_end_tag(input, at, name))
            is_double = false;
        else if (is_end_tag(input, at, name))
            return at;
        else if (is_escaped && !is_double && is_script_start(input, at))
            is_double = true;
        else if (!is_escaped &&
                 slice_starts(slice_sub(input, at, input.len), slice_from_cstr("<!--"))) {
            is_escaped = true;
            at += 1; /* "<!-->" ends the escape at once: its dashes count for both ends */
        }
    }
    return input.len;
}

size_t raw_text_end(desk_slice input, size_t from, enum element element)
{
    if (element == ELEMENT_PLAINTEXT)
        return input.len;
    if (element == ELEMENT_SCRIPT)
        return script_end(input, from);
    desk_slice name = slice_of(ELEMENT_INFO[element].name, ELEMENT_INFO[element].len);
    for (size_t at = slice_find_byte(input, '<', from); at != DESK_SLICE_NONE;
         at = slice_find_byte(input, '<', at + 1))
        if (is_end_tag(input, at, name))
            return at;
    return input.len;
}
