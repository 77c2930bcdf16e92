/* The JSON writer. */
#include "article/json_write.h"

#include <string.h>

#include "base/bytes.h"
#include "base/slice.h"

void json_writer_init(struct json_writer *writer, struct arena *arena, size_t estimate,
                      size_t bytes_max)
{
    *writer = (struct json_writer){.arena = arena, .bytes_max = bytes_max};
    if (estimate > bytes_max)
        estimate = bytes_max;
    writer->data = arena_alloc(arena, estimate + BYTES_SLACK, 1);
    writer->capacity = writer->data ? estimate : 0;
    if (!writer->data)
        writer->status = DESK_EMEMORY;
}

bool json_enlarge(struct json_writer *writer, size_t more)
{
    if (more > writer->bytes_max - writer->len) {
        writer->status = DESK_EOUTPUT_SIZE;
        return false;
    }
    size_t wanted = writer->capacity + writer->capacity / 2 + more;
    if (wanted > writer->bytes_max)
        wanted = writer->bytes_max;
    char *grown = arena_grow(writer->arena, writer->data, writer->capacity + BYTES_SLACK,
                             wanted + BYTES_SLACK, 1);
    if (!grown) {
        writer->status = DESK_EMEMORY;
        return false;
    }
    writer->data = grown;
    writer->capacity = wanted;
    return true;
}

static void put(struct json_writer *writer, const char *data, size_t len)
{
    char *out = json_room(writer, len);
    if (!out)
        return;
    memcpy(out, data, len);
    writer->len += len;
}

static inline void put_byte(struct json_writer *writer, char byte)
{
    char *out = json_room(writer, 1);
    if (!out)
        return;
    *out = byte;
    writer->len++;
}

static inline void comma(struct json_writer *writer)
{
    if (writer->needs_comma)
        put_byte(writer, ',');
}

void json_open(struct json_writer *writer, char bracket)
{
    comma(writer);
    put_byte(writer, bracket);
    writer->needs_comma = false;
}

void json_close(struct json_writer *writer, char bracket)
{
    put_byte(writer, bracket);
    writer->needs_comma = true;
}

void json_raw_key(struct json_writer *writer, desk_slice key_with_quotes)
{
    comma(writer);
    put(writer, key_with_quotes.data, key_with_quotes.len);
    put_byte(writer, ':');
    writer->needs_comma = false;
}

/* Escapes of RFC 8259: the quote, the backslash, and below 0x20. Everything else stays as it is;
 * U+2028 and U+2029 are valid in JSON. */
static size_t escape(char c, char out[6])
{
    static const char hex[] = "0123456789abcdef";
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *known = c ? strchr(from, c) : NULL;
    out[0] = '\\';
    if (known) {
        out[1] = to[known - from];
        return 2;
    }
    memcpy(out + 1, "u00", 3);
    out[4] = hex[(unsigned char)c >> 4];
    out[5] = hex[(unsigned char)c & 15];
    return 6;
}

/* The rest of a text whose next byte must be escaped. */
static void put_escaped(struct json_writer *writer, const char *p, const char *end)
{
    while (p < end) {
        char escaped[6];
        put(writer, escaped, escape(*p++, escaped));
        char *out = json_room(writer, (size_t)(end - p));
        if (!out)
            return;
        size_t run = bytes_copy_plain_json(out, p, end);
        writer->len += run;
        p += run;
    }
}

void json_text(struct json_writer *writer, desk_slice text)
{
    char *out = json_room(writer, text.len + 2 + writer->needs_comma);
    if (!out)
        return;
    *out = ',';
    out += writer->needs_comma;
    *out++ = '"';
    size_t run = bytes_copy_plain_json(out, text.data, text.data + text.len);
    writer->len = (size_t)(out + run - writer->data);
    if (run < text.len)
        put_escaped(writer, text.data + run, text.data + text.len);
    put_byte(writer, '"');
    writer->needs_comma = true;
}

void json_unsigned(struct json_writer *writer, uint64_t value)
{
    size_t count = 1;
    for (uint64_t rest = value; rest >= 10; rest /= 10)
        count++;
    char *out = json_room(writer, count + 1);
    if (!out)
        return;
    *out = ',';
    out += writer->needs_comma;
    for (size_t i = count; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
    writer->len = (size_t)(out + count - writer->data);
    writer->needs_comma = true;
}

void json_signed(struct json_writer *writer, int64_t value)
{
    if (value >= 0) {
        json_unsigned(writer, (uint64_t)value);
        return;
    }
    comma(writer);
    put_byte(writer, '-');
    writer->needs_comma = false;
    json_unsigned(writer, (uint64_t) - (value + 1) + 1);
}

/* Whole numbers below this, most weights and counts, need no rounding. */
static const double WHOLE_MAX = 1e6;

void json_decimal(struct json_writer *writer, double value, unsigned decimals)
{
    uint64_t scale = 1;
    if (value >= 0 && value < WHOLE_MAX && value == (double)(uint64_t)value) {
        json_unsigned(writer, (uint64_t)value);
        return;
    }
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    double size = value < 0 ? -value : value;
    uint64_t scaled = size < 1e12 ? (uint64_t)(size * (double)scale + 0.5) : 0;
    uint64_t fraction = scaled % scale;
    if (value < 0 && scaled) {
        comma(writer);
        put_byte(writer, '-');
        writer->needs_comma = false;
    }
    json_unsigned(writer, scaled / scale);
    if (!fraction)
        return;
    while (fraction % 10 == 0) {
        fraction /= 10;
        decimals--;
    }
    char digits[8] = ".";
    for (unsigned i = decimals; i > 0; i--) {
        digits[i] = (char)('0' + fraction % 10);
        fraction /= 10;
    }
    put(writer, digits, decimals + 1);
}

void json_bool(struct json_writer *writer, bool value)
{
    json_raw(writer, value ? slice_from_cstr("true") : slice_from_cstr("false"));
}

void json_raw(struct json_writer *writer, desk_slice json)
{
    comma(writer);
    put(writer, json.data, json.len);
    writer->needs_comma = true;
}
