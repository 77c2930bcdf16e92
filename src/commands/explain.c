/* copydesk explain: one article for people. What was removed and why, each tag with its evidence,
 * as text for a terminal or as a page for a browser. */
#include "commands/commands.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "commands/explain.h"
#include "commands/print.h"
#include "commands/session.h"
#include "commands/wrap.h"
#include "engine/engine.h"

static const char HELP[] =
    "usage: copydesk explain [options] ARTICLE\n\n"
    "Shows what the engine makes of one article: a JSON object, an HTML page or plain text; '-' is "
    "stdin.\n"
    "Removed text is struck through with its rule or score; each tag stands with its evidence and "
    "weights,\nwhich are marked in the text.\n\n"
    "      --html FILE         write a page for a browser instead; '-' is stdout\n"
    "      --color WHEN        auto (default: on a terminal), always or never; --no-color is "
    "never\n";

static const size_t VIEW_BYTES_MAX = (size_t)1 << 30;

struct explain_options {
    struct session_options session;
    const char *path, *html_path;
    bool colour;
};

static int print_html(struct view *view, const char *path)
{
    bool is_stdout = !strcmp(path, "-");
    FILE *out = is_stdout ? stdout : fopen(path, "wb");
    if (!out) {
        fprintf(stderr, "copydesk: explain: --html: %s: %s\n", path, strerror(errno));
        return EXIT_USAGE;
    }
    explain_html(view, out);
    bool failed = fflush(out) != 0 || ferror(out);
    if (!is_stdout)
        failed = fclose(out) != 0 || failed;
    if (failed)
        fprintf(stderr, "copydesk: explain: %s could not be written: %s\n", path, strerror(errno));
    return failed ? EXIT_FAILED : EXIT_DONE;
}

static int show(const struct explain_options *options, const struct desk_article *article)
{
    struct view view;
    int code = EXIT_DONE;
    if (!view_open(&view, article, VIEW_BYTES_MAX)) {
        fprintf(stderr, "copydesk: explain: out of memory\n");
        code = EXIT_FAILED;
    } else if (options->html_path) {
        code = print_html(&view, options->html_path);
    } else {
        explain_text(&view, &(struct text_style){stdout, options->colour, wrap_columns(stdout)});
    }
    view_close(&view);
    return code;
}

static int explain(const struct explain_options *options, struct session *session, desk_slice value)
{
    desk_error err = DESK_ERROR_INIT;
    desk_result result = DESK_RESULT_INIT;
    desk_record record = session->record;
    record.value = value;
    engine_set_trace(session->engine, true);
    if (desk_engine_process(session->engine, &record, &result, &err) != DESK_OK) {
        fprintf(stderr, "copydesk: %s\n", err.message);
        return EXIT_FAILED;
    }
    if (result.outcome != DESK_ENRICHED) {
        if (result.outcome == DESK_SKIPPED)
            fprintf(stderr, "copydesk: dropped by the %s stage: %s\n", result.error.stage,
                    result.error.message);
        else
            fprintf(stderr, "copydesk: rejected by the %s stage: %s: %s\n", result.error.stage,
                    desk_status_code(result.error.status), result.error.message);
        return EXIT_FAULTS;
    }
    return show(options, engine_article(session->engine));
}

/* --color WHEN in its spellings: 1 taken, 0 not this option, -1 wrong. */
static int colour_option(struct explain_options *options, int argc, char **argv, int *i)
{
    const char *word = argv[*i], *when = NULL;
    if (!strcmp(word, "--no-colour") || !strcmp(word, "--no-color"))
        when = "never";
    else if (!strncmp(word, "--color=", 8) || !strncmp(word, "--colour=", 9))
        when = strchr(word, '=') + 1;
    else if (!strcmp(word, "--color") || !strcmp(word, "--colour"))
        when = *i + 1 < argc ? argv[++*i] : "";
    if (!when)
        return 0;
    bool is_auto = !strcmp(when, "auto"), is_always = !strcmp(when, "always");
    if (!is_auto && !is_always && strcmp(when, "never") != 0) {
        fprintf(stderr, "copydesk: explain: --color is auto, always or never, not '%s'\n", when);
        return -1;
    }
    options->colour = is_always || (is_auto && print_wants_colour(stdout));
    return 1;
}

/* --html FILE: as colour_option. */
static int html_option(struct explain_options *options, int argc, char **argv, int *i)
{
    if (!strncmp(argv[*i], "--html=", 7))
        options->html_path = argv[*i] + 7;
    else if (!strcmp(argv[*i], "--html"))
        options->html_path = *i + 1 < argc ? argv[++*i] : "";
    else
        return 0;
    if (*options->html_path)
        return 1;
    fprintf(stderr, "copydesk: explain: --html needs a file to write, or - for stdout\n");
    return -1;
}

static int take_argument(struct explain_options *options, int argc, char **argv, int *i)
{
    int taken = session_option(&options->session, argc, argv, i);
    if (!taken)
        taken = colour_option(options, argc, argv, i);
    if (!taken)
        taken = html_option(options, argc, argv, i);
    if (taken)
        return taken < 0 ? EXIT_USAGE : EXIT_DONE;
    if (!options->path && (argv[*i][0] != '-' || !argv[*i][1])) {
        options->path = argv[*i];
        return EXIT_DONE;
    }
    fprintf(stderr, "copydesk: explain: unexpected argument '%s'; see copydesk explain --help\n",
            argv[*i]);
    return EXIT_USAGE;
}

int command_explain(int argc, char **argv)
{
    struct explain_options options = {.session.evidence = "full",
                                      .colour = print_wants_colour(stdout)};
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            printf("%s%s", HELP, SESSION_HELP);
            return EXIT_DONE;
        }
        int code = take_argument(&options, argc, argv, &i);
        if (code != EXIT_DONE)
            return code;
    }
    if (!options.path) {
        fprintf(stderr, "copydesk: explain: which article? Give a file, or - for stdin\n");
        return EXIT_USAGE;
    }
    struct session session;
    int code = session_open(&options.session, &session);
    if (code != EXIT_DONE)
        return code;
    char *data;
    size_t len;
    code = EXIT_USAGE;
    if (read_whole(options.path, session.input_bytes_max, &data, &len)) {
        code = explain(&options, &session, slice_of(data, len));
        free(data);
    }
    session_close(&session);
    return code;
}
