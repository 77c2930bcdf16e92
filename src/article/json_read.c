/* The strict JSON reader. */
#include "article/json_read.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/slice.h"
#include "text/utf8.h"

void json_reader_init(struct json_reader *reader, struct arena *arena, desk_slice input,
                      size_t depth_max, desk_error *err)
{
    *reader = (struct json_reader){.start = input.data,
                                   .p = input.data,
                                   .end = input.data + input.len,
                                   .arena = arena,
                                   .err = err,
                                   .depth_max = depth_max};
}

bool json_fail(struct json_reader *reader, desk_status status, size_t offset, const char *format,
               ...)
{
    char text[256];
    va_list arguments;
    if (reader->status != DESK_OK)
        return false;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    reader->status = error_at(reader->err, status, offset, "%s at byte %zu", text, offset);
    return false;
}

size_t json_offset(const struct json_reader *reader)
{
    return (size_t)(reader->p - reader->start);
}

static void skip_space(struct json_reader *reader)
{
    const char *p = reader->p;
    while (p < reader->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    reader->p = p;
}

/* The unexpected byte, for messages: shown when printable, else in hex. */
static bool fail_syntax(struct json_reader *reader, const char *expected)
{
    if (reader->p == reader->end)
        return json_fail(reader, DESK_EJSON, json_offset(reader),
                         "the JSON text ends where %s is expected; was the record cut short?",
                         expected);
    unsigned char c = (unsigned char)*reader->p;
    if (c > 0x20 && c < 0x7F)
        return json_fail(reader, DESK_EJSON, json_offset(reader), "%s is expected, not '%c'",
                         expected, c);
    return json_fail(reader, DESK_EJSON, json_offset(reader), "%s is expected, not byte 0x%02X",
                     expected, c);
}

enum json_type json_peek(struct json_reader *reader)
{
    skip_space(reader);
    if (reader->p == reader->end || reader->status != DESK_OK)
        return JSON_TYPE_NONE;
    switch (*reader->p) {
    case '{':
        return JSON_TYPE_OBJECT;
    case '[':
        return JSON_TYPE_ARRAY;
    case '"':
        return JSON_TYPE_STRING;
    case 't':
        return JSON_TYPE_TRUE;
    case 'f':
        return JSON_TYPE_FALSE;
    case 'n':
        return JSON_TYPE_NULL;
    default:
        return *reader->p == '-' || ascii_is_digit(*reader->p) ? JSON_TYPE_NUMBER : JSON_TYPE_NONE;
    }
}

const char *json_type_name(enum json_type type)
{
    static const char *const names[] = {"nothing",  "an object", "an array", "a string",
                                        "a number", "true",      "false",    "null"};
    return names[type];
}

bool json_at_end(struct json_reader *reader)
{
    skip_space(reader);
    if (reader->status != DESK_OK)
        return false;
    if (reader->p != reader->end)
        return json_fail(
            reader, DESK_EJSON, json_offset(reader),
            "there is more after the end of the JSON value; send one object per record");
    return true;
}

/* --- strings ------------------------------------------------------------------------------- */

static bool fail_in_string(struct json_reader *reader, const char *at, size_t opened)
{
    size_t offset = (size_t)(at - reader->start);
    if (at >= reader->end)
        return json_fail(reader, DESK_EJSON, offset,
                         "the string opened at byte %zu has no end; was the record cut short?",
                         opened);
    return json_fail(reader, DESK_ECONTROL, offset,
                     "a string holds the raw control character 0x%02X; escape it as \\u%04X",
                     (unsigned char)*at, (unsigned char)*at);
}

static int hex_digit(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Four hex digits at p, or -1. */
static long read_hex4(const char *p, const char *end)
{
    long value = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(p[i]);
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* \uXXXX at p (after the 'u'), with its second half when it is a surrogate. Returns the position
 * after it, or NULL. */
static const char *read_unicode(struct json_reader *reader, const char *p, uint32_t *cp)
{
    size_t offset = (size_t)(p - 2 - reader->start);
    long first = read_hex4(p, reader->end);
    if (first < 0) {
        json_fail(reader, DESK_EESCAPE, offset, "\\u is not followed by four hex digits");
        return NULL;
    }
    p += 4;
    *cp = (uint32_t)first;
    if (first < 0xD800 || first > 0xDFFF)
        return p;
    long second =
        reader->end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? read_hex4(p + 2, reader->end) : -1;
    if (first > 0xDBFF || second < 0xDC00 || second > 0xDFFF) {
        json_fail(reader, DESK_ESURROGATE, offset,
                  "\\u%04lX is half of a surrogate pair without the other", (unsigned long)first);
        return NULL;
    }
    *cp = 0x10000 + (((uint32_t)first - 0xD800) << 10) + ((uint32_t)second - 0xDC00);
    return p + 6;
}

/* One escape sequence that is longer than two bytes; p is at the backslash. Returns the position
 * after it, or NULL. */
static const char *read_escape(struct json_reader *reader, const char *p, char **out)
{
    if (p + 1 >= reader->end || p[1] != 'u') {
        json_fail(reader, DESK_EESCAPE, (size_t)(p - reader->start),
                  "unknown escape sequence in a string");
        return NULL;
    }
    uint32_t cp;
    const char *next = read_unicode(reader, p + 2, &cp);
    if (next)
        *out += utf8_put(cp, *out);
    return next;
}

/* Up to this size the rest of the record is reserved for a string, and what it does not need goes
 * back: cheaper than looking for its end first. */
enum { RESERVED_MAX = 1 << 20 };

/* The quote that closes the string, or the byte that cuts it short. `p` is at an escape. */
static const char *find_close(const char *p, const char *end)
{
    while (p < end && *p == '\\') {
        p = end - p < 2 ? end : p + 2;
        p += bytes_plain_json(p, end);
    }
    return p;
}

/* The slow path: from the first escape to the closing quote. `p` is at the first escape. */
static bool unescape(struct json_reader *reader, const char *from, const char *p, desk_slice *out)
{
    size_t opened = (size_t)(from - 1 - reader->start);
    size_t rest = (size_t)(reader->end - from);
    size_t needed = rest <= RESERVED_MAX ? rest : (size_t)(find_close(p, reader->end) - from);
    size_t room = needed + BYTES_SLACK;
    char *text = arena_alloc(reader->arena, room, 1);
    if (!text)
        return json_fail(reader, DESK_EMEMORY, opened,
                         "a string of %zu bytes exceeds the working memory", room);
    char *w = text + (p - from);
    memcpy(text, from, (size_t)(p - from));
    for (;;) {
        p = bytes_unescape_json(&w, p, reader->end);
        if (p == reader->end || *p != '\\')
            break;
        p = read_escape(reader, p, &w);
        if (!p)
            return false;
    }
    if (p >= reader->end || *p != '"')
        return fail_in_string(reader, p, opened);
    arena_shrink(reader->arena, text, room, (size_t)(w - text));
    *out = slice_of(text, (size_t)(w - text));
    reader->p = p + 1;
    if (out->len > reader->known.text.len)
        reader->known = (struct known_string){from, reader->p, *out};
    return true;
}

/* reader->p is at the opening quote. */
static bool scan_string(struct json_reader *reader, desk_slice *out)
{
    const char *from = reader->p + 1;
    if (from == reader->known.from) {
        *out = reader->known.text;
        reader->p = reader->known.end;
        return true;
    }
    const char *p = from + bytes_plain_json(from, reader->end);
    if (p < reader->end && *p == '"') {
        *out = slice_of(from, (size_t)(p - from));
        reader->p = p + 1;
        return true;
    }
    if (p < reader->end && *p == '\\')
        return unescape(reader, from, p, out);
    return fail_in_string(reader, p, (size_t)(from - 1 - reader->start));
}

static bool scan_word(struct json_reader *reader);

/* What only begins like a word of JSON is no value at all. */
static bool fail_type(struct json_reader *reader, const char *what, const char *wanted)
{
    enum json_type type = json_peek(reader);
    size_t offset = json_offset(reader);
    if (type == JSON_TYPE_NONE)
        return fail_syntax(reader, "a value");
    if (type >= JSON_TYPE_TRUE && !scan_word(reader))
        return false;
    return json_fail(reader, DESK_ETYPE, offset, "%s must be %s, not %s", what, wanted,
                     json_type_name(type));
}

bool json_read_string(struct json_reader *reader, const char *what, desk_slice *out)
{
    if (json_peek(reader) != JSON_TYPE_STRING)
        return fail_type(reader, what, "a string");
    return scan_string(reader, out);
}

/* --- numbers and words --------------------------------------------------------------------- */

static const char *skip_digits(const char *p, const char *end)
{
    while (p < end && ascii_is_digit(*p))
        p++;
    return p;
}

static bool scan_number(struct json_reader *reader, desk_slice *out)
{
    const char *from = reader->p, *end = reader->end;
    const char *p = from + (*from == '-');
    const char *digits = p;
    p = skip_digits(p, end);
    bool good = p > digits && (*digits != '0' || p == digits + 1);
    if (good && p < end && *p == '.') {
        digits = ++p;
        p = skip_digits(p, end);
        good = p > digits;
    }
    if (good && p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        digits = p;
        p = skip_digits(p, end);
        good = p > digits;
    }
    if (!good)
        return json_fail(reader, DESK_EJSON, (size_t)(p - reader->start), "a number is malformed");
    *out = slice_of(from, (size_t)(p - from));
    reader->p = p;
    return true;
}

bool json_read_number(struct json_reader *reader, const char *what, desk_slice *out)
{
    if (json_peek(reader) != JSON_TYPE_NUMBER)
        return fail_type(reader, what, "a number");
    return scan_number(reader, out);
}

static bool scan_word(struct json_reader *reader)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < 3; i++) {
        desk_slice word = slice_from_cstr(words[i]);
        if (slice_starts(slice_of(reader->p, (size_t)(reader->end - reader->p)), word)) {
            reader->p += word.len;
            return true;
        }
    }
    return fail_syntax(reader, "a value");
}

/* --- objects and arrays -------------------------------------------------------------------- */

static bool enter(struct json_reader *reader)
{
    if (reader->depth == reader->depth_max)
        return json_fail(reader, DESK_EDEPTH, json_offset(reader),
                         "arrays and objects are nested deeper than %zu", reader->depth_max);
    reader->depth++;
    reader->p++;
    reader->is_first = true;
    return true;
}

bool json_enter_object(struct json_reader *reader)
{
    if (json_peek(reader) != JSON_TYPE_OBJECT)
        return fail_type(reader, "the record", "a JSON object");
    return enter(reader);
}

bool json_enter_array(struct json_reader *reader)
{
    if (json_peek(reader) != JSON_TYPE_ARRAY)
        return fail_type(reader, "the value", "an array");
    return enter(reader);
}

/* Steps to the next element: false at the closing byte (consumed) or on an error. */
static bool step(struct json_reader *reader, char close)
{
    skip_space(reader);
    if (reader->status != DESK_OK)
        return false;
    if (reader->p < reader->end && *reader->p == close) {
        reader->p++;
        reader->depth--;
        reader->is_first = false;
        return false;
    }
    if (!reader->is_first) {
        if (reader->p == reader->end || *reader->p != ',')
            return fail_syntax(reader, close == '}' ? "',' or '}'" : "',' or ']'");
        reader->p++;
        skip_space(reader);
    }
    reader->is_first = false;
    return true;
}

bool json_next_key(struct json_reader *reader, desk_slice *key)
{
    if (!step(reader, '}'))
        return false;
    if (reader->p == reader->end || *reader->p != '"')
        return fail_syntax(reader, "a key in double quotes");
    if (!scan_string(reader, key))
        return false;
    skip_space(reader);
    if (reader->p == reader->end || *reader->p != ':')
        return fail_syntax(reader, "':'");
    reader->p++;
    return true;
}

bool json_next_element(struct json_reader *reader)
{
    return step(reader, ']');
}

/* --- skipping with full validation --------------------------------------------------------- */

struct json_key {
    uint64_t hash;
    size_t offset;
};

static int by_hash(const void *a, const void *b)
{
    const struct json_key *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

bool json_keys_add(struct json_reader *reader, struct json_keys *seen, desk_slice key,
                   size_t offset)
{
    if (seen->count == seen->capacity) {
        size_t wanted = seen->capacity ? seen->capacity * 2 : 32;
        struct json_key *items =
            arena_grow(reader->arena, seen->items, seen->capacity * sizeof *items,
                       wanted * sizeof *items, _Alignof(struct json_key));
        if (!items)
            return json_fail(reader, DESK_EMEMORY, offset, "too many keys for the working memory");
        seen->items = items;
        seen->capacity = wanted;
    }
    seen->items[seen->count++] = (struct json_key){XXH3_64bits(key.data, key.len), offset};
    return true;
}

/* Heap sort: qsort may take heap memory, and the engine takes none per record. */
static void sift(struct json_key *keys, size_t root, size_t count)
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && by_hash(&keys[child], &keys[child + 1]) < 0)
            child++;
        if (by_hash(&keys[root], &keys[child]) >= 0)
            return;
        struct json_key swap = keys[root];
        keys[root] = keys[child];
        keys[child] = swap;
    }
}

