/* copydesk bench: how fast the engine is on given files, stage by stage, and that it takes nothing
 * from the heap. */
#include "commands/commands.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "article/article.h"
#include "article/json_write.h"
#include "base/arena.h"
#include "base/slice.h"
#include "commands/bench_counter.h"
#include "commands/bench_reference.h"
#include "commands/progress.h"
#include "commands/session.h"
#include "engine/engine.h"

static const char HELP[] =
    "usage: copydesk bench [options] FILE...\n\n"
    "Runs the engine over the files, warm, on one core, and prints nanoseconds a record and MB/s, "
    "per stage; instructions a record where the machine counts them.\n\n"
    "      --lines             each line of a file is one record; else each file is one\n"
    "      --rounds N          passes over all records (default: as many as take about two "
    "seconds)\n"
    "      --json              figures as one JSON object\n";

struct records {
    desk_slice *items;
    size_t count, capacity, bytes;
};

struct bench {
    struct session session;
    struct records records;
    struct progress progress;
    size_t progress_done, progress_total; /* records of all rounds */
    char **files;
    size_t files_count;
    unsigned long rounds;
    bool is_lines, is_json;
};

struct figures {
    double seconds;
    unsigned long long instructions; /* 0: not counted here */
    size_t processed, bytes_in, bytes_out, rejected, chunk_allocations;
    struct bench_reference reference;
};

static unsigned long long read_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (unsigned long long)t.tv_sec * 1000000000u + (unsigned long long)t.tv_nsec;
}

