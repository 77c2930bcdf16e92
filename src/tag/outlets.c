/* Two hash tables over the rows of the CSV files: by domain and by folded name. */
#include "tag/outlets.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/arena.h"
#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/csv.h"
#include "tag/url.h"
#include "text/fold.h"
#include "text/utf8.h"
#include "yaml/yaml.h"

enum column { DOMAIN, NAME, COUNTRY, LANGUAGE, TYPE, CONFIDENCE, COLUMN_COUNT };
enum { NAME_BYTES_MAX = 120 };

struct named {
    uint64_t key; /* 0: free */
    const struct outlet *outlet;
    bool is_only, is_unclear;
};

struct outlets {
    struct outlet *slots;
    struct named *names;
    size_t mask;
    struct arena cells; /* all text */
};

struct reader {
    struct outlets *outlets;
    struct csv csv;
    size_t *lines; /* by slot: the line of this file that filled it, or 0 */
    struct mistakes *mistakes;
};

static const char *const TYPES[] = {"newspaper",  "agency", "broadcaster", "magazine", "digital",
                                    "government", "blog",   "aggregator",  NULL};
static const char *const CONFIDENCES[] = {"sure", "listed", NULL};

/* --- looking up ---------------------------------------------------------------------------- */

static size_t slot_of(const struct outlets *outlets, desk_slice domain)
{
    size_t i = (size_t)XXH3_64bits(domain.data, domain.len) & outlets->mask;
    while (outlets->slots[i].domain.len && !slice_equal(outlets->slots[i].domain, domain))
        i = (i + 1) & outlets->mask;
    return i;
}

const struct outlet *outlets_find(const struct outlets *outlets, desk_slice host)
{
    while (host.len) {
        const struct outlet *outlet = &outlets->slots[slot_of(outlets, host)];
        if (outlet->domain.len)
            return outlet;
        size_t dot = slice_find_byte(host, '.', 0);
        host = dot == DESK_SLICE_NONE ? slice_of(NULL, 0) : slice_sub(host, dot + 1, host.len);
    }
    return NULL;
}

/* The hash of a name's letters and digits, folded; 0 when there is nothing to compare. */
static uint64_t name_key(desk_slice name)
{
    char folded[2 * NAME_BYTES_MAX], key[2 * NAME_BYTES_MAX];
    name = slice_trim(name);
    if (slice_starts_nocase(name, slice_of("the ", 4)))
        name = slice_sub(name, 4, name.len);
    if (!name.len || name.len > NAME_BYTES_MAX)
        return 0;
    desk_slice text = slice_of(folded, fold_text(name, folded));
    if (slice_ends(text, slice_of(".com", 4)))
        text.len -= 4;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if ((unsigned char)c >= 0x80 || ascii_is_alpha(c) || ascii_is_digit(c))
            key[len++] = c;
    }
    uint64_t hash = len ? XXH3_64bits(key, len) : 0;
    return hash;
}

static struct named *find_named(const struct outlets *outlets, uint64_t key)
{
    size_t i = (size_t)key & outlets->mask;
    while (outlets->names[i].key && outlets->names[i].key != key)
        i = (i + 1) & outlets->mask;
    return &outlets->names[i];
}

const struct outlet *outlets_named(const struct outlets *outlets, desk_slice name, bool *is_only)
{
    uint64_t key = name_key(name);
    const struct named *named = key ? find_named(outlets, key) : NULL;
    if (!named || !named->key || named->is_unclear)
        return NULL;
    *is_only = named->is_only;
    return named->outlet;
}

/* --- reading ------------------------------------------------------------------------------- */

static bool is_listed(desk_slice word, const char *const *list)
{
    while (*list && !slice_is(word, *list))
        list++;
    return *list != NULL;
}

static bool is_country(desk_slice code)
{
    return code.len == 2 && code.data[0] >= 'A' && code.data[0] <= 'Z' && code.data[1] >= 'A' &&
           code.data[1] <= 'Z';
}

/* The shape of BCP 47: subtags of 1 to 8 letters and digits, the first one 2 or 3 letters. */
static bool is_language(desk_slice code)
{
    size_t subtag = 0, first = slice_find_byte(code, '-', 0);
    first = first == DESK_SLICE_NONE ? code.len : first;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.data[i];
        if (c == '-' ? !subtag : !ascii_is_alpha(c) && !(i > first && ascii_is_digit(c)))
            return false;
        subtag = c == '-' ? 0 : subtag + 1;
        if (subtag > 8)
            return false;
    }
    return subtag && (first == 2 || first == 3);
}

static bool is_known(const struct reader *reader, enum column column, desk_slice cell)
{
    (void)reader;
    switch (column) {
    case COUNTRY:
        return !cell.len || is_country(cell);
    case LANGUAGE:
        return !cell.len || is_language(cell);
    case TYPE:
        return !cell.len || is_listed(cell, TYPES);
    case CONFIDENCE:
        return !cell.len || is_listed(cell, CONFIDENCES);
    default:
        return true;
    }
}

/* Adds a mistake for each cell that is not as it must be; true when there is none. */
static bool check_row(const struct reader *reader, const struct csv_row *row)
{
    static const char *const wanted[COLUMN_COUNT] = {
        "a domain such as example.org is wanted here",
        "",
        "a country code of ISO 3166-1 in capitals (FR) is wanted here, or nothing",
        "a language code of BCP 47 (fr, pt-BR) is wanted here, or nothing",
        ("the type must be newspaper, agency, broadcaster, magazine, digital, government, blog or "
         "aggregator, or nothing"),
        "the confidence must be sure or listed, or nothing"};
    bool good = true;
    if (row->count != TYPE + 1 && row->count != COLUMN_COUNT) {
        mistakes_add(reader->mistakes, reader->csv.file, row->line, 1, false,
                     "%zu columns; wanted are domain,name,country,language,type and optionally "
                     "confidence; a name with a comma stands in \"quotes\"",
                     row->count);
        return false;
    }
    for (size_t i = 0; i < row->count; i++)
        if (!is_known(reader, (enum column)i, row->cells[i].text)) {
            mistakes_add(reader->mistakes, reader->csv.file, row->line, row->cells[i].column, false,
                         "'%.*s': %s", (int)row->cells[i].text.len, row->cells[i].text.data,
                         wanted[i]);
            good = false;
        }
    return good;
}

