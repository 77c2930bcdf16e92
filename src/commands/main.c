/* The program: finds the verb and hands over. */
#include "commands/commands.h"

#include <errno.h>
#include <jansson.h>
#include <locale.h>
#include <pcre2.h>
#include <string.h>

#include "base/slice.h"
#include "yaml/yaml.h"

struct verb {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
};

static const struct verb VERBS[] = {
    {"demo", command_demo, "see it work: an embedded broker, sample articles, nothing to install"},
    {"run", command_run, "the stream processor: raw topic in, enriched topic out, until SIGTERM"},
    {"filter", command_filter,
     "stdin to stdout: one JSON object a line in, one out; --whole for one document"},
    {"explain", command_explain,
     "for people: what was removed and why, each tag with its evidence"},
    {"init", command_init, "write a commented configuration to start from"},
    {"check", command_check, "lint configuration and rulebook and run the rulebook's own cases"},
    {"top", command_top, "lag, rates, lanes, subjects and sources, live in the terminal"},
    {"tap", command_tap, "follow the output topic, filtered; joins no consumer group"},
    {"audit", command_audit,
     "recount raw, enriched and rejected topics and prove the ledger: nothing lost, nothing twice"},
    {"redrive", command_redrive, "rejected records back to the raw topic, each at most N times"},
    {"replay", command_replay, "one raw record again, compared with what was published of it"},
    {"train", command_train, "learn a subject model from labelled articles"},
    {"eval", command_eval, "how good subjects are: precision, recall, F1, confusion, calibration"},
    {"bench", command_bench, "engine throughput on files, per stage"},
};
enum { VERB_COUNT = sizeof VERBS / sizeof VERBS[0] };

static void print_usage(FILE *out)
{
    fprintf(out,
            "usage: copydesk VERB [options]\n\n"
            "Reads raw scraped news articles, cleans and tags each one, and passes it on.\n\n");
    for (size_t i = 0; i < VERB_COUNT; i++)
        fprintf(out, "  %-8s %s\n", VERBS[i].name, VERBS[i].help);
    fprintf(out, "\n  copydesk VERB --help   the options of a verb\n"
                 "  copydesk --version     version and libraries\n\n"
                 "exit codes: 0 done, 1 found faults, 2 wrong usage or configuration, 3 failed "
                 "while running\n");
}

static int unknown_verb(const char *word)
{
    const char *names[VERB_COUNT + 1];
    for (size_t i = 0; i < VERB_COUNT; i++)
        names[i] = VERBS[i].name;
    names[VERB_COUNT] = NULL;
    const char *near = yaml_nearest(slice_from_cstr(word), names);
    fprintf(stderr, "copydesk: there is no verb '%s'%s%s%s; see copydesk --help\n", word,
            near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    return EXIT_USAGE;
}

static int print_version(void)
{
    char pcre2[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
    printf("copydesk %s\njansson %s\npcre2 %s\n", desk_version(), jansson_version_str(), pcre2);
    return EXIT_DONE;
}

static int run_verb(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
        return print_version();
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (!strcmp(argv[1], VERBS[i].name))
            return VERBS[i].run(argc - 1, argv + 1);
    return unknown_verb(argv[1]);
}

/* What was to be read by somebody is not done when it was not written: a full disk is no success.
 */
int main(int argc, char **argv)
{
    int code = run_verb(argc, argv);
    errno = 0;
    bool is_written = !fflush(stdout) && !ferror(stdout);
    if (is_written || (code != EXIT_DONE && code != EXIT_FAULTS))
        return code;
    fprintf(stderr, "copydesk: stdout: %s\n", errno ? strerror(errno) : "it could not be written");
    return EXIT_FAILED;
}
