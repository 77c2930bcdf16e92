/* Header, lanes, partitions, lists; what does not fit is left out from the end of each part, and
 * said. Names come from records: only printable ASCII is shown as it is. */
#include "commands/top_draw.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/slice.h"
#include "commands/print.h"
#include "commands/wrap.h"

enum { LINE_SIZE = 512, NAMES_MAX = 256, NAME_SIZE = 64, LANES_MAX = 128, LIST_COLUMNS = 4 };

struct frame {
    const struct top_view *view;
    FILE *out;
    size_t row;
};

static size_t rows_left(const struct frame *frame)
{
    return frame->view->rows > frame->row ? frame->view->rows - frame->row : 0;
}

/* One line, cut to the screen's width, without spaces at its end. */
__attribute__((format(printf, 3, 4))) static void line(struct frame *frame, enum ink ink,
                                                       const char *format, ...)
{
    char text[LINE_SIZE];
    va_list arguments;
    if (!rows_left(frame))
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f)
            *c = '?';
    for (size_t len = strlen(text); len && text[len - 1] == ' ';)
        text[--len] = '\0';
    bool has_ink = frame->view->colour && ink != INK_PLAIN;
    fprintf(frame->out, "%s%.*s%s\n", print_ink(ink, has_ink), (int)frame->view->columns, text,
            print_ink(INK_PLAIN, has_ink));
    frame->row++;
}

/* A message in as many lines as it needs: its end may hold what to do. The text comes from
 * libraries and settings. */
static void message(struct frame *frame, const char *before, const char *about, const char *text)
{
    char *lines = NULL;
    size_t len = 0;
    struct wrap wrap;
    FILE *out = open_memstream(&lines, &len);
    if (!out)
        return;
    wrap_begin(&wrap, out, frame->view->columns, 0);
    const char *const parts[] = {before, about, *about ? ": " : "", text};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        wrap_text(&wrap, slice_from_cstr(parts[i]), "");
    wrap_end(&wrap);
    fclose(out);
    for (char *at = lines, *end; at && *at; at = end + 1) {
        end = at + strcspn(at, "\n");
        line(frame, INK_MAGENTA, "%.*s", (int)(end - at), at);
        if (!*end)
            break;
    }
    free(lines);
}

/* --- numbers ------------------------------------------------------------------------------- */

struct number {
    char text[24];
};

/* 1234 as "1,234". */
static struct number count_text(double value)
{
    struct number number;
    char digits[32];
    size_t used = 0;
    snprintf(digits, sizeof digits, "%.0f", value < 1e15 ? value : 1e15);
    for (size_t len = strlen(digits), i = 0; i < len && used + 2 < sizeof number.text; i++) {
        if (i && (len - i) % 3 == 0 && digits[i - 1] != '-')
            number.text[used++] = ',';
        number.text[used++] = digits[i];
    }
    number.text[used] = '\0';
    return number;
}

/* The same, with a decimal below ten: 4.5 a second. */
static struct number rate_text(double value)
{
    struct number number;
    if (value <= 0 || value >= 10)
        return count_text(value);
    snprintf(number.text, sizeof number.text, "%.1f", value);
    return number;
}

static struct number bytes_text(double value)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
    struct number number;
    size_t unit = 0;
    for (; value >= 1000 && unit < 4; unit++)
        value /= 1000;
    snprintf(number.text, sizeof number.text, unit ? "%.1f %s" : "%.0f %s", value, units[unit]);
    return number;
}

static struct number seconds_text(double value)
{
    struct number number;
    if (value < 0)
        snprintf(number.text, sizeof number.text, "-");
    else if (value < 1e-3)
        snprintf(number.text, sizeof number.text, "%.0f us", value * 1e6);
    else if (value < 1)
        snprintf(number.text, sizeof number.text, "%.0f ms", value * 1e3);
    else if (value < 120)
        snprintf(number.text, sizeof number.text, "%.1f s", value);
    else if (value < 7200)
        snprintf(number.text, sizeof number.text, "%.0f min", value / 60);
    else
        snprintf(number.text, sizeof number.text, "%.1f h", value / 3600);
    return number;
}

/* --- samples ------------------------------------------------------------------------------- */

static const json_t *samples(const json_t *status, const char *family)
{
    return json_object_get(json_object_get(status, "metrics"), family);
}

