/* Headers of WARC records. */
#include "filter/warc_header.h"

#include <string.h>

#include "base/slice.h"

size_t header_length(desk_slice bytes)
{
    desk_slice seen =
        slice_of(bytes.data, bytes.len < HEADER_BYTES_MAX ? bytes.len : HEADER_BYTES_MAX);
    for (size_t at = slice_find_byte(seen, '\n', 0); at != DESK_SLICE_NONE;
         at = slice_find_byte(seen, '\n', at + 1)) {
        size_t next = at + 1;
        if (next < seen.len && seen.data[next] == '\r')
            next++;
        if (next < seen.len && seen.data[next] == '\n')
            return next + 1;
    }
    return 0;
}

bool header_line(desk_slice *rest, desk_slice *line)
{
    if (!rest->len)
        return false;
    size_t at = slice_find_byte(*rest, '\n', 0);
    size_t end = at == DESK_SLICE_NONE ? rest->len : at;
    *line = slice_sub(*rest, 0, end);
    *rest = slice_sub(*rest, end + (end < rest->len), rest->len);
    if (line->len && line->data[line->len - 1] == '\r')
        line->len--;
    return true;
}

bool header_field(desk_slice line, desk_slice *name, desk_slice *value)
{
    size_t colon = slice_find_byte(line, ':', 0);
    if (colon == DESK_SLICE_NONE || !colon || ascii_is_space(line.data[0]))
        return false;
    *name = slice_trim(slice_sub(line, 0, colon));
    *value = slice_trim(slice_sub(line, colon + 1, line.len));
    return name->len > 0;
}

static bool read_length(desk_slice text, uint64_t *length)
{
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!ascii_is_digit(text.data[i]) || value > UINT64_MAX / 16)
            return false;
        value = value * 10 + (uint64_t)(text.data[i] - '0');
    }
    *length = value;
    return text.len > 0;
}

/* Some writers of WARC 1.0 put the address between < and >. */
static desk_slice without_brackets(desk_slice text)
{
    bool has = text.len > 2 && text.data[0] == '<' && text.data[text.len - 1] == '>';
    return has ? slice_sub(text, 1, text.len - 1) : text;
}

static void take(struct warc_header *header, desk_slice name, desk_slice value, desk_slice *length)
{
    const struct {
        const char *name;
        desk_slice *value;
    } known[] = {{"WARC-Type", &header->type},
                 {"WARC-Target-URI", &header->target},
                 {"WARC-Date", &header->date},
                 {"WARC-Truncated", &header->truncated},
                 {"Content-Type", &header->content_type},
                 {"Content-Length", length}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (slice_equal_nocase(name, slice_from_cstr(known[i].name)))
            *known[i].value = value;
}

static bool starts_like(desk_slice bytes, const char *text)
{
    size_t len = strlen(text);
    return memcmp(bytes.data, text, bytes.len < len ? bytes.len : len) == 0;
}

enum warc_look warc_header_read(desk_slice bytes, struct warc_header *header, const char **reason)
{
    desk_slice line, name, value, length = {NULL, 0};
    *header = (struct warc_header){.header_bytes = header_length(bytes)};
    if (!starts_like(bytes, "WARC/")) {
        *reason = "no WARC record begins here; the length of the one before may be wrong";
        return WARC_DAMAGED;
    }
    *reason = "its header does not end";
    if (!header->header_bytes)
        return bytes.len < HEADER_BYTES_MAX ? WARC_SHORT : WARC_DAMAGED;
    desk_slice rest = slice_sub(bytes, 0, header->header_bytes);
    header_line(&rest, &line);
    while (header_line(&rest, &line))
        if (header_field(line, &name, &value))
            take(header, name, value, &length);
    header->target = without_brackets(header->target);
    if (!read_length(length, &header->block_bytes)) {
        *reason = length.len ? "its Content-Length is no number" : "it has no Content-Length";
        return WARC_DAMAGED;
    }
    *reason = "it has no WARC-Type";
    return header->type.len ? WARC_WHOLE : WARC_DAMAGED;
}
