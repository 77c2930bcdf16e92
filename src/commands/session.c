/* Options to rulebook and engine. */
#include "commands/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/slice.h"
#include "config/config.h"
#include "commands/print.h"
#include "rulebook/rulebook.h"
#include "stage/moment.h"
#include "tag/parse_time.h"
#include "yaml/yaml.h"

const char SESSION_HELP[] =
    "  -c, --config FILE       copydesk.yaml (its input, rulebook, evidence and limits are used)\n"
    "      --rulebook FOLDER   another rulebook than the configured or built-in one\n"
    "      --evidence LEVEL    brief (default), full or none\n"
    "      --format FORMAT     auto, json, html or text\n"
    "      --url URL           where the document was fetched, if it does not say so itself\n"
    "      --crawled-at TIME   when it was fetched, RFC 3339: relative dates are resolved against "
    "it\n"
    "      --content-type TYPE\n"
    "                          its Content-Type header, such as 'text/html; "
    "charset=windows-1251'\n";

struct word {
    const char *name;
    int value;
};

static const struct word FORMATS[] = {{"auto", DESK_FORMAT_AUTO},
                                      {"json", DESK_FORMAT_JSON},
                                      {"html", DESK_FORMAT_HTML},
                                      {"text", DESK_FORMAT_TEXT},
                                      {NULL, 0}};
static const struct word EVIDENCE[] = {{"brief", DESK_EVIDENCE_BRIEF},
                                       {"full", DESK_EVIDENCE_FULL},
                                       {"none", DESK_EVIDENCE_NONE},
                                       {NULL, 0}};

static bool find_word(const struct word *words, const char *option, const char *text, int *value)
{
    for (const struct word *word = words; word->name; word++)
        if (!strcmp(word->name, text)) {
            *value = word->value;
            return true;
        }
    fprintf(stderr, "copydesk: %s: '%s' is not known; allowed are", option, text);
    for (const struct word *word = words; word->name; word++)
        fprintf(stderr, " %s", word->name);
    fputc('\n', stderr);
    return false;
}

int session_option(struct session_options *options, int argc, char **argv, int *i)
{
    const struct {
        const char *name;
        const char **value;
    } known[] = {
        {"-c", &options->config_path},           {"--config", &options->config_path},
        {"--rulebook", &options->rulebook_path}, {"--evidence", &options->evidence},
        {"--format", &options->format},          {"--url", &options->url},
        {"--crawled-at", &options->crawled},     {"--content-type", &options->content_type}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        size_t len = strlen(known[k].name);
        if (!strncmp(argv[*i], known[k].name, len) && argv[*i][len] == '=' && len > 2) {
            *known[k].value = argv[*i] + len + 1;
            return 1;
        }
        if (strcmp(argv[*i], known[k].name))
            continue;
        if (*i + 1 >= argc) {
            fprintf(stderr, "copydesk: %s needs a value\n", argv[*i]);
            return -1;
        }
        *known[k].value = argv[++*i];
        return 1;
    }
    return 0;
}

/* What loaded stages say, and what the engine says of them. */
static void print_event(void *context, desk_log_level level, const desk_error *event)
{
    (void)context;
    fprintf(stderr, "copydesk: %s: %s%s%s%s\n", desk_log_level_name(level),
            event->stage[0] ? "stage " : "", event->stage, event->stage[0] ? ": " : "",
            event->message);
}

static int open_config(const struct session_options *options, struct session *session,
                       desk_engine_options *engine_options, const char **rulebook)
{
    struct mistakes mistakes = {0};
    session->config = config_load(options->config_path, &mistakes);
    print_mistakes(&mistakes, stderr);
    mistakes_free(&mistakes);
    if (!session->config)
        return EXIT_USAGE;
    config_engine_options(session->config, engine_options);
    engine_options->logger = (desk_logger){print_event, NULL, DESK_LOG_WARNING};
    if (session->config->stages_count)
        moment_watch(session->config->log_format == LOG_JSON);
    *rulebook = config_rulebook_folder(session->config);
    return EXIT_DONE;
}

static bool apply_overrides(const struct session_options *options,
                            desk_engine_options *engine_options, desk_record *record)
{
    int value;
    if (options->format) {
        if (!find_word(FORMATS, "--format", options->format, &value))
            return false;
        engine_options->format = (desk_format)value;
    }
    if (options->evidence) {
        if (!find_word(EVIDENCE, "--evidence", options->evidence, &value))
            return false;
        engine_options->evidence = (desk_evidence_level)value;
    }
    if (options->url)
        record->url = slice_from_cstr(options->url);
    if (options->content_type)
        record->content_type = slice_from_cstr(options->content_type);
    if (options->crawled) {
        struct parsed_time time;
        if (!parse_time_rfc3339(slice_from_cstr(options->crawled), &time)) {
            fprintf(stderr,
                    "copydesk: --crawled-at: '%s' is not RFC 3339, such as 2023-01-02T10:00:00Z\n",
                    options->crawled);
            return false;
        }
        record->crawled_ms = time.ms;
    }
    return true;
}

/* --- with another model --------------------------------------------------------------------- */

/* Files of subjects/ that a rulebook needs without its lexicons. */
static bool is_lexicon(desk_slice path)
{
    return slice_starts(path, slice_from_cstr("subjects/")) &&
           !slice_is(path, "subjects/topics.yaml") && !slice_is(path, "subjects/scoring.yaml");
}

