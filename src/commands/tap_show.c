/* A block of a few lines a record. Everything of a record goes through print_safe or wrap_text: a
 * hostile article must not reach the terminal's control codes. */
#include "commands/tap_show.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

#include "base/slice.h"
#include "commands/print.h"
#include "commands/wrap.h"
#include "kafka/coordinates.h"
#include "kafka/tap_filter.h"
#include "ops/trace.h"
#include "text/utf8.h"

enum { INDENT = 2, LEAD_BYTES = 400, NAMES_SHOWN = 6, SUBJECTS_SHOWN = 4 };

/* --- pieces -------------------------------------------------------------------------------- */

static const char *ink(const struct tap_view *view, enum ink which)
{
    return print_ink(which, view->colour);
}

/* The time of the record, in UTC so that every machine shows the same. */
static void put_time(const struct tap_view *view, const rd_kafka_message_t *message)
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = rd_kafka_message_timestamp(message, &type);
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    char text[32] = "no time";
    if (type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && gmtime_r(&seconds, &parts))
        strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &parts);
    fprintf(view->out, "%s%s%s", ink(view, INK_DIM), text, ink(view, INK_PLAIN));
}

static void put_slice(const struct tap_view *view, enum ink which, desk_slice text)
{
    if (!text.len)
        return;
    fprintf(view->out, "  %s", ink(view, which));
    print_safe(view->out, text);
    fputs(ink(view, INK_PLAIN), view->out);
}

static void put_paragraph(const struct tap_view *view, enum ink which, const char *text, size_t len)
{
    struct wrap wrap;
    if (!text || !len)
        return;
    wrap_begin(&wrap, view->out, view->columns, INDENT);
    wrap_text(&wrap, slice_of(text, len), which == INK_PLAIN ? "" : ink(view, which));
    wrap_end(&wrap);
}

/* Where it lies, where it came from, and its trace. */
static void put_places(const struct tap_view *view, const rd_kafka_message_t *message)
{
    char id[TRACE_ID_SIZE];
    desk_slice raw = tap_header(message, "copydesk.provenance");
    fprintf(view->out, "  %s%s/%" PRId32 "/%" PRId64, ink(view, INK_DIM),
            rd_kafka_topic_name(message->rkt), message->partition, message->offset);
    if (raw.len) {
        fputs(" <- ", view->out);
        print_safe(view->out, raw);
    }
    if (trace_id_of(tap_header(message, "traceparent"), id))
        fprintf(view->out, "  trace %s", id);
    fprintf(view->out, "%s\n", ink(view, INK_PLAIN));
}

/* --- enriched ------------------------------------------------------------------------------ */

static void put_lead(const struct tap_view *view, const json_t *record)
{
    const json_t *body = json_object_get(record, "body");
    const char *text = json_string_value(body);
    size_t len = json_string_length(body), cut = len;
    if (!text)
        return;
    if (cut > LEAD_BYTES)
        for (cut = LEAD_BYTES; cut && ((unsigned char)text[cut] & 0xc0) == 0x80;)
            cut--;
    const char *end = memchr(text, '\n', cut); /* the first paragraph is enough */
    put_paragraph(view, INK_PLAIN, text, end ? (size_t)(end - text) : cut);
}

static void put_subjects(const struct tap_view *view, const json_t *record)
{
    size_t i;
    json_t *row;
    const json_t *list = json_object_get(record, "subjects");
    if (!json_array_size(list))
        return;
    fprintf(view->out, "  ");
    json_array_foreach(list, i, row)
    {
        const char *name = json_string_value(json_object_get(row, "name"));
        if (i == SUBJECTS_SHOWN)
            break;
        fprintf(view->out, "%s%s", i ? " | " : "", ink(view, INK_CYAN));
        print_safe(view->out, slice_from_cstr(name ? name : "?"));
        fprintf(view->out, " %.2f%s", json_number_value(json_object_get(row, "confidence")),
                ink(view, INK_PLAIN));
    }
    fputc('\n', view->out);
}

static void put_names(const struct tap_view *view, const json_t *record, const char *key)
{
    size_t i;
    json_t *row;
    const json_t *list = json_object_get(record, key);
    if (!json_array_size(list))
        return;
    fprintf(view->out, "  %s%s%s ", ink(view, INK_DIM), key, ink(view, INK_PLAIN));
    json_array_foreach(list, i, row)
    {
        const json_t *name = json_object_get(row, "name");
        if (i == NAMES_SHOWN)
            break;
        fputs(i ? ", " : "", view->out);
        print_safe(view->out, slice_of(json_string_value(name), json_string_length(name)));
    }
    fputs(json_array_size(list) > NAMES_SHOWN ? " ...\n" : "\n", view->out);
}

static void show_record(const struct tap_view *view, const rd_kafka_message_t *message)
{
    static const char *const lists[] = {"people", "organisations", "places", "attributions"};
    json_t *record = json_loadb(message->payload, message->len, JSON_ALLOW_NUL, NULL);
    const json_t *title = json_object_get(record, "title");
    put_time(view, message);
    put_slice(view, INK_YELLOW, tap_header(message, "copydesk.language"));
    put_slice(view, INK_GREEN, tap_header(message, "copydesk.source"));
    fputc('\n', view->out);
    if (!record)
        put_paragraph(view, INK_RED_STRUCK, "this value is no JSON", 21);
    put_paragraph(view, INK_BOLD, json_string_value(title), json_string_length(title));
    put_lead(view, record);
    put_subjects(view, record);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        put_names(view, record, lists[i]);
    json_decref(record);
}

