/* copydesk top: lag, rates, lanes, subjects and sources, live. Asks running processes over HTTP,
 * and the brokers for the group's lag; neither notices more than a question. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "commands/print.h"
#include "commands/screen.h"
#include "commands/top_draw.h"
#include "commands/top_source.h"
#include "commands/wrap.h"
#include "config/config.h"
#include "config/values.h"
#include "kafka/group_lag.h"

static const char HELP[] =
    "usage: copydesk top -c FILE [--url HOST:PORT,...] [--brokers] [--once]\n\n"
    "Shows lag, rates, lanes, subjects, languages, sources and rejections of running processes, "
    "live in the terminal; q quits.\n"
    "Without --url it asks the process at http.listen; when there is none to ask, only the "
    "brokers.\n\n"
    "  -c, --config FILE     copydesk.yaml: credentials of the HTTP side, brokers, group\n"
    "      --url ADDRESS     processes to ask, separated by commas: HOST:PORT or http://HOST:PORT\n"
    "      --brokers         lag of all partitions from the brokers, whoever reads them; joins no "
    "group\n"
    "      --interval TIME   between two looks (default 2s)\n"
    "      --once            one frame, for scripts: no colours, as many lines as there are\n";

enum { ONCE_ROWS = 10000 };

struct command {
    const char *config, *url, *interval;
    bool is_once, wants_brokers;
    long long interval_ms;
    struct top_source source;
    struct group_lag lag;
    char broker_error[CLIENT_ERROR_SIZE];
};

/* --- looking ------------------------------------------------------------------------------- */

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void look(struct command *command)
{
    top_source_ask(&command->source);
    command->broker_error[0] = '\0';
    if (command->wants_brokers)
        group_lag_read(&command->lag, command->broker_error);
}

static char *draw(const struct command *command, const struct config *config, size_t *len,
                  const struct screen *screen)
{
    struct top_view view = {.source = &command->source,
                            .group = config->input_group,
                            .columns = screen ? screen->columns : wrap_columns(stdout),
                            .rows = screen ? screen->rows : ONCE_ROWS,
                            .colour = screen && print_wants_colour(stdout),
                            .is_once = !screen};
    if (command->broker_error[0])
        view.broker_error = command->broker_error;
    else if (command->wants_brokers) {
        view.partitions = command->lag.rows;
        view.partitions_count = command->lag.count;
    }
    return top_draw(&view, len);
}

/* Something answered. */
static bool has_answer(const struct command *command)
{
    for (size_t i = 0; i < command->source.count; i++)
        if (!command->source.processes[i].error[0])
            return true;
    return command->wants_brokers && !command->broker_error[0];
}

/* Two looks, so that there are rates. */
static int show_once(struct command *command, const struct config *config)
{
    size_t len = 0;
    look(command);
    nanosleep(&(struct timespec){(time_t)(command->interval_ms / 1000),
                                 (long)(command->interval_ms % 1000) * 1000000},
              NULL);
    look(command);
    char *text = draw(command, config, &len, NULL);
    fwrite(text ? text : "", 1, len, stdout);
    free(text);
    return has_answer(command) ? EXIT_DONE : EXIT_FAILED;
}

static void show(const struct command *command, const struct config *config,
                 const struct screen *screen)
{
    size_t len = 0;
    char *text = draw(command, config, &len, screen);
    if (text)
        screen_draw(screen, text, len);
    free(text);
}

/* Waits until the next look is due, and draws what is known again when the size changes. */
static bool wait_for_next(const struct command *command, const struct config *config,
                          struct screen *screen)
{
    long long until = now_ms() + command->interval_ms;
    for (long long left; (left = until - now_ms()) > 0;) {
        enum screen_event event = screen_wait(screen, (int)left);
        if (event == SCREEN_QUIT)
            return false;
        if (event == SCREEN_RESIZED)
            show(command, config, screen);
    }
    return true;
}

static int show_live(struct command *command, const struct config *config, struct screen *screen)
{
    do {
        look(command);
        show(command, config, screen);
    } while (wait_for_next(command, config, screen));
    return EXIT_DONE;
}

/* --- options ------------------------------------------------------------------------------- */

/* A fixed port of the configuration is where its process is found. */
static bool has_fixed_address(const struct config *config)
{
    const char *colon = strrchr(config->http_listen, ':');
    return colon && strcmp(colon, ":0") != 0;
}

static bool add_urls(struct command *command, const struct config *config)
{
    const char *rest = command->url;
    if (!rest)
        return !has_fixed_address(config) || top_source_add(&command->source, config->http_listen);
    while (*rest) {
        char url[TOP_URL_SIZE];
        size_t len = strcspn(rest, ",");
        snprintf(url, sizeof url, "%.*s", (int)len, rest);
        if (len && (len >= sizeof url || !top_source_add(&command->source, url))) {
            fprintf(stderr, "copydesk: top: --url: %d addresses at most, each shorter than %d\n",
                    TOP_PROCESSES_MAX, TOP_URL_SIZE - 16);
            return false;
        }
        rest += len + (rest[len] != '\0');
    }
    return true;
}

static bool read_interval(struct command *command)
{
    command->interval_ms = 2000;
    if (!command->interval || (value_duration(command->interval, &command->interval_ms) &&
                               command->interval_ms >= 100 && command->interval_ms <= 3600000))
        return true;
    fprintf(stderr, "copydesk: top: --interval: '%s' is no time from 100ms to 1h\n",
            command->interval);
    return false;
}

/* The screen first: the brokers' client starts threads, which inherit its mask of signals. */
static int run_top(struct command *command, const struct config *config)
{
    char error[CLIENT_ERROR_SIZE] = "";
    struct screen screen;
    if (!command->source.count)
        command->wants_brokers = true;
    if (!command->is_once && !screen_open(&screen)) {
        fprintf(stderr, "copydesk: top: this is no terminal; --once prints one frame\n");
        return EXIT_USAGE;
    }
    bool good = !command->wants_brokers || group_lag_open(&command->lag, config, error);
    int code = EXIT_FAILED;
    if (good)
        code = command->is_once ? show_once(command, config) : show_live(command, config, &screen);
    if (!command->is_once)
        screen_close(&screen);
    if (!good)
        fprintf(stderr, "copydesk: top: %s\n", error);
    if (command->lag.reader.client)
        group_lag_close(&command->lag);
    return code;
}

static int open_and_run(struct command *command, const struct config *config)
{
    if (!top_source_open(&command->source, config)) {
        fprintf(stderr, "copydesk: top: libcurl cannot be set up\n");
        return EXIT_FAILED;
    }
    signal(SIGPIPE, SIG_IGN);
    int code = add_urls(command, config) ? run_top(command, config) : EXIT_USAGE;
    top_source_close(&command->source);
    return code;
}

int command_top(int argc, char **argv)
{
    struct command command = {.config = NULL};
    const struct option rows[] = {{"--config", "-c", &command.config, NULL},
                                  {"--url", NULL, &command.url, NULL},
                                  {"--interval", NULL, &command.interval, NULL},
                                  {"--brokers", NULL, NULL, &command.wants_brokers},
                                  {"--once", NULL, NULL, &command.is_once},
                                  {NULL, NULL, NULL, NULL}};
    struct options options = {.verb = "top", .help = HELP, .rows = rows};
    int code = options_read(&options, argc, argv);
    if (code != OPTIONS_GO_ON)
        return code;
    if (!read_interval(&command))
        return EXIT_USAGE;
    struct config *config = options_config(command.config);
    code = config ? open_and_run(&command, config) : EXIT_USAGE;
    config_free(config);
    return code;
}
