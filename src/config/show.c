/* The effective configuration, with the origin of every value. */
#include "config/show.h"

#include <string.h>

#include "article/fields.h"
#include "base/slice.h"
#include "config/parts.h"

enum { COMMENT_COLUMN = 48 };

static const char HIDDEN[] = "(hidden)";

/* --- scalars ------------------------------------------------------------------------------- */

/* Whether YAML reads the text as itself without quotes. */
static bool is_plain(const char *text)
{
    static const char *const words[] = {"true", "false", "null", "yes", "no", "~", NULL};
    for (const char *const *word = words; *word; word++)
        if (!strcmp(text, *word))
            return false;
    for (const char *c = text; *c; c++)
        if (!ascii_is_alpha(*c) && !ascii_is_digit(*c) && !strchr("._-/+:", *c))
            return false;
    return *text && !strchr(":-?", text[0]) && text[strlen(text) - 1] != ':';
}

/* Double quotes, so that nothing in the text can end them or the line. Returns bytes written. */
static int put_text(FILE *out, const char *text)
{
    int written = 2;
    if (is_plain(text))
        return fprintf(out, "%s", text);
    fputc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20 || c == 0x7F)
            written += fprintf(out, "\\x%02X", c);
        else
            written += fprintf(out, c == '"' || c == '\\' ? "\\%c" : "%c", c);
    }
    fputc('"', out);
    return written;
}

/* A field of YAML's flow lists must not hold what ends it. */
static int put_list(FILE *out, const struct config_list *list)
{
    int written = fprintf(out, "[");
    for (size_t i = 0; i < list->count; i++) {
        written += fprintf(out, "%s", i ? ", " : "");
        written += put_text(out, list->items[i]);
    }
    return written + fprintf(out, "]");
}

static void put_comment(FILE *out, int column, const struct config_place *place)
{
    char where[CONFIG_PLACE_SIZE];
    config_place_print(place, where);
    fprintf(out, "%*s# %s\n", column < COMMENT_COLUMN ? COMMENT_COLUMN - column : 1, "", where);
}

/* --- keys of the table --------------------------------------------------------------------- */

static int put_size(FILE *out, long long bytes)
{
    static const char *const units[] = {"", "KiB", "MiB", "GiB"};
    size_t unit = 0;
    for (; unit < 3 && bytes && bytes % 1024 == 0; unit++)
        bytes /= 1024;
    return fprintf(out, "%lld%s", bytes, units[unit]);
}

static int put_duration(FILE *out, long long ms)
{
    if (ms && ms % 3600000 == 0)
        return fprintf(out, "%lldh", ms / 3600000);
    if (ms && ms % 60000 == 0)
        return fprintf(out, "%lldm", ms / 60000);
    return ms && ms % 1000 == 0 ? fprintf(out, "%llds", ms / 1000) : fprintf(out, "%lldms", ms);
}

static int put_word(FILE *out, const struct config_row *row, long long value)
{
    for (const struct config_word *word = row->words; word->name; word++)
        if (word->value == value)
            return put_text(out, word->name);
    return 0;
}

static int put_share(FILE *out, long long millionths)
{
    return fprintf(out, "%g", (double)millionths / 1e6);
}

static int put_value(FILE *out, const struct config *config, const struct config_row *row)
{
    const void *slot = (const char *)config + row->slot;
    bool is_hidden = config_is_secret(row->path) || config->places[row - CONFIG_ROWS].is_from_file;
    switch (row->type) {
    case TYPE_TEXT:
        return put_text(out, is_hidden ? HIDDEN : *(char *const *)slot);
    case TYPE_LIST:
        return is_hidden ? put_text(out, HIDDEN) : put_list(out, slot);
    case TYPE_WORD:
        return put_word(out, row, *(const long long *)slot);
    case TYPE_DURATION:
        return put_duration(out, *(const long long *)slot);
    case TYPE_SIZE:
        return put_size(out, *(const long long *)slot);
    case TYPE_SHARE:
        return put_share(out, *(const long long *)slot);
    case TYPE_INTEGER:
        break;
    }
    return fprintf(out, "%lld", *(const long long *)slot);
}

/* What was never set and has no default is left out. */
static bool is_given(const struct config *config, const struct config_row *row)
{
    const void *slot = (const char *)config + row->slot;
    if (!strncmp(row->path, "create_topics.", 14) && !config->create_topics)
        return false;
    return row->type == TYPE_TEXT   ? *(char *const *)slot != NULL
           : row->type == TYPE_LIST ? ((const struct config_list *)slot)->count > 0
                                    : true;
}

