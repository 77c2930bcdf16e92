/* Places of values, and mistakes at them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/parts.h"

void place_free(struct config_place *place)
{
    free(place->name);
    *place = (struct config_place){.source = SOURCE_DEFAULT};
}

void place_set(struct config_place *place, const struct origin *origin, bool is_faulty)
{
    place_free(place);
    if (yaml_is_set(origin->node)) {
        place->source = SOURCE_FILE;
        place->name = strdup(yaml_file_name(origin->node));
        yaml_position(origin->node, &place->line, &place->column);
    } else if (origin->variable) {
        place->source = SOURCE_ENVIRONMENT;
        place->name = strdup(origin->variable);
    }
    place->is_from_file = origin->is_from_file;
    place->is_faulty = is_faulty;
}

void config_place_print(const struct config_place *place, char out[CONFIG_PLACE_SIZE])
{
    const char *name = place->name ? place->name : "default";
    if (place->line)
        snprintf(out, CONFIG_PLACE_SIZE, "%.400s:%zu:%zu", name, place->line, place->column);
    else
        snprintf(out, CONFIG_PLACE_SIZE, "%.400s", name);
}

const struct config_place *config_place_of(const struct config *config, const char *path)
{
    const struct config_row *row = CONFIG_ROWS;
    while (row->path && strcmp(row->path, path))
        row++;
    return &config->places[row - CONFIG_ROWS];
}

void config_mistake(struct mistakes *mistakes, const struct config_place *place, bool is_warning,
                    const char *format, ...)
{
    char text[CONFIG_ERROR_SIZE * 2];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    mistakes_add(mistakes, place->name ? place->name : "default", place->line, place->column,
                 is_warning, "%s", text);
}
