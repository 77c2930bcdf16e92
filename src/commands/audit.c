/* copydesk audit: recounts the topics and proves the ledger, or names what is lost or double. */
#include "kafka/audit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "commands/commands.h"
#include "commands/options.h"
#include "commands/print.h"
#include "commands/progress.h"
#include "config/config.h"

static const char HELP[] =
    "usage: copydesk audit -c FILE [options]\n\n"
    "Recounts the raw, enriched and rejected topics, committed records only, and checks that each "
    "raw record the group has\n"
    "committed is published exactly once and in order. Exit code 0 when it is, 1 with "
    "topic/partition/offset of each fault.\n\n"
    "  -c, --config FILE   copydesk.yaml\n"
    "      --since TIME    raw records from this time on (RFC 3339, or ms since 1970)\n"
    "      --until TIME    raw records before this time\n"
    "      --group NAME    whose commits bound the audit (default: input.group)\n"
    "      --json          one JSON object instead of a table\n";

struct command {
    const char *config, *since, *until, *group;
    bool is_json;
    struct progress progress;
};

static void show(void *context, int64_t done, int64_t total)
{
    struct command *command = context;
    progress_show(&command->progress, done, total);
}

/* --- report -------------------------------------------------------------------------------- */

static void sum_parts(const struct audit *audit, struct audit_part *sum)
{
    for (size_t i = 0; i < audit->raw.count; i++) {
        const struct audit_part *part = &audit->parts[i];
        sum->records += part->records;
        sum->enriched += part->enriched;
        sum->rejected += part->rejected;
        sum->passed += part->passed;
        sum->skipped += part->skipped;
        sum->lost += part->lost;
        sum->repeated += part->repeated;
        sum->aborted += part->aborted;
        sum->absent += part->absent;
        sum->expired += part->expired;
        sum->superseded += part->superseded;
    }
}

static void print_place(const struct coordinates *place)
{
    char text[COORDINATES_SIZE];
    coordinates_print(place->topic, place->partition, place->offset, text);
    fputs(text, stdout);
}

static void print_fault(const struct audit_fault *fault)
{
    printf("%-12s ", audit_kind_name(fault->kind));
    if (fault->raw.topic[0])
        print_place(&fault->raw);
    if (fault->published.topic[0]) {
        fputs(fault->raw.topic[0] ? "  at " : "at ", stdout);
        print_place(&fault->published);
    }
    putchar('\n');
}

static void print_row(const char *topic, const char *partition, const struct audit_part *part)
{
    printf("%-28s %4s %10" PRIu64 " %10" PRIu64 " %9" PRIu64 " %8" PRIu64 " %8" PRIu64 " %8" PRIu64
           " %8" PRIu64 " %8" PRIu64 " %8" PRIu64 "\n",
           topic, partition, part->records, part->enriched, part->rejected, part->passed,
           part->skipped, part->expired, part->superseded, part->aborted, part->absent);
}

static void print_table(const struct audit *audit, const struct audit_part *sum)
{
    printf("%-28s %4s %10s %10s %9s %8s %8s %8s %8s %8s %8s\n", "raw topic", "part", "records",
           "enriched", "rejected", "passed", "skipped", "expired", "replaced", "aborted", "gaps");
    for (size_t i = 0; i < audit->raw.count; i++) {
        char number[16];
        snprintf(number, sizeof number, "%" PRId32, audit->parts[i].partition);
        print_row(audit->parts[i].topic, number, &audit->parts[i]);
    }
    print_row("all", "", sum);
    for (size_t i = 0; i < audit->faults_count; i++)
        print_fault(&audit->faults[i]);
    for (enum audit_kind kind = 0; kind < AUDIT_KINDS; kind++)
        printf("%s%s %" PRIu64, kind ? ", " : "", audit_kind_name(kind), audit->counts[kind]);
    printf(": %s\n", audit_has_faults(audit) ? "the ledger is broken" : "the ledger is closed");
    if (sum->absent)
        puts("gaps: offsets that hold no record: transaction markers, or compacted away");
    if (sum->expired || sum->superseded)
        puts("expired, replaced: the outcome went with retention or compaction of its topic; it "
             "cannot be proven any more");
}

