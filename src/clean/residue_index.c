/* The index of residue rules: heads by the hash of their first word, pieces by a rare byte. */
#include <stdlib.h>

#include "base/slice.h"
#include "clean/residue_parts.h"
#include "text/fold.h"
#include "text/utf8.h"

/* A first word of more code points than this is told apart by its head's comparison. */
enum { KEY_POINTS_MAX = 24 };

static bool is_apostrophe(uint32_t cp)
{
    return cp == 0x2019 || cp == 0x2018 || cp == 0x02BC || cp == 0x00B4 || cp == '`';
}

uint32_t residue_fold(const char **p, const char *end)
{
    unsigned char c = (unsigned char)**p;
    if (c < 0x80) {
        ++*p;
        return c <= ' ' ? ' ' : c == '`' ? '\'' : (uint32_t)(unsigned char)ascii_lower((char)c);
    }
    uint32_t cp = utf8_next(p, end);
    if (is_apostrophe(cp))
        return '\'';
    if (text_class(cp) & CLASS_SPACE)
        return ' ';
    return fold_code_point(cp);
}

uint64_t residue_key(desk_slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    uint64_t key = 0;
    for (unsigned points = 0; p < end && points < KEY_POINTS_MAX; points++) {
        uint32_t cp = residue_fold(&p, end);
        if (!cp)
            continue;
        unsigned class = text_class(cp);
        bool is_letter = class & (CLASS_LETTER | CLASS_DIGIT) && !(class & CLASS_UNSPACED);
        if (!key && class & CLASS_DIGIT)
            return '#';
        if (!key && !is_letter)
            return cp;
        if (!is_letter)
            break;
        key = (key ^ cp) * 0x9E3779B97F4A7C15u;
        key ^= key >> 29;
    }
    return key;
}

/* Signs that running text seldom has; those first that it has least. Else the first byte of a
 * character that is not ASCII, which texts in other scripts do not have. */
enum { LEAD_FIRST = 0xC3 };
static const char RARE[] = "[]{}_&|@#<>/()";

bool residue_anchor(desk_slice find, size_t *place)
{
    for (const char *rare = RARE; *rare; rare++)
        if ((*place = slice_find_byte(find, *rare, 0)) != DESK_SLICE_NONE)
            return true;
    for (*place = 0; *place < find.len; ++*place)
        if ((unsigned char)find.data[*place] >= LEAD_FIRST)
            return true;
    *place = 0;
    return false;
}

static int by_key(const void *a, const void *b)
{
    const struct residue_head *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static struct residue_slot *slot_of(const struct residue *residue, uint64_t key)
{
    size_t i = (size_t)(key ^ key >> 32) & residue->slots_mask;
    while (residue->slots[i].key && residue->slots[i].key != key)
        i = (i + 1) & residue->slots_mask;
    return &residue->slots[i];
}

const struct residue_slot *residue_slot(const struct residue *residue, uint64_t key)
{
    return slot_of(residue, key);
}

static bool build_slots(struct residue *residue)
{
    size_t slots = 64;
    while (slots < 4 * residue->heads_count)
        slots *= 2;
    residue->slots = calloc(slots, sizeof *residue->slots);
    residue->slots_mask = slots - 1;
    if (!residue->slots)
        return false;
    if (residue->heads_count)
        qsort(residue->heads, residue->heads_count, sizeof *residue->heads, by_key);
    for (size_t i = 0; i < residue->heads_count; i++) {
        const struct residue_head *head = &residue->heads[i];
        struct residue_slot *slot = slot_of(residue, head->key);
        if (!slot->key)
            *slot = (struct residue_slot){head->key, (uint32_t)i, 0, 0};
        slot->count++;
        size_t bytes_max = residue->rules[head->rule].bytes_max;
        if (bytes_max > slot->bytes_max)
            slot->bytes_max = (uint32_t)bytes_max;
    }
    return true;
}

static bool add_rule(struct residue_list *list, uint32_t rule)
{
    uint32_t *grown = realloc(list->rules, (list->count + 1) * sizeof *grown);
    if (!grown)
        return false;
    list->rules = grown;
    list->rules[list->count++] = rule;
    return true;
}

static struct residue_list *anchored(struct residue *residue, const struct residue_rule *rule)
{
    unsigned char byte = (unsigned char)rule->find.data[rule->anchor];
    size_t i = 0;
    while (i < residue->anchors_count && residue->anchors[i].byte != byte)
        i++;
    if (i == residue->anchors_count)
        residue->anchors[residue->anchors_count++].byte = byte;
    return &residue->anchors[i].list;
}

/* Where a rule is looked for besides the table of heads, or NULL. */
static struct residue_list *list_of(struct residue *residue, const struct residue_rule *rule)
{
    switch (rule->where) {
    case RESIDUE_INLINE:
        return anchored(residue, rule);
    case RESIDUE_CLOSING:
        return &residue->closing;
    case RESIDUE_DATELINE:
        return &residue->dateline;
    default:
        return rule->pattern && !rule->has_starts ? &residue->loose : NULL;
    }
}

bool residue_build_index(struct residue *residue)
{
    if (!build_slots(residue))
        return false;
    for (uint32_t i = 0; i < residue->count; i++) {
        struct residue_list *list = list_of(residue, &residue->rules[i]);
        if (list && !add_rule(list, i))
            return false;
    }
    return true;
}

void residue_free_index(struct residue *residue)
{
    for (size_t i = 0; i < residue->anchors_count; i++)
        free(residue->anchors[i].list.rules);
    free(residue->loose.rules);
    free(residue->closing.rules);
    free(residue->dateline.rules);
    free(residue->slots);
}
