/* A frame of copydesk top as text: lines no wider than the screen, never more than its rows. */
#ifndef COMMANDS_TOP_DRAW_H
#define COMMANDS_TOP_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "commands/top_source.h"
#include "ops/clients.h"

struct top_view {
    const struct top_source *source;
    const struct partition_figures *partitions; /* from the brokers; NULL: not asked */
    size_t partitions_count;
    const char *broker_error; /* why they did not answer; NULL: they did, or were not asked */
    const char *group;
    size_t columns, rows;
    bool colour;
    bool is_once; /* no line about keys */
};

/* A heap string of *len bytes whose lines end with '\n', or NULL. */
char *top_draw(const struct top_view *view, size_t *len);

#endif
