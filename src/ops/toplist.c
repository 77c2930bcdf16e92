/* Sets of eight, aged now and then. */
#include "ops/toplist.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/slice.h"

/* Names are compared anew after so many: often enough for a day's change of topics, seldom enough
 * to cost nothing (a look at a few thousand entries). */
enum { EPOCH = 16384, WATCHED_PER_SHOWN = 4 };

bool toplist_init(struct toplist *list, size_t shown_max)
{
    size_t sets = 1;
    while (sets * TOPLIST_WAYS < shown_max * WATCHED_PER_SHOWN)
        sets *= 2;
    *list = (struct toplist){.sets = sets, .shown_max = shown_max};
    list->entries = calloc(sets * TOPLIST_WAYS, sizeof *list->entries);
    return list->entries != NULL;
}

void toplist_deinit(struct toplist *list)
{
    free(list->entries);
    *list = (struct toplist){.entries = NULL};
}

/* --- finding ------------------------------------------------------------------------------- */

static void take_place(struct toplist *list, struct toplist_entry *entry, desk_slice name,
                       uint64_t hash)
{
    memset(entry, 0, sizeof *entry);
    memcpy(entry->name, name.data, name.len);
    entry->hash = hash;
    if (list->shown < list->shown_max) {
        entry->is_shown = true;
        list->shown++;
    }
}

/* The entry of a name, or NULL while its set is full of names that are seen more often: each try
 * ages the weakest of them, so that what comes again and again gets a place. */
static struct toplist_entry *find(struct toplist *list, desk_slice name)
{
    uint64_t hash = XXH3_64bits(name.data, name.len);
    struct toplist_entry *set = &list->entries[(hash % list->sets) * TOPLIST_WAYS], *weakest = NULL;
    for (size_t i = 0; i < TOPLIST_WAYS; i++) {
        struct toplist_entry *entry = &set[i];
        if (!entry->name[0]) {
            take_place(list, entry, name, hash);
            return entry;
        }
        if (entry->hash == hash && !strncmp(entry->name, name.data, name.len) &&
            !entry->name[name.len])
            return entry;
        if (!entry->is_shown && (!weakest || entry->recent < weakest->recent))
            weakest = entry;
    }
    if (!weakest)
        return NULL;
    if (weakest->recent) {
        weakest->recent--;
        return NULL;
    }
    take_place(list, weakest, name, hash);
    return weakest;
}

/* --- aging --------------------------------------------------------------------------------- */

/* Puts the most frequent hidden name in the place of the least frequent shown one, if it is seen
 * more than twice as often. */
static bool exchange(struct toplist *list)
{
    struct toplist_entry *strong = NULL, *weak = NULL;
    for (size_t i = 0; i < list->sets * TOPLIST_WAYS; i++) {
        struct toplist_entry *entry = &list->entries[i];
        if (!entry->name[0])
            continue;
        if (entry->is_shown && (!weak || entry->recent < weak->recent))
            weak = entry;
        if (!entry->is_shown && (!strong || entry->recent > strong->recent))
            strong = entry;
    }
    if (!strong || !weak || strong->recent / 2 <= weak->recent)
        return false;
    weak->is_shown = false;
    strong->is_shown = true;
    strong->count = 0;
    return true;
}

static void begin_epoch(struct toplist *list)
{
    for (size_t i = 0; i < list->shown_max && exchange(list); i++)
        ;
    for (size_t i = 0; i < list->sets * TOPLIST_WAYS; i++)
        list->entries[i].recent /= 2;
}

/* --- whole --------------------------------------------------------------------------------- */

/* A text cut to fit into `size` bytes with its end, at a character's start. */
static desk_slice cut(desk_slice text, size_t size)
{
    if (text.len < size)
        return text;
    size_t len = size - 1;
    while (len && ((unsigned char)text.data[len] & 0xc0) == 0x80)
        len--;
    return slice_sub(text, 0, len);
}

/* The first title stays: a series whose labels change is another series. */
static void set_title(struct toplist_entry *entry, desk_slice title)
{
    desk_slice fits = cut(title, TOPLIST_TITLE_SIZE);
    if (!entry->title[0] && fits.len)
        memcpy(entry->title, fits.data, fits.len);
}

void toplist_add(struct toplist *list, desk_slice name, desk_slice title)
{
    desk_slice known = name.len ? cut(name, TOPLIST_NAME_SIZE) : slice_from_cstr("none");
    struct toplist_entry *entry = slice_is(known, "other") ? NULL : find(list, known);
    if (entry) {
        set_title(entry, title);
        entry->recent++;
    }
    if (entry && entry->is_shown)
        entry->count++;
    else
        list->other++;
    if (++list->total % EPOCH == 0)
        begin_epoch(list);
}

static bool is_before(const struct toplist_entry *a, const struct toplist_entry *b)
{
    return a->count != b->count ? a->count > b->count : strcmp(a->name, b->name) < 0;
}

/* A hundred at most, so that putting each into its place is quick enough for a page. */
size_t toplist_shown(const struct toplist *list, const struct toplist_entry **out)
{
    size_t count = 0;
    for (size_t i = 0; i < list->sets * TOPLIST_WAYS; i++) {
        const struct toplist_entry *entry = &list->entries[i];
        size_t at = count;
        if (!entry->is_shown)
            continue;
        for (; at && is_before(entry, out[at - 1]); at--)
            out[at] = out[at - 1];
        out[at] = entry;
        count++;
    }
    return count;
}
