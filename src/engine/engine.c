/* Runs one record through the stages; turns a stage's error into a rejected result. */
#include "engine/engine.h"

#include "engine/engine_parts.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "article/fields.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/tell.h"
#include "base/sized.h"
#include "base/slice.h"
#include "engine/stage_table.h"
#include "rulebook/rulebook.h"
#include "stage/stages.h"
#include "text/utf8.h"

/* Defaults of desk_engine_options. The sizes are DESIGN's; the work budget is 60 steps for each
 * byte of the largest input, an order of magnitude above what genuine pages need. */
static const size_t INPUT_BYTES_MAX = (size_t)32 << 20;
static const size_t OUTPUT_BYTES_MAX = (size_t)64 << 20;
static const size_t MEMORY_BYTES_MAX = (size_t)512 << 20;
static const size_t MEMORY_BYTES_RETAINED = (size_t)8 << 20;
static const size_t JSON_DEPTH_MAX = 128;
static const uint64_t WORK_MAX = 2000000000u;
static const uint32_t MATCH_LIMIT = 100000;
static const uint32_t DEPTH_LIMIT = 1000;

struct desk_engine {
    desk_rulebook *rulebook;
    desk_engine_options options; /* all set; aliases unused after make */
    struct field_map fields;
    struct arena arena;
    desk_record record; /* of the call under way, complete */
    struct desk_article article;
    void *states[STAGE_COUNT];
    bool wants_trace;
    unsigned long long (*clock)(void);
    struct stages *loaded; /* stages of the host's choice; NULL: none */
    unsigned long long times[STAGE_COUNT + STAGES_LOADED_MAX]; /* built-in ones, then loaded ones */
};

const struct desk_article *engine_article(const desk_engine *engine)
{
    return &engine->article;
}

const struct arena *engine_arena(const desk_engine *engine)
{
    return &engine->arena;
}

void engine_set_trace(desk_engine *engine, bool wanted)
{
    engine->wants_trace = wanted;
}

void engine_set_clock(desk_engine *engine, unsigned long long (*clock)(void))
{
    engine->clock = clock;
}

const unsigned long long *engine_stage_times(const desk_engine *engine)
{
    return engine->times;
}

size_t engine_stage_count(const desk_engine *engine)
{
    return STAGE_COUNT + stages_count(engine->loaded);
}

const char *engine_stage_name(const desk_engine *engine, size_t index)
{
    return index < STAGE_COUNT ? STAGES[index]->name
                               : stages_name(engine->loaded, index - STAGE_COUNT);
}

/* What the structs of the first release had: no program sets less. */
static const size_t OPTIONS_SIZE_MIN = offsetof(desk_engine_options, without_json) + sizeof(int);
static const size_t RECORD_SIZE_MIN = offsetof(desk_record, headers_count) + sizeof(size_t);

/* Zeros take their defaults. */
static desk_engine_options complete_options(desk_engine_options o)
{
    o.input_bytes_max = o.input_bytes_max ? o.input_bytes_max : INPUT_BYTES_MAX;
    o.output_bytes_max = o.output_bytes_max ? o.output_bytes_max : OUTPUT_BYTES_MAX;
    o.memory_bytes_max = o.memory_bytes_max ? o.memory_bytes_max : MEMORY_BYTES_MAX;
    o.json_depth_max = o.json_depth_max ? o.json_depth_max : JSON_DEPTH_MAX;
    o.work_max = o.work_max ? o.work_max : WORK_MAX;
    o.match_limit = o.match_limit ? o.match_limit : MATCH_LIMIT;
    o.depth_limit = o.depth_limit ? o.depth_limit : DEPTH_LIMIT;
    return o;
}

static void close_states(void *states[STAGE_COUNT])
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        STAGES[i]->close(states[i]);
}

static desk_status open_states(const desk_rulebook *rulebook, void *states[STAGE_COUNT],
                               desk_error *err)
{
    memset(states, 0, STAGE_COUNT * sizeof *states);
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        desk_status status = STAGES[i]->open(rulebook, &states[i], err);
        if (status != DESK_OK) {
            close_states(states);
            return status;
        }
    }
    return DESK_OK;
}

