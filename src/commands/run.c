/* copydesk run: the stream processor. */
#include <string.h>

#include "commands/commands.h"
#include "commands/print.h"
#include "kafka/runner.h"
#include "yaml/yaml.h"

static const char HELP[] = "usage: copydesk run [-c FILE]\n\n"
                           "Reads raw articles from the input topics, cleans and tags each one, "
                           "publishes it, exactly once. Runs until SIGTERM or Ctrl-C; a second\n"
                           "one aborts. SIGHUP reloads the rulebook. Logs go to stderr.\n\n"
                           "  -c, --config FILE       copydesk.yaml; COPYDESK_SECTION_KEY in the "
                           "environment overrides its keys\n";

static int run_config(const struct config *config)
{
    desk_rulebook *rulebook = NULL;
    desk_error err = DESK_ERROR_INIT;
    const char *folder = config_rulebook_folder(config);
    desk_status status = folder ? desk_rulebook_load_folder(folder, &rulebook, &err)
                                : desk_rulebook_load_builtin(&rulebook, &err);
    if (status != DESK_OK) {
        fprintf(stderr, "copydesk: rulebook: %s\n", err.message);
        return status == DESK_ENOMEM ? EXIT_FAILED : EXIT_USAGE;
    }
    struct runner_options options = {.config = config, .rulebook = rulebook};
    int code = runner_run(&options);
    desk_rulebook_release(rulebook);
    return code;
}

int command_run(int argc, char **argv)
{
    const char *path = NULL;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            fputs(HELP, stdout);
            return EXIT_DONE;
        }
        if ((!strcmp(argv[i], "-c") || !strcmp(argv[i], "--config")) && i + 1 < argc) {
            path = argv[++i];
        } else {
            fprintf(stderr, "copydesk: run: unknown argument '%s'; see copydesk run --help\n",
                    argv[i]);
            return EXIT_USAGE;
        }
    }
    struct mistakes mistakes = {0};
    struct config *config = config_load(path, &mistakes);
    print_mistakes(&mistakes, stderr);
    mistakes_free(&mistakes);
    int code = config ? run_config(config) : EXIT_USAGE;
    config_free(config);
    return code;
}
