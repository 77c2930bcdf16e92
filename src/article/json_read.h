/* A strict JSON reader over bytes (RFC 8259): validates everything, copies almost nothing.
 *
 * The caller has checked that the input is UTF-8. Strings without escapes are slices of the input;
 * the others are unescaped into the arena. Nothing is recursive: depth is a counted limit. Each
 * error names the byte offset of the first byte that is wrong.
 *
 *     struct json_reader reader;
 *     json_reader_init(&reader, &arena, input, 128, &err);
 *     if (json_enter_object(&reader))
 *         while (json_next_key(&reader, &key)) json_read_string(&reader, &value);
 *     if (json_failed(&reader) || !json_at_end(&reader)) ...
 */
#ifndef ARTICLE_JSON_READ_H
#define ARTICLE_JSON_READ_H

#include <copydesk/error.h>
#include <stdbool.h>

#include "base/arena.h"

enum json_type {
    JSON_TYPE_NONE, /* end of input, or a byte no value starts with */
    JSON_TYPE_OBJECT,
    JSON_TYPE_ARRAY,
    JSON_TYPE_STRING,
    JSON_TYPE_NUMBER,
    JSON_TYPE_TRUE,
    JSON_TYPE_FALSE,
    JSON_TYPE_NULL
};

/* The longest string that was unescaped, so that a page inside JSON is unescaped once although it
 * is first skipped and then read. */
struct known_string {
    const char *from, *end; /* behind its opening and its closing quote */
    desk_slice text;
};

struct json_reader {
    const char *start, *p, *end;
    struct arena *arena;
    desk_error *err;
    desk_status status; /* DESK_OK until the first error; then every call returns false */
    size_t depth, depth_max;
    struct known_string known;
    bool is_first; /* no element of the innermost open array or object was read yet */
};

void json_reader_init(struct json_reader *reader, struct arena *arena, desk_slice input,
                      size_t depth_max, desk_error *err);

/* Type of the next value; skips white space. */
enum json_type json_peek(struct json_reader *reader);
/* Offset of the next byte to read. */
size_t json_offset(const struct json_reader *reader);
static inline bool json_failed(const struct json_reader *reader)
{
    return reader->status != DESK_OK;
}
/* True when only white space is left; else an error. */
bool json_at_end(struct json_reader *reader);

/* Objects: enter, then next_key before each value; next_key returns false at the closing brace
 * (consumed) or on an error. Duplicate keys are the caller's to find here; json_skip finds those of
 * nested objects. */
bool json_enter_object(struct json_reader *reader);
bool json_next_key(struct json_reader *reader, desk_slice *key);
/* Arrays: enter, then next_element before each value. */
bool json_enter_array(struct json_reader *reader);
bool json_next_element(struct json_reader *reader);

/* Each reads one value of its type; another type is a wrong-type error naming `what`. */
bool json_read_string(struct json_reader *reader, const char *what, desk_slice *out);
/* The digits as they stand. */
bool json_read_number(struct json_reader *reader, const char *what, desk_slice *out);
/* Validates one value of any type, with duplicate keys, and gives its bytes untouched. */
bool json_skip(struct json_reader *reader, desk_slice *raw);

/* Finds duplicate keys: the keys of all objects that are open, innermost last. Start from {0}; add
 * each key, and check from the first key of an object when it closes (its keys are dropped then).
 */
struct json_keys {
    struct json_key *items;
    size_t count, capacity;
};
bool json_keys_add(struct json_reader *reader, struct json_keys *keys, desk_slice key,
                   size_t offset);
bool json_keys_check(struct json_reader *reader, struct json_keys *keys, size_t first);

/* Adds an error at an offset and fails the reader. Always returns false. */
bool json_fail(struct json_reader *reader, desk_status status, size_t offset, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

const char *json_type_name(enum json_type type);

#endif
