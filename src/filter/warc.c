/* The articles of a WARC archive, as Common Crawl's CC-NEWS are.
 *
 * Given are the successful responses; requests, metadata, redirects and errors are counted as
 * skipped. A record that is not as the standard says is refused with its position, and the next
 * line that begins a record is looked for. */
#include <inttypes.h>
#include <string.h>

#include "base/slice.h"
#include "filter/http.h"
#include "filter/intake.h"
#include "filter/warc_header.h"
#include "tag/parse_time.h"
#include "text/utf8.h"

#define RECORD_START "WARC/"

/* --- moving through the archive ------------------------------------------------------------ */

static void drop(struct intake *intake, uint64_t bytes)
{
    size_t have = window_bytes(&intake->window).len;
    size_t now = bytes < have ? (size_t)bytes : have;
    window_drop(&intake->window, now);
    intake->to_skip = bytes - now;
}

/* Finds a line that begins a record. False: the window has none, and holds what may begin one. */
static bool search(struct intake *intake)
{
    static const desk_slice start = SLICE_LITERAL(RECORD_START);
    desk_slice bytes = window_bytes(&intake->window);
    for (size_t at = slice_find(bytes, start, 0); at != DESK_SLICE_NONE;
         at = slice_find(bytes, start, at + 1))
        if (!at || bytes.data[at - 1] == '\n') {
            window_drop(&intake->window, at);
            intake->is_searching = false;
            return true;
        }
    window_drop(&intake->window, bytes.len > start.len ? bytes.len - start.len : 0);
    return false;
}

static void skip_line_ends(struct intake *intake)
{
    desk_slice bytes = window_bytes(&intake->window);
    size_t count = 0;
    while (count < bytes.len && (bytes.data[count] == '\r' || bytes.data[count] == '\n'))
        count++;
    window_drop(&intake->window, count);
}

/* --- what is refused ----------------------------------------------------------------------- */

static void begin(struct intake *intake, struct item *item)
{
    intake_begin(intake, item);
    item->offset = intake->window.offset;
}

/* A damaged record: from behind its first bytes on the next one is looked for. */
static enum intake_status refuse_damaged(struct intake *intake, struct arena *arena,
                                         struct item *item, const char *why)
{
    begin(intake, item);
    uint64_t offset = item->offset;
    drop(intake, window_bytes(&intake->window).len ? 1 : 0); /* and nothing is to be skipped */
    intake->is_searching = true;
    return intake_refuse(item, arena, "damaged-record",
                         "the WARC record at byte %" PRIu64 " is damaged: %s", offset, why);
}

static enum intake_status refuse_gap(struct intake *intake, struct arena *arena, struct item *item)
{
    begin(intake, item);
    window_drop(&intake->window, window_bytes(&intake->window).len);
    intake->to_skip = 0;
    intake->is_searching = true;
    return intake_refuse(item, arena, "damaged-input", "%s", intake->window.input->reason);
}

static enum intake_status refuse_large(struct intake *intake, struct arena *arena,
                                       const struct warc_header *header, struct item *item)
{
    begin(intake, item);
    item->record.url = arena_copy(arena, header->target);
    uint64_t bytes = header->block_bytes;
    drop(intake, header->header_bytes + header->block_bytes);
    return intake_refuse(item, arena, "input-too-large",
                         "the response has %" PRIu64 " bytes, the limit is %zu (limits.input)",
                         bytes, intake->record_bytes_max);
}

/* --- a response ---------------------------------------------------------------------------- */

static bool copy_headers(struct http_response *response, struct arena *arena)
{
    for (size_t i = 0; i < response->headers_count; i++) {
        desk_header *header = &response->headers[i];
        header->name = arena_copy(arena, header->name);
        header->value = arena_copy(arena, header->value);
        if (!header->name.data || (header->value.len && !header->value.data))
            return false;
    }
    return true;
}

/* The target in UTF-8: bytes of another encoding as browsers send them, %E9. */
static desk_slice address(struct arena *arena, desk_slice target)
{
    static const char DIGITS[] = "0123456789ABCDEF";
    char *out = utf8_is_valid(target) ? NULL : arena_alloc(arena, 3 * target.len, 1);
    size_t len = 0;
    if (!out)
        return arena_copy(arena, target);
    for (size_t i = 0; i < target.len; i++) {
        unsigned char c = (unsigned char)target.data[i];
        if (c < 0x80) {
            out[len++] = (char)c;
            continue;
        }
        out[len++] = '%';
        out[len++] = DIGITS[c >> 4];
        out[len++] = DIGITS[c & 15];
    }
    return slice_of(out, len);
}

/* What the record has to say of itself; what it does not say is as the options say. */
static bool describe(struct item *item, struct arena *arena, const struct warc_header *header,
                     struct http_response *response)
{
    desk_record *record = &item->record;
    struct parsed_time time;
    if (header->target.len)
        record->url = address(arena, header->target);
    if (parse_time_rfc3339(header->date, &time))
        record->crawled_ms = time.ms;
    if (response->content_type.len)
        record->content_type = arena_copy(arena, response->content_type);
    record->headers = response->headers;
    record->headers_count = response->headers_count;
    return (record->url.data || !header->target.len) &&
           (record->content_type.data || !response->content_type.len) &&
           copy_headers(response, arena);
}

