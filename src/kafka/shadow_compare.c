/* Comparing field by field; lists of tags by what names their entries. */
#include "kafka/shadow_compare.h"

#include <math.h>
#include <string.h>

#include "base/slice.h"

struct comparison {
    json_t *list;
    unsigned long long *counts;
};

const char *shadow_kind_name(enum shadow_kind kind)
{
    static const char *const names[SHADOW_KINDS] = {"added", "removed", "confidence",
                                                    "body",  "changed", "outcome"};
    return names[kind];
}

/* Takes the two values over; either may be NULL. */
static void add(struct comparison *comparison, const char *field, enum shadow_kind kind,
                const char *name, json_t *before, json_t *after)
{
    json_t *difference = json_object();
    comparison->counts[kind]++;
    json_object_set_new(difference, "field", json_string(field));
    json_object_set_new(difference, "kind", json_string(shadow_kind_name(kind)));
    if (name)
        json_object_set_new(difference, "name", json_string(name));
    if (before)
        json_object_set_new(difference, "before", before);
    if (after)
        json_object_set_new(difference, "after", after);
    json_array_append_new(comparison->list, difference);
}

/* --- lists --------------------------------------------------------------------------------- */

static json_t *find(json_t *list, const char *key, const char *name)
{
    size_t index;
    json_t *item;
    json_array_foreach(list, index, item)
    {
        const char *other = json_string_value(json_object_get(item, key));
        if (other && !strcmp(other, name))
            return item;
    }
    return NULL;
}

static void compare_confidence(struct comparison *comparison, const char *field, const char *name,
                               json_t *before, json_t *after)
{
    json_t *x = json_object_get(before, "confidence"), *y = json_object_get(after, "confidence");
    if (x && y && fabs(json_number_value(x) - json_number_value(y)) >= SHADOW_MOVE_MIN)
        add(comparison, field, SHADOW_CONFIDENCE, name, json_incref(x), json_incref(y));
}

static void compare_list(struct comparison *comparison, const char *field, const char *key,
                         json_t *main, json_t *shadow)
{
    size_t index;
    json_t *item, *other;
    json_array_foreach(main, index, item)
    {
        const char *name = json_string_value(json_object_get(item, key));
        if (!name)
            continue;
        other = find(shadow, key, name);
        if (other)
            compare_confidence(comparison, field, name, item, other);
        else
            add(comparison, field, SHADOW_REMOVED, name,
                json_incref(json_object_get(item, "confidence")), NULL);
    }
    json_array_foreach(shadow, index, item)
    {
        const char *name = json_string_value(json_object_get(item, key));
        if (name && !find(main, key, name))
            add(comparison, field, SHADOW_ADDED, name, NULL,
                json_incref(json_object_get(item, "confidence")));
    }
}

/* --- fields -------------------------------------------------------------------------------- */

static json_t *size_of(json_t *text)
{
    return json_integer((json_int_t)json_string_length(text));
}

static void compare_fields(struct comparison *comparison, json_t *main, json_t *shadow)
{
    static const char *const fields[] = {"title",  "description",  "authors", "section",
                                         "image",  "published_at", "url",     "canonical_url",
                                         "source", "reprint"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        json_t *before = json_object_get(main, fields[i]),
               *after = json_object_get(shadow, fields[i]);
        if ((before || after) && !json_equal(before, after))
            add(comparison, fields[i], SHADOW_CHANGED, NULL, json_incref(before),
                json_incref(after));
    }
    json_t *before = json_object_get(json_object_get(main, "language"), "code"),
           *after = json_object_get(json_object_get(shadow, "language"), "code");
    if ((before || after) && !json_equal(before, after))
        add(comparison, "language", SHADOW_CHANGED, NULL, json_incref(before), json_incref(after));
    before = json_object_get(main, "body");
    after = json_object_get(shadow, "body");
    if ((before || after) && !json_equal(before, after))
        add(comparison, "body", SHADOW_BODY, NULL, size_of(before), size_of(after));
}

json_t *shadow_differences(desk_slice main, desk_slice shadow,
                           unsigned long long counts[SHADOW_KINDS])
{
    static const struct {
        const char *field, *key;
    } lists[] = {{"subjects", "uri"}, {"people", "name"},       {"organisations", "name"},
                 {"places", "name"},  {"attributions", "name"}, {"quotes", "text"},
                 {"dates", "text"}};
    json_error_t error;
    json_t *before = json_loadb(main.data, main.len, 0, &error);
    json_t *after = json_loadb(shadow.data, shadow.len, 0, &error);
    struct comparison comparison = {NULL, counts};
    if (before && after) {
        comparison.list = json_array();
        compare_fields(&comparison, before, after);
        for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
            compare_list(&comparison, lists[i].field, lists[i].key,
                         json_object_get(before, lists[i].field),
                         json_object_get(after, lists[i].field));
    }
    json_decref(before);
    json_decref(after);
    return comparison.list;
}
