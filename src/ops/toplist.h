/* Counts by name where the names come from records and may be any number: the most frequent ones
 * have a count of their own, the rest share one. What is shown never falls back, so that the counts
 * are good counters: a name that joins the shown ones starts at 0, with what it had stays in
 * `other`; a name that leaves them (another became at least twice as frequent) is shown no more.
 *
 * Memory is fixed. Names are kept in sets of eight, as a cache keeps its lines: to find one takes
 * eight looks, and a name that is seen once in a while cannot push out one that is seen often. No
 * clock and no chance: the same names in the same order give the same counts.
 *
 * Not thread-safe; the owner locks. */
#ifndef OPS_TOPLIST_H
#define OPS_TOPLIST_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOPLIST_NAME_SIZE = 96, TOPLIST_TITLE_SIZE = 64, TOPLIST_WAYS = 8 };

struct toplist_entry {
    char name[TOPLIST_NAME_SIZE];   /* longer names are cut; empty: a free place */
    char title[TOPLIST_TITLE_SIZE]; /* what people call it; may be empty */
    uint64_t hash;
    uint32_t recent; /* how often it was seen lately */
    bool is_shown;
    unsigned long long count; /* since it is shown */
};

struct toplist {
    struct toplist_entry *entries;
    size_t sets; /* of TOPLIST_WAYS entries */
    size_t shown, shown_max;
    unsigned long long other, total;
};

/* shown_max names are shown, four times as many and more are watched. False when out of memory. */
bool toplist_init(struct toplist *list, size_t shown_max);
void toplist_deinit(struct toplist *list);
/* Counts a name; an empty one counts as "none". The title is kept when the name gets its place. */
void toplist_add(struct toplist *list, desk_slice name, desk_slice title);
/* The shown entries, most frequent first; borrowed until the next call with the list. `out` has
 * room for shown_max. Returns their number. */
size_t toplist_shown(const struct toplist *list, const struct toplist_entry **out);

#endif
