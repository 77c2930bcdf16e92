/* copydesk replay: one raw record again through the engine, compared with what was published. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "commands/commands.h"
#include "commands/diff.h"
#include "commands/options.h"
#include "commands/print.h"
#include "commands/session.h"
#include "config/config.h"
#include "engine/engine.h"
#include "kafka/find.h"
#include "kafka/raw_record.h"

static const char HELP[] =
    "usage: copydesk replay -c FILE [--rulebook FOLDER] [--json] TOPIC/PARTITION/OFFSET\n\n"
    "Reads one raw record again, runs it through the engine, and compares the result with what was "
    "published of it. Where\n"
    "version and rulebook agree the bytes are equal (exit code 0) or it is a fault (1). With "
    "another rulebook or version the\n"
    "difference is printed and is no fault.\n\n"
    "  -c, --config FILE       copydesk.yaml\n"
    "      --rulebook FOLDER   what if: another rulebook than the configured one\n"
    "      --json              print the new record and compare nothing\n";

struct command {
    const char *config, *rulebook;
    bool is_json;
    struct coordinates raw;
    struct session session;
};

/* The outcome in a form that can be compared: the value, or the code of the rejection. */
static const char *outcome_name(desk_outcome outcome)
{
    static const char *const names[] = {"enriched", "rejected", "passed", "skipped"};
    return names[outcome];
}

static bool is_same_outcome(const struct published *published, const desk_result *result)
{
    if (published->is_rejected)
        return result->outcome == DESK_REJECTED &&
               !strcmp(published->code, desk_status_code(result->error.status));
    if (published->is_skipped)
        return result->outcome == DESK_SKIPPED;
    if (published->is_null)
        return result->outcome == DESK_PASSED;
    return result->outcome == DESK_ENRICHED &&
           slice_equal(result->json, slice_of(published->value, published->value_len));
}

/* Version and digest the published record was made with. */
static void made_by(struct published *published)
{
    json_error_t error;
    json_t *root =
        json_loadb(published->value ? published->value : "", published->value_len, 0, &error);
    json_t *provenance = json_object_get(root, "provenance");
    const char *version = json_string_value(json_object_get(provenance, "version")),
               *rulebook = json_string_value(json_object_get(provenance, "rulebook"));
    if (version && !published->is_rejected)
        snprintf(published->version, sizeof published->version, "%s", version);
    if (rulebook && !published->is_rejected)
        snprintf(published->rulebook, sizeof published->rulebook, "%s", rulebook);
    json_decref(root);
}

static void print_outcome(const char *who, const char *outcome, const char *code)
{
    printf("%s: %s%s%s\n", who, outcome, *code ? ", " : "", code);
}

static int compare(const struct command *command, struct published *published,
                   const desk_result *result)
{
    char name[COORDINATES_SIZE], place[COORDINATES_SIZE];
    const char *digest = desk_rulebook_digest(engine_rulebook(command->session.engine));
    coordinates_print(command->raw.topic, command->raw.partition, command->raw.offset, name);
    if (!published->is_found) {
        printf("%s: %s; nothing published of it was found\n", name, outcome_name(result->outcome));
        return EXIT_FAULTS;
    }
    coordinates_print(published->at.topic, published->at.partition, published->at.offset, place);
    made_by(published);
    if (is_same_outcome(published, result)) {
        printf("%s: %s, the same %zu bytes as %s\n", name, outcome_name(result->outcome),
               result->outcome == DESK_ENRICHED ? result->json.len : published->value_len, place);
        return EXIT_DONE;
    }
    bool agrees = !strcmp(published->version, desk_version()) &&
                  (!*published->rulebook || !strcmp(published->rulebook, digest));
    printf("%s differs from %s\n", name, place);
    print_outcome("published",
                  published->is_rejected  ? "rejected"
                  : published->is_skipped ? "skipped"
                  : published->is_null    ? "passed"
                                          : "enriched",
                  published->code);
    print_outcome("now", outcome_name(result->outcome),
                  result->outcome == DESK_REJECTED ? desk_status_code(result->error.status) : "");
    if (result->outcome == DESK_ENRICHED && !published->is_rejected && !published->is_null &&
        !published->is_skipped)
        diff_records(stdout, slice_of(published->value, published->value_len), result->json,
                     print_wants_colour(stdout));
    if (agrees)
        puts("version and rulebook agree: this is a fault");
    else
        printf("made by version %s, rulebook %s; now version %s, rulebook %s\n", published->version,
               *published->rulebook ? published->rulebook : "(not told)", desk_version(), digest);
    return agrees ? EXIT_FAULTS : EXIT_DONE;
}

static int print_record(const desk_result *result)
{
    if (result->outcome == DESK_ENRICHED) {
        fwrite(result->json.data, 1, result->json.len, stdout);
        putchar('\n');
        return EXIT_DONE;
    }
    fprintf(stderr, "copydesk: replay: the record is %s%s%s\n", outcome_name(result->outcome),
            result->outcome == DESK_REJECTED ? ": " : "",
            result->outcome == DESK_REJECTED ? result->error.message : "");
    return result->outcome == DESK_REJECTED ? EXIT_FAULTS : EXIT_DONE;
}

static int replay_message(struct command *command, const rd_kafka_message_t *message,
                          char error[CLIENT_ERROR_SIZE])
{
    desk_record record = raw_record(message);
    desk_result result = DESK_RESULT_INIT;
    desk_error err = DESK_ERROR_INIT;
    struct published published = {.is_found = false};
    if (desk_engine_process(command->session.engine, &record, &result, &err) != DESK_OK) {
        snprintf(error, CLIENT_ERROR_SIZE, "%s", err.message);
        return EXIT_FAILED;
    }
    if (command->is_json)
        return print_record(&result);
    int code = EXIT_FAILED;
    if (find_published(command->session.config, message, &published, error))
        code = compare(command, &published, &result);
    published_free(&published);
    return code;
}

static int run_replay(struct command *command)
{
    char error[CLIENT_ERROR_SIZE] = "";
    struct reader reader = {.client = NULL};
    int code = EXIT_FAILED;
    rd_kafka_message_t *message = NULL;
    if (reader_open(&reader, command->session.config, CLIENT_READER, error))
        message = find_raw_record(&reader, &command->raw, error);
    if (message) {
        code = replay_message(command, message, error);
        rd_kafka_message_destroy(message);
    }
    reader_close(&reader);
    if (code == EXIT_FAILED)
        fprintf(stderr, "copydesk: replay: %s\n", error);
    return code;
}

int command_replay(int argc, char **argv)
{
    struct command command = {.config = NULL};
    const char *word = NULL;
    const struct option rows[] = {{"--config", "-c", &command.config, NULL},
                                  {"--rulebook", NULL, &command.rulebook, NULL},
                                  {"--json", NULL, NULL, &command.is_json},
                                  {NULL, NULL, NULL, NULL}};
    struct options options = {
        .verb = "replay", .help = HELP, .rows = rows, .words = &word, .words_max = 1};
    int code = options_read(&options, argc, argv);
    if (code != OPTIONS_GO_ON)
        return code;
    if (!command.config || !word || !coordinates_parse(word, strlen(word), &command.raw)) {
        fputs("copydesk: replay: -c FILE and TOPIC/PARTITION/OFFSET are wanted, such as "
              "articles.raw/3/1200\n",
              stderr);
        return EXIT_USAGE;
    }
    struct session_options session = {.config_path = command.config,
                                      .rulebook_path = command.rulebook};
    code = session_open(&session, &command.session);
    if (code == EXIT_DONE)
        code = run_replay(&command);
    session_close(&command.session);
    return code;
}
