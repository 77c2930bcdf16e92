/* The library's own table, as rd_kafka_conf_properties_show prints it, is where names and sides
 * come from, so that hints fit the version that is linked. */
#include "kafka/property_check.h"

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "kafka/client.h"
#include "yaml/yaml.h"

enum { NAMES_MAX = 512, TEXT_SIZE = 512 };

struct table {
    char *text; /* the printed table, cut into names */
    size_t size;
    const char *names[NAMES_MAX + 1];
    char sides[NAMES_MAX]; /* 'C', 'P' or '*' */
    size_t count;
};

/* "fetch.min.bytes      |  C  | 1 .. 100000 | ..." */
static void take_row(struct table *table, char *line)
{
    char *bar = strchr(line, '|'), *space = strchr(line, ' ');
    if (!bar || !space || space > bar || strchr("-P#", line[0]) || table->count == NAMES_MAX)
        return;
    *space = '\0';
    table->sides[table->count] = bar[3];
    table->names[table->count++] = line;
}

static bool table_read(struct table *table)
{
    FILE *out = open_memstream(&table->text, &table->size);
    if (!out)
        return false;
    rd_kafka_conf_properties_show(out);
    if (fclose(out))
        return false;
    for (char *line = table->text, *next; line && *line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        take_row(table, line);
    }
    table->names[table->count] = NULL;
    return true;
}

static char side_of(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (!strcmp(table->names[i], name))
            return table->sides[i];
    return '*';
}

struct scope {
    const char *section;
    const struct config_properties *list;
    char side; /* of the section; '*': both */
};

static void say_unknown(const struct table *table, const struct scope *scope,
                        const struct config_property *property, struct mistakes *mistakes)
{
    const char *near = yaml_nearest(slice_from_cstr(property->name), table->names);
    config_mistake(mistakes, &property->place, false,
                   "%s: '%s' is no property of librdkafka %s, which is linked%s%s%s",
                   scope->section, property->name, rd_kafka_version_str(),
                   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static void check_one(const struct table *table, const struct scope *scope,
                      const struct config_property *property, struct mistakes *mistakes)
{
    char text[TEXT_SIZE] = "", side = side_of(table, property->name);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_res_t result =
        rd_kafka_conf_set(conf, property->name, property->value, text, sizeof text);
    rd_kafka_conf_destroy(conf);
    if (result == RD_KAFKA_CONF_UNKNOWN)
        say_unknown(table, scope, property, mistakes);
    else if (result == RD_KAFKA_CONF_INVALID)
        config_mistake(mistakes, &property->place, false, "%s: %s: %s", scope->section,
                       property->name, client_property_fault(property, text));
    else if (side != '*' && scope->side != '*' && side != scope->side)
        config_mistake(mistakes, &property->place, true,
                       "%s: %s is of the %s and does nothing here; move it to kafka.%s",
                       scope->section, property->name, side == 'C' ? "consumer" : "producer",
                       side == 'C' ? "consumer" : "producer");
}

void property_check(const struct config *config, struct mistakes *mistakes)
{
    const struct scope scopes[] = {{"kafka", &config->kafka, '*'},
                                   {"kafka.consumer", &config->consumer, 'C'},
                                   {"kafka.producer", &config->producer, 'P'}};
    struct table *table = calloc(1, sizeof *table);
    if (table && table_read(table))
        for (size_t i = 0; i < sizeof scopes / sizeof scopes[0]; i++)
            for (size_t j = 0; j < scopes[i].list->count; j++)
                check_one(table, &scopes[i], &scopes[i].list->items[j], mistakes);
    if (table)
        free(table->text);
    free(table);
}
