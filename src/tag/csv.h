/* CSV files of the rulebook with positions: RFC 4180 (quotes doubled inside quotes), blank lines
 * and lines that begin with '#' are skipped, cells are trimmed.
 *
 *     struct csv csv;
 *     struct csv_row row;
 *     csv_open(&csv, file, mistakes);
 *     while (csv_next(&csv, &row)) ... row.cells[0].text ...
 *     csv_close(&csv);
 */
#ifndef TAG_CSV_H
#define TAG_CSV_H

#include <copydesk/rulebook.h>
#include <copydesk/slice.h>
#include <stdbool.h>

struct mistakes;

enum { CSV_COLUMNS_MAX = 16 };

struct csv_cell {
    desk_slice text; /* valid until the next row */
    size_t column;   /* where it begins, in bytes from 1 */
};

struct csv_row {
    struct csv_cell cells[CSV_COLUMNS_MAX]; /* those that are not there are empty */
    size_t count;                           /* as written, also above CSV_COLUMNS_MAX */
    size_t line;
};

struct csv {
    char file[256];
    const char *p, *end;
    size_t line;
    char *cells; /* unquoted copies of one row's quoted cells */
    size_t cells_size;
    struct mistakes *mistakes;
};

void csv_open(struct csv *csv, const desk_rulebook_file *file, struct mistakes *mistakes);
/* False after the last row, or out of memory. */
bool csv_next(struct csv *csv, struct csv_row *row);
void csv_close(struct csv *csv);

#endif