static const char *label_of(const json_t *sample, const char *label)
{
    const char *text = json_string_value(json_object_get(json_object_get(sample, "labels"), label));
    return text ? text : "";
}

static double total(const struct top_source *source, const char *family)
{
    double sum = 0;
    for (size_t i = 0; i < source->count; i++)
        sum += top_sum(source->processes[i].now, family, NULL, NULL);
    return sum;
}

static double rate(const struct frame *frame, const char *family)
{
    return top_rate(frame->view->source, family, NULL, NULL);
}

static double outcome_rate(const struct frame *frame, const char *outcome)
{
    return top_rate(frame->view->source, "copydesk_records_out_total", "outcome", outcome);
}

/* --- header -------------------------------------------------------------------------------- */

static double lag_of(const struct top_view *view)
{
    double lag = 0;
    if (!view->partitions)
        return total(view->source, "copydesk_lag_records");
    for (size_t i = 0; i < view->partitions_count; i++)
        lag += (double)view->partitions[i].lag;
    return lag;
}

static size_t count_answers(const struct top_source *source)
{
    size_t count = 0;
    for (size_t i = 0; i < source->count; i++)
        count += source->processes[i].now != NULL && !source->processes[i].error[0];
    return count;
}

static void put_title(struct frame *frame)
{
    const struct top_source *source = frame->view->source;
    time_t now = time(NULL);
    struct tm parts;
    char clock[16] = "", rulebook[12] = "-";
    if (gmtime_r(&now, &parts))
        strftime(clock, sizeof clock, "%H:%M:%SZ", &parts);
    for (size_t i = 0; i < source->count; i++) {
        const json_t *info =
            json_array_get(samples(source->processes[i].now, "copydesk_rulebook_info"), 0);
        if (!info)
            continue;
        bool differs = *rulebook != '-' && strncmp(rulebook, label_of(info, "digest"), 8) != 0;
        snprintf(rulebook, sizeof rulebook, "%.8s",
                 differs ? "differs!" : label_of(info, "digest"));
        if (differs)
            break;
    }
    line(frame, INK_BOLD, "copydesk  group %.30s  %zu of %zu processes  rulebook %s  %s",
         frame->view->group, count_answers(source), source->count, rulebook, clock);
    for (size_t i = 0; i < source->count; i++)
        if (source->processes[i].error[0])
            message(frame, "no answer from ", source->processes[i].url, source->processes[i].error);
    if (frame->view->broker_error)
        message(frame, "no answer from the brokers: ", "", frame->view->broker_error);
}

static void put_totals(struct frame *frame)
{
    const struct top_source *source = frame->view->source;
    struct number in = rate_text(rate(frame, "copydesk_records_in_total")),
                  enriched = rate_text(outcome_rate(frame, "enriched")),
                  rejected = rate_text(outcome_rate(frame, "rejected")),
                  passed = rate_text(outcome_rate(frame, "passed")),
                  bytes_in = bytes_text(rate(frame, "copydesk_bytes_in_total")),
                  bytes_out = bytes_text(rate(frame, "copydesk_bytes_out_total"));
    line(frame, INK_PLAIN, "in %s/s  enriched %s/s  rejected %s/s  passed %s/s  %s/s in  %s/s out",
         in.text, enriched.text, rejected.text, passed.text, bytes_in.text, bytes_out.text);
    struct number lag = count_text(lag_of(frame->view)),
                  p50 = seconds_text(
                      top_quantile(source, "copydesk_end_to_end_latency_seconds", 0.5)),
                  p99 = seconds_text(
                      top_quantile(source, "copydesk_end_to_end_latency_seconds", 0.99)),
                  engine =
                      seconds_text(top_quantile(source, "copydesk_record_duration_seconds", 0.5)),
                  memory = bytes_text(total(source, "process_resident_memory_bytes"));
    line(frame, INK_PLAIN, "lag %s  latency 50%% %s 99%% %s  engine %s  cpu %.0f%%  memory %s",
         lag.text, p50.text, p99.text, engine.text, 100 * rate(frame, "process_cpu_seconds_total"),
         memory.text);
}

