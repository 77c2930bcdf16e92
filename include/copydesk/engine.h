/** @file
 * The engine: one raw record in, one enriched (or rejected) record out, through all stages.
 *
 * An engine is confined to one thread at a time; engines share nothing but the rulebook. Once warm
 * it takes nothing from the heap for a record. It never reads a clock, the environment, the locale
 * or a file, so the same record with the same rulebook and version gives the same bytes.
 *
 * @code
 * desk_engine *engine = NULL;
 * desk_record record = DESK_RECORD_INIT;
 * desk_result result = DESK_RESULT_INIT;
 * record.value.data = html, record.value.len = html_len;
 * if (desk_engine_new(rulebook, NULL, &engine, &err) == DESK_OK &&
 *     desk_engine_process(engine, &record, &result, &err) == DESK_OK)
 *     fwrite(result.json.data, 1, result.json.len, stdout);
 * desk_engine_free(engine);
 * @endcode
 */
#ifndef COPYDESK_ENGINE_H
#define COPYDESK_ENGINE_H

#include <copydesk/log.h>
#include <copydesk/record.h>
#include <copydesk/rulebook.h>

#ifdef __cplusplus
extern "C" {
#endif

/** All stages with their state, and the memory of one record; opaque. */
typedef struct desk_engine desk_engine;

/** How much evidence each tag carries. */
typedef enum desk_evidence_level {
    DESK_EVIDENCE_BRIEF = 0, /**< the three heaviest of each tag */
    DESK_EVIDENCE_FULL = 1,  /**< all */
    DESK_EVIDENCE_NONE = 2   /**< none */
} desk_evidence_level;

/** Maps a key of JSON input to its meaning: {"text", "content"} reads "content" as text. This
 * struct never grows. */
typedef struct desk_field_alias {
    desk_slice field; /**< id, url, title, html, text, author ... (docs/record.md) */
    desk_slice name;  /**< the key; earlier aliases of a field win over later ones */
} desk_field_alias;

/** Settings of an engine. 0 stands for the default everywhere. */
typedef struct desk_engine_options {
    size_t size;                     /**< sizeof(desk_engine_options) */
    desk_format format;              /**< of records that do not say */
    desk_evidence_level evidence;    /**< shown in JSON and in the typed view */
    size_t input_bytes_max;          /**< larger values are rejected; default 32 MiB */
    size_t output_bytes_max;         /**< larger enriched records are rejected; default 64 MiB */
    size_t memory_bytes_max;         /**< of the working memory for one record; default 512 MiB */
    size_t json_depth_max;           /**< nested arrays and objects; default 128 */
    uint64_t work_max;               /**< counted steps per record; default 2,000,000,000 */
    uint32_t match_limit;            /**< PCRE2's, per pattern call; default 100,000 */
    uint32_t depth_limit;            /**< PCRE2's, per pattern call; default 1,000 */
    const desk_field_alias *aliases; /**< copied; NULL: the default names */
    size_t aliases_count;            /**< of aliases */
    desk_logger logger;              /**< hears of rejected records, and of what stages say */
    int without_json; /**< not 0: result.json stays empty, for hosts of the typed view */
    const struct desk_stage_option *stages; /**< of the host's choice (stage.h), needed during the
                                               call; elements have the size of the first; or NULL */
    size_t stages_count;                    /**< of stages */
} desk_engine_options;

/** What desk_engine_options start from: the defaults. */
#define DESK_ENGINE_OPTIONS_INIT                                                                   \
    {                                                                                              \
        sizeof(desk_engine_options), DESK_FORMAT_AUTO, DESK_EVIDENCE_BRIEF, 0, 0, 0, 0, 0, 0, 0,   \
            0, 0, {0, 0, DESK_LOG_ERROR}, 0, 0, 0                                                  \
    }

/** Makes an engine over a rulebook.
 *
 * @param rulebook  the engine takes a reference of its own
 * @param options  copied, with the aliases; NULL: all defaults
 * @param[out] engine  the caller's, who calls desk_engine_free; NULL on an error
 * @param[out] err  why not; may be NULL
 * @errors DESK_ENOMEM, DESK_EARGUMENT (an alias of an unknown field or mapped twice, options of a
 * newer header)
 * @threads safe from any thread */
DESK_API DESK_NODISCARD desk_status desk_engine_new(desk_rulebook *rulebook,
                                                    const desk_engine_options *options,
                                                    desk_engine **engine, desk_error *err);

/** Frees an engine and gives its rulebook back; NULL is allowed. What it gave is invalid then.
 *
 * @threads as desk_engine_process */
DESK_API void desk_engine_free(desk_engine *engine);

/** Processes one record. A bad record is no error of the call: it returns DESK_OK with outcome
 * DESK_REJECTED and the reason in result->error.
 *
 * @param engine  the thread's own
 * @param record  borrowed: its bytes stay where they are as long as the result is read
 * @param[out] result  json is one object of schema copydesk/article/1, UTF-8, without line end;
 * article is the typed view
 * @param[out] err  why the record could not be judged; may be NULL
 * @owner slices and article belong to the engine, until the next call with it
 * @errors DESK_ENOMEM, DESK_EARGUMENT: the host's or the machine's fault; the record was not judged
 * and the engine may be used again
 * @threads one thread per engine at a time */
DESK_API DESK_NODISCARD desk_status desk_engine_process(desk_engine *engine,
                                                        const desk_record *record,
                                                        desk_result *result, desk_error *err);

/** Replaces the rulebook between two records; the old one is given back. What the engine gave
 * before is invalid then.
 *
 * @errors as desk_engine_new; the engine keeps working with the old rulebook then
 * @threads as desk_engine_process */
DESK_API DESK_NODISCARD desk_status desk_engine_set_rulebook(desk_engine *engine,
                                                             desk_rulebook *rulebook,
                                                             desk_error *err);

#ifdef __cplusplus
}
#endif

#endif
