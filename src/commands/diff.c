/* Both records as lines, then the longest common subsequence. */
#include "commands/diff.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "commands/print.h"

/* Beyond that many lines in the part that differs, lines are compared in place: the table would
 * take more than 64 MB. */
enum { TABLE_LINES_MAX = 4000 };

struct lines {
    char **items; /* "path: value", heap */
    size_t count, capacity;
};

static void add_line(struct lines *lines, const char *path, const char *text, size_t len)
{
    if (lines->count == lines->capacity) {
        size_t wanted = lines->capacity ? 2 * lines->capacity : 256;
        char **grown = realloc(lines->items, wanted * sizeof *grown);
        if (!grown)
            return;
        lines->items = grown;
        lines->capacity = wanted;
    }
    size_t path_len = strlen(path);
    char *line = malloc(path_len + len + 3);
    if (!line)
        return;
    memcpy(line, path, path_len);
    memcpy(line + path_len, ": ", 2);
    memcpy(line + path_len + 2, text, len);
    line[path_len + 2 + len] = '\0';
    lines->items[lines->count++] = line;
}

static void free_lines(struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++)
        free(lines->items[i]);
    free(lines->items);
}

/* --- records to lines ---------------------------------------------------------------------- */

enum { PATH_SIZE = 256 };

/* A paragraph a line. */
static void add_string(struct lines *lines, const char *path, const char *text)
{
    do {
        size_t len = strcspn(text, "\n");
        if (len || !*text)
            add_line(lines, path, text, len);
        text += len + (text[len] == '\n');
    } while (*text);
}

/* What tells a list's entries apart better than their index, which moves when one is added. */
static const char *label_of(json_t *item)
{
    static const char *const keys[] = {"uri", "name", "rule", "text"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *label = json_string_value(json_object_get(item, keys[i]));
        if (label)
            return label;
    }
    return "";
}

static void add_value(struct lines *lines, const char *path, json_t *value);

static void add_members(struct lines *lines, const char *path, json_t *object)
{
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        char below[PATH_SIZE];
        snprintf(below, sizeof below, "%s%s%.80s", path, *path ? "." : "", key);
        add_value(lines, below, value);
    }
}

static void add_items(struct lines *lines, const char *path, json_t *array)
{
    size_t index;
    json_t *value;
    json_array_foreach(array, index, value)
    {
        char below[PATH_SIZE];
        snprintf(below, sizeof below, "%.160s[%.80s]", path, label_of(value));
        add_value(lines, below, value);
    }
}

static void add_value(struct lines *lines, const char *path, json_t *value)
{
    if (json_is_object(value)) {
        add_members(lines, path, value);
    } else if (json_is_array(value)) {
        add_items(lines, path, value);
    } else if (json_is_string(value)) {
        add_string(lines, path, json_string_value(value));
    } else {
        char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(6));
        if (text)
            add_line(lines, path, text, strlen(text));
        free(text);
    }
}

static void read_lines(struct lines *lines, desk_slice record)
{
    json_error_t error;
    json_t *root = json_loadb(record.data, record.len, 0, &error);
    if (root)
        add_value(lines, "", root);
    else
        add_line(lines, "value", record.len ? record.data : "", record.len);
    json_decref(root);
}

/* --- difference ---------------------------------------------------------------------------- */

struct printer {
    FILE *out;
    bool colour;
    size_t count;
};

static void print_line(struct printer *printer, char mark, const char *line)
{
    printer->count++;
    fprintf(printer->out, "%s%c ",
            print_ink(mark == '-' ? INK_RED_STRUCK : INK_GREEN, printer->colour), mark);
    print_safe(printer->out, slice_from_cstr(line));
    fprintf(printer->out, "%s\n", print_ink(INK_PLAIN, printer->colour));
}

static void print_in_place(struct printer *printer, const struct lines *a, const struct lines *b)
{
    for (size_t i = 0; i < a->count; i++)
        print_line(printer, '-', a->items[i]);
    for (size_t i = 0; i < b->count; i++)
        print_line(printer, '+', b->items[i]);
}

/* table[i][j]: length of the common subsequence of a[i..] and b[j..]. */
static void print_by_table(struct printer *printer, const struct lines *a, const struct lines *b,
                           unsigned short *table)
{
    size_t width = b->count + 1;
    for (size_t i = a->count; i-- > 0;)
        for (size_t j = b->count; j-- > 0;) {
            unsigned short down = table[(i + 1) * width + j], right = table[i * width + j + 1];
            table[i * width + j] = !strcmp(a->items[i], b->items[j])
                                       ? (unsigned short)(table[(i + 1) * width + j + 1] + 1)
                                   : down > right ? down
                                                  : right;
        }
    for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
        bool is_same = i < a->count && j < b->count && !strcmp(a->items[i], b->items[j]);
        if (is_same)
            i++, j++;
        else if (j == b->count ||
                 (i < a->count && table[(i + 1) * width + j] >= table[i * width + j + 1]))
            print_line(printer, '-', a->items[i++]);
        else
            print_line(printer, '+', b->items[j++]);
    }
}

size_t diff_records(FILE *out, desk_slice before, desk_slice after, bool colour)
{
    struct lines a = {NULL, 0, 0}, b = {NULL, 0, 0};
    struct printer printer = {out, colour, 0};
    read_lines(&a, before);
    read_lines(&b, after);
    size_t same = 0, end = 0;
    while (same < a.count && same < b.count && !strcmp(a.items[same], b.items[same]))
        same++;
    while (end < a.count - same && end < b.count - same &&
           !strcmp(a.items[a.count - 1 - end], b.items[b.count - 1 - end]))
        end++;
    struct lines x = {a.items + same, a.count - same - end, 0},
                 y = {b.items + same, b.count - same - end, 0};
    unsigned short *table = NULL;
    if (x.count < TABLE_LINES_MAX && y.count < TABLE_LINES_MAX)
        table = calloc((x.count + 1) * (y.count + 1), sizeof *table);
    if (table)
        print_by_table(&printer, &x, &y, table);
    else
        print_in_place(&printer, &x, &y);
    free(table);
    free_lines(&a);
    free_lines(&b);
    return printer.count;
}
