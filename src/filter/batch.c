/* Records to lines. */
#include "filter/batch.h"

#include <inttypes.h>
#include <stdio.h>

#include "article/json_write.h"
#include "base/error.h"
#include "base/slice.h"
#include "text/utf8.h"

/* A response may lie in the arena as chunks, compressed and plain, twice where it grew. */
enum { COPIES_MAX = 6, LINE_BYTES_MAX = 1 << 22 };

void batch_init(struct batch *batch, size_t bytes_max)
{
    *batch = (struct batch){.count = 0};
    arena_init(&batch->arena, COPIES_MAX * bytes_max + 2 * BATCH_BYTES + LINE_BYTES_MAX,
               4 * BATCH_BYTES);
}

void batch_deinit(struct batch *batch)
{
    arena_deinit(&batch->arena);
    sink_deinit(&batch->out);
    sink_deinit(&batch->refused);
    sink_deinit(&batch->messages);
}

void batch_reset(struct batch *batch)
{
    arena_reset(&batch->arena);
    batch->count = batch->bytes = batch->rejected = 0;
    batch->err = (desk_error)DESK_ERROR_INIT;
}

static void put_line(struct sink *sink, const struct batch_form *form, desk_slice line)
{
    if (form->wrap.len) {
        sink_put(sink, slice_from_cstr("{\""));
        sink_put(sink, form->wrap);
        sink_put(sink, slice_from_cstr("\":"));
    }
    sink_put(sink, line);
    sink_put(sink, slice_from_cstr(form->wrap.len ? "}\n" : "\n"));
}

/* --- rejected ------------------------------------------------------------------------------ */

struct refusal {
    const char *code, *stage;
    desk_slice reason, id, url;
    size_t offset; /* in the value, or DESK_NO_OFFSET */
};

/* Empty without memory. */
static desk_slice refusal_line(struct batch *batch, const struct item *item,
                               const struct refusal *refusal)
{
    struct json_writer w;
    json_writer_init(&w, &batch->arena, 1024, LINE_BYTES_MAX);
    json_open(&w, '{');
    json_key(&w, "rejected");
    json_open(&w, '{');
    json_key(&w, "code");
    json_text(&w, slice_from_cstr(refusal->code));
    json_key(&w, "reason");
    json_text(&w, refusal->reason);
    json_key(&w, "stage");
    json_text(&w, slice_from_cstr(refusal->stage));
    if (refusal->offset != DESK_NO_OFFSET) {
        json_key(&w, "offset");
        json_unsigned(&w, refusal->offset);
    }
    json_key(&w, "record");
    json_unsigned(&w, item->number);
    if (refusal->id.len) {
        json_key(&w, "id");
        json_text(&w, refusal->id);
    }
    if (refusal->url.len) {
        json_key(&w, "url");
        json_text(&w, refusal->url);
    }
    if (item->offset != NO_POSITION) {
        json_key(&w, "archive_offset");
        json_unsigned(&w, item->offset);
    }
    json_close(&w, '}');
    json_close(&w, '}');
    return w.status == DESK_OK ? slice_of(w.data, w.len) : slice_of(NULL, 0);
}

static void put_refusal(struct batch *batch, const struct item *item, const struct batch_form *form,
                        const struct refusal *refusal)
{
    char message[640];
    desk_slice line = refusal_line(batch, item, refusal);
    if (!line.len) {
        batch->out.has_failed = true;
        return;
    }
    batch->rejected++;
    put_line(form->is_elsewhere ? &batch->refused : &batch->out, form, line);
    if (form->is_quiet)
        return;
    /* codes and reasons are bounded: nothing is cut. */
    int len = snprintf(message, sizeof message, "copydesk: record %" PRIu64 " rejected: %s: %.*s\n",
                       item->number, refusal->code, (int)refusal->reason.len, refusal->reason.data);
    sink_put(&batch->messages, slice_of(message, (size_t)len));
}

/* An address out of an archive, up to what is no UTF-8. */
static desk_slice readable(desk_slice text)
{
    return slice_sub(text, 0, utf8_valid_prefix(text.data, text.len));
}

static void refuse_item(struct batch *batch, const struct item *item, const struct batch_form *form)
{
    put_refusal(batch, item, form,
                &(struct refusal){.code = item->refusal,
                                  .stage = "filter",
                                  .reason = item->reason,
                                  .url = readable(item->record.url),
                                  .offset = DESK_NO_OFFSET});
}

static void refuse_result(struct batch *batch, const struct item *item,
                          const struct batch_form *form, const desk_result *result)
{
    const desk_error *error = &result->error;
    bool is_archived = item->offset != NO_POSITION;
    put_refusal(
        batch, item, form,
        &(struct refusal){.code = desk_status_code(error->status),
                          .stage = error->stage,
                          .reason = slice_from_cstr(error->message),
                          .id = result->id,
                          .url = is_archived ? readable(item->record.url) : slice_of(NULL, 0),
                          .offset = error->offset});
}

/* --- all ----------------------------------------------------------------------------------- */

static bool process_item(struct batch *batch, desk_engine *engine, const struct item *item,
                         const struct batch_form *form)
{
    desk_result result = DESK_RESULT_INIT;
    if (item->refusal) {
        refuse_item(batch, item, form);
        return true;
    }
    if (desk_engine_process(engine, &item->record, &result, &batch->err) != DESK_OK)
        return false;
    if (result.outcome == DESK_ENRICHED)
        put_line(&batch->out, form, result.json);
    else if (result.outcome == DESK_PASSED)
        put_line(&batch->out, form, slice_from_cstr("null"));
    else
        refuse_result(batch, item, form, &result);
    return true;
}

bool batch_process(struct batch *batch, desk_engine *engine, const struct batch_form *form)
{
    for (size_t i = 0; i < batch->count; i++)
        if (!process_item(batch, engine, &batch->items[i], form))
            return false;
    if (batch->out.has_failed || batch->refused.has_failed || batch->messages.has_failed)
        return error_set(&batch->err, DESK_ENOMEM, "out of memory collecting what comes out") ==
               DESK_OK;
    return true;
}