static void show_tombstone(const struct tap_view *view, const rd_kafka_message_t *message)
{
    put_time(view, message);
    fprintf(view->out, "  %sdeleted%s ", ink(view, INK_MAGENTA), ink(view, INK_PLAIN));
    print_safe(view->out, slice_of(message->key, message->key_len));
    fputc('\n', view->out);
}

void tap_show_enriched(const struct tap_view *view, const rd_kafka_message_t *message)
{
    if (view->is_json) {
        if (message->payload)
            fprintf(view->out, "%.*s\n", (int)message->len, (const char *)message->payload);
        return;
    }
    if (message->payload)
        show_record(view, message);
    else
        show_tombstone(view, message);
    put_places(view, message);
    fputc('\n', view->out);
}

/* --- rejected ------------------------------------------------------------------------------ */

static json_t *text_value(desk_slice text)
{
    return json_stringn(text.data ? text.data : "", text.len); /* NULL when it is no UTF-8 */
}

static void set_text(json_t *object, const char *key, desk_slice text)
{
    json_t *value = text.len ? text_value(text) : NULL;
    if (value)
        json_object_set_new(object, key, value);
}

/* The headers that begin with `prefix`, by their short names. */
static json_t *headers_of(const rd_kafka_message_t *message, const char *prefix,
                          const char *const *names)
{
    json_t *object = json_object();
    for (; *names; names++) {
        char header[64];
        snprintf(header, sizeof header, "%s%s", prefix, *names);
        set_text(object, *names, tap_header(message, header));
    }
    return object;
}

/* The raw value as text, or its size when it is none. */
static void set_value(json_t *line, const rd_kafka_message_t *message)
{
    json_t *value = text_value(slice_of(message->payload, message->len));
    if (value)
        json_object_set_new(line, "value", value);
    else
        json_object_set_new(line, "value_bytes", json_integer((json_int_t)message->len));
}

static void print_line(const struct tap_view *view, json_t *line)
{
    json_dumpf(line, view->out, JSON_COMPACT);
    fputc('\n', view->out);
    json_decref(line);
}

static void print_rejected(const struct tap_view *view, const rd_kafka_message_t *message)
{
    static const char *const names[] = {"code",      "reason", "stage", "topic",
                                        "partition", "offset", NULL};
    json_t *line = json_object(), *why = headers_of(message, "copydesk.error.", names);
    set_text(why, "key", slice_of(message->key, message->key_len));
    json_object_set_new(line, "rejected", why);
    set_value(line, message);
    print_line(view, line);
}

static void show_rejected(const struct tap_view *view, const rd_kafka_message_t *message)
{
    struct coordinates raw;
    desk_slice reason = tap_header(message, "copydesk.error.reason");
    put_time(view, message);
    put_slice(view, INK_MAGENTA, tap_header(message, "copydesk.error.code"));
    put_slice(view, INK_DIM, tap_header(message, "copydesk.error.stage"));
    fputc('\n', view->out);
    if (utf8_is_valid(reason))
        put_paragraph(view, INK_PLAIN, reason.data, reason.len);
    put_places(view, message);
    if (coordinates_of_rejected(message, &raw))
        fprintf(view->out, "  %scopydesk replay -c FILE %s/%" PRId32 "/%" PRId64 "%s\n",
                ink(view, INK_DIM), raw.topic, raw.partition, raw.offset, ink(view, INK_PLAIN));
    fputc('\n', view->out);
}

/* --- skipped ------------------------------------------------------------------------------- */

/* A note about a record that a stage dropped stands among the rejected ones. */
static bool is_note(const rd_kafka_message_t *message)
{
    return tap_header(message, "copydesk.skipped.stage").len ||
           tap_header(message, "copydesk.skipped.reason").len;
}

static void print_note(const struct tap_view *view, const rd_kafka_message_t *message)
{
    static const char *const names[] = {"reason", "stage", NULL};
    json_t *line = json_object(), *why = headers_of(message, "copydesk.skipped.", names);
    set_text(why, "record", tap_header(message, "copydesk.provenance"));
    json_object_set_new(line, "skipped", why);
    print_line(view, line);
}

static void show_note(const struct tap_view *view, const rd_kafka_message_t *message)
{
    desk_slice reason = tap_header(message, "copydesk.skipped.reason");
    put_time(view, message);
    put_slice(view, INK_BLUE, slice_from_cstr("skipped"));
    put_slice(view, INK_DIM, tap_header(message, "copydesk.skipped.stage"));
    fputc('\n', view->out);
    if (utf8_is_valid(reason))
        put_paragraph(view, INK_PLAIN, reason.data, reason.len);
    put_places(view, message);
    fputc('\n', view->out);
}

void tap_show_rejected(const struct tap_view *view, const rd_kafka_message_t *message)
{
    if (is_note(message))
        (view->is_json ? print_note : show_note)(view, message);
    else
        (view->is_json ? print_rejected : show_rejected)(view, message);
}
