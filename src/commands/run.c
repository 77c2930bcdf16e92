/* copydesk run: the stream processor; with --from or --until a backfill that ends by itself. */
#include <copydesk/record.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/heap.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "config/config.h"
#include "kafka/backfill.h"
#include "kafka/runner.h"
#include "stage/moment.h"

static const char HELP[] =
    "usage: copydesk run [-c FILE] [--from TIME --until TIME --group NAME]\n\n"
    "Reads raw articles from the input topics, cleans and tags each one, publishes it, exactly "
    "once. Runs until SIGTERM or Ctrl-C; a second\n"
    "one aborts. SIGHUP reloads the rulebook. Logs go to stderr.\n\n"
    "  -c, --config FILE       copydesk.yaml; COPYDESK_SECTION_KEY in the environment overrides "
    "its keys\n"
    "      --group NAME        another consumer group than input.group\n"
    "      --from TIME         a backfill: from records of this time on (RFC 3339, or ms since "
    "1970), or earliest\n"
    "      --until TIME        ... before records of this time, or end: the end as it is at the "
    "start\n\n"
    "A backfill ends by itself, with a report on stdout. Give it a group of its own; stopped in "
    "between, the same command goes on.\n";

/* Lanes allocate next to nothing themselves; the client's threads share one arena a lane. */
enum { ARENAS_MIN = 2 };

struct command {
    const char *config, *group, *from, *until;
    struct backfill backfill;
};

static bool is_backfill(const struct command *command)
{
    return command->from || command->until;
}

/* --- report -------------------------------------------------------------------------------- */

static void print_row(const char *topic, const char *partition, const struct ledger *ledger)
{
    printf("%-28s %4s %10" PRIu64 " %10" PRIu64 " %9" PRIu64 " %8" PRIu64 " %8" PRIu64 "\n", topic,
           partition, ledger->in, ledger->enriched, ledger->rejected, ledger->passed,
           ledger->skipped);
}

static void report(void *context, struct metrics *metrics)
{
    struct ledger sum = {0};
    size_t count;
    struct ledger_row *rows = ledger_table_copy(&metrics->ledgers, &count);
    (void)context;
    printf("%-28s %4s %10s %10s %9s %8s %8s\n", "raw topic", "part", "in", "enriched", "rejected",
           "passed", "skipped");
    for (size_t i = 0; i < count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%" PRId32, rows[i].partition);
        print_row(rows[i].topic ? rows[i].topic : "others", number, &rows[i].ledger);
        ledger_add(&sum, &rows[i].ledger);
    }
    print_row("all, by this process", "", &sum);
    free(rows);
}

/* --- whole --------------------------------------------------------------------------------- */

static bool read_bounds(const struct command *command, int64_t *from_ms, int64_t *until_ms)
{
    *from_ms = BACKFILL_EARLIEST;
    *until_ms = BACKFILL_END;
    return (!command->from || !strcmp(command->from, "earliest") ||
            options_time("--from", command->from, from_ms)) &&
           (!command->until || !strcmp(command->until, "end") ||
            options_time("--until", command->until, until_ms));
}

static int open_backfill(struct command *command, const struct config *config)
{
    char error[CLIENT_ERROR_SIZE] = "";
    int64_t from_ms, until_ms;
    if (!is_backfill(command))
        return EXIT_DONE;
    if (!read_bounds(command, &from_ms, &until_ms))
        return EXIT_USAGE;
    if (backfill_open(&command->backfill, config, from_ms, until_ms, error))
        return EXIT_DONE;
    fprintf(stderr, "copydesk: run: the backfill cannot start: %s\n", error);
    return EXIT_FAILED;
}

static int load_rulebook(const struct config *config, desk_rulebook **rulebook)
{
    desk_error err = DESK_ERROR_INIT;
    const char *folder = config_rulebook_folder(config);
    desk_status status = folder ? desk_rulebook_load_folder(folder, rulebook, &err)
                                : desk_rulebook_load_builtin(rulebook, &err);
    if (status == DESK_OK)
        return EXIT_DONE;
    fprintf(stderr, "copydesk: rulebook: %s\n", err.message);
    return status == DESK_ENOMEM ? EXIT_FAILED : EXIT_USAGE;
}

static int run_config(struct command *command, const struct config *config)
{
    desk_rulebook *rulebook = NULL;
    heap_limit(config->lanes > ARENAS_MIN ? (size_t)config->lanes : ARENAS_MIN);
    int code = load_rulebook(config, &rulebook);
    heap_trim();
    if (config->stages_count)
        moment_watch(config->log_format == LOG_JSON);
    if (code == EXIT_DONE)
        code = open_backfill(command, config);
    if (code == EXIT_DONE) {
        struct runner_options options = {.config = config, .rulebook = rulebook};
        if (is_backfill(command)) {
            options.backfill = &command->backfill;
            options.on_end = report;
        }
        code = runner_run(&options);
    }
    backfill_close(&command->backfill);
    desk_rulebook_release(rulebook);
    return code;
}

int command_run(int argc, char **argv)
{
    struct command command = {.config = NULL};
    const struct option rows[] = {{"--config", "-c", &command.config, NULL},
                                  {"--group", NULL, &command.group, NULL},
                                  {"--from", NULL, &command.from, NULL},
                                  {"--until", NULL, &command.until, NULL},
                                  {NULL, NULL, NULL, NULL}};
    sigset_t signals;
    /* A signal that comes while the rulebook is loaded waits for the runner, who takes it. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    struct options options = {.verb = "run", .help = HELP, .rows = rows};
    int code = options_read(&options, argc, argv);
    if (code != OPTIONS_GO_ON)
        return code;
    struct config *config = options_config(command.config);
    if (config && command.group)
        config_set_group(config, command.group);
    code = config ? run_config(&command, config) : EXIT_USAGE;
    config_free(config);
    return code;
}
