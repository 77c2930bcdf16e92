/* copydesk filter: articles from stdin or files to stdout, a line each, in order.
 *
 * The work is done in src/filter; this is the command line. */
#include "commands/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/slice.h"
#include "commands/session.h"
#include "filter/pipeline.h"

/* More threads than any machine has use for: a slip of the finger, not a wish. */
enum { JOBS_MAX = 256 };

struct filter {
    struct session session;
    struct stopper stopper;
    struct pipeline_options options;
    bool is_whole, is_warc;
    const char *rejected, *flush, *jobs, *wrap; /* NULL: not given */
    struct files files;
    desk_engine *engines[JOBS_MAX];
    size_t engines_count;
};

static const char HELP[] =
    "usage: copydesk filter [options] < IN > OUT\n"
    "       copydesk filter --warc [options] [FILE...] > OUT\n"
    "       copydesk filter --whole [options] [FILE...] > OUT\n\n"
    "One JSON object a line in, one enriched record a line out, in the same order. A record that "
    "is rejected\n"
    "becomes the line {\"rejected\":{...}} and a message on stderr; the exit code is 1 then. Input "
    "may be compressed with gzip or zstd.\n"
    "SIGTERM and Ctrl-C end the reading; what was read is still written.\n\n"
    "      --whole             all of stdin, or of each FILE, is one document: JSON, HTML or plain "
    "text; a line a document comes out\n"
    "      --warc              stdin, or each FILE, is a WARC archive: a line for each successful "
    "response, other records are skipped and counted\n"
    "      --jobs N            N records at a time, each in a thread; the order stays "
    "(default 1)\n"
    "      --flush WHEN        auto (default): when the next record is not there yet; line: after "
    "each record; full: when there is much\n"
    "      --rejected WHERE    inline (default), stderr, or a file that {\"rejected\":{...}} lines "
    "are appended to; stdout has no line then\n"
    "      --wrap KEY          each line is {\"KEY\":record}, for hosts that want their own key\n"
    "      --quiet             no messages about rejected and skipped records on stderr\n";

/* --- command line -------------------------------------------------------------------------- */

/* An option with a value, as --jobs 2 or --jobs=2. Returns 1, 0 for another option, -1 after
 * printing what is wrong. */
static int take_value(const char *name, const char **value, int argc, char **argv, int *i)
{
    size_t len = strlen(name);
    if (strncmp(argv[*i], name, len) != 0 || (argv[*i][len] && argv[*i][len] != '='))
        return 0;
    if (argv[*i][len])
        *value = argv[*i] + len + 1;
    else if (*i + 1 < argc)
        *value = argv[++*i];
    else {
        fprintf(stderr, "copydesk: %s needs a value\n", name);
        return -1;
    }
    return 1;
}

static int take_values(struct filter *filter, int argc, char **argv, int *i)
{
    const struct {
        const char *name, **value;
    } known[] = {{"--jobs", &filter->jobs},
                 {"--flush", &filter->flush},
                 {"--rejected", &filter->rejected},
                 {"--wrap", &filter->wrap}};
    int taken = 0;
    for (size_t k = 0; k < sizeof known / sizeof known[0] && !taken; k++)
        taken = take_value(known[k].name, known[k].value, argc, argv, i);
    return taken;
}

static bool take_flag(struct filter *filter, const char *argument)
{
    const struct {
        const char *name;
        bool *value;
    } known[] = {{"--whole", &filter->is_whole},
                 {"--warc", &filter->is_warc},
                 {"--quiet", &filter->options.form.is_quiet}};
    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++)
        if (!strcmp(argument, known[k].name))
            return *known[k].value = true;
    return false;
}

static bool wrong(const char *option, const char *value, const char *wanted)
{
    fprintf(stderr, "copydesk: filter: %s: '%s' is not known; %s\n", option, value, wanted);
    return false;
}

static bool judge_jobs(struct filter *filter)
{
    char *end = NULL;
    unsigned long jobs = filter->jobs ? strtoul(filter->jobs, &end, 10) : 1;
    if (filter->jobs && (*end || end == filter->jobs || jobs < 1 || jobs > JOBS_MAX))
        return wrong("--jobs", filter->jobs, "wanted is a whole number from 1 to 256");
    filter->engines_count = jobs;
    return true;
}

static bool judge_flush(struct filter *filter)
{
    static const char *const names[] = {"auto", "line", "full"};
    static const enum flush_when values[] = {FLUSH_AUTO, FLUSH_LINE, FLUSH_FULL};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!filter->flush || !strcmp(filter->flush, names[i])) {
            filter->options.flush = values[i];
            return true;
        }
    return wrong("--flush", filter->flush, "wanted is auto, line or full");
}

/* The key is written as it is given. */
static bool judge_wrap(struct filter *filter)
{
    filter->options.form.wrap = slice_from_cstr(filter->wrap);
    if (filter->wrap && !*filter->wrap)
        return wrong("--wrap", "", "wanted is a key");
    for (const char *p = filter->wrap; p && *p; p++)
        if (*p == '"' || *p == '\\' || *p < 0x20 || *p > 0x7E)
            return wrong("--wrap", filter->wrap,
                         "wanted are ASCII characters without quotes and backslashes");
    return true;
}

static bool judge_files(const struct filter *filter)
{
    if (filter->is_whole && filter->is_warc) {
        fprintf(stderr, "copydesk: filter: --whole and --warc exclude each other: a file is one "
                        "document or an archive\n");
        return false;
    }
    if (!filter->files.count || filter->is_whole || filter->is_warc)
        return true;
    fprintf(stderr,
            "copydesk: filter: files are taken with --whole, one document each, or --warc; lines "
            "come from stdin: copydesk filter < %s\n",
            filter->files.paths[0]);
    return false;
}

