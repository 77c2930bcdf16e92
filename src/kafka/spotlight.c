/* The places for one record of each kind, and the thread. */
#include "kafka/spotlight.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/arena.h"
#include "base/slice.h"
#include "engine/engine.h"
#include "kafka/coordinates.h"
#include "kafka/lane_parts.h"
#include "kafka/raw_record.h"
#include "ops/ticker.h"
#include "view/view_json.h"
#include "ops/engine_log.h"

enum {
    TICK_MS = 1000,
    LOWEST_PRIORITY = 19,
    HEADERS_MAX = 20,
    HEADER_BYTES_MAX = 512,
    JSON_BYTES_MAX = 400 << 10, /* the blocks of an article stop here */
    JSON_BYTES_LIMIT = 1 << 20,
    /* Of a place, beside the value: content type, key, names and values of headers. */
    EXTRAS_BYTES = (2 + 2 * HEADERS_MAX) * HEADER_BYTES_MAX
};

/* Whose turn it is with a place. Only the thread sets WANTED and takes what is FULL; a lane goes
 * from WANTED over FILLING to FULL. */
enum turn { WANTED, FILLING, FULL };

struct header {
    desk_slice name, value;
    bool is_null;
};

/* A copy of one record; slices lie in data. */
struct place {
    atomic_int turn; /* enum turn */
    atomic_ullong too_large;
    unsigned long long shown; /* the thread's */
    struct coordinates at;
    int64_t timestamp_ms;
    desk_slice key, value, content_type;
    bool is_null;
    size_t value_bytes; /* of the whole value */
    struct header headers[HEADERS_MAX];
    size_t headers_count;
    desk_error error; /* of a rejected record */
    size_t used, capacity;
    char *data;
};

struct spotlight {
    struct lane_shared *shared;
    struct http_server *http;
    struct ticker ticker;
    desk_engine *engine;
    unsigned generation; /* of the engine's rulebook */
    struct arena arena;  /* for one event */
    struct place enriched, rejected;
};

/* --- a lane's part ------------------------------------------------------------------------- */

/* A copy of the first `len_max` bytes, or of what there is room for. */
static desk_slice put(struct place *place, desk_slice text, size_t len_max)
{
    size_t room = place->capacity - place->used;
    size_t len = text.len < len_max ? text.len : len_max;
    len = len < room ? len : room;
    char *at = place->data + place->used;
    if (len)
        memcpy(at, text.data, len);
    place->used += len;
    return slice_of(at, len);
}

static void put_headers(struct place *place, const rd_kafka_message_t *message)
{
    rd_kafka_headers_t *headers = NULL;
    const char *name;
    const void *value;
    size_t len;
    place->headers_count = 0;
    if (rd_kafka_message_headers(message, &headers))
        return;
    while (place->headers_count < HEADERS_MAX &&
           !rd_kafka_header_get_all(headers, place->headers_count, &name, &value, &len)) {
        struct header *header = &place->headers[place->headers_count++];
        header->name = put(place, slice_from_cstr(name), HEADER_BYTES_MAX);
        header->is_null = value == NULL;
        header->value = put(place, slice_of(value, value ? len : 0), HEADER_BYTES_MAX);
    }
}

static void fill(struct place *place, const rd_kafka_message_t *message, const desk_result *result)
{
    desk_record record = raw_record(message);
    bool is_rejected = result->outcome == DESK_REJECTED;
    place->used = 0;
    place->at.partition = message->partition;
    place->at.offset = message->offset;
    snprintf(place->at.topic, sizeof place->at.topic, "%s", rd_kafka_topic_name(message->rkt));
    place->timestamp_ms = record.timestamp_ms;
    place->is_null = record.is_null;
    place->value_bytes = record.value.len;
    place->value = put(place, record.value, is_rejected ? SPOTLIGHT_VALUE_SHOWN : record.value.len);
    place->content_type = put(place, record.content_type, HEADER_BYTES_MAX);
    place->key = put(place, slice_of(message->key, message->key_len), HEADER_BYTES_MAX);
    put_headers(place, message);
    if (is_rejected)
        place->error = result->error;
}

