/** @file
 * Stages of your own: a shared object that copydesk loads, or functions of the host's program.
 *
 * A stage reads the article under way (article.h) and may add subjects and extra fields, set what
 * routes go by, reject the article or drop it. docs/plugins.md is the walk-through; this is the
 * reference.
 *
 * @code
 * static desk_status process(void *state, desk_article *article, desk_error *err)
 * {
 *     if (desk_article_word_count(article) < 20)
 *         desk_article_reject(article, "fewer than 20 words");
 *     return DESK_OK;
 * }
 * static const desk_stage_description *describe(void)
 * {
 *     static const desk_stage_description is = {sizeof is, "no-briefs", "1.0", "rejects briefs",
 * 0}; return &is;
 * }
 * const desk_stage desk_stage_v1 = {DESK_STAGE_ABI, sizeof(desk_stage), describe, 0, process, 0};
 * @endcode
 *
 * open is called once for each engine: one a lane of `copydesk run`, one for its monitor page, one
 * for its shadow. The functions of one state are called by one thread at a time; several states are
 * used by several threads at once, so that a stage has no variables beside its states.
 *
 * process is asked about an article again whenever a transaction is repeated, by replay and by the
 * monitor page: the same article has to give the same answer, and nothing may happen elsewhere. It
 * does not keep slices: they die with the article.
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

/** What a desk_stage_option starts from. */
#define DESK_STAGE_OPTION_INIT                                                                     \
    {                                                                                              \
        sizeof(desk_stage_option), 0, 0, 0, 0, 0, 0, {0, 0}, 0, 0                                  \
    }

/* --- the configuration: in open only ------------------------------------------------------- */

/** @name Configuration
 * In open only. A value of another type than the one asked for gives the fallback and notes a
 * mistake; the host refuses the stage after open then, naming the key and its place in the file.
 * Strings live until open returns. A NULL configuration is an empty one. */
/** @{ */

/** Returns the text of a key.
 *
 * @param config  of open, or a section of it
 * @param key  to look up
 * @param fallback  what is returned when the key is not there; may be NULL
 * @return the text or the fallback
 * @threads the one that called open */
DESK_API const char *desk_stage_config_text(desk_stage_config *config, const char *key,
                                            const char *fallback);

/** Returns the number of a key.
 *
 * @param config  of open, or a section of it
 * @param key  to look up
 * @param fallback  what is returned when the key is not there
 * @return the number or the fallback
 * @threads the one that called open */
DESK_API double desk_stage_config_number(desk_stage_config *config, const char *key,
                                         double fallback);

/** Returns the truth of a key.
 *
 * @param config  of open, or a section of it
 * @param key  to look up
 * @param fallback  what is returned when the key is not there
 * @return 1 for true, 0 for false, or the fallback
 * @threads the one that called open */
DESK_API int desk_stage_config_bool(desk_stage_config *config, const char *key, int fallback);

/** Returns how many texts a key has: a list, or 1 for a text alone.
 *
 * @param config  of open, or a section of it
 * @param key  to look up
 * @return their number; 0 when the key is not there
 * @threads the one that called open */
DESK_API size_t desk_stage_config_count(desk_stage_config *config, const char *key);

/** Returns one of the texts of a key.
 *
 * @param config  of open, or a section of it
 * @param key  to look up
 * @param index  from 0
 * @return the text; NULL when there is none
 * @threads the one that called open */
DESK_API const char *desk_stage_config_item(desk_stage_config *config, const char *key,
                                            size_t index);

/** Returns the mapping below a key, to be read with these same functions.
 *
 * @param config  of open, or a section of it
 * @param key  to look up
 * @return the section, which the host frees; NULL when it is not there
 * @threads the one that called open */
DESK_API desk_stage_config *desk_stage_config_section(desk_stage_config *config, const char *key);

/** Returns one of the keys of a mapping, in the order of the file.
 *
 * @param config  of open, or a section of it
 * @param index  from 0
 * @return the key; NULL when there are no more
 * @threads the one that called open */
DESK_API const char *desk_stage_config_key(desk_stage_config *config, size_t index);

/** Returns the whole configuration as JSON, for stages that have a parser of their own.
 *
 * @param config  of open, or a section of it
 * @return one JSON object
 * @threads the one that called open */
DESK_API const char *desk_stage_config_json(desk_stage_config *config);

/** Notes what is wrong with a key; the first mistake counts.
 *
 * @param config  of open, or the section that the key is in
 * @param key  that is wrong
 * @param text  for people: "more than 0 is wanted"
 * @return DESK_ECONFIG, for `return desk_stage_config_fail(...)`
 * @threads the one that called open */
