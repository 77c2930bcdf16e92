/* Headers as WARC (ISO 28500) and HTTP (RFC 9112) write them: a first line, named fields, an empty
 * line. Line ends may be LF alone; a line that begins with a blank continues a field and is left
 * out. */
#ifndef FILTER_WARC_HEADER_H
#define FILTER_WARC_HEADER_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

/* What has no end by then is no header. */
enum { HEADER_BYTES_MAX = 1 << 16 };

/* Bytes of the header with its empty line; 0 when the empty line is not there. */
size_t header_length(desk_slice bytes);
/* Takes the next line off the rest of a header, without its end. False at the end. */
bool header_line(desk_slice *rest, desk_slice *line);
/* Splits "Name: value"; both trimmed. False for what is no field. */
bool header_field(desk_slice line, desk_slice *name, desk_slice *value);

struct warc_header {
    desk_slice type, target, date, truncated, content_type; /* empty: absent */
    uint64_t block_bytes;
    size_t header_bytes;
};

enum warc_look { WARC_WHOLE, WARC_SHORT, WARC_DAMAGED };

/* Reads the header that `bytes` begin with. WARC_SHORT: its end is not there yet. WARC_DAMAGED:
 * *reason says how, static text. */
enum warc_look warc_header_read(desk_slice bytes, struct warc_header *header, const char **reason);

#endif