static bool is_wanted(const struct session_options *options, desk_slice path)
{
    bool is_model = slice_starts(path, slice_from_cstr("models/"));
    return !(options->model_path && is_model) && !(options->is_model_alone && is_lexicon(path));
}

/* The rulebook with some files left out and, where one is given, the model put in. */
static desk_status load_changed(const struct session_options *options,
                                const struct rulebook_files *files, struct session *session,
                                desk_error *err)
{
    char *model = NULL, path[4096];
    size_t len = 0, count = 0;
    if (options->model_path && !read_whole(options->model_path, (size_t)1 << 30, &model, &len))
        return error_set(err, DESK_EIO, "%s: the model cannot be read", options->model_path);
    desk_rulebook_file *kept = calloc(files->count + 1, sizeof *kept);
    for (size_t i = 0; kept && i < files->count; i++)
        if (is_wanted(options, files->items[i].path))
            kept[count++] = files->items[i];
    if (kept && model) {
        const char *slash = strrchr(options->model_path, '/');
        snprintf(path, sizeof path, "models/%s", slash ? slash + 1 : options->model_path);
        kept[count++] = (desk_rulebook_file){slice_from_cstr(path), slice_of(model, len)};
    }
    desk_status status = kept ? desk_rulebook_load_memory(kept, count, &session->rulebook, err)
                              : error_set(err, DESK_ENOMEM, "out of memory loading the rulebook");
    free(kept);
    free(model);
    return status;
}

static desk_status load_with_model(const struct session_options *options, const char *folder,
                                   struct session *session, desk_error *err)
{
    struct rulebook_files files = {NULL, 0};
    desk_status status = DESK_OK;
    if (folder)
        status = rulebook_files_read(folder, &files, err);
    else
        files = rulebook_builtin();
    if (status == DESK_OK)
        status = load_changed(options, &files, session, err);
    if (folder)
        rulebook_files_free(&files);
    else
        free((desk_rulebook_file *)(size_t)files.items);
    return status;
}

static int open_rulebook(const struct session_options *options, const char *folder,
                         struct session *session)
{
    desk_error err = DESK_ERROR_INIT;
    desk_status status;
    if (options->model_path || options->is_model_alone)
        status = load_with_model(options, folder, session, &err);
    else
        status = folder ? desk_rulebook_load_folder(folder, &session->rulebook, &err)
                        : desk_rulebook_load_builtin(&session->rulebook, &err);
    if (status == DESK_OK)
        return EXIT_DONE;
    fprintf(stderr, "copydesk: rulebook: %s\n", err.message);
    return status == DESK_ENOMEM ? EXIT_FAILED : EXIT_USAGE;
}

static bool is_usage(desk_status status)
{
    return status == DESK_EARGUMENT || status == DESK_ESTAGELOAD || status == DESK_ECONFIG;
}

int session_engine(const struct session *session, desk_engine **engine)
{
    desk_error err = DESK_ERROR_INIT;
    if (desk_engine_new(session->rulebook, &session->engine_options, engine, &err) == DESK_OK)
        return EXIT_DONE;
    fprintf(stderr, "copydesk: %s%s%s%s\n", err.stage[0] ? "stage " : "", err.stage,
            err.stage[0] ? ": " : "", err.message);
    return is_usage(err.status) ? EXIT_USAGE : EXIT_FAILED;
}

int session_open(const struct session_options *options, struct session *session)
{
    const char *folder = NULL;
    *session =
        (struct session){.record = DESK_RECORD_INIT, .engine_options = DESK_ENGINE_OPTIONS_INIT};
    desk_engine_options *engine_options = &session->engine_options;
    int code =
        options->config_path ? open_config(options, session, engine_options, &folder) : EXIT_DONE;
    if (code == EXIT_DONE && !apply_overrides(options, engine_options, &session->record))
        code = EXIT_USAGE;
    if (code == EXIT_DONE)
        code = open_rulebook(options, options->rulebook_path ? options->rulebook_path : folder,
                             session);
    if (code == EXIT_DONE)
        code = session_engine(session, &session->engine);
    session->format = engine_options->format;
    session->input_bytes_max =
        engine_options->input_bytes_max ? engine_options->input_bytes_max : (size_t)32 << 20;
    if (code != EXIT_DONE)
        session_close(session);
    return code;
}

void session_close(struct session *session)
{
    desk_engine_free(session->engine);
    desk_rulebook_release(session->rulebook);
    config_free(session->config);
    *session = (struct session){.record = DESK_RECORD_INIT};
}

bool read_whole(const char *path, size_t bytes_max, char **data, size_t *len)
{
    bool is_stdin = !strcmp(path, "-");
    FILE *file = is_stdin ? stdin : fopen(path, "rb");
    size_t capacity = 1 << 16, used = 0;
    char *buffer = malloc(capacity);
    if (!file) {
        fprintf(stderr, "copydesk: %s: %s\n", path, strerror(errno));
        free(buffer);
        return false;
    }
    while (buffer && used <= bytes_max) {
        used += fread(buffer + used, 1, capacity - used, file);
        if (used < capacity)
            break;
        char *grown = realloc(buffer, capacity *= 2);
        if (!grown)
            free(buffer);
        buffer = grown;
    }
    bool good = buffer && !ferror(file);
    if (!good)
        fprintf(stderr, "copydesk: %s: %s\n", path, buffer ? strerror(errno) : "out of memory");
    if (!is_stdin)
        fclose(file);
    if (!good)
        free(buffer);
    *data = good ? buffer : NULL;
    *len = used;
    return good;
}
