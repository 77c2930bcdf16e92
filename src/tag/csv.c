/* A row is a line: no cell of the rulebook has a line break. */
#include "tag/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "yaml/yaml.h"

void csv_open(struct csv *csv, const desk_rulebook_file *file, struct mistakes *mistakes)
{
    *csv = (struct csv){.p = file->content.data,
                        .end = file->content.data + file->content.len,
                        .mistakes = mistakes};
    size_t len = file->path.len < sizeof csv->file ? file->path.len : sizeof csv->file - 1;
    memcpy(csv->file, file->path.data, len);
    csv->file[len] = '\0';
    if (slice_starts(file->content, slice_of("\xEF\xBB\xBF", 3)))
        csv->p += 3;
}

void csv_close(struct csv *csv)
{
    free(csv->cells);
    csv->cells = NULL;
}

/* The end of a quoted cell's text in *copy; *at is moved behind the closing quote. */
static char *unquote(const struct csv *csv, desk_slice line, size_t *at, char *copy)
{
    for (size_t i = *at + 1; i < line.len; i++) {
        if (line.data[i] != '"') {
            *copy++ = line.data[i];
        } else if (i + 1 < line.len && line.data[i + 1] == '"') {
            *copy++ = line.data[i++];
        } else {
            *at = i + 1;
            return copy;
        }
    }
    mistakes_add(csv->mistakes, csv->file, csv->line, *at + 1, false,
                 "the quotation mark that opens here is never closed");
    *at = line.len;
    return copy;
}

static void read_cells(struct csv *csv, desk_slice line, struct csv_row *row)
{
    char *copy = csv->cells;
    for (size_t at = 0; at <= line.len; at++) {
        while (at < line.len && line.data[at] == ' ')
            at++;
        size_t start = at;
        struct csv_cell cell = {slice_of(NULL, 0), start + 1};
        if (at < line.len && line.data[at] == '"') {
            char *begin = copy;
            copy = unquote(csv, line, &at, copy);
            cell.text = slice_of(begin, (size_t)(copy - begin));
        }
        size_t comma = slice_find_byte(line, ',', at);
        comma = comma == DESK_SLICE_NONE ? line.len : comma;
        if (!cell.text.data)
            cell.text = slice_sub(line, start, comma);
        cell.text = slice_trim(cell.text);
        if (row->count < CSV_COLUMNS_MAX)
            row->cells[row->count] = cell;
        row->count++;
        at = comma;
    }
}

bool csv_next(struct csv *csv, struct csv_row *row)
{
    *row = (struct csv_row){.count = 0};
    while (csv->p < csv->end) {
        desk_slice rest = slice_of(csv->p, (size_t)(csv->end - csv->p));
        size_t end = slice_find_byte(rest, '\n', 0);
        desk_slice line = slice_sub(rest, 0, end == DESK_SLICE_NONE ? rest.len : end);
        csv->p = end == DESK_SLICE_NONE ? csv->end : csv->p + end + 1;
        row->line = ++csv->line;
        if (!slice_trim(line).len || line.data[0] == '#')
            continue;
        if (csv->cells_size < line.len + 1) {
            char *grown = realloc(csv->cells, 2 * line.len + 64);
            if (!grown)
                return false;
            csv->cells = grown;
            csv->cells_size = 2 * line.len + 64;
        }
        read_cells(csv, line, row);
        return true;
    }
    return false;
}
