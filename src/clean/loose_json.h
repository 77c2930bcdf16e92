/* JSON as pages carry it, broken or not: comments, trailing and missing commas, line breaks and
 * control characters in strings, quotes that were not escaped, an end that is missing. What can be
 * read is read; nothing is refused. Strict JSON of records is article/json_read.h's.
 *
 * The result is a flat list in document order. A value of a container is followed by its content
 * up to `end`; in an object keys and values take turns. */
#ifndef CLEAN_LOOSE_JSON_H
#define CLEAN_LOOSE_JSON_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

enum loose_type { LOOSE_OBJECT, LOOSE_ARRAY, LOOSE_STRING, LOOSE_BARE };

struct loose_value {
    desk_slice text; /* of strings, raw, without quotes; of bare words and numbers */
    uint32_t end;    /* values (i, end) are inside */
    uint8_t type;    /* enum loose_type */
};

struct loose_json {
    struct loose_value *values;
    uint32_t count;
};

/* Reads from the first brace or bracket on; count is 0 when there is none. Time is linear in the
 * text. False at the memory limit. */
bool loose_json_read(struct arena *arena, desk_slice text, struct loose_json *out);

/* Index of the value of a key in the object at `object`; 0 when it has none (0 is never a value of
 * a key). */
uint32_t loose_json_get(const struct loose_json *json, uint32_t object, const char *key);

/* A string with its escapes and the HTML inside undone, on one line; empty at the memory limit. */
desk_slice loose_json_text(struct arena *arena, desk_slice raw);
/* The same with its lines kept. */
desk_slice loose_json_lines(struct arena *arena, desk_slice raw);

#endif