desk_status desk_engine_new(desk_rulebook *rulebook, const desk_engine_options *options,
                            desk_engine **engine, desk_error *err)
{
    if (!engine || !rulebook)
        return error_set(err, DESK_EARGUMENT,
                         "desk_engine_new: rulebook and engine must not be NULL");
    *engine = NULL;
    desk_engine_options known = DESK_ENGINE_OPTIONS_INIT;
    enum sized sized = options ? sized_read(&known, OPTIONS_SIZE_MIN, options) : SIZED_OK;
    if (sized != SIZED_OK)
        return sized_error(sized, "desk_engine_options", err);
    if ((unsigned)known.format > DESK_FORMAT_TEXT || (unsigned)known.evidence > DESK_EVIDENCE_NONE)
        return error_set(err, DESK_EARGUMENT,
                         "desk_engine_options: there is no format %d or no evidence %d",
                         (int)known.format, (int)known.evidence);
    desk_engine *made = calloc(1, sizeof *made);
    if (!made)
        return error_set(err, DESK_ENOMEM, "out of memory for the engine");
    made->options = complete_options(known);
    desk_status status =
        field_map_make(made->options.aliases, made->options.aliases_count, &made->fields, err);
    if (status == DESK_OK)
        status = open_states(rulebook, made->states, err);
    if (status == DESK_OK) {
        status = stages_open(made->options.stages, made->options.stages_count,
                             &made->options.logger, &made->loaded, err);
        if (status != DESK_OK)
            close_states(made->states);
    }
    if (status != DESK_OK) {
        field_map_free(&made->fields);
        free(made);
        return status;
    }
    made->rulebook = desk_rulebook_retain(rulebook);
    arena_init(&made->arena, made->options.memory_bytes_max, MEMORY_BYTES_RETAINED);
    *engine = made;
    return DESK_OK;
}

void desk_engine_free(desk_engine *engine)
{
    if (!engine)
        return;
    stages_close(engine->loaded);
    close_states(engine->states);
    field_map_free(&engine->fields);
    arena_deinit(&engine->arena);
    desk_rulebook_release(engine->rulebook);
    free(engine);
}

desk_status desk_engine_set_rulebook(desk_engine *engine, desk_rulebook *rulebook, desk_error *err)
{
    void *states[STAGE_COUNT];
    if (!engine || !rulebook)
        return error_set(err, DESK_EARGUMENT,
                         "desk_engine_set_rulebook: engine and rulebook must not be NULL");
    desk_status status = open_states(rulebook, states, err);
    if (status != DESK_OK)
        return status;
    close_states(engine->states);
    memcpy(engine->states, states, sizeof states);
    desk_rulebook *old = engine->rulebook;
    engine->rulebook = desk_rulebook_retain(rulebook);
    desk_rulebook_release(old);
    return DESK_OK;
}

/* --- one record ---------------------------------------------------------------------------- */

static void begin_article(desk_engine *engine)
{
    arena_reset(&engine->arena);
    struct desk_article *article = &engine->article;
    const desk_record *record = &engine->record;
    memset(article, 0, sizeof *article);
    article->arena = &engine->arena;
    article->record = record;
    article->fields = &engine->fields;
    article->format = record->format != DESK_FORMAT_AUTO ? record->format : engine->options.format;
    article->limits = (struct article_limits){
        engine->options.input_bytes_max, engine->options.output_bytes_max,
        engine->options.json_depth_max, engine->options.match_limit, engine->options.depth_limit};
    article->work_left = engine->options.work_max;
    article->evidence_level = engine->options.evidence;
    article->wants_trace = engine->wants_trace;
    article->published_ms = article->updated_ms = article->crawled_ms = DESK_NO_TIME;
    article->input_published_ms = article->input_updated_ms = article->input_crawled_ms =
        DESK_NO_TIME;
}

/* Gives loaded stages that stand behind a built-in one their turn. */
static desk_status run_loaded(desk_engine *engine, size_t after, desk_error *err)
{
    const struct stages_run run = {engine->rulebook->lexicon, engine->clock,
                                   engine->times + STAGE_COUNT};
    return stages_run(engine->loaded, after, &engine->article, &run, err);
}

static desk_status run_stages(desk_engine *engine, desk_error *err)
{
    size_t count =
        engine->options.without_json ? STAGE_COUNT - 1 : STAGE_COUNT; /* encode is last */
    for (size_t i = 0; i < count; i++) {
        unsigned long long started = engine->clock ? engine->clock() : 0;
        desk_status status = STAGES[i]->process(engine->states[i], &engine->article, err);
        if (engine->clock)
            engine->times[i] += engine->clock() - started;
        if (status == DESK_OK && engine->loaded)
            status = run_loaded(engine, i, err);
        if (status == DESK_OK)
            continue;
        if (!err->stage[0])
            memcpy(err->stage, STAGES[i]->name, strlen(STAGES[i]->name) + 1);
        return status;
    }
    return DESK_OK;
}

static void fill_result(const struct desk_article *article, desk_result *result)
{
    result->article = article;
    result->json = article->json;
    result->id = article->id;
    result->url = article->canonical_url.len ? article->canonical_url : article->url;
    result->language = article->language;
    result->source_domain = article->source_domain;
    result->top_subject =
        article->subjects.count ? article->subjects.items[0].uri : slice_of(NULL, 0);
}