void spotlight_offer(struct spotlight *spotlight, const rd_kafka_message_t *message,
                     const desk_result *result)
{
    if (!spotlight || (result->outcome != DESK_ENRICHED && result->outcome != DESK_REJECTED))
        return;
    bool is_enriched = result->outcome == DESK_ENRICHED;
    struct place *place = is_enriched ? &spotlight->enriched : &spotlight->rejected;
    int wanted = WANTED;
    if (atomic_load_explicit(&place->turn, memory_order_relaxed) != WANTED)
        return;
    if (is_enriched && message->len > SPOTLIGHT_RECORD_BYTES) {
        atomic_fetch_add_explicit(&place->too_large, 1, memory_order_relaxed);
        return;
    }
    if (!atomic_compare_exchange_strong(&place->turn, &wanted, FILLING))
        return;
    fill(place, message, result);
    atomic_store(&place->turn, FULL);
}

/* --- events -------------------------------------------------------------------------------- */

static void print_headers(const struct place *place, struct json_writer *out)
{
    json_key(out, "headers");
    json_open(out, '[');
    for (size_t i = 0; i < place->headers_count; i++) {
        json_open(out, '[');
        json_any_text(out, place->headers[i].name);
        if (place->headers[i].is_null)
            json_raw(out, slice_from_cstr("null"));
        else
            json_any_text(out, place->headers[i].value);
        json_close(out, ']');
    }
    json_close(out, ']');
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What both kinds of events say of the raw record. */
static void print_record(struct place *place, struct json_writer *out)
{
    char at[COORDINATES_SIZE];
    size_t len = coordinates_print(place->at.topic, place->at.partition, place->at.offset, at);
    json_key(out, "at");
    json_text(out, slice_of(at, len));
    json_key(out, "time_ms");
    json_signed(out, now_ms());
    if (place->timestamp_ms != DESK_NO_TIME) {
        json_key(out, "timestamp_ms");
        json_signed(out, place->timestamp_ms);
    }
    json_key(out, "key");
    json_any_text(out, place->key);
    json_key(out, "bytes");
    json_unsigned(out, place->value_bytes);
    print_headers(place, out);
    json_key(out, "shown");
    json_unsigned(out, ++place->shown);
    json_key(out, "too_large");
    json_unsigned(out, atomic_load(&place->too_large));
}

static void publish(struct spotlight *spotlight, const char *kind, const struct json_writer *out)
{
    if (out->status == DESK_OK)
        http_publish(spotlight->http, kind, slice_of(out->data, out->len));
}

/* The engine gives the lane's outcome again, unless the rulebook was exchanged meanwhile or the
 * record wants more memory than is given for looking at it: it is not shown then. */
static bool process(struct spotlight *spotlight)
{
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    const struct place *place = &spotlight->enriched;
    record.value = place->value;
    record.is_null = place->is_null;
    record.content_type = place->content_type;
    record.topic = slice_from_cstr(place->at.topic);
    record.partition = place->at.partition;
    record.offset = place->at.offset;
    record.timestamp_ms = place->timestamp_ms;
    return desk_engine_process(spotlight->engine, &record, &result, NULL) == DESK_OK &&
           result.outcome == DESK_ENRICHED;
}

static void show_enriched(struct spotlight *spotlight)
{
    struct view view;
    struct json_writer out;
    if (!process(spotlight))
        return;
    json_writer_init(&out, &spotlight->arena, JSON_BYTES_MAX / 8, JSON_BYTES_LIMIT);
    if (view_open(&view, engine_article(spotlight->engine), SPOTLIGHT_VIEW_BYTES)) {
        json_open(&out, '{');
        print_record(&spotlight->enriched, &out);
        view_json(&view, &out, JSON_BYTES_MAX);
        json_close(&out, '}');
        publish(spotlight, HTTP_EVENT_ENRICHED, &out);
    }
    view_close(&view);
}

static void show_rejected(struct spotlight *spotlight)
{
    struct place *place = &spotlight->rejected;
    struct json_writer out;
    json_writer_init(&out, &spotlight->arena, 4 * SPOTLIGHT_VALUE_SHOWN, JSON_BYTES_LIMIT);
    json_open(&out, '{');
    print_record(place, &out);
    json_key(&out, "code");
    json_text(&out, slice_from_cstr(desk_status_code(place->error.status)));
    json_key(&out, "stage");
    json_any_text(&out, slice_from_cstr(place->error.stage));
    json_key(&out, "reason");
    json_any_text(&out, slice_from_cstr(place->error.message));
    json_key(&out, "value");
    json_any_text(&out, place->value);
    json_key(&out, "value_left_out");
    json_unsigned(&out, place->value_bytes - place->value.len);
    json_close(&out, '}');
    publish(spotlight, HTTP_EVENT_REJECTED, &out);
}

/* --- thread -------------------------------------------------------------------------------- */

static void take_new_rulebook(struct spotlight *spotlight)
{
    unsigned generation;
    desk_rulebook *rulebook = lane_rulebook(spotlight->shared, &generation);
    if (generation != spotlight->generation &&
        desk_engine_set_rulebook(spotlight->engine, rulebook, NULL) == DESK_OK)
        spotlight->generation = generation;
    desk_rulebook_release(rulebook);
}

static void take_turn(struct spotlight *spotlight, struct place *place,
                      void (*show)(struct spotlight *spotlight))
{
    if (atomic_load(&place->turn) != FULL)
        return;
    show(spotlight);
    arena_reset(&spotlight->arena);
    atomic_store(&place->turn, WANTED);
}

static void tick(void *context)
{
    struct spotlight *spotlight = context;
    /* On Linux 0 names the calling thread. Without the call the thread is only less polite. */
    setpriority(PRIO_PROCESS, 0, LOWEST_PRIORITY);
    take_new_rulebook(spotlight);
    take_turn(spotlight, &spotlight->enriched, show_enriched);
    take_turn(spotlight, &spotlight->rejected, show_rejected);
}

/* --- life ---------------------------------------------------------------------------------- */

static void free_spotlight(struct spotlight *spotlight)
{
    desk_engine_free(spotlight->engine);
    arena_deinit(&spotlight->arena);
    free(spotlight->enriched.data);
    free(spotlight->rejected.data);
    free(spotlight);
}

static bool make_engine(struct spotlight *spotlight, desk_error *err)
{
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    config_engine_options(spotlight->shared->config, &options);
    options.logger = engine_logger(&spotlight->shared->log);
    options.evidence = DESK_EVIDENCE_FULL;
    if (options.memory_bytes_max > SPOTLIGHT_ENGINE_BYTES)
        options.memory_bytes_max = SPOTLIGHT_ENGINE_BYTES;
    desk_rulebook *rulebook = lane_rulebook(spotlight->shared, &spotlight->generation);
    desk_status status = desk_engine_new(rulebook, &options, &spotlight->engine, err);
    desk_rulebook_release(rulebook);
    if (status == DESK_OK)
        engine_set_trace(spotlight->engine, true);
    return status == DESK_OK;
}

static bool open_place(struct place *place, size_t value_bytes_max)
{
    place->capacity = value_bytes_max + EXTRAS_BYTES;
    place->data = malloc(place->capacity);
    return place->data != NULL;
}

static bool start(struct spotlight *spotlight, desk_error *err)
{
    snprintf(err->message, sizeof err->message, "out of memory");
    return open_place(&spotlight->enriched, SPOTLIGHT_RECORD_BYTES) &&
           open_place(&spotlight->rejected, SPOTLIGHT_VALUE_SHOWN) && make_engine(spotlight, err) &&
           ticker_open(&spotlight->ticker, TICK_MS, tick, spotlight);
}

struct spotlight *spotlight_open(struct lane_shared *shared, struct http_server *http)
{
    desk_error err = DESK_ERROR_INIT;
    struct spotlight *spotlight = calloc(1, sizeof *spotlight);
    if (!spotlight)
        return NULL;
    spotlight->shared = shared;
    spotlight->http = http;
    arena_init(&spotlight->arena, 4 * (size_t)JSON_BYTES_LIMIT, JSON_BYTES_LIMIT);
    if (start(spotlight, &err))
        return spotlight;
    log_write(&shared->log, LOG_WARN, "the monitor page goes without articles",
              LOG_FIELDS(log_text("reason", err.message)));
    free_spotlight(spotlight);
    return NULL;
}

void spotlight_close(struct spotlight *spotlight)
{
    if (!spotlight)
        return;
    ticker_close(&spotlight->ticker);
    free_spotlight(spotlight);
}
