/* Setting one key by its row of the table, from text as a file or a variable gives it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "config/parts.h"
#include "config/values.h"

/* A value for a message: one that the file does not show is not shown here either. */
const char *origin_shown(const struct origin *origin, const char *text)
{
    return origin->is_expanded ? "the value of this variable or file" : text;
}

void origin_wrong(const struct origin *origin, const char *format, ...)
{
    char text[CONFIG_ERROR_SIZE * 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (yaml_is_set(origin->node))
        yaml_mistake(origin->node, "%s", text);
    else
        mistakes_add(origin->mistakes, origin->variable ? origin->variable : "default", 0, 0, false,
                     "%s", text);
}

/* --- lists --------------------------------------------------------------------------------- */

void config_list_free(struct config_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct config_list){NULL, 0};
}

bool config_list_has(const struct config_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i], text))
            return true;
    return false;
}

void config_list_add(struct config_list *list, char *text)
{
    char **grown = text ? realloc(list->items, (list->count + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(text);
        return;
    }
    list->items = grown;
    list->items[list->count++] = text;
}

/* --- values -------------------------------------------------------------------------------- */

static bool set_word(const struct config_row *row, const char *text, long long *slot,
                     const struct origin *origin)
{
    const char *names[16] = {NULL};
    size_t count = 0;
    char allowed[256] = "";
    for (const struct config_word *word = row->words; word->name && count < 15; word++) {
        if (!strcmp(word->name, text)) {
            *slot = word->value;
            return true;
        }
        names[count++] = word->name;
        strncat(allowed, count > 1 ? ", " : "", sizeof allowed - strlen(allowed) - 1);
        strncat(allowed, word->name, sizeof allowed - strlen(allowed) - 1);
    }
    const char *near = origin->is_expanded ? NULL : yaml_nearest(slice_from_cstr(text), names);
    origin_wrong(origin, "%s: '%s' is not allowed%s%s%s; allowed are %s", row->path,
                 origin_shown(origin, text), near ? "; did you mean '" : "", near ? near : "",
                 near ? "'?" : "", allowed);
    return false;
}

bool setting_set(struct config *config, const struct config_row *row, const char *text,
                 const struct origin *origin)
{
    void *slot = (char *)config + row->slot;
    long long number = 0;
    bool good = true;
    switch (row->type) {
    case TYPE_TEXT:
        free(*(char **)slot);
        *(char **)slot = strdup(text);
        return true;
    case TYPE_LIST:
        config_list_add(slot, strdup(text));
        return true;
    case TYPE_WORD:
        return set_word(row, text, slot, origin);
    case TYPE_INTEGER:
        good = value_integer(text, &number);
        break;
    case TYPE_DURATION:
        good = value_duration(text, &number);
        break;
    case TYPE_SIZE:
        good = value_size(text, &number);
        break;
    case TYPE_SHARE:
        good = value_share(text, &number);
        break;
    }
    static const char *const examples[] = {"",
                                           "",
                                           "a whole number such as 4",
                                           "a duration such as 100ms or 5s",
                                           "a size such as 16MiB or 64kB",
                                           "a share from 0 to 1, such as 0.1",
                                           ""};
    if (!good)
        origin_wrong(origin, "%s: '%s' is not %s", row->path, origin_shown(origin, text),
                     examples[row->type]);
    else if (number < row->min || number > row->max)
        origin_wrong(origin, "%s: %s is out of range; %lld to %lld%s are allowed", row->path,
                     origin_shown(origin, text), row->min, row->max,
                     row->type == TYPE_DURATION ? " ms"
                     : row->type == TYPE_SIZE   ? " bytes"
                                                : "");
    else
        *(long long *)slot = number;
    return good && number >= row->min && number <= row->max;
}

char *setting_expand(desk_slice text, struct origin *origin, const char *what)
{
    char error[CONFIG_ERROR_SIZE];
    char *value = value_expand(text, error, sizeof error);
    origin->is_expanded = slice_find(text, slice_from_cstr("${"), 0) != DESK_SLICE_NONE;
    origin->is_from_file = slice_find(text, slice_from_cstr("${file:"), 0) != DESK_SLICE_NONE;
    if (!value)
        origin_wrong(origin, "%s: %s", what, error);
    return value;
}

static bool read_scalar(struct config *config, const struct config_row *row, struct origin *origin)
{
    if (yaml_kind(origin->node) != YAML_SCALAR) {
        yaml_mistake(origin->node, "%s: a single value is wanted here", row->path);
        return false;
    }
    char *value = setting_expand(yaml_text(origin->node), origin, row->path);
    bool good = value && setting_set(config, row, value, origin);
    free(value);
    return good;
}

/* A single value is a list of one. */
static bool read_list(struct config *config, const struct config_row *row, struct origin *origin)
{
    bool good = true;
    struct yaml_cursor cursor = yaml_cursor(origin->node);
    config_list_free((struct config_list *)(void *)((char *)config + row->slot));
    if (yaml_kind(origin->node) == YAML_SCALAR)
        return read_scalar(config, row, origin);
    while (yaml_next(&cursor)) {
        struct origin item = {.node = cursor.value, .mistakes = origin->mistakes};
        good &= read_scalar(config, row, &item);
        origin->is_from_file |= item.is_from_file;
    }
    return good;
}

void setting_read(struct config *config, const struct config_row *row, struct yaml_node node,
                  struct mistakes *mistakes)
{
    struct origin origin = {.node = node, .mistakes = mistakes};
    bool good = row->type == TYPE_LIST ? read_list(config, row, &origin)
                                       : read_scalar(config, row, &origin);
    place_set(&config->places[row - CONFIG_ROWS], &origin, !good);
}
