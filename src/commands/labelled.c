/* Reading labels: Jansson checks each line and gives its "subject"; the article itself is read by
 * the engine later, as any record. */
#include "commands/labelled.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "commands/session.h"

static const size_t FILE_BYTES_MAX = (size_t)4 << 30;

struct place {
    const char *path;
    size_t line;
};

static bool fail(const struct place *place, const char *text)
{
    fprintf(stderr, "copydesk: %s:%zu: %s\n", place->path, place->line, text);
    return false;
}

static bool find_class(struct labelled *labelled, const char *uri, size_t *class)
{
    for (*class = 0; *class < labelled->classes_count; (*class)++)
        if (!strcmp(labelled->classes[*class], uri))
            return true;
    if (labelled->classes_count == MODEL_CLASSES_MAX)
        return false;
    strcpy(labelled->classes[labelled->classes_count++], uri);
    return true;
}

static bool add_label(struct labelled *labelled, const struct place *place, const json_t *label,
                      uint64_t *classes)
{
    size_t class, len = json_string_length(label);
    if (!json_is_string(label) || !len || len >= MODEL_URI_BYTES)
        return fail(place, "\"subject\" wants URIs of topics of 1 to 63 bytes, such as "
                           "\"medtop:15000000\"");
    for (const char *p = json_string_value(label); *p; p++)
        if (*p < 0x21 || *p > 0x7E)
            return fail(place, "a topic's URI holds a byte that is no printable ASCII");
    if (!find_class(labelled, json_string_value(label), &class))
        return fail(place, "there are more than 64 different subjects; a model has at most 64");
    *classes |= (uint64_t)1 << class;
    return true;
}

static bool read_subject(struct labelled *labelled, const struct place *place,
                         const json_t *subject, uint64_t *classes)
{
    if (json_is_string(subject))
        return add_label(labelled, place, subject, classes);
    if (!json_array_size(subject))
        return fail(place, "\"subject\" is missing: the URI of the article's topic, or a list");
    for (size_t i = 0; i < json_array_size(subject); i++)
        if (!add_label(labelled, place, json_array_get(subject, i), classes))
            return false;
    return true;
}

static bool read_line(struct labelled *labelled, const struct place *place, desk_slice value)
{
    json_error_t error;
    json_t *root = json_loadb(value.data, value.len, 0, &error);
    struct labelled_line line = {value, place->line, 0};
    bool good = json_is_object(root)
                    ? read_subject(labelled, place, json_object_get(root, "subject"), &line.classes)
                    : fail(place, root ? "a JSON object is wanted" : error.text);
    json_decref(root);
    if (!good)
        return false;
    if (labelled->count == labelled->capacity) {
        size_t wanted = labelled->capacity ? labelled->capacity * 2 : 256;
        struct labelled_line *items = realloc(labelled->items, wanted * sizeof *items);
        if (!items)
            return fail(place, "out of memory");
        labelled->items = items;
        labelled->capacity = wanted;
    }
    labelled->items[labelled->count++] = line;
    return true;
}

static int by_uri(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Classes in the order of their URIs, whatever the order of the lines. */
static void sort_classes(struct labelled *labelled)
{
    char before[MODEL_CLASSES_MAX][MODEL_URI_BYTES];
    size_t now[MODEL_CLASSES_MAX];
    memcpy(before, labelled->classes, sizeof before);
    qsort(labelled->classes, labelled->classes_count, MODEL_URI_BYTES, by_uri);
    for (size_t i = 0; i < labelled->classes_count; i++)
        find_class(labelled, before[i], &now[i]);
    for (size_t i = 0; i < labelled->count; i++) {
        uint64_t old = labelled->items[i].classes, new = 0;
        for (size_t k = 0; k < labelled->classes_count; k++)
            if (old >> k & 1)
                new |= (uint64_t)1 << now[k];
        labelled->items[i].classes = new;
    }
}

bool labelled_read(struct labelled *labelled, const char *path)
{
    size_t len = 0, at = 0;
    struct place place = {path, 0};
    *labelled = (struct labelled){.data = NULL};
    bool good = read_whole(path, FILE_BYTES_MAX, &labelled->data, &len);
    while (good && at < len) {
        const char *hit = memchr(labelled->data + at, '\n', len - at);
        size_t end = hit ? (size_t)(hit - labelled->data) : len;
        desk_slice value = slice_trim(slice_of(labelled->data + at, end - at));
        place.line++;
        good = !value.len || read_line(labelled, &place, value);
        at = end + 1;
    }
    if (good && !labelled->count)
        good = fail(&place, "there is no labelled article in this file");
    if (good)
        sort_classes(labelled);
    else
        labelled_free(labelled);
    return good;
}

void labelled_free(struct labelled *labelled)
{
    free(labelled->data);
    free(labelled->items);
    *labelled = (struct labelled){.data = NULL};
}

size_t labelled_first(uint64_t classes)
{
    size_t class = 0;
    while (!(classes >> class & 1))
        class ++;
    return class;
}