/* The domain in the form that hosts are compared in; empty and a mistake when it is none. */
static desk_slice read_domain(struct reader *reader, const struct csv_row *row)
{
    char host[HOST_BYTES_MAX + 1];
    desk_slice cell = row->cells[DOMAIN].text, none = {NULL, 0};
    size_t len = url_host(&reader->outlets->cells, cell, host);
    const char *what = NULL;
    desk_slice domain = url_registrable(&reader->outlets->cells, slice_of(host, len));
    if (!len)
        what = "is no domain; wanted is one such as example.org, without https:// and path";
    else if (slice_starts(slice_of(host, len), slice_of("www.", 4)) && domain.len < len)
        what = "begins with www., which is left out";
    else if (!domain.len && row->cells[NAME].text.len)
        what = "is a public suffix or an IP address, which has no name: many publish below it";
    if (!what)
        return arena_copy(&reader->outlets->cells, slice_of(host, len));
    mistakes_add(reader->mistakes, reader->csv.file, row->line, row->cells[DOMAIN].column, false,
                 "'%.*s' %s", (int)cell.len, cell.data, what);
    return none;
}

static void add_row(struct reader *reader, const struct csv_row *row)
{
    struct outlets *outlets = reader->outlets;
    struct arena *cells = &outlets->cells;
    desk_slice domain = read_domain(reader, row);
    if (!check_row(reader, row) || !domain.len)
        return;
    size_t at = slot_of(outlets, domain);
    if (reader->lines[at])
        mistakes_add(reader->mistakes, reader->csv.file, row->line, row->cells[DOMAIN].column,
                     false, "the domain %.*s stands in line %zu already", (int)domain.len,
                     domain.data, reader->lines[at]);
    reader->lines[at] = row->line;
    outlets->slots[at] = (struct outlet){domain, arena_copy(cells, row->cells[NAME].text),
                                         arena_copy(cells, row->cells[COUNTRY].text),
                                         arena_copy(cells, row->cells[LANGUAGE].text),
                                         arena_copy(cells, row->cells[TYPE].text)};
}

static void read_file(struct reader *reader, const desk_rulebook_file *file)
{
    struct csv_row row;
    memset(reader->lines, 0, (reader->outlets->mask + 1) * sizeof *reader->lines);
    csv_open(&reader->csv, file, reader->mistakes);
    while (csv_next(&reader->csv, &row))
        if (!slice_is(row.cells[DOMAIN].text, "domain")) /* the head of the table */
            add_row(reader, &row);
    csv_close(&reader->csv);
}

/* Names that several outlets share tell the country and type only where these agree. */
static void index_names(struct outlets *outlets)
{
    for (size_t i = 0; i <= outlets->mask; i++) {
        const struct outlet *outlet = &outlets->slots[i];
        uint64_t key = outlet->domain.len ? name_key(outlet->name) : 0;
        if (!key)
            continue;
        struct named *named = find_named(outlets, key);
        if (!named->key) {
            *named = (struct named){key, outlet, true, false};
            continue;
        }
        named->is_only = false;
        named->is_unclear |= !slice_equal(named->outlet->country, outlet->country) ||
                             !slice_equal(named->outlet->type, outlet->type);
        /* Which of the domains stands for the name must not hang on the hash. */
        if (slice_compare(outlet->domain, named->outlet->domain) < 0)
            named->outlet = outlet;
    }
}

static bool is_source_file(desk_slice path)
{
    return slice_is(path, "sources.csv") || (slice_starts(path, slice_from_cstr("sources/")) &&
                                             slice_ends(path, slice_from_cstr(".csv")));
}

static bool reserve(struct outlets *outlets, const struct rulebook_files *files)
{
    size_t lines = 0, slots = 64;
    for (size_t i = 0; i < files->count; i++)
        for (size_t k = 0; is_source_file(files->items[i].path) && k < files->items[i].content.len;
             k++)
            lines += files->items[i].content.data[k] == '\n';
    while (slots < 2 * (lines + files->count + 2))
        slots *= 2;
    outlets->mask = slots - 1;
    outlets->slots = calloc(slots, sizeof *outlets->slots);
    outlets->names = calloc(slots, sizeof *outlets->names);
    arena_init(&outlets->cells, (size_t)256 << 20, 0);
    return outlets->slots && outlets->names;
}

void *outlets_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct outlets *outlets = calloc(1, sizeof *outlets);
    struct reader reader = {.outlets = outlets, .mistakes = mistakes};
    if (outlets && reserve(outlets, files))
        reader.lines = calloc(outlets->mask + 1, sizeof *reader.lines);
    if (!reader.lines) {
        outlets_free(outlets);
        return NULL;
    }
    for (size_t i = 0; i < files->count; i++)
        if (is_source_file(files->items[i].path))
            read_file(&reader, &files->items[i]);
    free(reader.lines);
    index_names(outlets);
    return outlets;
}

void outlets_free(void *part)
{
    struct outlets *outlets = part;
    if (!outlets)
        return;
    free(outlets->slots);
    free(outlets->names);
    arena_deinit(&outlets->cells);
    free(outlets);
}
