/* The table of ledgers. */
#include "ops/ledger.h"

#include <stdlib.h>
#include <string.h>

bool ledger_holds(const struct ledger *ledger)
{
    return ledger->in == ledger->enriched + ledger->rejected + ledger->passed + ledger->skipped;
}

void ledger_add(struct ledger *sum, const struct ledger *more)
{
    sum->in += more->in;
    sum->enriched += more->enriched;
    sum->rejected += more->rejected;
    sum->passed += more->passed;
    sum->skipped += more->skipped;
}

void ledger_table_init(struct ledger_table *table)
{
    *table = (struct ledger_table){.rows = NULL};
    pthread_mutex_init(&table->lock, NULL);
}

void ledger_table_deinit(struct ledger_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        free(table->rows[i].topic);
    free(table->rows);
    pthread_mutex_destroy(&table->lock);
}

static struct ledger_row *find_row(struct ledger_table *table, const char *topic, int32_t partition)
{
    for (size_t i = 0; i < table->count; i++) {
        struct ledger_row *row = &table->rows[i];
        if (row->topic && row->partition == partition && !strcmp(row->topic, topic))
            return row;
    }
    return NULL;
}

static struct ledger_row *add_row(struct ledger_table *table, const char *topic, int32_t partition)
{
    bool is_last = table->count >= LEDGER_ROWS_MAX;
    if (is_last && table->count > LEDGER_ROWS_MAX)
        return &table->rows[LEDGER_ROWS_MAX];
    if (table->count == table->capacity) {
        size_t wanted = table->capacity ? 2 * table->capacity : 16;
        struct ledger_row *grown = realloc(table->rows, wanted * sizeof *grown);
        if (!grown)
            return NULL;
        table->rows = grown;
        table->capacity = wanted;
    }
    char *copy = is_last ? NULL : strdup(topic);
    if (!copy && !is_last)
        return NULL;
    struct ledger_row *row = &table->rows[table->count++];
    *row = (struct ledger_row){
        .topic = copy, .partition = is_last ? -1 : partition, .next_offset = -1};
    return row;
}

bool ledger_table_add(struct ledger_table *table, const struct ledger_row *more)
{
    pthread_mutex_lock(&table->lock);
    struct ledger_row *row = find_row(table, more->topic, more->partition);
    if (!row)
        row = add_row(table, more->topic, more->partition);
    if (row) {
        ledger_add(&row->ledger, &more->ledger);
        if (row->topic)
            row->next_offset = more->next_offset;
    }
    pthread_mutex_unlock(&table->lock);
    return row != NULL;
}

static int compare_rows(const void *a, const void *b)
{
    const struct ledger_row *x = a, *y = b;
    if (!x->topic || !y->topic)
        return (x->topic == NULL) - (y->topic == NULL);
    int order = strcmp(x->topic, y->topic);
    return order ? order : (x->partition > y->partition) - (x->partition < y->partition);
}

struct ledger_row *ledger_table_copy(struct ledger_table *table, size_t *count)
{
    pthread_mutex_lock(&table->lock);
    struct ledger_row *copy = table->count ? malloc(table->count * sizeof *copy) : NULL;
    *count = copy ? table->count : 0;
    if (copy)
        memcpy(copy, table->rows, table->count * sizeof *copy);
    pthread_mutex_unlock(&table->lock);
    if (copy)
        qsort(copy, *count, sizeof *copy, compare_rows);
    return copy;
}
