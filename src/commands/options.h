/* Reading a verb's options from a table. */
#ifndef COMMANDS_OPTIONS_H
#define COMMANDS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config;

/* One option: it sets `flag`, or takes a value ("--name VALUE" or "--name=VALUE"). */
struct option {
    const char *name;   /* "--config" */
    const char *letter; /* "-c"; NULL: none */
    const char **value;
    bool *flag;
};

struct options {
    const char *verb;
    const char *help;          /* printed for --help */
    const struct option *rows; /* ends with a row without a name */
    const char **words;        /* arguments that are no options, words_max of them at most */
    size_t words_max, words_count;
};

enum { OPTIONS_GO_ON = -1 };

/* OPTIONS_GO_ON, or the exit code to leave with: EXIT_DONE after --help, EXIT_USAGE after saying
 * what is wrong. */
int options_read(struct options *options, int argc, char **argv);

/* Whether the file of -c can be read; says why not, and where there is no -c, that a
 * copydesk.yaml lies here unread. NULL is none, which is well. */
bool options_is_file(const char *path);
/* The configuration of -c, with its mistakes printed; NULL when it has any. */
struct config *options_config(const char *path);
/* A time of an option: RFC 3339, a date, or milliseconds since 1970. False after saying what is
 * wrong. */
bool options_time(const char *option, const char *text, int64_t *ms);
/* A code that records are rejected with, or NULL. False after saying what is wrong. */
bool options_code(const char *option, const char *text);
/* A whole number min..max of an option. False after saying what is wrong. */
bool options_number(const char *option, const char *text, long long min, long long max,
                    long long *number);

#endif
