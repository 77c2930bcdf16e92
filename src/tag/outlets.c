/* Reading the CSV (RFC 4180: quotes doubled inside quotes; '#' starts a comment line) and finding a
 * domain by hash. */
#include "tag/outlets.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "yaml/yaml.h"

enum { COLUMN_COUNT = 5 };

struct outlets {
    struct outlet *slots;
    size_t mask, count;
    char *text; /* copies of all cells */
    size_t text_len;
};

struct csv {
    const char *file;
    const char *p, *end;
    size_t line;
    struct mistakes *mistakes;
};

static const char *const TYPES[] = {"newspaper",  "agency", "broadcaster", "magazine", "digital",
                                    "government", "blog",   "aggregator",  NULL};

/* One cell; unquoted text is written to *text (the copy), which moves on. */
static desk_slice read_cell(struct csv *csv, char **text)
{
    char *start = *text;
    bool is_quoted = csv->p < csv->end && *csv->p == '"';
    csv->p += is_quoted;
    while (csv->p < csv->end && *csv->p != '\n') {
        if (is_quoted && *csv->p == '"') {
            if (csv->p + 1 < csv->end && csv->p[1] == '"') {
                csv->p++;
            } else {
                csv->p++;
                is_quoted = false;
                continue;
            }
        } else if (!is_quoted && *csv->p == ',') {
            break;
        }
        *(*text)++ = *csv->p++;
    }
    return slice_trim(slice_of(start, (size_t)(*text - start)));
}

static bool is_type(desk_slice type)
{
    for (const char *const *known = TYPES; *known; known++)
        if (slice_is(type, *known))
            return true;
    return false;
}

static void check_row(const struct csv *csv, const desk_slice cells[COLUMN_COUNT], size_t count)
{
    if (count != COLUMN_COUNT)
        mistakes_add(csv->mistakes, csv->file, csv->line, 1, false,
                     "%zu columns; wanted are domain,name,country,language,type", count);
    else if (!cells[0].len || slice_find_byte(cells[0], '.', 0) == DESK_SLICE_NONE)
        mistakes_add(csv->mistakes, csv->file, csv->line, 1, false, "'%.*s' is no domain",
                     (int)cells[0].len, cells[0].data);
    else if (cells[2].len && cells[2].len != 2)
        mistakes_add(csv->mistakes, csv->file, csv->line, 1, false,
                     "'%.*s' is no ISO 3166-1 alpha-2 country code", (int)cells[2].len,
                     cells[2].data);
    else if (cells[4].len && !is_type(cells[4]))
        mistakes_add(csv->mistakes, csv->file, csv->line, 1, false,
                     "type '%.*s' is not known; allowed are newspaper, agency, broadcaster, "
                     "magazine, digital, "
                     "government, blog, aggregator",
                     (int)cells[4].len, cells[4].data);
}

static struct outlet *find_slot(const struct outlets *outlets, desk_slice domain)
{
    size_t i = (size_t)XXH3_64bits(domain.data, domain.len) & outlets->mask;
    while (outlets->slots[i].domain.len && !slice_equal(outlets->slots[i].domain, domain))
        i = (i + 1) & outlets->mask;
    return &outlets->slots[i];
}

static void insert(struct outlets *outlets, const struct csv *csv, const struct outlet *outlet,
                   desk_slice file_start)
{
    struct outlet *slot = find_slot(outlets, outlet->domain);
    bool is_same_file = slot->domain.len && slot->domain.data >= file_start.data;
    if (is_same_file)
        mistakes_add(csv->mistakes, csv->file, csv->line, 1, false,
                     "the domain %.*s stands twice in this file", (int)outlet->domain.len,
                     outlet->domain.data);
    outlets->count += !slot->domain.len;
    *slot = *outlet;
}

static void read_row(struct outlets *outlets, struct csv *csv, desk_slice file_start)
{
    desk_slice cells[COLUMN_COUNT] = {{NULL, 0}};
    size_t count = 0;
    char *text = outlets->text + outlets->text_len;
    do {
        desk_slice cell = read_cell(csv, &text);
        if (count < COLUMN_COUNT)
            cells[count] = cell;
        count++;
    } while (csv->p < csv->end && *csv->p == ',' && csv->p++);
    outlets->text_len = (size_t)(text - outlets->text);
    size_t errors = csv->mistakes->errors;
    check_row(csv, cells, count);
    if (csv->mistakes->errors == errors) {
        struct outlet outlet = {cells[0], cells[1], cells[2], cells[3], cells[4]};
        insert(outlets, csv, &outlet, file_start);
    }
}

static void read_file(struct outlets *outlets, const desk_rulebook_file *file,
                      struct mistakes *mistakes)
{
    char name[512];
    size_t len = file->path.len < sizeof name ? file->path.len : sizeof name - 1;
    memcpy(name, file->path.data, len);
    name[len] = '\0';
    struct csv csv = {name, file->content.data, file->content.data + file->content.len, 0,
                      mistakes};
    desk_slice file_start = slice_of(outlets->text + outlets->text_len, 0);
    while (csv.p < csv.end) {
        csv.line++;
        desk_slice rest = slice_of(csv.p, (size_t)(csv.end - csv.p));
        bool is_header = csv.line == 1 && slice_starts(rest, slice_from_cstr("domain,"));
        if (*csv.p == '#' || *csv.p == '\n' || *csv.p == '\r' || is_header) {
            size_t end = slice_find_byte(rest, '\n', 0);
            csv.p = end == DESK_SLICE_NONE ? csv.end : csv.p + end;
        } else {
            read_row(outlets, &csv, file_start);
        }
        if (csv.p < csv.end && *csv.p == '\n')
            csv.p++;
    }
}

static bool is_source_file(desk_slice path)
{
    return slice_is(path, "sources.csv") || (slice_starts(path, slice_from_cstr("sources/")) &&
                                             slice_ends(path, slice_from_cstr(".csv")));
}

void *outlets_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    size_t bytes = 0, lines = 0, slots = 1024;
    for (size_t i = 0; i < files->count; i++) {
        if (!is_source_file(files->items[i].path))
            continue;
        bytes += files->items[i].content.len;
        for (size_t k = 0; k < files->items[i].content.len; k++)
            lines += files->items[i].content.data[k] == '\n';
    }
    while (slots < 2 * (lines + 8))
        slots *= 2;
    struct outlets *outlets = calloc(1, sizeof *outlets);
    if (!outlets)
        return NULL;
    outlets->slots = calloc(slots, sizeof *outlets->slots);
    outlets->text = malloc(bytes + 1);
    outlets->mask = slots - 1;
    if (!outlets->slots || !outlets->text) {
        outlets_free(outlets);
        return NULL;
    }
    for (size_t i = 0; i < files->count; i++)
        if (is_source_file(files->items[i].path))
            read_file(outlets, &files->items[i], mistakes);
    return outlets;
}

void outlets_free(void *part)
{
    struct outlets *outlets = part;
    if (!outlets)
        return;
    free(outlets->slots);
    free(outlets->text);
    free(outlets);
}

const struct outlet *outlets_find(const struct outlets *outlets, desk_slice domain)
{
    const struct outlet *slot = find_slot(outlets, domain);
    return slot->domain.len ? slot : NULL;
}