static void put_alarms(struct frame *frame)
{
    const struct top_source *source = frame->view->source;
    double silent = total(source, "copydesk_sources_silent"),
           draining = total(source, "copydesk_draining"),
           breaches = total(source, "copydesk_ledger_breaches_total");
    double refused =
        (double)count_answers(source) - total(source, "copydesk_rulebook_last_reload_successful");
    if (silent > 0)
        line(frame, INK_YELLOW, "%.0f silent %s", silent, silent == 1 ? "source" : "sources");
    if (draining > 0)
        line(frame, INK_YELLOW, "%.0f %s", draining,
             draining == 1 ? "process is stopping" : "processes are stopping");
    if (refused > 0)
        line(frame, INK_MAGENTA, "%.0f %s last rulebook", refused,
             refused == 1 ? "process refused its" : "processes refused their");
    if (breaches > 0)
        line(frame, INK_MAGENTA, "%.0f ledger %s: a lane has stopped", breaches,
             breaches == 1 ? "breach" : "breaches");
}

/* --- lanes --------------------------------------------------------------------------------- */

struct lane_row {
    size_t process;
    char name[NAME_SIZE];
    char state[16];
    double partitions, in, commits, aborts, queue, committed_s;
    bool is_stuck;
};

static double lane_value(const json_t *status, const char *family, const char *lane)
{
    return top_sum(status, family, "lane", lane);
}

/* One lane's growth a second. */
static double lane_rate(const struct top_process *process, const char *family, const char *lane)
{
    double grown =
        lane_value(process->now, family, lane) - lane_value(process->before, family, lane);
    double seconds = (json_number_value(json_object_get(process->now, "time_ms")) -
                      json_number_value(json_object_get(process->before, "time_ms"))) /
                     1000;
    return process->before && seconds > 0 && grown > 0 ? grown / seconds : 0;
}

static double result_sum(const json_t *status, const char *lane, const char *result)
{
    double sum = 0;
    size_t i;
    json_t *sample;
    json_array_foreach(samples(status, "copydesk_transactions_total"), i, sample)
    {
        if (!strcmp(label_of(sample, "lane"), lane) && !strcmp(label_of(sample, "result"), result))
            sum += json_number_value(json_object_get(sample, "value"));
    }
    return sum;
}

static void fill_state(const json_t *status, const char *lane, char state[16])
{
    size_t i;
    json_t *sample;
    json_array_foreach(samples(status, "copydesk_lane_state"), i, sample)
    {
        if (!strcmp(label_of(sample, "lane"), lane) &&
            json_number_value(json_object_get(sample, "value")) > 0)
            snprintf(state, 16, "%.15s", label_of(sample, "state"));
    }
}

static void fill_lane(const struct top_process *process, size_t number, const char *lane,
                      struct lane_row *row)
{
    const json_t *now = process->now;
    double committed = lane_value(now, "copydesk_lane_last_commit_timestamp_seconds", lane);
    *row = (struct lane_row){.process = number, .state = "?"};
    snprintf(row->name, sizeof row->name, "%zu/%.16s", number, lane);
    fill_state(now, lane, row->state);
    row->partitions = lane_value(now, "copydesk_lane_partitions", lane);
    row->in = lane_rate(process, "copydesk_records_in_total", lane);
    row->commits = lane_rate(process, "copydesk_transactions_total", lane);
    row->aborts = result_sum(now, lane, "aborted");
    row->queue = lane_value(now, "copydesk_consumer_queue_messages", lane);
    row->is_stuck = lane_value(now, "copydesk_lane_stuck", lane) > 0;
    row->committed_s =
        committed > 0 ? json_number_value(json_object_get(now, "time_ms")) / 1000 - committed : -1;
}

static size_t find_lanes(const struct top_source *source, struct lane_row rows[LANES_MAX])
{
    size_t count = 0, j;
    json_t *sample;
    for (size_t i = 0; i < source->count; i++)
        json_array_foreach(samples(source->processes[i].now, "copydesk_lane_partitions"), j, sample)
        {
            if (count < LANES_MAX)
                fill_lane(&source->processes[i], i, label_of(sample, "lane"), &rows[count++]);
        }
    return count;
}