/* The wall clock, cheap enough to be read around each stage. */
static unsigned long long now_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* What this thread itself has used: other users of the machine do not count. */
static unsigned long long cpu_ns(void)
{
    return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

static bool add_record(struct records *records, desk_slice value)
{
    if (records->count == records->capacity) {
        size_t wanted = records->capacity ? records->capacity * 2 : 64;
        desk_slice *items = realloc(records->items, wanted * sizeof *items);
        if (!items)
            return false;
        records->items = items;
        records->capacity = wanted;
    }
    records->items[records->count++] = value;
    records->bytes += value.len;
    return true;
}

static bool add_file(struct bench *bench, const char *path)
{
    char *data;
    size_t len;
    if (!read_whole(path, (size_t)4 << 30, &data, &len))
        return false;
    bench->files[bench->files_count++] = data;
    if (!bench->is_lines)
        return add_record(&bench->records, slice_of(data, len));
    for (size_t from = 0; from < len;) {
        const char *hit = memchr(data + from, '\n', len - from);
        size_t to = hit ? (size_t)(hit - data) : len;
        desk_slice value = slice_trim(slice_of(data + from, to - from));
        if (value.len && !add_record(&bench->records, value))
            return false;
        from = to + 1;
    }
    return true;
}

static int run_round(struct bench *bench, struct figures *figures)
{
    for (size_t i = 0; i < bench->records.count; i++) {
        desk_error err = DESK_ERROR_INIT;
        desk_result result = DESK_RESULT_INIT;
        desk_record record = bench->session.record;
        record.value = bench->records.items[i];
        if (desk_engine_process(bench->session.engine, &record, &result, &err) != DESK_OK) {
            fprintf(stderr, "copydesk: record %zu: %s\n", i + 1, err.message);
            return EXIT_FAILED;
        }
        figures->processed++;
        figures->bytes_in += record.value.len;
        figures->bytes_out += result.json.len;
        figures->rejected += result.outcome == DESK_REJECTED;
    }
    bench->progress_done += bench->records.count;
    progress_show(&bench->progress, (int64_t)bench->progress_done, (int64_t)bench->progress_total);
    return EXIT_DONE;
}

static int measure(struct bench *bench, struct figures *figures)
{
    struct figures warm = {0};
    unsigned long long started = cpu_ns();
    int code = run_round(bench, &warm);
    unsigned long long round_ns = cpu_ns() - started + 1;
    if (code == EXIT_DONE)
        code = run_round(bench, &warm);
    unsigned long rounds =
        bench->rounds ? bench->rounds : (unsigned long)(2000000000u / round_ns + 1);
    bench->progress_total = bench->records.count * (2 + 2 * rounds);
    int counter = bench_counter_open();
    size_t chunks = engine_arena(bench->session.engine)->chunk_allocations;
    started = cpu_ns();
    for (unsigned long i = 0; i < rounds && code == EXIT_DONE; i++)
        code = run_round(bench, figures);
    figures->seconds = (double)(cpu_ns() - started) / 1e9;
    figures->instructions = bench_counter_read(counter);
    bench_counter_close(counter);
    figures->chunk_allocations = engine_arena(bench->session.engine)->chunk_allocations - chunks;
    /* Stages are timed in a pass of their own: reading the clock costs as much as a small stage. */
    struct figures timed = {0};
    if (code == EXIT_DONE &&
        !bench_reference(bench->records.items, bench->records.count, cpu_ns, &figures->reference))
        code = EXIT_FAILED;
    engine_set_clock(bench->session.engine, now_ns);
    for (unsigned long i = 0; i < rounds && code == EXIT_DONE; i++)
        code = run_round(bench, &timed);
    return code;
}

/* Nanoseconds of a stage: its share of the timed pass, of the time that all stages took without the
 * clock. */
static double stage_ns(const struct bench *bench, const struct figures *f, size_t stage)
{
    const unsigned long long *times = engine_stage_times(bench->session.engine);
    double sum = 0;
    for (size_t i = 0; i < engine_stage_count(bench->session.engine); i++)
        sum += (double)times[i];
    return sum > 0 ? (double)times[stage] / sum * f->seconds * 1e9 / (double)f->processed : 0;
}

static void print_people(const struct bench *bench, const struct figures *f)
{
    double n = (double)f->processed;
    printf("records      %zu (%zu different, %.0f bytes on average), %zu rejected\n", f->processed,
           bench->records.count, (double)f->bytes_in / n, f->rejected);
    printf("engine       %.0f ns a record, %.1f MB/s, %.0f records/s on one core\n",
           f->seconds * 1e9 / n, (double)f->bytes_in / f->seconds / 1e6, n / f->seconds);
    if (f->instructions)
        printf("instructions %.0f a record, %.1f a byte\n", (double)f->instructions / n,
               (double)f->instructions / (double)f->bytes_in);
    printf("output       %.0f bytes a record\n", (double)f->bytes_out / n);
    printf("heap         %zu chunks taken while warm\n", f->chunk_allocations);
    printf("copy         %.0f ns: the engine takes %.0f times as long\n", f->reference.copy_ns,
           f->seconds * 1e9 / n / f->reference.copy_ns);
    if (f->reference.parse_ns > 0)
        printf("HTML tree    %.0f ns: the engine takes %.1f times as long\n", f->reference.parse_ns,
               f->seconds * 1e9 / n / f->reference.parse_ns);
    for (size_t i = 0; i < engine_stage_count(bench->session.engine); i++)
        printf("  %-12s %9.0f ns\n", engine_stage_name(bench->session.engine, i),
               stage_ns(bench, f, i));
}

static void print_json(const struct bench *bench, const struct figures *f)
{
    double n = (double)f->processed;
    printf("{\"records\":%zu,\"bytes_in\":%zu,\"bytes_out\":%zu,\"rejected\":%zu,\"ns_per_record\":"
           "%.0f,"
           "\"instructions_per_record\":%.0f,\"chunk_allocations\":%zu,\"copy_ns\":%.1f,\"parse_"
           "ns\":%.1f,\"stages_ns\":{",
           f->processed, f->bytes_in, f->bytes_out, f->rejected, f->seconds * 1e9 / n,
           (double)f->instructions / n, f->chunk_allocations, f->reference.copy_ns,
           f->reference.parse_ns);
    for (size_t i = 0; i < engine_stage_count(bench->session.engine); i++)
        printf("%s\"%s\":%.0f", i ? "," : "", engine_stage_name(bench->session.engine, i),
               stage_ns(bench, f, i));
    printf("}}\n");
}

static int bench_all(struct bench *bench, const struct session_options *options)
{
    struct figures figures = {0};
    int code = session_open(options, &bench->session);
    if (code != EXIT_DONE)
        return code;
    progress_open(&bench->progress, "bench");
    code = measure(bench, &figures);
    progress_close(&bench->progress);
    if (code == EXIT_DONE)
        bench->is_json ? print_json(bench, &figures) : print_people(bench, &figures);
    session_close(&bench->session);
    return code;
}

int command_bench(int argc, char **argv)
{
    struct session_options options = {0};
    struct bench bench = {.files = calloc((size_t)argc, sizeof(char *))};
    int code = EXIT_DONE, first_file = argc;
    for (int i = 1; i < argc && code == EXIT_DONE && first_file == argc; i++) {
        int taken = session_option(&options, argc, argv, &i);
        if (taken < 0)
            code = EXIT_USAGE;
        if (taken)
            continue;
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            printf("%s%s", HELP, SESSION_HELP);
            free(bench.files);
            return EXIT_DONE;
        }
        if (!strcmp(argv[i], "--lines"))
            bench.is_lines = true;
        else if (!strcmp(argv[i], "--json"))
            bench.is_json = true;
        else if (!strcmp(argv[i], "--rounds") && i + 1 < argc)
            bench.rounds = strtoul(argv[++i], NULL, 10);
        else
            first_file = i;
    }
    for (int i = first_file; i < argc && code == EXIT_DONE && bench.files; i++)
        code = add_file(&bench, argv[i]) ? EXIT_DONE : EXIT_USAGE;
    if (code == EXIT_DONE && !bench.records.count) {
        fprintf(stderr, "copydesk: bench: no records; give files (and --lines for JSON lines)\n");
        code = EXIT_USAGE;
    }
    if (code == EXIT_DONE)
        code = bench_all(&bench, &options);
    for (size_t i = 0; i < bench.files_count; i++)
        free(bench.files[i]);
    free(bench.files);
    free(bench.records.items);
    return code;
}
