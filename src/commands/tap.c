/* copydesk tap: what is published, as it comes. A consumer of its own that joins no group and
 * commits nothing: it can be started and stopped beside everything. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "commands/print.h"
#include "commands/subject_hint.h"
#include "commands/tap_show.h"
#include "commands/wrap.h"
#include "config/config.h"
#include "config/values.h"
#include "kafka/reader.h"
#include "kafka/tap_filter.h"

static const char HELP[] =
    "usage: copydesk tap -c FILE [filters] [--json]\n\n"
    "Shows enriched records as they are published, until Ctrl-C. Reads what is committed, joins no "
    "consumer group and commits\n"
    "nothing, so that it disturbs nobody.\n\n"
    "  -c, --config FILE     copydesk.yaml\n"
    "      --subject TOPIC   only records with this subject: medtop:16000000, 16000000, or its "
    "name\n"
    "      --source DOMAIN   only records of this source\n"
    "      --language CODE   only records in this language; zh takes zh-Hant too\n"
    "      --rejected        rejected records with their reasons instead\n"
    "      --code CODE       only records rejected with this code (docs/errors.md)\n"
    "      --since TIME      from this time on: 10m, 2h, or RFC 3339, or ms since 1970 (default: "
    "from now on)\n"
    "      --from earliest   from the first record there is\n"
    "      --until end       stop at the end as it is at the start\n"
    "      --count N         stop after N records\n"
    "      --json            enriched records as they are, one a line; rejected ones as "
    "{\"rejected\":{...},\"value\":...}\n"
    "      --color WHEN      auto, always or never (default: auto, on a terminal)\n";

struct command {
    const char *config, *since, *from, *until, *count, *color;
    bool is_rejected;
    struct tap_filter filter;
    struct tap_view view;
    long long left; /* records to show; -1: no bound */
    bool is_reader_gone;
    sigset_t signals;
};

/* --- options ------------------------------------------------------------------------------- */

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* "10m" is ten minutes ago; a bare number is a time, as everywhere in options. */
static bool read_since(const char *text, int64_t *ms)
{
    long long ago;
    size_t len = strlen(text);
    if (len && strchr("smh", text[len - 1]) && value_duration(text, &ago)) {
        *ms = wall_ms() - ago;
        return true;
    }
    return options_time("--since", text, ms);
}

static bool is_word(const char *option, const char *text, const char *word)
{
    if (!text || !strcmp(text, word))
        return true;
    fprintf(stderr, "copydesk: tap: %s: '%s' is not %s\n", option, text, word);
    return false;
}

static bool read_colour(struct command *command)
{
    const char *when = command->color ? command->color : "auto";
    command->view.colour =
        !strcmp(when, "always") || (!strcmp(when, "auto") && print_wants_colour(stdout));
    if (!strcmp(when, "auto") || !strcmp(when, "always") || !strcmp(when, "never"))
        return true;
    fprintf(stderr, "copydesk: tap: --color: '%s' is not auto, always or never\n", when);
    return false;
}

/* What contradicts itself is said, not guessed at. */
static bool check(const struct command *command)
{
    const char *fault = NULL;
    if (command->since && command->from)
        fault = "--since and --from both say where to begin";
    else if (command->is_rejected &&
             (command->filter.subject || command->filter.source || command->filter.language))
        fault = "rejected records have no subject, source or language; --code filters them";
    else if (command->filter.code && !command->is_rejected)
        fault = "--code filters rejected records: add --rejected";
    if (fault)
        fprintf(stderr, "copydesk: tap: %s\n", fault);
    return !fault;
}

/* --- reading ------------------------------------------------------------------------------- */

/* Who read along and has gone has seen enough; a full disk is a failure, which main tells. Asked
 * right after writing. */
static bool is_output_over(struct command *command)
{
    command->is_reader_gone |= ferror(stdout) && errno == EPIPE;
    return ferror(stdout) != 0;
}

static enum reader_next take(void *context, size_t part, const rd_kafka_message_t *message)
{
    struct command *command = context;
    (void)part;
    if (!tap_matches(&command->filter, message))
        return READER_GO_ON;
    (command->is_rejected ? tap_show_rejected : tap_show_enriched)(&command->view, message);
    if (command->left > 0)
        command->left--;
    return is_output_over(command) || command->left == 0 ? READER_STOP : READER_GO_ON;
}