static void put_lanes(struct frame *frame, size_t rows_max)
{
    struct lane_row rows[LANES_MAX];
    size_t count = find_lanes(frame->view->source, rows);
    if (!count)
        return;
    line(frame, INK_UNDERLINED, "%-8s %-9s %5s %9s %10s %7s %8s  %-12s", "LANE", "STATE", "PARTS",
         "IN/S", "COMMITS/S", "ABORTS", "QUEUE", "LAST COMMIT");
    for (size_t i = 0; i < count; i++) {
        if (i + 1 == rows_max && count > rows_max) {
            line(frame, INK_DIM, "... %zu more lanes", count - i);
            return;
        }
        const struct lane_row *row = &rows[i];
        struct number in = rate_text(row->in), commits = rate_text(row->commits),
                      aborts = count_text(row->aborts), queue = count_text(row->queue),
                      age = seconds_text(row->committed_s);
        line(frame, row->is_stuck ? INK_MAGENTA : INK_PLAIN,
             "%-8s %-9s %5.0f %9s %10s %7s %8s  %-12s", row->name,
             row->is_stuck ? "stuck" : row->state, row->partitions, in.text, commits.text,
             aborts.text, queue.text, age.text);
    }
}

/* --- partitions ---------------------------------------------------------------------------- */

static int by_lag(const void *left, const void *right)
{
    const struct partition_figures *a = left, *b = right;
    if (a->lag != b->lag)
        return a->lag < b->lag ? 1 : -1;
    int order = strcmp(a->topic, b->topic);
    return order ? order : (a->partition > b->partition) - (a->partition < b->partition);
}

static double partition_value(const json_t *status, const char *family,
                              const struct partition_figures *row)
{
    size_t i;
    json_t *sample;
    char number[16];
    snprintf(number, sizeof number, "%" PRId32, row->partition);
    json_array_foreach(samples(status, family), i, sample)
    {
        if (!strcmp(label_of(sample, "topic"), row->topic) &&
            !strcmp(label_of(sample, "partition"), number))
            return json_number_value(json_object_get(sample, "value"));
    }
    return -1;
}

/* What the processes hold, when the brokers were not asked. */
static struct partition_figures *partitions_of(const struct top_source *source, size_t *count)
{
    size_t capacity = 0, j;
    json_t *sample;
    *count = 0;
    for (size_t i = 0; i < source->count; i++)
        capacity += json_array_size(samples(source->processes[i].now, "copydesk_lag_records"));
    struct partition_figures *rows = calloc(capacity ? capacity : 1, sizeof *rows);
    for (size_t i = 0; rows && i < source->count; i++)
        json_array_foreach(samples(source->processes[i].now, "copydesk_lag_records"), j, sample)
        {
            struct partition_figures *row = &rows[(*count)++];
            snprintf(row->topic, sizeof row->topic, "%s", label_of(sample, "topic"));
            row->partition = (int32_t)strtol(label_of(sample, "partition"), NULL, 10);
            row->lag = (int64_t)json_number_value(json_object_get(sample, "value"));
            row->committed = (int64_t)partition_value(source->processes[i].now,
                                                      "copydesk_committed_offset", row);
            row->end =
                (int64_t)partition_value(source->processes[i].now, "copydesk_end_offset", row);
        }
    return rows;
}

static struct partition_figures *copy_partitions(const struct top_view *view, size_t *count)
{
    if (!view->partitions)
        return partitions_of(view->source, count);
    struct partition_figures *rows = calloc(view->partitions_count + 1, sizeof *rows);
    *count = rows ? view->partitions_count : 0;
    if (*count)
        memcpy(rows, view->partitions, *count * sizeof *rows);
    return rows;
}

static void put_partitions(struct frame *frame, size_t rows_max)
{
    size_t count;
    struct partition_figures *rows = copy_partitions(frame->view, &count);
    if (rows && count) {
        qsort(rows, count, sizeof *rows, by_lag);
        line(frame, INK_UNDERLINED, "%-36s %13s %13s %13s", "PARTITION, MOST LAG FIRST", "DONE",
             "END", "LAG");
    }
    for (size_t i = 0; rows && i < count; i++) {
        char name[80];
        if (i + 1 == rows_max && count > rows_max) {
            line(frame, INK_DIM, "... %zu more partitions", count - i);
            break;
        }
        struct number done = count_text((double)rows[i].committed),
                      end = count_text((double)rows[i].end), lag = count_text((double)rows[i].lag);
        snprintf(name, sizeof name, "%.26s/%" PRId32, rows[i].topic, rows[i].partition);
        line(frame, INK_PLAIN, "%-36s %13s %13s %13s", name,
             rows[i].committed < 0 ? "-" : done.text, end.text, lag.text);
    }
    free(rows);
}

/* --- lists --------------------------------------------------------------------------------- */

struct name_row {
    char name[NAME_SIZE];
    double rate, total;
};

