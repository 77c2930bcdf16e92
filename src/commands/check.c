/* copydesk check: lints configuration and rulebook, and runs the cases that lexicons bring. Every
 * mistake at once, with its place. */
#include "commands/commands.h"

#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "base/slice.h"
#include "commands/options.h"
#include "commands/print.h"
#include "commands/protect.h"
#include "config/config.h"
#include "config/show.h"
#include "engine/engine.h"
#include "kafka/connect_check.h"
#include "kafka/property_check.h"
#include "rulebook/rulebook.h"
#include "stage/stages.h"
#include "tag/lexicon.h"
#include "yaml/yaml.h"

static const char HELP[] =
    "usage: copydesk check [-c FILE] [--rulebook FOLDER] [--connect | --print | --schema]\n\n"
    "Checks the configuration and the rulebook it names, and runs the rulebook's own cases. All "
    "mistakes are printed at once,\n"
    "each as file:line:column: text. Exit code 0 when all is well, 1 when there are mistakes, 2 "
    "when there is no such file.\n\n"
    "  -c, --config FILE       copydesk.yaml; without it the defaults and the environment\n"
    "      --rulebook FOLDER   another rulebook than the configured or built-in one\n"
    "      --strict            warnings count as mistakes\n"
    "      --connect           tries brokers, topics and permissions, too; publishes nothing\n"
    "      --print             prints the effective configuration, each value with where it comes "
    "from; secrets hidden\n"
    "      --schema            prints the JSON Schema of the configuration, for editors\n";

struct wishes {
    const char *config_path, *folder;
    bool is_strict, connects, prints, prints_schema;
};

struct checker {
    struct mistakes of_config, mistakes; /* a rulebook is not compiled over mistakes of its own */
    desk_rulebook *rulebook;
    desk_engine *engine;
    const struct config_place
        *rulebook_place; /* where the configuration names the rulebook, or NULL */
    size_t cases, cases_failed;
};

/* The first top-level subject of an article; broader topics stand before their narrower ones. */
static desk_slice top_subject(const struct checker *checker, const struct desk_article *article)
{
    const struct lexicon *lexicon = checker->rulebook->lexicon;
    for (size_t i = 0; i < article->subjects.count; i++) {
        uint16_t topic = lexicon_topic(lexicon, article->subjects.items[i].uri);
        if (topic != TOPIC_NONE && lexicon->topics[topic].top == topic)
            return lexicon->topics[topic].uri;
    }
    return slice_of(NULL, 0);
}

static bool has_subject(const struct desk_article *article, desk_slice uri)
{
    for (size_t i = 0; i < article->subjects.count; i++)
        if (slice_equal(article->subjects.items[i].uri, uri))
            return true;
    return false;
}

/* One wish of a case is not met. */
static void fail_case(struct checker *checker, struct yaml_node node, const char *wish,
                      desk_slice wanted, desk_slice got)
{
    checker->cases_failed++;
    yaml_mistake(node, "the case wants %s%.*s, but its first subject is %.*s", wish,
                 (int)wanted.len, wanted.len ? wanted.data : "", got.len ? (int)got.len : 4,
                 got.len ? got.data : "none");
}

static void judge_case(struct checker *checker, struct yaml_node node)
{
    const struct desk_article *article = engine_article(checker->engine);
    desk_slice wanted = yaml_text(yaml_get(node, "subject")), got = top_subject(checker, article);
    bool none = false;
    if (yaml_read_bool(yaml_get(node, "none"), &none) && none && article->subjects.count)
        fail_case(checker, node, "no subject", wanted, got);
    if (wanted.len && !slice_equal(got, wanted))
        fail_case(checker, node, "first ", wanted, got);
    struct yaml_cursor cursor = yaml_cursor(yaml_get(node, "has"));
    while (yaml_next(&cursor))
        if (!has_subject(article, yaml_text(cursor.value)))
            fail_case(checker, cursor.value, "", yaml_text(cursor.value), got);
    cursor = yaml_cursor(yaml_get(node, "not"));
    while (yaml_next(&cursor))
        if (has_subject(article, yaml_text(cursor.value)))
            fail_case(checker, cursor.value, "anything but ", yaml_text(cursor.value), got);
}

