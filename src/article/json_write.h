/* Writing compact JSON into the arena: one growing piece, keys in the order they are written.
 *
 * Invariant: what is written is valid UTF-8 JSON as long as enter and leave are paired; text that
 * is given must be valid UTF-8. Nothing returns an error: the writer remembers the first one
 * (json_writer.status).
 *
 *     struct json_writer w;
 *     json_writer_init(&w, &arena, estimate, limit);
 *     json_open(&w, '{');
 *     json_key(&w, "title"); json_text(&w, title);
 *     json_close(&w, '}');
 */
#ifndef ARTICLE_JSON_WRITE_H
#define ARTICLE_JSON_WRITE_H

#include <copydesk/error.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct json_writer {
    struct arena *arena;
    char *data;
    size_t len, capacity, bytes_max; /* behind the capacity there are BYTES_SLACK more */
    desk_status status;              /* DESK_OK, DESK_EMEMORY or DESK_EOUTPUT_SIZE */
    bool needs_comma;
};

void json_writer_init(struct json_writer *writer, struct arena *arena, size_t estimate,
                      size_t bytes_max);
/* Makes the writer larger by `more` bytes at least; false, and the error kept, at a limit. */
bool json_enlarge(struct json_writer *writer, size_t more);
/* Where the next bytes go, with room for `more` and BYTES_SLACK beyond; NULL after the first error.
 */
static inline char *json_room(struct json_writer *writer, size_t more)
{
    bool has_room = writer->status == DESK_OK &&
                    (more <= writer->capacity - writer->len || json_enlarge(writer, more));
    return has_room ? writer->data + writer->len : NULL;
}

/* bracket: '{' or '['; close with '}' or ']'. */
void json_open(struct json_writer *writer, char bracket);
void json_close(struct json_writer *writer, char bracket);
/* A key of ours, a literal of ASCII letters and '_': not escaped, its length known when this is
 * compiled. */
static inline void json_key(struct json_writer *writer, const char *key)
{
    const size_t len = strlen(key);
    char *out = json_room(writer, len + 3 + writer->needs_comma);
    if (!out)
        return;
    *out = ',';
    out += writer->needs_comma;
    *out++ = '"';
    memcpy(out, key, len);
    memcpy(out + len, "\":", 2);
    writer->len = (size_t)(out + len + 2 - writer->data);
    writer->needs_comma = false;
}
void json_text(struct json_writer *writer, desk_slice text);
void json_unsigned(struct json_writer *writer, uint64_t value);
void json_signed(struct json_writer *writer, int64_t value);
/* Rounded to `decimals` (0..6) half away from zero, without trailing zeros: the same bytes
 * everywhere, unlike printf under another locale. Range: |value| < 1e12. */
void json_decimal(struct json_writer *writer, double value, unsigned decimals);
void json_bool(struct json_writer *writer, bool value);
/* Bytes that are JSON already. */
void json_raw(struct json_writer *writer, desk_slice json);
/* A raw key with its quotes, as it stood in the input. */
void json_raw_key(struct json_writer *writer, desk_slice key_with_quotes);

#endif
