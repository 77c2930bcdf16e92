/* copydesk init: a commented file to start from. What is there stays. */
#include <errno.h>
#include <string.h>

#include "commands/commands.h"
#include "commands/options.h"
#include "config/show.h"

static const char HELP[] =
    "usage: copydesk init [FILE]\n\n"
    "Writes a configuration to start from, with every key and its default: copydesk.yaml, or FILE; "
    "\"-\" is stdout.\n"
    "A file that is there is never overwritten.\n";

static int write_starter(const char *path)
{
    FILE *out = strcmp(path, "-") ? fopen(path, "wx") : stdout;
    if (!out) {
        fprintf(stderr, "copydesk: init: %s: %s%s\n", path, strerror(errno),
                errno == EEXIST ? "; it is left as it is: name another file" : "");
        return EXIT_USAGE;
    }
    config_show_starter(out);
    bool good = !ferror(out);
    if (out != stdout)
        good &= !fclose(out);
    if (!good) {
        fprintf(stderr, "copydesk: init: %s: %s\n", path, strerror(errno));
        return EXIT_FAILED;
    }
    if (out != stdout)
        fprintf(stderr,
                "copydesk: wrote %s; set kafka.bootstrap.servers, then: copydesk check -c "
                "%s --connect\n",
                path, path);
    return EXIT_DONE;
}

int command_init(int argc, char **argv)
{
    const char *path = "copydesk.yaml";
    struct options options = {.verb = "init",
                              .help = HELP,
                              .rows = &(const struct option){NULL, NULL, NULL, NULL},
                              .words = &path,
                              .words_max = 1};
    int code = options_read(&options, argc, argv);
    return code == OPTIONS_GO_ON ? write_starter(path) : code;
}