/* Options are taken out of argv, so that the files are left at its start. False after saying what
 * is wrong; *code is set then, or when --help was asked for. */
static bool read_arguments(struct filter *filter, struct session_options *options, int argc,
                           char **argv, int *code)
{
    filter->files.paths = argv;
    *code = EXIT_USAGE;
    for (int i = 1; i < argc; i++) {
        int taken = session_option(options, argc, argv, &i);
        if (!taken)
            taken = take_values(filter, argc, argv, &i);
        if (taken < 0)
            return false;
        if (taken || take_flag(filter, argv[i]))
            continue;
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            printf("%s%s", HELP, SESSION_HELP);
            *code = EXIT_DONE;
            return false;
        }
        if (argv[i][0] == '-' && argv[i][1]) {
            fprintf(stderr, "copydesk: filter: unknown argument '%s'; see copydesk filter --help\n",
                    argv[i]);
            return false;
        }
        filter->files.paths[filter->files.count++] = argv[i];
    }
    return judge_files(filter) && judge_jobs(filter) && judge_flush(filter) && judge_wrap(filter);
}

/* --- work ---------------------------------------------------------------------------------- */

static int open_rejected(struct filter *filter)
{
    struct pipeline_options *options = &filter->options;
    options->out_fd = STDOUT_FILENO;
    options->messages_fd = STDERR_FILENO;
    if (!filter->rejected || !strcmp(filter->rejected, "inline"))
        return EXIT_DONE;
    options->form.is_elsewhere = true;
    options->refused_fd = STDERR_FILENO;
    if (!strcmp(filter->rejected, "stderr")) {
        options->form.is_quiet = true; /* stderr then has JSON lines only */
        return EXIT_DONE;
    }
    options->refused_fd = open(filter->rejected, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (options->refused_fd >= 0)
        return EXIT_DONE;
    fprintf(stderr, "copydesk: filter: --rejected: %s: %s\n", filter->rejected, strerror(errno));
    return EXIT_USAGE;
}

static void open_intake(struct filter *filter, char **stdin_path)
{
    struct files *files = &filter->files;
    struct session *session = &filter->session;
    if (!files->count) {
        files->paths = stdin_path;
        files->count = 1;
    }
    files->stop_fd = filter->stopper.pipe[0];
    files->intake.defaults = session->record;
    files->intake.record_bytes_max = session->input_bytes_max;
    filter->options.record_bytes_max = session->input_bytes_max;
    filter->options.stopper = &filter->stopper;
    files->intake.next = filter->is_warc ? warc_next : filter->is_whole ? whole_next : lines_next;
    if (!filter->is_warc && !filter->is_whole && session->format == DESK_FORMAT_AUTO)
        files->intake.defaults.format = DESK_FORMAT_JSON;
}

static int open_engines(struct filter *filter)
{
    filter->engines[0] = filter->session.engine;
    for (size_t i = 1; i < filter->engines_count; i++) {
        int code = session_engine(&filter->session, &filter->engines[i]);
        if (code != EXIT_DONE)
            return code;
    }
    return EXIT_DONE;
}

/* What a person wants to know at the end, and a pipeline in its log. */
static void report(const struct filter *filter, const struct pipeline_result *result)
{
    const struct intake *intake = &filter->files.intake;
    if (result->status == PIPELINE_ENGINE_FAILED)
        fprintf(stderr, "copydesk: filter: near record %" PRIu64 ": %s\n", intake->records,
                result->reason);
    else if (result->status != PIPELINE_DONE)
        fprintf(stderr, "copydesk: filter: %s\n", result->reason);
    if (intake->left_bytes)
        fprintf(stderr,
                "copydesk: filter: stopped; %" PRIu64
                " bytes of a record that had not ended were left\n",
                intake->left_bytes);
    if (filter->is_warc && !filter->options.form.is_quiet)
        fprintf(stderr,
                "copydesk: filter: %" PRIu64 " responses, %" PRIu64 " rejected; %" PRIu64
                " records of other types or without success skipped\n",
                intake->records, result->rejected, intake->skipped);
}

static int run(struct filter *filter)
{
    static char stdin_name[] = "-";
    char *stdin_path[] = {stdin_name};
    int code = open_engines(filter);
    if (code != EXIT_DONE)
        return code;
    open_intake(filter, stdin_path);
    struct pipeline_result result =
        pipeline_run(&filter->options, &filter->files, filter->engines, filter->engines_count);
    report(filter, &result);
    if (filter->files.cannot_open)
        return EXIT_USAGE;
    if (result.status != PIPELINE_DONE)
        return EXIT_FAILED;
    return result.rejected ? EXIT_FAULTS : EXIT_DONE;
}

static int open_and_run(struct filter *filter, const struct session_options *options)
{
    int code = session_open(options, &filter->session);
    if (code != EXIT_DONE)
        return code;
    code = run(filter);
    for (size_t i = 1; i < filter->engines_count; i++)
        desk_engine_free(filter->engines[i]);
    session_close(&filter->session);
    return code;
}

int command_filter(int argc, char **argv)
{
    struct session_options options = {0};
    struct filter filter = {0};
    int code;
    if (!read_arguments(&filter, &options, argc, argv, &code))
        return code;
    code = open_rejected(&filter);
    if (code != EXIT_DONE)
        return code;
    /* Before the rulebook is read: a host that stops us at once has written already. */
    signal(SIGPIPE, SIG_IGN);
    if (!stopper_start(&filter.stopper)) {
        fprintf(stderr, "copydesk: filter: %s\n", strerror(errno));
        return EXIT_FAILED;
    }
    code = open_and_run(&filter, &options);
    stopper_end(&filter.stopper);
    return code;
}