static void put_fields(FILE *out, const struct config *config)
{
    for (size_t i = 0; i < config->aliases_count; i++) {
        const desk_field_alias *alias = &config->aliases[i];
        bool is_first = !i || !slice_equal(alias->field, config->aliases[i - 1].field);
        if (is_first)
            fprintf(out, "%s    %.*s: [", i ? "]\n" : "  fields:\n", (int)alias->field.len,
                    alias->field.data);
        fputs(is_first ? "" : ", ", out);
        put_text(out, alias->name.data); /* copies, which end with a NUL */
    }
    fputs(config->aliases_count ? "]\n" : "", out);
}

/* Keys of a section stand together in the table. */
static void put_rows(FILE *out, const struct config *config)
{
    size_t len = 0;
    const char *section = "";
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++) {
        const char *dot = strchr(row->path, '.');
        if (!is_given(config, row))
            continue;
        if (dot && (len != (size_t)(dot - row->path) || strncmp(section, row->path, len))) {
            section = row->path;
            len = (size_t)(dot - row->path);
            fprintf(out, "%.*s:\n", (int)len, section);
            if (!strncmp(section, "input.", 6))
                put_fields(out, config);
        }
        int column = fprintf(out, dot ? "  %s: " : "%s: ", dot ? dot + 1 : row->path);
        put_comment(out, column + put_value(out, config, row), &config->places[row - CONFIG_ROWS]);
        len = dot ? len : 0;
    }
}

/* --- the rest ------------------------------------------------------------------------------ */

static void put_properties(FILE *out, const struct config_properties *list, int indent)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct config_property *property = &list->items[i];
        bool is_hidden = config_is_secret(property->name) || property->place.is_from_file;
        int column = fprintf(out, "%*s", indent, "");
        column += put_text(out, property->name) + fprintf(out, ": ");
        put_comment(out, column + put_text(out, is_hidden ? HIDDEN : property->value),
                    &property->place);
    }
}

static void put_kafka(FILE *out, const struct config *config)
{
    if (!config->kafka.count && !config->consumer.count && !config->producer.count)
        return;
    fputs("kafka:\n", out);
    put_properties(out, &config->kafka, 2);
    if (config->consumer.count)
        fputs("  consumer:\n", out);
    put_properties(out, &config->consumer, 4);
    if (config->producer.count)
        fputs("  producer:\n", out);
    put_properties(out, &config->producer, 4);
}

static void put_condition(FILE *out, const char *name, const struct config_list *list,
                          bool *is_first)
{
    if (!list->count)
        return;
    fprintf(out, "%s%s: ", *is_first ? "" : ", ", name);
    put_list(out, list);
    *is_first = false;
}

static void put_route(FILE *out, const struct config_route *route)
{
    bool is_first = true;
    fputs("  - when: {", out);
    put_condition(out, "subject", &route->subjects, &is_first);
    put_condition(out, "language", &route->languages, &is_first);
    put_condition(out, "source", &route->sources, &is_first);
    put_condition(out, "input", &route->inputs, &is_first);
    put_condition(out, "rejected", &route->codes, &is_first);
    if (route->is_for_rejected && !route->codes.count)
        fprintf(out, "%srejected: any", is_first ? "" : ", ");
    fputs("}\n", out);
    int column = fprintf(out, "    topic: ");
    put_comment(out, column + put_text(out, route->topic ? route->topic : ""), &route->place);
}

/* The file's paths are shown as they are used: relative ones from where the file lies. */
static void put_stage(FILE *out, const struct config_stage *stage)
{
    int column = fprintf(out, "  - %s: ", stage->load ? "load" : "command");
    if (stage->load)
        column += put_text(out, stage->load);
    else
        column += stage->is_command_hidden ? put_text(out, HIDDEN) : put_list(out, &stage->command);
    put_comment(out, column, &stage->place);
    if (stage->name)
        fprintf(out, "    name: %s\n", stage->name);
    fprintf(out, "    after: %s\n", stage->after ? stage->after : "fingerprint");
    if (stage->timeout_ms)
        fprintf(out, "    timeout: %lldms\n", stage->timeout_ms);
    if (stage->start_timeout_ms)
        fprintf(out, "    start_timeout: %lldms\n", stage->start_timeout_ms);
    if (stage->config)
        fprintf(out, "    config: %s\n", stage->secrets.count ? "{} # (hidden)" : stage->config);
}

void config_show(const struct config *config, FILE *out)
{
    put_kafka(out, config);
    put_rows(out, config);
    if (config->routes.count)
        fputs("routes:\n", out);
    for (size_t i = 0; i < config->routes.count; i++)
        put_route(out, &config->routes.items[i]);
    if (config->stages_count)
        fputs("stages:\n", out);
    for (size_t i = 0; i < config->stages_count; i++)
        put_stage(out, &config->stages[i]);
}