/* The body where it is compressed or chunked lies in the arena already. */
static bool take_body(struct item *item, struct arena *arena, desk_slice block, desk_slice body)
{
    bool is_in_block = body.data >= block.data && body.data <= block.data + block.len;
    item->record.value = is_in_block ? arena_copy(arena, body) : body;
    return item->record.value.data || !body.len;
}

static enum intake_status skip(struct intake *intake, const struct warc_header *header)
{
    intake->skipped++;
    drop(intake, header->header_bytes + header->block_bytes);
    return INTAKE_WAIT;
}

/* INTAKE_WAIT: it was no article and is skipped. */
static enum intake_status respond(struct intake *intake, struct arena *arena,
                                  const struct warc_header *header, struct item *item)
{
    struct http_response response;
    struct http_fault fault = {NULL, ""};
    struct http_limits limits = {intake->record_bytes_max, header->truncated.len > 0};
    desk_slice block = slice_sub(window_bytes(&intake->window), header->header_bytes,
                                 header->header_bytes + (size_t)header->block_bytes);
    /* A batch ends by the bytes of its records: what is skipped or refused keeps none of them. */
    struct arena_mark before = arena_mark(arena);
    bool good = http_read(block, arena, &response, &fault);
    if (good && (response.status < 200 || response.status > 299)) {
        arena_rewind(arena, before);
        return skip(intake, header);
    }
    begin(intake, item);
    good = good && http_decode(&response, arena, &limits, &fault);
    if (good &&
        !(describe(item, arena, header, &response) && take_body(item, arena, block, response.body)))
        good = http_fail(&fault, "memory-limit", "out of memory");
    if (!good) {
        arena_rewind(arena, before);
        item->record = intake->defaults;
        item->record.url = address(arena, header->target);
    }
    drop(intake, header->header_bytes + header->block_bytes);
    return good ? INTAKE_ITEM : intake_refuse(item, arena, fault.code, "%s", fault.reason);
}

static bool is_article(const struct warc_header *header, desk_slice bytes)
{
    if (!slice_equal_nocase(header->type, slice_from_cstr("response")))
        return false;
    desk_slice block = slice_sub(bytes, header->header_bytes, bytes.len);
    /* Look-ups of host names are responses, too, of text/dns. */
    return !header->block_bytes || block.len < 5 || http_is_response(block);
}

/* --- the archive --------------------------------------------------------------------------- */

/* Looks at what is there. INTAKE_WAIT: something was skipped, or more bytes are needed. */
static enum intake_status look(struct intake *intake, struct arena *arena, bool is_last,
                               struct item *item)
{
    struct warc_header header;
    const char *why;
    if (intake->to_skip)
        drop(intake, intake->to_skip);
    if (intake->to_skip && is_last)
        return refuse_damaged(intake, arena, item, "the file ends inside the one before");
    if (intake->to_skip || (intake->is_searching && !search(intake)))
        return INTAKE_WAIT;
    skip_line_ends(intake);
    desk_slice bytes = window_bytes(&intake->window);
    if (!bytes.len)
        return INTAKE_WAIT;
    enum warc_look found = warc_header_read(bytes, &header, &why);
    if (found == WARC_DAMAGED)
        return refuse_damaged(intake, arena, item, why);
    if (found == WARC_SHORT)
        return is_last ? refuse_damaged(intake, arena, item, "the file ends in its header")
                       : INTAKE_WAIT;
    if (!is_article(&header, bytes))
        return skip(intake, &header);
    if (header.block_bytes > intake->record_bytes_max + (uint64_t)HEADER_BYTES_MAX)
        return refuse_large(intake, arena, &header, item);
    size_t end = header.header_bytes + (size_t)header.block_bytes;
    if (bytes.len <= end && !is_last)
        return INTAKE_WAIT;
    if (bytes.len < end)
        return refuse_damaged(intake, arena, item, "the file ends inside it");
    if (bytes.len > end && bytes.data[end] != '\r' && bytes.data[end] != '\n')
        return refuse_damaged(intake, arena, item, "it does not end where its length says");
    return respond(intake, arena, &header, item);
}

enum intake_status warc_next(struct intake *intake, struct arena *arena, bool may_wait,
                             struct item *item)
{
    bool is_last = false;
    for (;;) {
        uint64_t before = intake->window.offset;
        enum intake_status found = look(intake, arena, is_last, item);
        if (found != INTAKE_WAIT)
            return found;
        if (intake->window.offset != before && window_bytes(&intake->window).len)
            continue;
        if (is_last)
            return INTAKE_END;
        enum input_status status = window_more(&intake->window, may_wait);
        switch (status) {
        case INPUT_BYTES:
            break;
        case INPUT_WAIT:
            return INTAKE_WAIT;
        case INPUT_GAP:
            return refuse_gap(intake, arena, item);
        case INPUT_END:
            is_last = true;
            break;
        case INPUT_STOPPED:
            intake->left_bytes = window_bytes(&intake->window).len;
            return INTAKE_END;
        case INPUT_FAILED:
            return intake_fail(intake, intake->window.input->reason);
        }
    }
}