static void run_case(struct checker *checker, struct yaml_node node)
{
    static const char *const keys[] = {"text", "subject", "has", "not", "none", NULL};
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value = yaml_text(yaml_get(node, "text"));
    record.format = DESK_FORMAT_TEXT;
    if (!yaml_check_keys(node, keys))
        return;
    checker->cases++;
    if (desk_engine_process(checker->engine, &record, &result, NULL) != DESK_OK ||
        result.outcome != DESK_ENRICHED)
        yaml_mistake(node, "the case was rejected: %s", result.error.message);
    else
        judge_case(checker, node);
}

static void run_lexicon_cases(struct checker *checker, const struct rulebook_files *files)
{
    const desk_rulebook_file *file;
    size_t index = 0;
    while ((file = rulebook_next(files, "subjects", ".yaml", &index))) {
        char name[256];
        snprintf(name, sizeof name, "%.*s", (int)file->path.len, file->path.data);
        struct yaml_file *yaml = yaml_open(name, file->content, &checker->mistakes);
        struct yaml_cursor cursor = yaml_cursor(yaml_get(yaml_root(yaml), "cases"));
        while (yaml_next(&cursor))
            run_case(checker, cursor.value);
        yaml_close(yaml);
    }
}

/* Whether it is a mistake of the configuration, which names the folder; else it is one of the
 * command line. */
static bool say_unread(struct checker *checker, const desk_error *err)
{
    if (checker->rulebook_place)
        config_mistake(&checker->of_config, checker->rulebook_place, false, "rulebook: %s",
                       err->message);
    else
        fprintf(stderr, "copydesk: %s\n", err->message);
    return checker->rulebook_place;
}

static int check_rulebook(struct checker *checker, const char *folder)
{
    desk_error err = DESK_ERROR_INIT;
    struct rulebook_files files = {NULL, 0};
    desk_status status = DESK_OK;
    if (folder)
        status = rulebook_files_read(folder, &files, &err);
    else
        files = rulebook_builtin();
    if (status == DESK_OK)
        status = rulebook_compile(&files, &checker->mistakes, &checker->rulebook, &err);
    if (status == DESK_OK)
        status = desk_engine_new(checker->rulebook, NULL, &checker->engine, &err);
    if (status == DESK_OK)
        run_lexicon_cases(checker, &files);
    bool is_said = status == DESK_OK || checker->mistakes.errors || say_unread(checker, &err);
    if (folder)
        rulebook_files_free(&files);
    else
        free((desk_rulebook_file *)(size_t)files.items);
    return is_said ? EXIT_DONE : EXIT_USAGE;
}

/* Nothing is called well that was not looked at. */
static void sum_up(const struct checker *checker, const char *config_path)
{
    size_t errors = checker->of_config.errors + checker->mistakes.errors;
    size_t warnings = checker->of_config.count + checker->mistakes.count - errors;
    printf("configuration %s\n", config_path ? config_path : "of the defaults and the environment");
    if (checker->rulebook)
        printf("rulebook %s: %zu %s, %zu not as wanted\n", desk_rulebook_digest(checker->rulebook),
               checker->cases, print_noun(checker->cases, "case", "cases"), checker->cases_failed);
    printf("%zu %s, %zu %s\n", errors, print_noun(errors, "mistake", "mistakes"), warnings,
           print_noun(warnings, "warning", "warnings"));
}

static int finish(struct checker *checker, int code, const struct wishes *wishes)
{
    size_t errors = checker->of_config.errors + checker->mistakes.errors;
    size_t warnings = checker->of_config.count + checker->mistakes.count - errors;
    mistakes_sort(&checker->of_config);
    print_mistakes(&checker->of_config, stdout);
    print_mistakes(&checker->mistakes, stdout);
    if (code == EXIT_DONE && (errors || (wishes->is_strict && warnings)))
        code = EXIT_FAULTS;
    if (code != EXIT_USAGE)
        sum_up(checker, wishes->config_path);
    desk_engine_free(checker->engine);
    desk_rulebook_release(checker->rulebook);
    mistakes_free(&checker->of_config);
    mistakes_free(&checker->mistakes);
    return code;
}

static void note_event(void *context, desk_log_level level, const desk_error *event)
{
    (void)context;
    fprintf(stderr, "copydesk: %s: stage %s: %s\n", desk_log_level_name(level), event->stage,
            event->message);
}

