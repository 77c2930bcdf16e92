/* The ledger of each partition, as committed: in = enriched + rejected + passed + skipped.
 *
 * A lane adds what a commit held, the HTTP thread and the report of a backfill read it. One lock,
 * taken once a commit. */
#ifndef OPS_LEDGER_H
#define OPS_LEDGER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ledger {
    uint64_t in, enriched, rejected, passed, skipped;
};

/* in = enriched + rejected + passed + skipped. */
bool ledger_holds(const struct ledger *ledger);
void ledger_add(struct ledger *sum, const struct ledger *more);

struct ledger_row {
    char *topic; /* NULL in the last row that stands for all partitions beyond LEDGER_ROWS_MAX */
    int32_t partition;
    int64_t next_offset; /* as committed */
    struct ledger ledger;
};

/* More partitions than that share one row, so that memory and metrics stay bounded. */
enum { LEDGER_ROWS_MAX = 4096 };

struct ledger_table {
    pthread_mutex_t lock;
    struct ledger_row *rows;
    size_t count, capacity;
};

void ledger_table_init(struct ledger_table *table);
void ledger_table_deinit(struct ledger_table *table);
/* Adds what a commit held of a partition. False when out of memory: nothing is added. */
bool ledger_table_add(struct ledger_table *table, const struct ledger_row *row);
/* A copy of the rows, sorted by topic and partition; NULL with *count 0 when there are none or out
 * of memory. Topics are borrowed: valid until ledger_table_deinit. The caller frees the array. */
struct ledger_row *ledger_table_copy(struct ledger_table *table, size_t *count);

#endif