enum { SHOWN_BYTES_MAX = 200 }; /* of a removed text: enough to recognise it */

static int shown(desk_slice text)
{
    size_t len = text.len < SHOWN_BYTES_MAX ? text.len : SHOWN_BYTES_MAX;
    return (int)utf8_valid_prefix(text.data, len);
}

/* What was taken out, for a host that wants to know why nothing was left. */
static void log_removals(const desk_engine *engine)
{
    const struct removal_list *list = &engine->article.removals;
    if (!tell_wants(&engine->options.logger, DESK_LOG_DEBUG))
        return;
    for (size_t i = 0; i < list->count; i++)
        tell_text(&engine->options.logger, DESK_LOG_DEBUG, "", "removed by %.*s: %.*s",
                  (int)list->items[i].rule.len, list->items[i].rule.data,
                  shown(list->items[i].text), list->items[i].text.data);
}

static void reject(desk_engine *engine, desk_result *result, const desk_error *error)
{
    result->outcome = engine->article.is_dropped ? DESK_SKIPPED : DESK_REJECTED;
    result->error = *error;
    result->json = slice_of(NULL, 0);
    tell_event(&engine->options.logger, DESK_LOG_INFO, error);
    log_removals(engine);
}

static desk_status process_record(desk_engine *engine, desk_result *result, desk_error *err)
{
    desk_error error = DESK_ERROR_INIT;
    if (engine->record.is_null) {
        result->outcome = DESK_PASSED;
        return DESK_OK;
    }
    desk_status status = run_stages(engine, &error);
    fill_result(&engine->article, result);
    if (status == DESK_OK)
        return DESK_OK;
    if (desk_status_class(status) != DESK_CLASS_RECORD) {
        if (err)
            *err = error;
        return status;
    }
    reject(engine, result, &error);
    return DESK_OK;
}

static desk_slice content_type_of(const desk_record *record)
{
    static const desk_slice name = SLICE_LITERAL("content-type");
    for (size_t i = record->headers_count; i-- > 0;)
        if (slice_equal_nocase(record->headers[i].name, name))
            return record->headers[i].value;
    return slice_of(NULL, 0);
}

static bool is_slice(desk_slice s)
{
    return s.data || !s.len;
}

static bool are_headers(const desk_record *record)
{
    if (!record->headers && record->headers_count)
        return false;
    for (size_t i = 0; i < record->headers_count; i++)
        if (!is_slice(record->headers[i].name) || !is_slice(record->headers[i].value))
            return false;
    return true;
}

/* Makes the caller's record complete; refuses one that would be read where nothing is. */
static desk_status take_record(desk_engine *engine, const desk_record *given, desk_error *err)
{
    if (!engine || !given)
        return error_set(err, DESK_EARGUMENT,
                         "desk_engine_process: engine and record must not be NULL");
    desk_record record = DESK_RECORD_INIT;
    enum sized sized = sized_read(&record, RECORD_SIZE_MIN, given);
    if (sized != SIZED_OK)
        return sized_error(sized, "desk_record", err);
    if ((!record.is_null && !is_slice(record.value)) || !is_slice(record.content_type) ||
        !is_slice(record.url) || !is_slice(record.topic) || !are_headers(&record))
        return error_set(err, DESK_EARGUMENT,
                         "desk_record: a slice has a length but no data (NULL)");
    if ((unsigned)record.format > DESK_FORMAT_TEXT)
        return error_set(err, DESK_EARGUMENT, "desk_record: there is no format %d",
                         (int)record.format);
    if (!record.content_type.len)
        record.content_type = content_type_of(&record);
    engine->record = record;
    return DESK_OK;
}

desk_status desk_engine_process(desk_engine *engine, const desk_record *record, desk_result *result,
                                desk_error *err)
{
    desk_result out = DESK_RESULT_INIT;
    desk_status status = take_record(engine, record, err);
    if (status != DESK_OK)
        return status;
    if (!result || !sized_write(result, &out))
        return sized_error(SIZED_UNSET, "desk_result", err);
    begin_article(engine);
    status = process_record(engine, &out, err);
    if (status == DESK_OK)
        sized_write(result, &out);
    return status;
}

/* --- for the files of the engine ----------------------------------------------------------- */

const desk_rulebook *engine_rulebook(const desk_engine *engine)
{
    return engine->rulebook;
}

struct desk_article *engine_parts_article(desk_engine *engine)
{
    return &engine->article;
}

desk_status engine_parts_encode(desk_engine *engine)
{
    return STAGES[STAGE_COUNT - 1]->process(engine->states[STAGE_COUNT - 1], &engine->article,
                                            NULL);
}