/* Opens each stage as an engine would and closes it: what it finds wrong is told at its place. */
static void check_stages(struct checker *checker, const struct config *config)
{
    const desk_logger logger = {note_event, NULL, DESK_LOG_WARNING};
    char names[STAGES_LOADED_MAX][STAGE_NAME_MAX + 1] = {{0}};
    for (size_t i = 0; i < config->stages_count; i++) {
        struct stages *stages = NULL;
        desk_error err = DESK_ERROR_INIT;
        if (stages_open(&config->stage_options[i], 1, &logger, &stages, &err) != DESK_OK)
            config_mistake(&checker->of_config, config_stage_place(&config->stages[i], err.message),
                           false, "stages: %s", err.message);
        else
            snprintf(names[i], sizeof names[i], "%s", stages_name(stages, 0));
        stages_close(stages);
        for (size_t j = 0; *names[i] && j < i; j++)
            if (!strcmp(names[i], names[j]))
                config_mistake(&checker->of_config, &config->stages[i].place, false,
                               "stages: another stage is called %s, too: give one of them another "
                               "name",
                               names[i]);
    }
}

/* Subjects of other schemes than the lexicon's may come from loaded stages. */
static bool may_be_of_stage(const struct config *config, const char *uri)
{
    return config->stages_count && strncmp(uri, "medtop:", 7) != 0;
}

/* A route by a subject that no rulebook knows never fits. */
static void check_routes(struct checker *checker, const struct config *config)
{
    for (size_t i = 0; i < config->routes.count; i++) {
        const struct config_route *route = &config->routes.items[i];
        for (size_t j = 0; j < route->subjects.count; j++)
            if (lexicon_topic(checker->rulebook->lexicon,
                              slice_from_cstr(route->subjects.items[j])) == TOPIC_NONE &&
                !may_be_of_stage(config, route->subjects.items[j]))
                config_mistake(&checker->of_config, &route->place, true,
                               "routes: the rulebook's lexicon has no subject %s",
                               route->subjects.items[j]);
    }
}

/* To stdout, and the mistakes to stderr, so that the output can be read again. */
static int print_config(const struct config *config, struct mistakes *mistakes)
{
    int code = mistakes->errors ? EXIT_FAULTS : EXIT_DONE;
    config_show(config, stdout);
    mistakes_sort(mistakes);
    print_mistakes(mistakes, stderr);
    mistakes_free(mistakes);
    return code;
}

static int check_all(const struct wishes *wishes, const struct config *config,
                     struct checker *checker)
{
    property_check(config, &checker->of_config);
    if (wishes->prints)
        return print_config(config, &checker->of_config);
    const char *folder = wishes->folder ? wishes->folder : config_rulebook_folder(config);
    if (!wishes->folder && folder)
        checker->rulebook_place = config_place_of(config, "rulebook");
    int code = check_rulebook(checker, folder);
    if (checker->rulebook)
        check_routes(checker, config);
    if (!checker->of_config.errors)
        check_stages(checker, config);
    if (wishes->connects && code == EXIT_DONE && !checker->of_config.errors)
        connect_check(config, &checker->of_config);
    return finish(checker, code, wishes);
}

int command_check(int argc, char **argv)
{
    struct wishes wishes = {NULL, NULL, false, false, false, false};
    const struct option rows[] = {{"--config", "-c", &wishes.config_path, NULL},
                                  {"--rulebook", NULL, &wishes.folder, NULL},
                                  {"--strict", NULL, NULL, &wishes.is_strict},
                                  {"--connect", NULL, NULL, &wishes.connects},
                                  {"--print", NULL, NULL, &wishes.prints},
                                  {"--schema", NULL, NULL, &wishes.prints_schema},
                                  {NULL, NULL, NULL, NULL}};
    struct options options = {.verb = "check", .help = HELP, .rows = rows};
    int code = options_read(&options, argc, argv);
    if (code != OPTIONS_GO_ON)
        return code;
    if (wishes.prints_schema) {
        config_show_schema(stdout);
        return EXIT_DONE;
    }
    if (!options_is_file(wishes.config_path))
        return EXIT_USAGE;
    struct checker checker = {.rulebook = NULL};
    struct config *config = config_inspect(wishes.config_path, &checker.of_config);
    if (!config) {
        fputs("copydesk: out of memory\n", stderr);
        return EXIT_FAILED;
    }
    protect_memory(config);
    code = check_all(&wishes, config, &checker);
    config_free(config);
    return code;
}