static void print_json(const struct audit *audit, const struct audit_part *sum)
{
    fputs("{\"group\":", stdout);
    print_json_text(stdout, slice_from_cstr(audit->options.group));
    printf(",\"records\":%" PRIu64 ",\"enriched\":%" PRIu64 ",\"rejected\":%" PRIu64
           ",\"passed\":%" PRIu64 ",\"skipped\":%" PRIu64 ",\"expired\":%" PRIu64
           ",\"superseded\":%" PRIu64 ",\"aborted\":%" PRIu64 ",\"gaps\":%" PRIu64,
           sum->records, sum->enriched, sum->rejected, sum->passed, sum->skipped, sum->expired,
           sum->superseded, sum->aborted, sum->absent);
    for (enum audit_kind kind = 0; kind < AUDIT_KINDS; kind++)
        printf(",\"%s\":%" PRIu64, audit_kind_name(kind), audit->counts[kind]);
    fputs(",\"faults\":[", stdout);
    for (size_t i = 0; i < audit->faults_count; i++) {
        const struct audit_fault *fault = &audit->faults[i];
        printf("%s{\"kind\":\"%s\"", i ? "," : "", audit_kind_name(fault->kind));
        if (fault->raw.topic[0]) {
            fputs(",\"raw\":\"", stdout);
            print_place(&fault->raw);
            putchar('"');
        }
        if (fault->published.topic[0]) {
            fputs(",\"published\":\"", stdout);
            print_place(&fault->published);
            putchar('"');
        }
        putchar('}');
    }
    puts("]}");
}

/* --- whole --------------------------------------------------------------------------------- */

static int run_audit(struct command *command, const struct config *config)
{
    char error[CLIENT_ERROR_SIZE] = "";
    struct audit audit;
    struct audit_options options = {.group = command->group,
                                    .since_ms = DESK_NO_TIME,
                                    .until_ms = DESK_NO_TIME,
                                    .progress = show,
                                    .context = command};
    if ((command->since && !options_time("--since", command->since, &options.since_ms)) ||
        (command->until && !options_time("--until", command->until, &options.until_ms)))
        return EXIT_USAGE;
    progress_open(&command->progress, "audit");
    bool good = audit_open(&audit, config, &options, error) && audit_run(&audit, error);
    progress_close(&command->progress);
    int code = EXIT_FAILED;
    if (audit.warning[0])
        fprintf(stderr, "copydesk: audit: %s\n", audit.warning);
    if (good) {
        struct audit_part sum = {.marks = NULL};
        sum_parts(&audit, &sum);
        (command->is_json ? print_json : print_table)(&audit, &sum);
        code = audit_has_faults(&audit) ? EXIT_FAULTS : EXIT_DONE;
    } else {
        fprintf(stderr, "copydesk: audit: %s\n", error);
    }
    audit_close(&audit);
    return code;
}

int command_audit(int argc, char **argv)
{
    struct command command = {.config = NULL};
    const struct option rows[] = {
        {"--config", "-c", &command.config, NULL}, {"--since", NULL, &command.since, NULL},
        {"--until", NULL, &command.until, NULL},   {"--group", NULL, &command.group, NULL},
        {"--json", NULL, NULL, &command.is_json},  {NULL, NULL, NULL, NULL}};
    struct options options = {.verb = "audit", .help = HELP, .rows = rows};
    int code = options_read(&options, argc, argv);
    if (code != OPTIONS_GO_ON)
        return code;
    struct config *config = options_config(command.config);
    code = config ? run_audit(&command, config) : EXIT_USAGE;
    config_free(config);
    return code;
}