static void sort_keys(struct json_key *keys, size_t count)
{
    for (size_t i = count / 2; i-- > 0;)
        sift(keys, i, count);
    for (size_t i = count; i-- > 1;) {
        struct json_key swap = keys[0];
        keys[0] = keys[i];
        keys[i] = swap;
        sift(keys, 0, i);
    }
}

bool json_keys_check(struct json_reader *reader, struct json_keys *seen, size_t first)
{
    size_t count = seen->count - first;
    if (count > 1)
        sort_keys(seen->items + first, count);
    for (size_t i = first + 1; i < seen->count; i++)
        if (seen->items[i].hash == seen->items[i - 1].hash)
            return json_fail(reader, DESK_EDUPLICATE, seen->items[i].offset,
                             "an object has the same key twice");
    seen->count = first;
    return true;
}

/* What is open below the value that is skipped: kind and where its keys begin. */
struct open_value {
    bool is_object;
    size_t keys_first;
};

static bool skip_scalar(struct json_reader *reader, enum json_type type)
{
    desk_slice ignored;
    switch (type) {
    case JSON_TYPE_STRING:
        return scan_string(reader, &ignored);
    case JSON_TYPE_NUMBER:
        return scan_number(reader, &ignored);
    case JSON_TYPE_TRUE:
    case JSON_TYPE_FALSE:
    case JSON_TYPE_NULL:
        return scan_word(reader);
    default:
        return fail_syntax(reader, "a value");
    }
}

