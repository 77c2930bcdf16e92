/* copydesk redrive: rejected records back to the raw topic; a dry run unless told to execute. */
#include "kafka/redrive.h"

#include <copydesk/record.h>
#include <inttypes.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "commands/progress.h"
#include "config/config.h"

static const char HELP[] =
    "usage: copydesk redrive -c FILE [filters] [--execute]\n\n"
    "Puts rejected records back into the raw topic they came from, each with its key, value, "
    "headers and timestamp, exactly\n"
    "once: what is back already is left out. Without --execute it only says what it would do.\n\n"
    "  -c, --config FILE    copydesk.yaml\n"
    "      --from TOPIC     another topic of rejected records that routes name (default "
    "rejected.topic)\n"
    "      --code CODE      only records rejected with this code (docs/errors.md)\n"
    "      --stage STAGE    only records rejected by this stage\n"
    "      --source DOMAIN  only records whose value holds a URL of this domain\n"
    "      --topic TOPIC    only records of this raw topic\n"
    "      --since TIME     only records with this timestamp or later (RFC 3339, or ms since "
    "1970)\n"
    "      --until TIME     only records before this time\n"
    "      --times N        a record goes back N times at most, by its header (default 3)\n"
    "      --rate N         records a second at most (default: no limit)\n"
    "      --execute        do it\n";

struct command {
    const char *config, *code, *stage, *source, *topic, *since, *until, *times, *rate, *from;
    bool is_execute;
    struct progress progress;
};

static void show(void *context, int64_t done, int64_t total)
{
    struct command *command = context;
    progress_show(&command->progress, done, total);
}

static bool read_values(const struct command *command, struct redrive_options *options)
{
    struct redrive_filter *filter = &options->filter;
    return (!command->since || options_time("--since", command->since, &filter->since_ms)) &&
           (!command->until || options_time("--until", command->until, &filter->until_ms)) &&
           (!command->times ||
            options_number("--times", command->times, 1, 1000000, &filter->times_max)) &&
           (!command->rate || options_number("--rate", command->rate, 1, 1000000, &options->rate));
}

static void print_plan(const struct redrive *redrive)
{
    printf("rejected records read %" PRIu64 ", matched %" PRIu64
           ", redriven %lld times already %" PRIu64 ", back in the raw topic already %" PRIu64 "\n",
           redrive->read, redrive->matched, redrive->options.filter.times_max, redrive->exhausted,
           redrive->done_before);
    if (redrive->foreign)
        printf("%" PRIu64 " records name no raw topic of input.topics and are left alone\n",
               redrive->foreign);
}

static int finish(const struct redrive *redrive)
{
    uint64_t open = redrive->count - redrive->done_before;
    if (!redrive->options.is_execute) {
        printf("to redrive %" PRIu64 "; add --execute to do it\n", open);
        return EXIT_DONE;
    }
    printf("redriven %" PRIu64 "\n", redrive->redriven);
    if (!redrive->gone)
        return EXIT_DONE;
    printf("%" PRIu64 " records stay: their values were too large to be rejected whole and are no "
           "longer in the raw topic (the first: %s)\n",
           redrive->gone, redrive->gone_text);
    return EXIT_FAULTS;
}

static int run_redrive(struct command *command, const struct config *config)
{
    char error[CLIENT_ERROR_SIZE] = "";
    struct redrive redrive;
    struct redrive_options options = {.filter = {command->code, command->stage, command->topic,
                                                 command->source, DESK_NO_TIME, DESK_NO_TIME, 3},
                                      .from = command->from,
                                      .is_execute = command->is_execute,
                                      .progress = show,
                                      .context = command};
    if (!read_values(command, &options))
        return EXIT_USAGE;
    bool good = redrive_open(&redrive, config, &options, error) && redrive_plan(&redrive, error);
    if (good)
        print_plan(&redrive);
    progress_open(&command->progress, "redrive");
    if (good && command->is_execute)
        good = redrive_execute(&redrive, error);
    progress_close(&command->progress);
    int code = good ? finish(&redrive) : EXIT_FAILED;
    if (!good)
        fprintf(stderr,
                "copydesk: redrive: %s; %" PRIu64 " records were redriven and committed, the same "
                "command goes on from there\n",
                error, redrive.redriven);
    redrive_close(&redrive);
    return code;
}

int command_redrive(int argc, char **argv)
{
    struct command command = {.config = NULL};
    const struct option rows[] = {
        {"--config", "-c", &command.config, NULL},      {"--from", NULL, &command.from, NULL},
        {"--code", NULL, &command.code, NULL},          {"--stage", NULL, &command.stage, NULL},
        {"--source", NULL, &command.source, NULL},      {"--topic", NULL, &command.topic, NULL},
        {"--since", NULL, &command.since, NULL},        {"--until", NULL, &command.until, NULL},
        {"--times", NULL, &command.times, NULL},        {"--rate", NULL, &command.rate, NULL},
        {"--execute", NULL, NULL, &command.is_execute}, {NULL, NULL, NULL, NULL}};
    struct options options = {.verb = "redrive", .help = HELP, .rows = rows};
    int code = options_read(&options, argc, argv);
    if (code != OPTIONS_GO_ON)
        return code;
    if (!options_code("redrive: --code", command.code))
        return EXIT_USAGE;
    struct config *config = options_config(command.config);
    code = config ? run_redrive(&command, config) : EXIT_USAGE;
    config_free(config);
    return code;
}
