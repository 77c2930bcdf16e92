/* What filter, explain and bench share: their common options, the rulebook and an engine. */
#ifndef COMMANDS_SESSION_H
#define COMMANDS_SESSION_H

#include "commands/commands.h"

struct config;

struct session_options {
    const char *config_path;   /* -c, --config: NULL for the defaults */
    const char *rulebook_path; /* --rulebook: overrides the configuration */
    const char *evidence;      /* --evidence */
    const char *format;        /* --format */
    const char *url;           /* --url: where a whole document was fetched */
    const char *content_type;  /* --content-type */
    const char *crawled;       /* --crawled-at: RFC 3339 */
    const char *model_path; /* a subject model to be used instead of the rulebook's; NULL: none */
    bool is_model_alone;    /* subjects by models, without the lexicons */
};

struct session {
    struct config *config; /* NULL without -c */
    desk_rulebook *rulebook;
    desk_engine *engine;
    size_t input_bytes_max;
    desk_engine_options engine_options;
    desk_format format; /* of the engine */
    desk_record record; /* with the options' url, content type, crawl time filled in */
};

/* Takes one common option at argv[*i]; *i moves past its value. Returns 1 when it was one, 0 when
 * it was not, -1 after printing what is wrong with it. */
int session_option(struct session_options *options, int argc, char **argv, int *i);
/* The lines of --help for the common options. */
extern const char SESSION_HELP[];

/* Returns an exit code; messages are printed. */
int session_open(const struct session_options *options, struct session *session);
/* One more engine like session->engine, for another thread; the caller frees it. Returns an exit
 * code; messages are printed. */
int session_engine(const struct session *session, desk_engine **engine);
void session_close(struct session *session);

/* Reads a file, or stdin for "-", whole. Returns false after printing why. The caller frees *data.
 */
bool read_whole(const char *path, size_t bytes_max, char **data, size_t *len);

#endif