/* Closes what ends here and steps to the next value inside what stays open. */
static bool step_open(struct json_reader *reader, struct json_keys *seen, struct open_value *open,
                      size_t base)
{
    while (reader->depth > base) {
        struct open_value *top = &open[reader->depth - base - 1];
        desk_slice key;
        bool more;
        if (top->is_object) {
            skip_space(reader);
            size_t offset = json_offset(reader);
            more = json_next_key(reader, &key);
            if (more && !json_keys_add(reader, seen, key, offset))
                return false;
        } else {
            more = json_next_element(reader);
        }
        if (reader->status != DESK_OK)
            return false;
        if (more)
            return true;
        if (top->is_object && !json_keys_check(reader, seen, top->keys_first))
            return false;
    }
    return false;
}

bool json_skip(struct json_reader *reader, desk_slice *raw)
{
    enum json_type type = json_peek(reader);
    const char *from = reader->p;
    size_t base = reader->depth;
    if (type == JSON_TYPE_OBJECT || type == JSON_TYPE_ARRAY) {
        struct json_keys seen = {NULL, 0, 0};
        size_t levels = reader->depth_max - base + 1;
        struct open_value *open = ARENA_ARRAY(reader->arena, struct open_value, levels);
        if (!open)
            return json_fail(reader, DESK_EMEMORY, json_offset(reader), "out of working memory");
        do {
            type = json_peek(reader);
            if (type == JSON_TYPE_OBJECT || type == JSON_TYPE_ARRAY) {
                if (!enter(reader))
                    return false;
                open[reader->depth - base - 1] =
                    (struct open_value){type == JSON_TYPE_OBJECT, seen.count};
            } else if (!skip_scalar(reader, type)) {
                return false;
            }
        } while (step_open(reader, &seen, open, base));
    } else if (!skip_scalar(reader, type)) {
        return false;
    }
    reader->is_first = false;
    if (raw)
        *raw = slice_of(from, (size_t)(reader->p - from));
    return reader->status == DESK_OK;
}
