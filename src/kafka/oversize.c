/* A short list: it holds what failed since the last commit. */
#include "kafka/oversize.h"

#include <stdlib.h>
#include <string.h>

static struct oversize_entry *find(const struct oversize *oversize,
                                   const struct oversize_entry *record)
{
    for (size_t i = 0; i < oversize->count; i++) {
        struct oversize_entry *entry = &oversize->items[i];
        if (entry->offset == record->offset && entry->partition == record->partition &&
            !strcmp(entry->topic, record->topic))
            return entry;
    }
    return NULL;
}

unsigned oversize_failures(const struct oversize *oversize, const struct oversize_entry *record)
{
    const struct oversize_entry *entry = oversize->count ? find(oversize, record) : NULL;
    return entry ? entry->failures : 0;
}

void oversize_failed(struct oversize *oversize, const struct oversize_entry *record)
{
    struct oversize_entry *entry = find(oversize, record);
    if (entry) {
        entry->failures++;
        return;
    }
    if (oversize->count == oversize->capacity) {
        size_t wanted = oversize->capacity ? 2 * oversize->capacity : 16;
        struct oversize_entry *grown = realloc(oversize->items, wanted * sizeof *grown);
        if (!grown)
            return;
        oversize->items = grown;
        oversize->capacity = wanted;
    }
    char *topic = strdup(record->topic);
    if (topic)
        oversize->items[oversize->count++] =
            (struct oversize_entry){topic, record->partition, record->offset, 1};
}

/* Whether the record is still to be read. */
static bool is_ahead(const struct oversize_entry *entry, const struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++)
        if (parts->items[i].partition == entry->partition &&
            !strcmp(parts->items[i].topic, entry->topic))
            return entry->offset >= parts->items[i].next_offset;
    return false;
}

void oversize_forget(struct oversize *oversize, const struct parts *parts)
{
    size_t kept = 0;
    for (size_t i = 0; i < oversize->count; i++) {
        if (is_ahead(&oversize->items[i], parts))
            oversize->items[kept++] = oversize->items[i];
        else
            free(oversize->items[i].topic);
    }
    oversize->count = kept;
}

void oversize_free(struct oversize *oversize)
{
    for (size_t i = 0; i < oversize->count; i++)
        free(oversize->items[i].topic);
    free(oversize->items);
    *oversize = (struct oversize){NULL, 0, 0};
}
