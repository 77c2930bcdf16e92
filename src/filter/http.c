/* Status, fields and chunks of an HTTP/1 response. */
#include "filter/http.h"

#include <stdio.h>

#include "base/slice.h"
#include "filter/encodings.h"
#include "filter/warc_header.h"

/* More fields than any server sends; the rest is left out. */
enum { FIELDS_MAX = 256 };

bool http_is_response(desk_slice block)
{
    return slice_starts(block, slice_from_cstr("HTTP/"));
}

bool http_fail(struct http_fault *fault, const char *code, const char *reason)
{
    fault->code = code;
    snprintf(fault->reason, sizeof fault->reason, "%s", reason);
    return false;
}

/* "HTTP/1.1 200 OK"; 0 for what is no status. */
static unsigned read_status(desk_slice line)
{
    size_t at = slice_find_byte(line, ' ', 0);
    unsigned status = 0;
    if (at == DESK_SLICE_NONE || line.len < at + 4)
        return 0;
    for (size_t i = at + 1; i < at + 4; i++) {
        if (!ascii_is_digit(line.data[i]))
            return 0;
        status = status * 10 + (unsigned)(line.data[i] - '0');
    }
    return status;
}

static void take(struct http_response *response, desk_slice name, desk_slice value)
{
    if (slice_equal_nocase(name, slice_from_cstr("content-type")))
        response->content_type = value;
    else if (slice_equal_nocase(name, slice_from_cstr("content-encoding")))
        response->content_encoding = value;
    else if (slice_equal_nocase(name, slice_from_cstr("transfer-encoding")))
        response->transfer_encoding = value;
    if (response->headers_count < FIELDS_MAX)
        response->headers[response->headers_count++] = (desk_header){name, value};
}

bool http_read(desk_slice block, struct arena *arena, struct http_response *response,
               struct http_fault *fault)
{
    desk_slice line, name, value;
    size_t length = header_length(block);
    *response = (struct http_response){.headers = ARENA_ARRAY(arena, desk_header, FIELDS_MAX)};
    if (!response->headers)
        return http_fail(fault, "memory-limit", "out of memory");
    if (!length)
        return http_fail(fault, "damaged-record", "the header of the HTTP response does not end");
    desk_slice rest = slice_sub(block, 0, length);
    header_line(&rest, &line);
    response->status = read_status(line);
    if (!response->status)
        return http_fail(fault, "damaged-record", "the HTTP response has no status");
    while (header_line(&rest, &line))
        if (header_field(line, &name, &value))
            take(response, name, value);
    arena_shrink(arena, response->headers, FIELDS_MAX * sizeof *response->headers,
                 response->headers_count * sizeof *response->headers);
    response->body = slice_sub(block, length, block.len);
    return true;
}

/* --- chunks (RFC 9112, 7.1) ---------------------------------------------------------------- */

static int hex_digit(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The size line of a chunk, "1a2b;extension". False when there is none. */
static bool chunk_size(desk_slice *rest, size_t *size)
{
    size_t end = slice_find_byte(*rest, '\n', 0), digits = 0;
    *size = 0;
    if (end == DESK_SLICE_NONE)
        return false;
    while (digits < end && digits < 8 && hex_digit(rest->data[digits]) >= 0)
        *size = *size * 16 + (size_t)hex_digit(rest->data[digits++]);
    desk_slice left = slice_trim(slice_sub(*rest, digits, end));
    if (!digits || (left.len && left.data[0] != ';'))
        return false;
    *rest = slice_sub(*rest, end + 1, rest->len);
    return true;
}

static void skip_line_end(desk_slice *rest)
{
    size_t count = 0;
    if (count < rest->len && rest->data[count] == '\r')
        count++;
    if (count < rest->len && rest->data[count] == '\n')
        count++;
    *rest = slice_sub(*rest, count, rest->len);
}

/* Appends chunk after chunk to `out`. True when the last one, of size 0, was seen. */
static bool join_chunks(desk_slice rest, char *out, size_t *len)
{
    size_t size;
    while (chunk_size(&rest, &size)) {
        size_t take = size < rest.len ? size : rest.len;
        if (!size)
            return true;
        memcpy(out + *len, rest.data, take);
        *len += take;
        rest = slice_sub(rest, take, rest.len);
        if (take < size)
            return false;
        skip_line_end(&rest);
    }
    return false;
}

static bool undo_chunks(struct http_response *response, struct arena *arena,
                        const struct http_limits *limits, struct http_fault *fault)
{
    desk_slice probe = response->body;
    size_t size, len = 0;
    if (!slice_equal_nocase(response->transfer_encoding, slice_from_cstr("chunked")) ||
        !chunk_size(&probe, &size))
        return true;
    char *out = arena_alloc(arena, response->body.len, 1);
    if (!out)
        return http_fail(fault, "memory-limit", "out of memory joining the chunks of the body");
    if (!join_chunks(response->body, out, &len) && !limits->may_end_early)
        return http_fail(fault, "damaged-record",
                         "the chunks of the HTTP response end early; was it cut short?");
    response->body = slice_of(out, len);
    return true;
}

bool http_decode(struct http_response *response, struct arena *arena,
                 const struct http_limits *limits, struct http_fault *fault)
{
    return undo_chunks(response, arena, limits, fault) &&
           encodings_undo(response, arena, limits, fault);
}
