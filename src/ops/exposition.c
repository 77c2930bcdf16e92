/* Source of the text form: prometheus.io, "Exposition formats", text format 0.0.4. */
#include "ops/exposition.h"

#include <time.h>

static void put_escaped(struct exposition *page, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\')
            fprintf(page->out, "\\%c", c);
        else if (c == '\n')
            fputs("\\n", page->out);
        else if (c < 0x20 || c == 0x7f)
            fputc('?', page->out); /* nothing that a terminal would obey */
        else
            fputc(c, page->out);
    }
}

/* Enough digits for milliseconds since 1970, and none that only rounding made. */
static void put_number(struct exposition *page, double value)
{
    fprintf(page->out, "%.15g", value);
}

static void put_labels(struct exposition *page, const struct label *labels, const char *more)
{
    bool is_json = page->form == EXPOSITION_JSON;
    const char *between = "";
    fputs(is_json ? "{\"labels\":{" : (labels && labels->name) || more ? "{" : "", page->out);
    for (; labels && labels->name; labels++) {
        fprintf(page->out, is_json ? "%s\"%s\":\"" : "%s%s=\"", between, labels->name);
        put_escaped(page, labels->value);
        fputc('"', page->out);
        between = ",";
    }
    if (more)
        fprintf(page->out, "%s%s", between, more);
    fputs(is_json ? "}," : *between || more ? "}" : "", page->out);
}

/* What stands before a sample's value. */
static void begin_sample(struct exposition *page, const struct label *labels)
{
    if (page->form == EXPOSITION_JSON) {
        fputs(page->has_sample ? "," : "", page->out);
        put_labels(page, labels, NULL);
        fputs("\"value\":", page->out);
    } else {
        fputs(page->name, page->out);
        put_labels(page, labels, NULL);
        fputc(' ', page->out);
    }
    page->has_sample = true;
}

static void end_sample(struct exposition *page)
{
    fputc(page->form == EXPOSITION_JSON ? '}' : '\n', page->out);
}

void exposition_begin(struct exposition *page, FILE *out, enum exposition_form form)
{
    struct timespec now;
    *page = (struct exposition){.out = out, .form = form};
    clock_gettime(CLOCK_REALTIME, &now);
    if (form == EXPOSITION_JSON)
        fprintf(out, "{\"time_ms\":%lld,\"metrics\":{",
                (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

void exposition_family(struct exposition *page, enum family family)
{
    const struct family_row *row = family_row(family);
    if (page->form == EXPOSITION_JSON)
        fprintf(page->out, "%s\"%s\":[", page->has_family ? "]," : "", row->name);
    else
        fprintf(page->out, "# HELP %s %s\n# TYPE %s %s\n", row->name, row->help, row->name,
                family_type_name(row->type));
    page->has_family = true;
    page->has_sample = false;
    page->name = row->name;
}

void exposition_count(struct exposition *page, const struct label *labels, unsigned long long value)
{
    begin_sample(page, labels);
    fprintf(page->out, "%llu", value);
    end_sample(page);
}

void exposition_value(struct exposition *page, const struct label *labels, double value)
{
    begin_sample(page, labels);
    put_number(page, value);
    end_sample(page);
}

static void put_buckets_text(struct exposition *page, const struct label *labels,
                             const struct histogram_scale *scale, const struct histogram_sum *sum)
{
    unsigned long long below = 0;
    char bound[48];
    for (size_t i = 0; i < scale->count; i++) {
        below += sum->counts[i];
        snprintf(bound, sizeof bound, "le=\"%.15g\"", (double)scale->bounds[i] * scale->unit);
        fprintf(page->out, "%s_bucket", page->name);
        put_labels(page, labels, bound);
        fprintf(page->out, " %llu\n", below);
    }
    below += sum->counts[scale->count];
    fprintf(page->out, "%s_bucket", page->name);
    put_labels(page, labels, "le=\"+Inf\"");
    fprintf(page->out, " %llu\n%s_sum", below, page->name);
    put_labels(page, labels, NULL);
    fputc(' ', page->out);
    put_number(page, (double)sum->sum * scale->unit);
    fprintf(page->out, "\n%s_count", page->name);
    put_labels(page, labels, NULL);
    fprintf(page->out, " %llu\n", below);
}

static void put_buckets_json(struct exposition *page, const struct label *labels,
                             const struct histogram_scale *scale, const struct histogram_sum *sum)
{
    unsigned long long below = 0;
    fputs(page->has_sample ? "," : "", page->out);
    put_labels(page, labels, NULL);
    fputs("\"buckets\":[", page->out);
    for (size_t i = 0; i < scale->count; i++) {
        below += sum->counts[i];
        fprintf(page->out, "%s[%.15g,%llu]", i ? "," : "", (double)scale->bounds[i] * scale->unit,
                below);
    }
    below += sum->counts[scale->count];
    fprintf(page->out, "],\"count\":%llu,\"sum\":", below);
    put_number(page, (double)sum->sum * scale->unit);
    fputc('}', page->out);
}

void exposition_histogram(struct exposition *page, const struct label *labels,
                          const struct histogram_scale *scale, const struct histogram_sum *sum)
{
    (page->form == EXPOSITION_JSON ? put_buckets_json : put_buckets_text)(page, labels, scale, sum);
    page->has_sample = true;
}

void exposition_end(struct exposition *page)
{
    if (page->form == EXPOSITION_JSON)
        fputs(page->has_family ? "]}}\n" : "}}\n", page->out);
}
