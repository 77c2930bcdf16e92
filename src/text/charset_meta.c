/* The charset a page declares in its head. Source: HTML Standard, "Prescan a byte stream to
 * determine its encoding". Tags are read as far as they must be to skip them; nothing is decoded.
 */
#include <string.h>

#include "base/slice.h"
#include "text/charset.h"

/* The standard reads 1,024 bytes and lets a later <meta> change the encoding; reading further at
 * once comes to the same. */
enum { PRESCAN_BYTES = 16384 };

struct prescan {
    desk_slice head;
    size_t at;
};

struct meta_attribute {
    desk_slice name, value;
};

static bool is_at(const struct prescan *scan, const char *text)
{
    return slice_starts_nocase(slice_sub(scan->head, scan->at, scan->head.len),
                               slice_from_cstr(text));
}

static char byte_at(const struct prescan *scan)
{
    return scan->at < scan->head.len ? scan->head.data[scan->at] : '\0';
}

static void skip_space(struct prescan *scan)
{
    while (ascii_is_space(byte_at(scan)))
        scan->at++;
}

/* "Get an attribute": false when there is none before the end of the tag. At the end of the bytes
 * the whole prescan is over: scan->at is head.len then. */
static bool read_attribute(struct prescan *scan, struct meta_attribute *attribute)
{
    while (ascii_is_space(byte_at(scan)) || byte_at(scan) == '/')
        scan->at++;
    if (scan->at >= scan->head.len || byte_at(scan) == '>')
        return false;
    size_t from = scan->at++;
    while (scan->at < scan->head.len && !ascii_is_space(byte_at(scan)) &&
           !memchr("=/>", byte_at(scan), 3))
        scan->at++;
    attribute->name = slice_sub(scan->head, from, scan->at);
    attribute->value = slice_of(NULL, 0);
    skip_space(scan);
    if (byte_at(scan) != '=')
        return true;
    scan->at++;
    skip_space(scan);
    char quote = byte_at(scan);
    if (quote == '"' || quote == '\'') {
        size_t end = slice_find_byte(scan->head, quote, scan->at + 1);
        size_t start = scan->at + 1;
        scan->at = end == DESK_SLICE_NONE ? scan->head.len : end + 1;
        attribute->value = slice_sub(scan->head, start, end == DESK_SLICE_NONE ? start : end);
        return end != DESK_SLICE_NONE;
    }
    from = scan->at;
    while (scan->at < scan->head.len && !ascii_is_space(byte_at(scan)) && byte_at(scan) != '>')
        scan->at++;
    attribute->value = slice_sub(scan->head, from, scan->at);
    return true;
}

/* "Extract a character encoding from a meta element": charset=... inside `content`. */
static const char *charset_of_content(desk_slice content)
{
    desk_slice word = slice_from_cstr("charset");
    struct prescan scan = {content, 0};
    for (; scan.at + word.len <= content.len; scan.at++) {
        if (!is_at(&scan, "charset"))
            continue;
        size_t found = scan.at;
        scan.at += word.len;
        skip_space(&scan);
        if (byte_at(&scan) != '=') {
            scan.at = found;
            continue;
        }
        scan.at++;
        skip_space(&scan);
        char quote = byte_at(&scan);
        if (quote == '"' || quote == '\'') {
            size_t end = slice_find_byte(content, quote, scan.at + 1);
            return end == DESK_SLICE_NONE ? NULL
                                          : charset_by_label(slice_sub(content, scan.at + 1, end));
        }
        size_t from = scan.at;
        while (scan.at < content.len && !ascii_is_space(byte_at(&scan)) && byte_at(&scan) != ';')
            scan.at++;
        return charset_by_label(slice_sub(content, from, scan.at));
    }
    return NULL;
}

/* Reads the attributes of a <meta>: the charset it declares, or NULL. */
static const char *read_meta(struct prescan *scan)
{
    bool is_pragma = false, needs_pragma = false;
    bool has_pragma = false, has_content = false, has_charset = false;
    const char *name = NULL;
    struct meta_attribute attribute;
    while (read_attribute(scan, &attribute)) {
        if (slice_equal_nocase(attribute.name, slice_from_cstr("http-equiv")) && !has_pragma) {
            has_pragma = true;
            is_pragma = slice_equal_nocase(attribute.value, slice_from_cstr("content-type"));
        } else if (slice_equal_nocase(attribute.name, slice_from_cstr("content")) && !has_content) {
            has_content = true;
            const char *found = name ? NULL : charset_of_content(attribute.value);
            needs_pragma = found ? true : needs_pragma;
            name = found ? found : name;
        } else if (slice_equal_nocase(attribute.name, slice_from_cstr("charset")) && !has_charset) {
            has_charset = true;
            name = charset_by_label(attribute.value);
            needs_pragma = false;
        }
    }
    bool is_complete = scan->at < scan->head.len;
    return is_complete && (!needs_pragma || is_pragma) ? name : NULL;
}

/* Past the next '>', or to the end. */
static void skip_to_bracket(struct prescan *scan)
{
    size_t end = slice_find_byte(scan->head, '>', scan->at);
    scan->at = end == DESK_SLICE_NONE ? scan->head.len : end + 1;
}

/* Skips what begins at a '<', with a <meta> read for its charset. */
static const char *read_markup(struct prescan *scan)
{
    struct meta_attribute ignored;
    char after = scan->at + 5 < scan->head.len ? scan->head.data[scan->at + 5] : '\0';
    char next = scan->at + 1 < scan->head.len ? scan->head.data[scan->at + 1] : '\0';
    char letter =
        next == '/' && scan->at + 2 < scan->head.len ? scan->head.data[scan->at + 2] : next;
    if (is_at(scan, "<!--")) {
        size_t end = slice_find(scan->head, slice_from_cstr("-->"), scan->at + 2);
        scan->at = end == DESK_SLICE_NONE ? scan->head.len : end + 3;
    } else if (is_at(scan, "<meta") && (ascii_is_space(after) || after == '/')) {
        scan->at += 5;
        return read_meta(scan);
    } else if (ascii_is_alpha(letter)) {
        while (scan->at < scan->head.len && !ascii_is_space(byte_at(scan)) && byte_at(scan) != '>')
            scan->at++;
        while (read_attribute(scan, &ignored)) {}
    } else if (next == '!' || next == '/' || next == '?') {
        skip_to_bracket(scan);
    } else {
        scan->at++;
    }
    return NULL;
}

/* What an XML declaration says. */
static const char *charset_of_xml(desk_slice head)
{
    struct prescan scan = {head, 5};
    struct meta_attribute attribute;
    while (read_attribute(&scan, &attribute))
        if (slice_is(attribute.name, "encoding"))
            return charset_by_label(attribute.value);
    return NULL;
}

/* A page that could be read as ASCII this far cannot be UTF-16, whatever it says. */
static const char *as_ascii(const char *name)
{
    return name && (!strncmp(name, "UTF-16", 6) || !strncmp(name, "UTF-32", 6)) ? "UTF-8" : name;
}

const char *charset_of_meta(desk_slice bytes)
{
    struct prescan scan = {bytes, 0};
    if (scan.head.len > PRESCAN_BYTES)
        scan.head.len = PRESCAN_BYTES;
    if (slice_starts(scan.head, slice_from_cstr("<?xml"))) {
        const char *name = charset_of_xml(scan.head);
        if (name)
            return as_ascii(name);
    }
    while ((scan.at = slice_find_byte(scan.head, '<', scan.at)) != DESK_SLICE_NONE) {
        const char *name = read_markup(&scan);
        if (name)
            return as_ascii(name);
    }
    return NULL;
}
