/* copydesk filter: stdin to stdout, one line out for each record in, in order.
 *
 * A rejected record becomes the line {"rejected":{...}} and a message on stderr, so that input and
 * output lines stay in step. Memory is one line at a time; a line above the limit is skipped to its
 * end and rejected. */
#include "commands/commands.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "article/json_write.h"
#include "base/arena.h"
#include "base/slice.h"
#include "commands/lines.h"
#include "commands/session.h"

struct filter {
    struct session session;
    struct arena arena; /* for the line of a rejected record */
    bool is_whole, is_quiet;
    char **files; /* with --whole; none: stdin */
    size_t files_count;
    size_t records, rejected;
};

static const char HELP[] =
    "usage: copydesk filter [options] < IN > OUT\n"
    "       copydesk filter --whole [options] FILE... > OUT\n\n"
    "One JSON object a line in, one enriched record a line out, in the same order. A record that "
    "is rejected\n"
    "becomes the line {\"rejected\":{...}} and a message on stderr; the exit code is 1 then.\n\n"
    "      --whole             all of stdin, or of each FILE, is one document: JSON, HTML or plain "
    "text; a line a document comes out\n"
    "      --quiet             no messages about rejected records on stderr\n";

static bool write_line(desk_slice line)
{
    return fwrite(line.data, 1, line.len, stdout) == line.len && putchar('\n') != EOF;
}

static desk_slice rejected_line(struct filter *filter, const desk_result *result)
{
    const desk_error *error = &result->error;
    struct json_writer w;
    arena_reset(&filter->arena);
    json_writer_init(&w, &filter->arena, 2048, (size_t)1 << 20);
    json_open(&w, '{');
    json_key(&w, "rejected");
    json_open(&w, '{');
    json_key(&w, "code");
    json_text(&w, slice_from_cstr(desk_status_code(error->status)));
    json_key(&w, "reason");
    json_text(&w, slice_from_cstr(error->message));
    json_key(&w, "stage");
    json_text(&w, slice_from_cstr(error->stage));
    if (error->offset != DESK_NO_OFFSET) {
        json_key(&w, "offset");
        json_unsigned(&w, error->offset);
    }
    json_key(&w, "record");
    json_unsigned(&w, filter->records);
    if (result->id.len) {
        json_key(&w, "id");
        json_text(&w, result->id);
    }
    json_close(&w, '}');
    json_close(&w, '}');
    return slice_of(w.data, w.len);
}

/* A reader that closed the pipe is no failure of ours, but nothing more can be delivered. */
static int output_failed(void)
{
    fprintf(stderr, "copydesk: stdout: %s\n", strerror(errno));
    return EXIT_FAILED;
}

static int filter_one(struct filter *filter, desk_slice value)
{
    desk_error err = DESK_ERROR_INIT;
    desk_result result = DESK_RESULT_INIT;
    desk_record record = filter->session.record;
    record.value = value;
    record.is_null = !filter->is_whole && slice_is(value, "null");
    filter->records++;
    if (desk_engine_process(filter->session.engine, &record, &result, &err) != DESK_OK) {
        fprintf(stderr, "copydesk: record %zu: %s\n", filter->records, err.message);
        return EXIT_FAILED;
    }
    switch (result.outcome) {
    case DESK_ENRICHED:
        return write_line(result.json) ? EXIT_DONE : output_failed();
    case DESK_PASSED:
        return write_line(slice_from_cstr("null")) ? EXIT_DONE : output_failed();
    case DESK_REJECTED:
    case DESK_SKIPPED:
        break;
    }
    filter->rejected++;
    if (!filter->is_quiet)
        fprintf(stderr, "copydesk: record %zu rejected: %s: %s\n", filter->records,
                desk_status_code(result.error.status), result.error.message);
    return write_line(rejected_line(filter, &result)) ? EXIT_DONE : output_failed();
}

static int filter_lines(struct filter *filter)
{
    struct line_reader reader;
    desk_slice line;
    int code = EXIT_DONE;
    if (filter->session.format == DESK_FORMAT_AUTO)
        filter->session.record.format = DESK_FORMAT_JSON;
    line_reader_init(&reader, STDIN_FILENO, filter->session.input_bytes_max);
    while (code == EXIT_DONE && line_reader_next(&reader, &line)) {
        desk_slice value = slice_trim(line);
        if (value.len)
            code = filter_one(filter, value);
    }
    if (code == EXIT_DONE && reader.has_failed) {
        fprintf(stderr, "copydesk: stdin: %s\n", strerror(errno));
        code = EXIT_FAILED;
    }
    line_reader_deinit(&reader);
    return code;
}

static int filter_file(struct filter *filter, const char *path)
{
    char *data;
    size_t len;
    if (!read_whole(path, filter->session.input_bytes_max, &data, &len))
        return strcmp(path, "-") ? EXIT_USAGE : EXIT_FAILED;
    int code = filter_one(filter, slice_of(data, len));
    free(data);
    return code;
}

static int filter_whole(struct filter *filter)
{
    int code = filter->files_count ? EXIT_DONE : filter_file(filter, "-");
    for (size_t i = 0; i < filter->files_count && code == EXIT_DONE; i++)
        code = filter_file(filter, filter->files[i]);
    return code;
}

/* Options are taken out of argv, so that the files are left at its start. False after saying what
 * is wrong; *code is set then, or when --help was asked for. */
static bool read_arguments(struct filter *filter, struct session_options *options, int argc,
                           char **argv, int *code)
{
    filter->files = argv;
    *code = EXIT_USAGE;
    for (int i = 1; i < argc; i++) {
        int taken = session_option(options, argc, argv, &i);
        if (taken < 0)
            return false;
        if (taken)
            continue;
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            printf("%s%s", HELP, SESSION_HELP);
            *code = EXIT_DONE;
            return false;
        }
        if (!strcmp(argv[i], "--whole")) {
            filter->is_whole = true;
        } else if (!strcmp(argv[i], "--quiet")) {
            filter->is_quiet = true;
        } else if (argv[i][0] != '-' || !argv[i][1]) {
            filter->files[filter->files_count++] = argv[i];
        } else {
            fprintf(stderr, "copydesk: filter: unknown argument '%s'; see copydesk filter --help\n",
                    argv[i]);
            return false;
        }
    }
    if (!filter->files_count || filter->is_whole)
        return true;
    fprintf(stderr,
            "copydesk: filter: files are taken with --whole, one document each; lines come from "
            "stdin: copydesk filter < %s\n",
            filter->files[0]);
    return false;
}

int command_filter(int argc, char **argv)
{
    struct session_options options = {0};
    struct filter filter = {0};
    int code;
    if (!read_arguments(&filter, &options, argc, argv, &code))
        return code;
    code = session_open(&options, &filter.session);
    if (code != EXIT_DONE)
        return code;
    signal(SIGPIPE, SIG_IGN);
    arena_init(&filter.arena, (size_t)4 << 20, (size_t)1 << 20);
    code = filter.is_whole ? filter_whole(&filter) : filter_lines(&filter);
    if (code == EXIT_DONE && fflush(stdout))
        code = output_failed();
    if (code == EXIT_DONE && filter.rejected)
        code = EXIT_FAULTS;
    arena_deinit(&filter.arena);
    session_close(&filter.session);
    return code;
}