static struct name_row *find_name(struct name_row rows[NAMES_MAX], size_t *count, const char *name)
{
    char cut[NAME_SIZE];
    snprintf(cut, sizeof cut, "%s", name);
    for (size_t i = 0; i < *count; i++)
        if (!strcmp(rows[i].name, cut))
            return &rows[i];
    if (*count == NAMES_MAX)
        return NULL;
    struct name_row *row = &rows[(*count)++];
    *row = (struct name_row){.rate = 0};
    memcpy(row->name, cut, sizeof cut);
    return row;
}

static int by_rate(const void *left, const void *right)
{
    const struct name_row *a = left, *b = right;
    if (a->rate != b->rate)
        return a->rate < b->rate ? 1 : -1;
    return a->total != b->total ? (a->total < b->total ? 1 : -1) : strcmp(a->name, b->name);
}

/* A family's names with their rates, the liveliest first; `title`: the label that people read. */
static size_t find_names(const struct top_source *source, const char *family, const char *label,
                         struct name_row rows[NAMES_MAX])
{
    size_t count = 0, j;
    json_t *sample;
    bool is_subject = !strcmp(label, "subject");
    for (size_t i = 0; i < source->count; i++)
        json_array_foreach(samples(source->processes[i].now, family), j, sample)
        {
            const char *name = label_of(sample, label), *title = label_of(sample, "name");
            double value = json_number_value(json_object_get(sample, "value"));
            struct name_row *row =
                value > 0 ? find_name(rows, &count, is_subject && *title ? title : name) : NULL;
            if (!row)
                continue;
            row->total += value;
            row->rate = top_rate(source, family, label, name);
        }
    qsort(rows, count, sizeof *rows, by_rate);
    return count;
}

static void put_lists(struct frame *frame)
{
    static const struct {
        const char *head, *family, *label;
    } lists[LIST_COLUMNS] = {{"SUBJECTS /S", "copydesk_records_by_subject_total", "subject"},
                             {"LANGUAGES /S", "copydesk_records_by_language_total", "language"},
                             {"SOURCES /S", "copydesk_records_by_source_total", "source"},
                             {"REJECTED /S", "copydesk_rejected_by_code_total", "code"}};
    static const size_t widths[LIST_COLUMNS] = {24, 12, 22, 18}; /* 79 with the gaps */
    struct name_row(*rows)[NAMES_MAX] = calloc(LIST_COLUMNS, sizeof *rows);
    size_t counts[LIST_COLUMNS], longest = 0;
    if (!rows)
        return;
    for (size_t i = 0; i < LIST_COLUMNS; i++) {
        counts[i] = find_names(frame->view->source, lists[i].family, lists[i].label, rows[i]);
        longest = counts[i] > longest ? counts[i] : longest;
    }
    line(frame, INK_UNDERLINED, "%-24s %-12s %-22s %-18s", lists[0].head, lists[1].head,
         lists[2].head, lists[3].head);
    for (size_t row = 0; row < longest && rows_left(frame) > 1; row++) {
        char text[LINE_SIZE] = "";
        for (size_t i = 0, used = 0; i < LIST_COLUMNS; i++) {
            char cell[NAME_SIZE] = "";
            if (row < counts[i])
                snprintf(cell, sizeof cell, "%-*.*s %5s", (int)widths[i] - 6, (int)widths[i] - 6,
                         rows[i][row].name, rate_text(rows[i][row].rate).text);
            used += (size_t)snprintf(text + used, sizeof text - used, "%-*.*s ", (int)widths[i],
                                     (int)widths[i], cell);
        }
        line(frame, INK_PLAIN, "%s", text);
    }
    free(rows);
}

/* --- whole --------------------------------------------------------------------------------- */

char *top_draw(const struct top_view *view, size_t *len)
{
    char *text = NULL;
    struct frame frame = {.view = view, .out = open_memstream(&text, len)};
    if (!frame.out)
        return NULL;
    put_title(&frame);
    if (count_answers(view->source)) {
        put_totals(&frame);
        put_alarms(&frame);
        put_lanes(&frame, rows_left(&frame) / 4 + 1);
    }
    put_partitions(&frame, rows_left(&frame) / 2);
    if (count_answers(view->source))
        put_lists(&frame);
    while (!view->is_once && rows_left(&frame) > 1)
        line(&frame, INK_PLAIN, "%s", "");
    if (!view->is_once)
        line(&frame, INK_DIM, "q quits");
    fclose(frame.out);
    return text;
}
