/* Stages of your own: a shared object that copydesk loads, or functions of the host's program.
 *
 * A stage reads the article under way (article.h) and may add subjects and extra fields, set what
 * routes go by, reject the article or drop it. docs/plugins.md is the walk-through; this is the
 * reference.
 *
 *     static desk_status process(void *state, desk_article *article, desk_error *err)
 *     {
 *         if (desk_article_word_count(article) < 20)
 *             desk_article_reject(article, "fewer than 20 words");
 *         return DESK_OK;
 *     }
 *     static const desk_stage_description *describe(void)
 *     {
 *         static const desk_stage_description is = {sizeof is, "no-briefs", "1.0", "rejects
 * briefs", 0}; return &is;
 *     }
 *     const desk_stage desk_stage_v1 = {DESK_STAGE_ABI, sizeof(desk_stage), describe, 0, process,
 * 0};
 *
 * Threads  open is called once for each engine: one a lane of `copydesk run`, one for its monitor
 *          page, one for its shadow. The functions of one state are called by one thread at a time;
 *          several states are used by several threads at once, so that a stage has no variables
 *          beside its states
 * Rules    process is asked about an article again whenever a transaction is repeated, by replay
 *          and by the monitor page: the same article has to give the same answer, and nothing may
 *          happen elsewhere. It does not keep slices: they die with the article
 */
#ifndef COPYDESK_STAGE_H
#define COPYDESK_STAGE_H

#include <copydesk/article.h>
#include <copydesk/error.h>
#include <copydesk/export.h>
#include <copydesk/slice.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The version of desk_stage. It changes only when an old stage would no longer work. */
#define DESK_STAGE_ABI 1

/** What a stage is. Strings are static. */
typedef struct desk_stage_description {
    size_t size;                    /**< sizeof(desk_stage_description) */
    const char *name;               /**< 1 to 23 of a-z, 0-9 and '-': "stage:NAME" is the creator of
                                       its subjects, NAME the stage of its rejections and metrics */
    const char *version;            /**< the stage's own, for logs; or NULL */
    const char *summary;            /**< one line for people; or NULL */
    const char *const *config_keys; /**< keys its `config` may have, ended by NULL: others are
                                       mistakes then. NULL: any */
} desk_stage_description;

/** The `config` of a stage, readable until open returns. */
typedef struct desk_stage_config desk_stage_config;

/** A stage: functions, of which open and close may be NULL. The fields are only ever appended to:
 * stages built for an older or newer header are taken as long as `abi` is the same. */
typedef struct desk_stage {
    uint32_t abi;  /**< DESK_STAGE_ABI */
    uint32_t size; /**< sizeof(desk_stage) */
    /** Returns the description; called before all others. */
    const desk_stage_description *(*describe)(void);
    /** Makes a state: reads the configuration, builds tables. A mistake there is told with
     * desk_stage_config_fail; another failure with a status other than DESK_OK and err->message. */
    desk_status (*open)(desk_stage_config *config, void **state, desk_error *err);
    /** Works on one article. A status other than DESK_OK rejects the article with the text in
     * err->message; DESK_ENOMEM and DESK_EIO stop the lane instead, which comes back later to the
     * same article. Subjects and fields that were set are kept unless the article is rejected. */
    desk_status (*process)(void *state, desk_article *article, desk_error *err);
    /** Frees the state. Called with what open made, also when open failed after setting it. */
    void (*close)(void *state);
} desk_stage;

/** What a shared object has to define. */
extern DESK_API const desk_stage desk_stage_v1;

/** One stage of an engine (desk_engine_options.stages): exactly one of path, functions and command
 * is set. The strings are needed until desk_engine_new returns, the functions as long as the engine
 * lives. */
typedef struct desk_stage_option {
    size_t size;                 /**< sizeof(desk_stage_option) */
    const char *path;            /**< of a shared object */
    const desk_stage *functions; /**< of the host's own program */
    const char *const *command; /**< program and arguments of a child process that speaks JSON lines
                                   (docs/plugins.md), ended by NULL */
    const char *folder;         /**< the child's working folder; NULL: the host's */
    const char *name;           /**< instead of the stage's own; a child needs one */
    const char *after;          /**< the built-in stage it follows; NULL: fingerprint, the last
                                   before encode. Stages that follow the same one run in the order of
                                   the array */
    desk_slice config;          /**< a JSON object; empty: {} */
    int64_t timeout_ms;         /**< for one article; 0: 1 s. Beyond it the article is rejected with
                                   stage-timeout */
    int64_t start_timeout_ms;   /**< for a child to get ready; 0: 30 s */
} desk_stage_option;

#define DESK_STAGE_OPTION_INIT                                                                     \
    {                                                                                              \
        sizeof(desk_stage_option), 0, 0, 0, 0, 0, 0, {0, 0}, 0, 0                                  \
    }

/* --- the configuration: in open only ------------------------------------------------------- */

/* Of these functions, those for a key that is there with a value of another type give the fallback
 * and note a mistake; the host refuses the stage after open then, naming the key and its place in
 * the file. Strings live until open returns. */

