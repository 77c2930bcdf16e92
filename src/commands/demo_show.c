/* Jansson reads the record, wrap.h keeps words whole and control characters from the terminal. */
#include "commands/demo_show.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/slice.h"
#include "commands/print.h"
#include "commands/wrap.h"

enum { LABEL_COLUMNS = 13, LEAD_BYTES = 240, NAMES_SHOWN = 6 };

static void begin(struct wrap *wrap, const struct demo_view *view, const char *label)
{
    wrap_begin(wrap, view->out, view->columns, LABEL_COLUMNS);
    wrap_label(wrap, label, print_ink(INK_DIM, view->colour));
}

static void put_text(const struct demo_view *view, const char *label, desk_slice text)
{
    struct wrap wrap;
    if (!text.len)
        return;
    begin(&wrap, view, label);
    wrap_text(&wrap, text, "");
    wrap_end(&wrap);
}

static desk_slice text_of(const json_t *value)
{
    return slice_of(json_string_value(value), json_string_length(value));
}

/* The beginning of the body, to the end of a word. */
static void put_lead(const struct demo_view *view, desk_slice body)
{
    struct wrap wrap;
    size_t cut = body.len;
    if (!body.len)
        return;
    if (cut > LEAD_BYTES)
        for (cut = LEAD_BYTES; cut && body.data[cut] != ' ' && body.data[cut] != '\n';)
            cut--;
    if (!cut) /* a script without spaces: to the end of a letter */
        for (cut = LEAD_BYTES; cut && ((unsigned char)body.data[cut] & 0xc0) == 0x80;)
            cut--;
    begin(&wrap, view, "body");
    wrap_text(&wrap, slice_sub(body, 0, cut), "");
    if (cut < body.len)
        wrap_text(&wrap, slice_from_cstr(" ..."), "");
    wrap_end(&wrap);
}

/* The names of a list, or its items where they are texts themselves. Names of subjects hold commas,
 * so that a bar parts them. */
static void put_names(const struct demo_view *view, const char *label, const json_t *list)
{
    struct wrap wrap;
    size_t i;
    json_t *row;
    if (!json_array_size(list))
        return;
    begin(&wrap, view, label);
    json_array_foreach(list, i, row)
    {
        if (i == NAMES_SHOWN)
            break;
        wrap_text(&wrap, slice_from_cstr(i ? " | " : ""), "");
        wrap_text(&wrap, text_of(json_is_object(row) ? json_object_get(row, "name") : row), "");
    }
    wrap_text(&wrap, slice_from_cstr(json_array_size(list) > NAMES_SHOWN ? " ..." : ""), "");
    wrap_end(&wrap);
}

void demo_show(const struct demo_view *view, const desk_result *result,
               const rd_kafka_message_t *message)
{
    json_t *record = json_loadb(result->json.data, result->json.len, JSON_ALLOW_NUL, NULL);
    const json_t *reprint = json_object_get(record, "reprint");
    fprintf(view->out, "\n%s", print_ink(INK_BOLD, view->colour));
    print_safe(view->out, slice_of(message->key, message->key_len));
    fprintf(view->out,
            "%s  articles.raw [%" PRId32 "] at %" PRId64 ", %zu bytes -> articles.enriched, %zu "
            "bytes\n",
            print_ink(INK_PLAIN, view->colour), message->partition, message->offset, message->len,
            result->json.len);
    put_text(view, "title", text_of(json_object_get(record, "title")));
    put_lead(view, text_of(json_object_get(record, "body")));
    put_text(view, "language", result->language);
    put_text(view, "source", result->source_domain);
    put_names(view, "subjects", json_object_get(record, "subjects"));
    put_names(view, "people", json_object_get(record, "people"));
    put_names(view, "places", json_object_get(record, "places"));
    put_names(view, "cites", json_object_get(record, "attributions"));
    put_names(view, "reprint", json_object_get(reprint, "markers"));
    fflush(view->out);
    json_decref(record);
}
