/* The configuration: one YAML file, defaults for every key, COPYDESK_SECTION_KEY in the environment
 * overrides.
 *
 * Immutable after load; owned by the caller until config_free. All strings live as long as the
 * config. */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <copydesk/engine.h>
#include <copydesk/stage.h>
#include <stdbool.h>

struct mistakes;

/* Shorter secrets are found in any text by chance, so that logs are not searched for them. */
enum { CONFIG_SECRET_LEN_MIN = 4 };

/* Where a value was given. */
enum config_source { SOURCE_DEFAULT, SOURCE_FILE, SOURCE_ENVIRONMENT };
struct config_place {
    enum config_source source;
    char *name;          /* the file, or the variable; NULL for a default */
    size_t line, column; /* in the file, from 1 */
    bool is_from_file;   /* ${file:PATH} is in it: a secret, whatever its key is called */
    bool is_faulty;      /* a mistake was found here: the value is not what was meant */
};

/* A librdkafka property as given. */
struct config_property {
    char *name, *value;
    struct config_place place;
    bool is_expanded; /* the value is not what the file shows: messages must not show it either */
};

struct config_properties {
    struct config_property *items;
    size_t count;
};

struct config_list {
    char **items;
    size_t count;
};

/* Records for which all conditions hold go to the topic; an empty list is no condition. */
struct config_route {
    struct config_list subjects, languages, sources, inputs;
    struct config_list codes; /* of rejected records; empty: of any code */
    bool is_for_rejected;     /* the route is for rejected records, else for enriched ones */
    char *topic;
    struct config_place place;
};

struct config_routes {
    struct config_route *items;
    size_t count;
};

/* Where a key of a stage's own configuration was given. */
struct config_stage_key {
    char *path; /* "section.key" */
    struct config_place place;
};

/* A stage to be loaded; copydesk/stage.h has the meanings. */
struct config_stage {
    char *load;                             /* a shared object; NULL: command */
    struct config_list command;             /* a child process, in `folder` */
    char *folder;                           /* of the file; NULL: the current one */
    char *name, *after;                     /* NULL: the stage's own; fingerprint */
    long long timeout_ms, start_timeout_ms; /* 0: the default */
    char *config;                           /* a JSON object; NULL: {} */
    struct config_list secrets;             /* values in it that must never be shown */
    bool is_command_hidden;                 /* ${file:PATH} is in it */
    struct config_stage_key *keys;
    size_t keys_count;
    struct config_place place; /* of load or command */
};

enum config_delivery { DELIVERY_EXACTLY_ONCE, DELIVERY_AT_LEAST_ONCE };
enum config_key { KEY_KEEP, KEY_ID, KEY_SOURCE, KEY_URL };
enum config_oversize { OVERSIZE_REJECT, OVERSIZE_TRUNCATE };
enum config_articles { ARTICLES_AUTO, ARTICLES_ON, ARTICLES_OFF };
enum config_log_format { LOG_LOGFMT, LOG_JSON };
enum config_log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

struct config {
    struct config_place *places; /* of each key, in the order of CONFIG_ROWS */
    struct config_properties kafka, consumer, producer; /* both sides; one side each */
    struct config_list input_topics;
    char *input_group;
    long long input_format;    /* desk_format */
    desk_field_alias *aliases; /* slices over heap memory of the config */
    size_t aliases_count;
    char *output_topic;               /* may hold {subject}, {source}, {language} */
    struct config_list output_topics; /* what a template may come to; the first is for all else */
    long long output_key;             /* enum config_key */
    char *rejected_topic;
    struct config_routes
        routes; /* the first that fits decides; none fits: output.topic, rejected.topic */
    struct config_stage *stages;
    size_t stages_count;
    struct desk_stage_option *stage_options; /* the same, for the engine */
    struct config_list targets_enriched,
        targets_rejected; /* all topics outcomes go to, each once */
    long long delivery;   /* enum config_delivery */
    char *instance;
    long long commit_interval_ms, commit_bytes;
    long long lanes;
    bool create_topics;
    long long create_partitions, create_replication;
    char *rulebook;                               /* "builtin" or a folder */
    long long evidence;                           /* desk_evidence_level */
    char *http_listen;                            /* HOST:PORT, or "off" */
    char *http_certificate, *http_key;            /* PEM files; NULL: no TLS */
    char *http_user, *http_password, *http_token; /* NULL: not asked for */
    long long http_connections;
    long long http_articles; /* enum config_articles */
    long long limit_input, limit_output, limit_memory, limit_work, limit_depth;
    long long oversize;    /* enum config_oversize */
    char *shadow_rulebook; /* "builtin" or a folder; NULL: no shadow */
    char *shadow_topic;
    long long shadow_sample; /* millionths of the records */
    long long shutdown_ms;   /* bound of a graceful stop */
    long long stuck_after_ms;
    long long silence_least_ms, silence_learn_ms;
    long long log_format, log_level;
    char *run_folder;           /* lock files of instances */
    long long core_dumps;       /* 0: none, as they would hold the secrets; 1: as the system does */
    struct config_list secrets; /* values that must never be shown, of SECRET_LEN_MIN and more */
};

/* Reads the file (NULL: defaults and environment only). NULL when there are errors in `mistakes`,
 * which gets warnings too. */
struct config *config_load(const char *path, struct mistakes *mistakes);
/* The same, but what is faulty is left at its default: for looking at, not for running. NULL when
 * memory is out. */
struct config *config_inspect(const char *path, struct mistakes *mistakes);
/* The same from text; `name` stands for the file in messages. The environment is not read. */
struct config *config_load_text(const char *name, desk_slice text, struct mistakes *mistakes);
void config_free(struct config *config);
/* Another consumer group than input.group, as a command's option names it. */
void config_set_group(struct config *config, const char *group);

bool config_list_has(const struct config_list *list, const char *text);

/* The place of what a stage says when it is opened: that of a key it names, else of the stage. */
const struct config_place *config_stage_place(const struct config_stage *stage,
                                              const char *message);

/* The engine's options; aliases and stages point into the config. */
void config_engine_options(const struct config *config, desk_engine_options *options);
/* The rulebook's folder, or NULL for the built-in one. */
const char *config_rulebook_folder(const struct config *config);
/* Where a key was given; the path is one of the table. */
const struct config_place *config_place_of(const struct config *config, const char *path);
/* Adds a mistake at a place. */
void config_mistake(struct mistakes *mistakes, const struct config_place *place, bool is_warning,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
enum { CONFIG_CODES_MAX = 64 };
/* The codes a record can be rejected with, and NULL at the end. */
void config_reject_codes(const char *names[CONFIG_CODES_MAX]);
enum { CONFIG_PLACE_SIZE = 512 };
/* "file:line:column", the variable's name, or "default". */
void config_place_print(const struct config_place *place, char out[CONFIG_PLACE_SIZE]);
/* Whether a property's value must never be shown: passwords, keys, tokens. */
bool config_is_secret(const char *property);

#endif