DESK_API desk_status desk_stage_config_fail(desk_stage_config *config, const char *key,
                                            const char *text);

/** @} */

/* --- the article: in process only ---------------------------------------------------------- */

/** @name Changes
 * In process only, and for the article it was given. What is given is copied. What cannot be taken
 * is DESK_EARGUMENT, with nothing changed, and the limit of the record's memory DESK_EMEMORY: a
 * stage may return both as its own status. The host knows what was wrong, and says so. */
/** @{ */

/** Adds a subject; the creator is the stage.
 *
 * A uri that the article has already: its evidence grows, and the surer of the two gives name,
 * confidence and creator. Broader topics of a topic of the rulebook are added too.
 *
 * @param article  of process
 * @param subject  of which uri, name and confidence are read. A uri is a scheme of a-z, 0-9 and
 *                 '-', a colon, and letters, digits, '.', '_' and '-', together at most 200 bytes:
 *                 "ticker:ACME"; an empty name becomes the rulebook's, or the uri
 * @param evidence  of which rule, text, field, offset_bytes and weight are read: the text has to
 *                  stand in the title, description or body at that place, an empty rule becomes the
 *                  uri. Elements have the size of the first one. NULL: none
 * @param evidence_count  at most 1,000
 * @return DESK_OK
 * @errors DESK_EARGUMENT (a uri, confidence, field or place that is none, too many pieces of
 * evidence, more than 1,000 subjects), DESK_EMEMORY
 * @threads the one that called process */
DESK_API desk_status desk_article_add_subject(desk_article *article, const desk_subject *subject,
                                              const desk_evidence *evidence, size_t evidence_count);

/** Sets a field of `extra` in the record; one of the same key is replaced.
 *
 * @param article  of process
 * @param key  UTF-8 of 1 to 200 bytes
 * @param json  one JSON value in UTF-8
 * @return DESK_OK
 * @errors DESK_EARGUMENT (a key or value that is none), DESK_EMEMORY
 * @threads the one that called process */
DESK_API desk_status desk_article_set_extra(desk_article *article, const char *key,
                                            desk_slice json);

/** Sets a field of `extra` to a text.
 *
 * @param article  of process
 * @param key  UTF-8 of 1 to 200 bytes
 * @param text  UTF-8
 * @return DESK_OK
 * @errors as desk_article_set_extra
 * @threads the one that called process */
DESK_API desk_status desk_article_set_extra_text(desk_article *article, const char *key,
                                                 desk_slice text);

/** Sets one of the texts that routes go by and that a stage may know better. A language that is set
 * has confidence 1.
 *
 * @param article  of process
 * @param field  DESK_FIELD_LANGUAGE, _SECTION, _SOURCE_DOMAIN, _SOURCE_NAME, _SOURCE_COUNTRY or
 *               _SOURCE_TYPE
 * @param text  UTF-8 of 1 to 1,000 bytes
 * @return DESK_OK
 * @errors DESK_EARGUMENT (another field, a text that is none, a language, country or domain of
 * another shape), DESK_EMEMORY
 * @threads the one that called process */
DESK_API desk_status desk_article_set_text(desk_article *article, desk_field field,
                                           desk_slice text);

/** Rejects the article: it goes to the rejected topic with code rejected-by-stage, this reason and
 * the stage's name, and no other stage is run. The first of reject and drop counts.
 *
 * @param article  of process
 * @param reason  one line for people, of which 400 bytes are kept
 * @threads the one that called process */
DESK_API void desk_article_reject(desk_article *article, const char *reason);

/** Drops the article: it counts as skipped, a note with the reason goes to the rejected topic, and
 * no other stage is run. The first of reject and drop counts.
 *
 * @param article  of process
 * @param reason  one line for people, of which 400 bytes are kept
 * @threads the one that called process */
DESK_API void desk_article_drop(desk_article *article, const char *reason);

/** Takes steps from the article's work budget, limits.work. A stage whose time grows faster than
 * the text asks before it goes on, and returns DESK_EWORK when the budget is used up: counted, and
 * so with the same outcome everywhere.
 *
 * @param article  of process
 * @param steps  about one a byte looked at
 * @return 1, or 0 when the budget is used up
 * @threads the one that called process */
DESK_API int desk_article_work(desk_article *article, uint64_t steps);

/** @} */

#ifdef __cplusplus
}
#endif

#endif