/** Returns the text of a key, or the fallback (which may be NULL). */
DESK_API const char *desk_stage_config_text(desk_stage_config *config, const char *key,
                                            const char *fallback);

/** Returns the number of a key, or the fallback. */
DESK_API double desk_stage_config_number(desk_stage_config *config, const char *key,
                                         double fallback);

/** Returns 1 for true and 0 for false, or the fallback. */
DESK_API int desk_stage_config_bool(desk_stage_config *config, const char *key, int fallback);

/** Returns how many texts a key has: a list, or 1 for a text alone; 0 when it is not there. */
DESK_API size_t desk_stage_config_count(desk_stage_config *config, const char *key);

/** Returns text `index` of a key; NULL when there is none. */
DESK_API const char *desk_stage_config_item(desk_stage_config *config, const char *key,
                                            size_t index);

/** Returns the mapping below a key, to be read with these same functions; NULL (which they all
 * take, as an empty one) when it is not there. */
DESK_API desk_stage_config *desk_stage_config_section(desk_stage_config *config, const char *key);

/** Returns key `index` of the mapping, in the order of the file; NULL when there are no more. */
DESK_API const char *desk_stage_config_key(desk_stage_config *config, size_t index);

/** Returns the whole configuration as JSON, for stages that have a parser of their own. */
DESK_API const char *desk_stage_config_json(desk_stage_config *config);

/** Notes what is wrong with a key (the first mistake counts), for people: "more than 0 is wanted".
 *
 * @return DESK_ECONFIG, for `return desk_stage_config_fail(...)` */
DESK_API desk_status desk_stage_config_fail(desk_stage_config *config, const char *key,
                                            const char *text);

/* --- the article: in process only ---------------------------------------------------------- */

/* All of these copy what they are given. They return DESK_OK, or, with nothing changed,
 * DESK_EARGUMENT for what they cannot take (each says what) and DESK_EMEMORY at the limit of the
 * record's memory; a stage may pass both on as its own status. */

/** Adds a subject, of which uri, name and confidence are read; the creator is the stage.
 *
 * A uri that the article has already: its evidence grows, and the surer of the two gives name,
 * confidence and creator. Broader topics of a topic of the rulebook are added too.
 *
 * @param subject    uri such as "ticker:ACME": a scheme of a-z, 0-9 and '-', a colon, and letters,
 *                   digits, '.', '_' and '-', together at most 200 bytes; a confidence of 0 to 1;
 *                   an empty name becomes the rulebook's, or the uri
 * @param evidence   `rule`, `text`, `field` (title, description or body), `offset_bytes` and
 *                   `weight` of each are read. The text has to stand in the field at that place; an
 *                   empty rule becomes the uri. The elements have the size of the first one
 * @return DESK_EARGUMENT for a uri, confidence, field or place that is none, for more than 1,000
 *         pieces of evidence, and beyond 1,000 subjects */
DESK_API desk_status desk_article_add_subject(desk_article *article, const desk_subject *subject,
                                              const desk_evidence *evidence, size_t evidence_count);

/** Sets a field of `extra` in the record; one of the same key is replaced.
 *
 * @param key   UTF-8 of 1 to 200 bytes
 * @param json  one JSON value in UTF-8
 * @return DESK_EARGUMENT for a key or value that is none */
DESK_API desk_status desk_article_set_extra(desk_article *article, const char *key,
                                            desk_slice json);

/** Sets a field of `extra` to a text in UTF-8. Otherwise as desk_article_set_extra. */
DESK_API desk_status desk_article_set_extra_text(desk_article *article, const char *key,
                                                 desk_slice text);

/** Sets one of the texts that routes go by and that a stage may know better: DESK_FIELD_LANGUAGE,
 * _SECTION, _SOURCE_DOMAIN, _SOURCE_NAME, _SOURCE_COUNTRY, _SOURCE_TYPE. A language that is set has
 * confidence 1.
 *
 * @return DESK_EARGUMENT for another field, for text that is not UTF-8 or longer than 1,000 bytes,
 *         and for a language, country or domain of another shape */
DESK_API desk_status desk_article_set_text(desk_article *article, desk_field field,
                                           desk_slice text);

/** Rejects the article: it goes to the rejected topic with code rejected-by-stage, this reason and
 * the stage's name. What follows is not run. The first of reject and drop counts.
 *
 * @param reason  one line for people, at most 400 bytes are kept */
DESK_API void desk_article_reject(desk_article *article, const char *reason);

/** Drops the article: it counts as skipped, and a note with the reason goes to the rejected topic.
 * Otherwise as desk_article_reject. */
DESK_API void desk_article_drop(desk_article *article, const char *reason);

/** Takes `steps` (about one a byte looked at) from the article's work budget, limits.work. A stage
 * whose time grows faster than the text asks before it goes on, and returns DESK_EWORK when the
 * budget is used up: counted, and so with the same outcome everywhere.
 *
 * @return 1, or 0 when the budget is used up */
DESK_API int desk_article_work(desk_article *article, uint64_t steps);

#ifdef __cplusplus
}
#endif

#endif
