/* The JSON writer. */
#include "article/json_write.h"

#include <string.h>

#include "base/slice.h"

void json_writer_init(struct json_writer *writer, struct arena *arena, size_t estimate,
                      size_t bytes_max)
{
    *writer = (struct json_writer){.arena = arena, .bytes_max = bytes_max};
    if (estimate > bytes_max)
        estimate = bytes_max;
    writer->data = arena_alloc(arena, estimate, 1);
    writer->capacity = writer->data ? estimate : 0;
    if (!writer->data)
        writer->status = DESK_EMEMORY;
}

/* Makes room for `more` bytes. After the first error nothing is written any more. */
static bool reserve(struct json_writer *writer, size_t more)
{
    if (writer->status != DESK_OK)
        return false;
    if (more <= writer->capacity - writer->len)
        return true;
    if (more > writer->bytes_max - writer->len) {
        writer->status = DESK_EOUTPUT_SIZE;
        return false;
    }
    size_t wanted = writer->capacity + writer->capacity / 2 + more;
    if (wanted > writer->bytes_max)
        wanted = writer->bytes_max;
    char *grown = arena_grow(writer->arena, writer->data, writer->capacity, wanted, 1);
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
    if (!reserve(writer, len))
        return;
    memcpy(writer->data + writer->len, data, len);
    writer->len += len;
}

static void comma(struct json_writer *writer)
{
    if (writer->needs_comma)
        put(writer, ",", 1);
}

void json_open(struct json_writer *writer, char bracket)
{
    comma(writer);
    put(writer, &bracket, 1);
    writer->needs_comma = false;
}

void json_close(struct json_writer *writer, char bracket)
{
    put(writer, &bracket, 1);
    writer->needs_comma = true;
}

void json_key(struct json_writer *writer, const char *key)
{
    comma(writer);
    put(writer, "\"", 1);
    put(writer, key, strlen(key));
    put(writer, "\":", 2);
    writer->needs_comma = false;
}

void json_raw_key(struct json_writer *writer, desk_slice key_with_quotes)
{
    comma(writer);
    put(writer, key_with_quotes.data, key_with_quotes.len);
    put(writer, ":", 1);
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

/* First byte that must be escaped; the same carry trick as in json_read.c. */
static size_t plain_run(const char *p, size_t len)
{
    const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    size_t i = 0;
    for (; len - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, p + i, 8);
        uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
        uint64_t hit =
            ((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((word - ones * 0x20) & ~word);
        if (hit & highs)
            break;
    }
    while (i < len && p[i] != '"' && p[i] != '\\' && (unsigned char)p[i] >= 0x20)
        i++;
    return i;
}

void json_text(struct json_writer *writer, desk_slice text)
{
    comma(writer);
    put(writer, "\"", 1);
    for (size_t i = 0; i < text.len && writer->status == DESK_OK;) {
        size_t run = plain_run(text.data + i, text.len - i);
        char escaped[6];
        put(writer, text.data + i, run);
        i += run;
        if (i < text.len)
            put(writer, escaped, escape(text.data[i++], escaped));
    }
    put(writer, "\"", 1);
    writer->needs_comma = true;
}

void json_unsigned(struct json_writer *writer, uint64_t value)
{
    char digits[20];
    size_t i = sizeof digits;
    comma(writer);
    do {
        digits[--i] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    put(writer, digits + i, sizeof digits - i);
    writer->needs_comma = true;
}

void json_signed(struct json_writer *writer, int64_t value)
{
    if (value >= 0) {
        json_unsigned(writer, (uint64_t)value);
        return;
    }
    comma(writer);
    put(writer, "-", 1);
    writer->needs_comma = false;
    json_unsigned(writer, (uint64_t) - (value + 1) + 1);
}

void json_decimal(struct json_writer *writer, double value, unsigned decimals)
{
    uint64_t scale = 1;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    double size = value < 0 ? -value : value;
    uint64_t scaled = size < 1e12 ? (uint64_t)(size * (double)scale + 0.5) : 0;
    uint64_t fraction = scaled % scale;
    if (value < 0 && scaled) {
        comma(writer);
        put(writer, "-", 1);
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