/* What was shown leaves the buffer; a signal, or a reader who has gone, ends it. */
static bool idle(void *context)
{
    struct command *command = context;
    fflush(stdout);
    return is_output_over(command) ||
           sigtimedwait(&command->signals, NULL, &(struct timespec){0, 0}) > 0;
}

static bool add_topics(const struct command *command, struct reader *reader,
                       const struct config *config, char error[CLIENT_ERROR_SIZE])
{
    const struct config_list *topics =
        command->is_rejected ? &config->targets_rejected : &config->targets_enriched;
    for (size_t i = 0; i < topics->count; i++)
        if (!reader_add_topic(reader, topics->items[i], error))
            return false;
    return true;
}

/* From where: the end as it is now, unless told otherwise. */
static bool place(const struct command *command, struct reader *reader, int64_t since_ms,
                  char error[CLIENT_ERROR_SIZE])
{
    if (command->from)
        return true;
    if (command->since)
        return reader_limit_by_time(reader, since_ms, false, error);
    for (size_t i = 0; i < reader->count; i++)
        reader->parts[i].from = reader->parts[i].high;
    return true;
}

static int run_tap(struct command *command, const struct config *config)
{
    char error[CLIENT_ERROR_SIZE] = "";
    struct reader reader = {.client = NULL};
    int64_t since_ms = 0;
    if (command->since && !read_since(command->since, &since_ms))
        return EXIT_USAGE;
    bool good = reader_open(&reader, config, CLIENT_READER, error) &&
                add_topics(command, &reader, config, error) &&
                place(command, &reader, since_ms, error);
    reader.is_following = !command->until;
    good = good && reader_run(&reader, take, idle, command, error);
    fflush(stdout);
    if (is_output_over(command) && command->is_reader_gone)
        clearerr(stdout);
    reader_close(&reader);
    if (!good)
        fprintf(stderr, "copydesk: tap: %s\n", error);
    return good ? EXIT_DONE : EXIT_FAILED;
}

/* Ctrl-C ends the reading between two records and not within one; a reader who has gone (a pager, a
 * head) is no failure. The clients' threads inherit the mask. */
static void prepare_signals(struct command *command)
{
    sigemptyset(&command->signals);
    sigaddset(&command->signals, SIGINT);
    sigaddset(&command->signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &command->signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int command_tap(int argc, char **argv)
{
    struct command command = {.left = -1, .view = {.out = stdout}};
    const struct option rows[] = {{"--config", "-c", &command.config, NULL},
                                  {"--subject", NULL, &command.filter.subject, NULL},
                                  {"--source", NULL, &command.filter.source, NULL},
                                  {"--language", NULL, &command.filter.language, NULL},
                                  {"--code", NULL, &command.filter.code, NULL},
                                  {"--since", NULL, &command.since, NULL},
                                  {"--from", NULL, &command.from, NULL},
                                  {"--until", NULL, &command.until, NULL},
                                  {"--count", NULL, &command.count, NULL},
                                  {"--color", NULL, &command.color, NULL},
                                  {"--rejected", NULL, NULL, &command.is_rejected},
                                  {"--json", NULL, NULL, &command.view.is_json},
                                  {NULL, NULL, NULL, NULL}};
    struct options options = {.verb = "tap", .help = HELP, .rows = rows};
    int code = options_read(&options, argc, argv);
    if (code != OPTIONS_GO_ON)
        return code;
    if (!check(&command) || !is_word("--from", command.from, "earliest") ||
        !is_word("--until", command.until, "end") || !read_colour(&command) ||
        !options_code("tap: --code", command.filter.code) ||
        (command.count && !options_number("--count", command.count, 1, 1000000000, &command.left)))
        return EXIT_USAGE;
    command.view.columns = wrap_columns(stdout);
    struct config *config = options_config(command.config);
    if (config && command.filter.subject)
        subject_hint("tap", command.filter.subject, config);
    prepare_signals(&command);
    code = config ? run_tap(&command, config) : EXIT_USAGE;
    config_free(config);
    return code;
}
