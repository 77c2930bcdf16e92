/* Options of a verb. */
#include "commands/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/slice.h"
#include "commands/commands.h"
#include "commands/print.h"
#include "commands/protect.h"
#include "config/config.h"
#include "config/values.h"
#include "tag/parse_time.h"
#include "yaml/yaml.h"

/* 1: taken; 0: no such option; -1: its value is missing. */
static int take(const struct option *row, int argc, char **argv, int *i)
{
    size_t len = strlen(row->name);
    const char *word = argv[*i];
    if (row->value && !strncmp(word, row->name, len) && word[len] == '=') {
        *row->value = word + len + 1;
        return 1;
    }
    if (strcmp(word, row->name) && (!row->letter || strcmp(word, row->letter)))
        return 0;
    if (row->flag) {
        *row->flag = true;
        return 1;
    }
    if (*i + 1 >= argc)
        return -1;
    *row->value = argv[++*i];
    return 1;
}

static int unknown(const struct options *options, const char *word)
{
    const char *names[32];
    size_t count = 0;
    for (const struct option *row = options->rows; row->name && count < 31; row++)
        names[count++] = row->name;
    names[count] = NULL;
    const char *near = yaml_nearest(slice_from_cstr(word), names);
    fprintf(stderr, "copydesk: %s: unknown argument '%s'%s%s%s; see copydesk %s --help\n",
            options->verb, word, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "",
            options->verb);
    return EXIT_USAGE;
}

static int take_word(struct options *options, int argc, char **argv, int *i)
{
    int taken = 0;
    for (const struct option *row = options->rows; row->name && !taken; row++)
        taken = take(row, argc, argv, i);
    if (taken < 0) {
        fprintf(stderr, "copydesk: %s: %s needs a value\n", options->verb, argv[*i]);
        return EXIT_USAGE;
    }
    if (taken)
        return OPTIONS_GO_ON;
    if (options->words_count == options->words_max || (argv[*i][0] == '-' && argv[*i][1]))
        return unknown(options, argv[*i]);
    options->words[options->words_count++] = argv[*i];
    return OPTIONS_GO_ON;
}

int options_read(struct options *options, int argc, char **argv)
{
    int code = OPTIONS_GO_ON;
    for (int i = 1; i < argc && code == OPTIONS_GO_ON; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            fputs(options->help, stdout);
            return EXIT_DONE;
        }
        code = take_word(options, argc, argv, &i);
    }
    return code;
}

/* Nobody's defaults are replaced by what lies in the folder a program is started in, but who wrote
 * a file there, as `copydesk init` does, thinks of it. */
static void say_unread(void)
{
    static const char usual[] = "copydesk.yaml";
    if (!access(usual, F_OK))
        fprintf(stderr, "copydesk: %s lies here and is not read: add -c %s\n", usual, usual);
}

bool options_is_file(const char *path)
{
    if (!path) {
        say_unread();
        return true;
    }
    struct stat about;
    /* Not opened: what comes by a pipe can be read once only. */
    bool good = !access(path, R_OK) && !stat(path, &about);
    if (good && S_ISDIR(about.st_mode)) {
        errno = EISDIR;
        good = false;
    }
    if (!good)
        fprintf(stderr, "copydesk: %s: the configuration cannot be read: %s\n", path,
                strerror(errno));
    return good;
}

struct config *options_config(const char *path)
{
    struct mistakes mistakes = {0};
    if (!path)
        say_unread();
    struct config *config = config_load(path, &mistakes);
    print_mistakes(&mistakes, stderr);
    mistakes_free(&mistakes);
    if (config)
        protect_memory(config);
    return config;
}

bool options_time(const char *option, const char *text, int64_t *ms)
{
    struct parsed_time time;
    long long number;
    if (value_integer(text, &number) && number >= 0) {
        *ms = number;
        return true;
    }
    if (parse_time_any(slice_from_cstr(text), &time)) {
        *ms = time.ms;
        return true;
    }
    fprintf(stderr,
            "copydesk: %s: '%s' is no time, such as 2026-11-24T10:00:00Z, 2026-11-24 or "
            "milliseconds since 1970\n",
            option, text);
    return false;
}

bool options_number(const char *option, const char *text, long long min, long long max,
                    long long *number)
{
    if (value_integer(text, number) && *number >= min && *number <= max)
        return true;
    fprintf(stderr, "copydesk: %s: '%s' is not a whole number from %lld to %lld\n", option, text,
            min, max);
    return false;
}

bool options_code(const char *option, const char *text)
{
    const char *names[CONFIG_CODES_MAX];
    config_reject_codes(names);
    for (const char *const *name = names; *name; name++)
        if (!text || !strcmp(*name, text))
            return true;
    const char *near = yaml_nearest(slice_from_cstr(text), names);
    fprintf(stderr, "copydesk: %s: '%s' is no error code%s%s%s; docs/errors.md lists them\n",
            option, text, near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
    return false;
}
