/* Loading: defaults, then the file, then the environment; every mistake is collected with its
 * place. */
#include "config/config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "article/fields.h"
#include "base/slice.h"
#include "base/wipe.h"
#include "config/schema.h"
#include "config/values.h"
#include "yaml/yaml.h"

extern char **environ;

enum { ERROR_SIZE = 512, PATH_SIZE = 128, FILE_MAX = 4 << 20 };

/* Where a value came from, for messages. */
struct origin {
    struct yaml_node node; /* set for the file */
    const char *variable;  /* set for the environment */
    struct mistakes *mistakes;
    bool is_expanded; /* the value came out of a file or variable: it may be a secret */
};

/* A value for a message: one that the file does not show is not shown here either. */
static const char *shown(const struct origin *origin, const char *text)
{
    return origin->is_expanded ? "the value of this variable or file" : text;
}

static void wrong(const struct origin *origin, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void wrong(const struct origin *origin, const char *format, ...)
{
    char text[ERROR_SIZE * 2];
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

/* --- single values ------------------------------------------------------------------------- */

static void list_free(struct config_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct config_list){NULL, 0};
}

static void list_add(struct config_list *list, char *text)
{
    char **grown = text ? realloc(list->items, (list->count + 1) * sizeof *grown) : NULL;
    if (!grown) {
        free(text);
        return;
    }
    list->items = grown;
    list->items[list->count++] = text;
}

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
    wrong(origin, "%s: '%s' is not allowed%s%s%s; allowed are %s", row->path, shown(origin, text),
          near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", allowed);
    return false;
}

static void set_value(struct config *config, const struct config_row *row, const char *text,
                      const struct origin *origin)
{
    void *slot = (char *)config + row->slot;
    long long number = 0;
    bool good = true;
    switch (row->type) {
    case TYPE_TEXT:
        free(*(char **)slot);
        *(char **)slot = strdup(text);
        return;
    case TYPE_LIST:
        list_add(slot, strdup(text));
        return;
    case TYPE_WORD:
        set_word(row, text, slot, origin);
        return;
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
        wrong(origin, "%s: '%s' is not %s", row->path, shown(origin, text), examples[row->type]);
    else if (number < row->min || number > row->max)
        wrong(origin, "%s: %s is out of range; %lld to %lld%s are allowed", row->path,
              shown(origin, text), row->min, row->max,
              row->type == TYPE_DURATION ? " ms"
              : row->type == TYPE_SIZE   ? " bytes"
                                         : "");
    else
        *(long long *)slot = number;
}

/* Sets origin->is_expanded. */
static char *expanded(desk_slice text, struct origin *origin, const char *what)
{
    char error[ERROR_SIZE];
    char *value = value_expand(text, error, sizeof error);
    origin->is_expanded = slice_find(text, slice_from_cstr("${"), 0) != DESK_SLICE_NONE;
    if (!value)
        wrong(origin, "%s: %s", what, error);
    return value;
}

static void set_node(struct config *config, const struct config_row *row, struct yaml_node node,
                     struct mistakes *mistakes)
{
    struct origin origin = {node, NULL, mistakes, false};
    if (row->type == TYPE_LIST) {
        struct yaml_cursor cursor = yaml_cursor(node);
        list_free((struct config_list *)(void *)((char *)config + row->slot));
        if (yaml_kind(node) == YAML_SCALAR) {
            char *value = expanded(yaml_text(node), &origin, row->path);
            if (value)
                set_value(config, row, value, &origin);
            free(value);
            return;
        }
        while (yaml_next(&cursor)) {
            struct origin item = {cursor.value, NULL, mistakes, false};
            char *value = expanded(yaml_text(cursor.value), &item, row->path);
            if (value)
                set_value(config, row, value, &item);
            free(value);
        }
        return;
    }
    if (yaml_kind(node) != YAML_SCALAR) {
        yaml_mistake(node, "%s: a single value is wanted here", row->path);
        return;
    }
    char *value = expanded(yaml_text(node), &origin, row->path);
    if (value)
        set_value(config, row, value, &origin);
    free(value);
}

/* --- kafka properties ---------------------------------------------------------------------- */

bool config_is_secret(const char *property)
{
    static const char *const words[] = {"password",           "secret", ".pem", "token",
                                        "oauthbearer.config", NULL};
    for (const char *const *word = words; *word; word++)
        if (strstr(property, *word))
            return true;
    return false;
}

/* What the delivery guarantee rests on, with the reason a person is told. */
static const struct config_word OWNED[] = {{"isolation.level", 0},
                                           {"enable.auto.commit", 1},
                                           {"enable.auto.offset.store", 1},
                                           {"enable.idempotence", 2},
                                           {"acks", 2},
                                           {"request.required.acks", 2},
                                           {"transactional.id", 3},
                                           {"group.id", 4},
                                           {"partition.assignment.strategy", 5},
                                           {"auto.commit.interval.ms", 1},
                                           {"auto.commit.enable", 1},
                                           {NULL, 0}};
static const char *const OWNED_REASONS[] = {
    "input is always read_committed, else records of aborted transactions would be published",
    "offsets are committed with the records they belong to, never by a timer",
    "records are always produced idempotently and acknowledged by all replicas",
    "it is made of group, instance and lane to fence a predecessor; set instance instead",
    "set input.group instead",
    "it is cooperative-sticky, so that a rebalance stops only what moves"};

static void check_owned(const char *name, const struct origin *origin)
{
    for (const struct config_word *word = OWNED; word->name; word++)
        if (!strcmp(word->name, name))
            wrong(origin, "kafka: %s is owned by copydesk: %s", name, OWNED_REASONS[word->value]);
}

static void set_property(struct config_properties *list, const char *name, char *value,
                         const struct origin *origin)
{
    char where[ERROR_SIZE] = "";
    if (!value)
        return;
    check_owned(name, origin);
    if (yaml_is_set(origin->node)) {
        size_t line, column;
        yaml_position(origin->node, &line, &column);
        snprintf(where, sizeof where, "%zu:%zu", line, column);
    } else if (origin->variable) {
        snprintf(where, sizeof where, "%s", origin->variable);
    }
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i].name, name)) {
            wipe_text(list->items[i].value);
            free(list->items[i].where);
            list->items[i].value = value;
            list->items[i].where = strdup(where);
            list->items[i].is_expanded = origin->is_expanded;
            return;
        }
    struct config_property *grown = realloc(list->items, (list->count + 1) * sizeof *grown);
    if (!grown) {
        free(value);
        return;
    }
    list->items = grown;
    list->items[list->count++] =
        (struct config_property){strdup(name), value, strdup(where), origin->is_expanded};
}

static void read_properties(struct config *config, struct config_properties *list,
                            struct yaml_node mapping, struct mistakes *mistakes)
{
    struct yaml_cursor cursor = yaml_cursor(mapping);
    if (yaml_is_set(mapping) && yaml_kind(mapping) != YAML_MAPPING) {
        yaml_mistake(
            mapping,
            "kafka: properties are wanted here, such as bootstrap.servers: localhost:9092");
        return;
    }
    while (yaml_next(&cursor)) {
        char name[PATH_SIZE];
        desk_slice key = yaml_text(cursor.key);
        struct origin origin = {cursor.value, NULL, mistakes, false};
        if (list == &config->kafka && (slice_is(key, "consumer") || slice_is(key, "producer")))
            continue;
        if (!key.len || key.len >= sizeof name || yaml_kind(cursor.value) != YAML_SCALAR) {
            yaml_mistake(cursor.key, "kafka: a property needs a name and a single value");
            continue;
        }
        memcpy(name, key.data, key.len);
        name[key.len] = '\0';
        char *value = expanded(yaml_text(cursor.value), &origin, name);
        set_property(list, name, value, &origin);
    }
}

/* --- the file ------------------------------------------------------------------------------ */

/* Keys below a section ("" for the top) as the table has them, for messages on unknown ones. */
static size_t known_keys(const char *section, const char **names, char buffer[][PATH_SIZE],
                         size_t max)
{
    size_t count = 0, len = strlen(section);
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++) {
        const char *rest = row->path;
        if (len && (strncmp(row->path, section, len) || row->path[len] != '.'))
            continue;
        rest += len ? len + 1 : 0;
        size_t part = strcspn(rest, ".");
        bool is_new = true;
        for (size_t i = 0; i < count; i++)
            is_new &= strncmp(buffer[i], rest, part) || buffer[i][part];
        if (!is_new || count + 1 >= max || part >= PATH_SIZE)
            continue;
        memcpy(buffer[count], rest, part);
        buffer[count][part] = '\0';
        names[count] = buffer[count];
        count++;
    }
    return count;
}

enum { NAMES_MAX = 64 };

static void check_keys(struct yaml_node mapping, const char *section, const char *extra1,
                       const char *extra2)
{
    const char *names[NAMES_MAX];
    char buffer[NAMES_MAX][PATH_SIZE];
    size_t count = known_keys(section, names, buffer, NAMES_MAX - 3);
    if (extra1)
        names[count++] = extra1;
    if (extra2)
        names[count++] = extra2;
    names[count] = NULL;
    yaml_check_keys(mapping, names);
}

static bool is_field(desk_slice name)
{
    for (const char *const *known = input_field_names(); *known; known++)
        if (slice_is(name, *known))
            return true;
    return false;
}

static void read_aliases(struct config *config, struct yaml_node fields)
{
    struct yaml_cursor cursor = yaml_cursor(fields);
    while (yaml_next(&cursor)) {
        desk_slice field = yaml_text(cursor.key);
        if (!is_field(field)) {
            const char *near = yaml_nearest(field, input_field_names());
            yaml_mistake(cursor.key, "input.fields: '%.*s' is no field%s%s%s", (int)field.len,
                         field.data ? field.data : "", near ? "; did you mean '" : "",
                         near ? near : "", near ? "'?" : "");
            continue;
        }
        struct yaml_node list = cursor.value;
        size_t count = yaml_kind(list) == YAML_SEQUENCE ? yaml_count(list) : 1;
        for (size_t i = 0; i < count; i++) {
            desk_slice name =
                yaml_text(yaml_kind(list) == YAML_SEQUENCE ? yaml_item(list, i) : list);
            desk_field_alias *grown =
                realloc(config->aliases, (config->aliases_count + 1) * sizeof *grown);
            char *field_copy = strndup(field.data, field.len),
                 *name_copy = name.len ? strndup(name.data, name.len) : NULL;
            if (grown)
                config->aliases = grown;
            if (!grown || !field_copy || !name_copy) {
                free(field_copy);
                free(name_copy);
                continue;
            }
            grown[config->aliases_count++] =
                (desk_field_alias){slice_of(field_copy, field.len), slice_of(name_copy, name.len)};
        }
    }
}

/* Walks one section by the table; a row without a dot is a key of the top level. */
static void read_rows(struct config *config, struct yaml_node root, struct mistakes *mistakes)
{
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++) {
        char section[PATH_SIZE];
        const char *dot = strchr(row->path, '.');
        struct yaml_node node;
        if (dot) {
            size_t len = (size_t)(dot - row->path);
            memcpy(section, row->path, len);
            section[len] = '\0';
            node = yaml_get(yaml_get(root, section), dot + 1);
        } else {
            node = yaml_get(root, row->path);
        }
        if (yaml_is_set(node))
            set_node(config, row, node, mistakes);
    }
}

static void check_sections(struct yaml_node root)
{
    struct yaml_cursor cursor = yaml_cursor(root);
    check_keys(root, "", "kafka", NULL);
    while (yaml_next(&cursor)) {
        char section[PATH_SIZE];
        desk_slice key = yaml_text(cursor.key);
        if (slice_is(key, "kafka") || key.len >= sizeof section ||
            yaml_kind(cursor.value) != YAML_MAPPING)
            continue;
        memcpy(section, key.data, key.len);
        section[key.len] = '\0';
        check_keys(cursor.value, section, slice_is(key, "input") ? "fields" : NULL, NULL);
    }
}

static void read_document(struct config *config, struct yaml_node root, struct mistakes *mistakes)
{
    if (yaml_kind(root) != YAML_MAPPING) {
        yaml_mistake(root, "a configuration is a mapping of sections, such as kafka: and input:");
        return;
    }
    struct yaml_node kafka = yaml_get(root, "kafka");
    check_sections(root);
    read_rows(config, root, mistakes);
    read_properties(config, &config->kafka, kafka, mistakes);
    read_properties(config, &config->consumer, yaml_get(kafka, "consumer"), mistakes);
    read_properties(config, &config->producer, yaml_get(kafka, "producer"), mistakes);
    read_aliases(config, yaml_get(yaml_get(root, "input"), "fields"));
    config->create_topics = yaml_is_set(yaml_get(root, "create_topics"));
}

static bool read_file(const char *path, char **data, size_t *len, struct mistakes *mistakes)
{
    FILE *file = fopen(path, "rb");
    *data = file ? malloc(FILE_MAX) : NULL;
    *len = *data ? fread(*data, 1, FILE_MAX, file) : 0;
    bool good = *data && !ferror(file) && *len < FILE_MAX;
    if (!good)
        mistakes_add(mistakes, path, 0, 0, false, "the configuration cannot be read: %s",
                     *len == FILE_MAX ? "it is larger than 4 MiB" : strerror(errno));
    if (file)
        fclose(file);
    return good;
}

/* --- the environment ----------------------------------------------------------------------- */

/* "commit.interval" -> "COPYDESK_COMMIT_INTERVAL" */
static void variable_name(const char *path, char out[PATH_SIZE])
{
    size_t len = (size_t)snprintf(out, PATH_SIZE, "COPYDESK_%s", path);
    for (size_t i = 0; i < len && i < PATH_SIZE; i++)
        out[i] = out[i] == '.'                    ? '_'
                 : out[i] >= 'a' && out[i] <= 'z' ? (char)(out[i] - 32)
                                                  : out[i];
}

static void override_row(struct config *config, const struct config_row *row,
                         struct mistakes *mistakes)
{
    char name[PATH_SIZE];
    variable_name(row->path, name);
    const char *value = getenv(name);
    struct origin origin = {{NULL, NULL}, name, mistakes, false};
    if (!value)
        return;
    if (row->type != TYPE_LIST) {
        set_value(config, row, value, &origin);
        return;
    }
    list_free((struct config_list *)(void *)((char *)config + row->slot));
    while (*value) {
        size_t len = strcspn(value, ",");
        char *item = strndup(value, len);
        if (item && len)
            set_value(config, row, item, &origin);
        free(item);
        value += len + (value[len] == ',');
    }
}

/* COPYDESK_KAFKA_BOOTSTRAP_SERVERS and COPYDESK_KAFKA_CONSUMER_FETCH_MIN_BYTES set properties: each
 * _ is a dot. */
static void override_property(struct config *config, const char *entry, struct mistakes *mistakes)
{
    static const char prefix[] = "COPYDESK_KAFKA_";
    char variable[PATH_SIZE], name[PATH_SIZE];
    const char *equals = strchr(entry, '=');
    if (strncmp(entry, prefix, sizeof prefix - 1) || !equals ||
        (size_t)(equals - entry) >= PATH_SIZE)
        return;
    size_t len = (size_t)(equals - entry), from = sizeof prefix - 1;
    memcpy(variable, entry, len);
    variable[len] = '\0';
    struct config_properties *list = &config->kafka;
    if (!strncmp(variable + from, "CONSUMER_", 9))
        list = &config->consumer, from += 9;
    else if (!strncmp(variable + from, "PRODUCER_", 9))
        list = &config->producer, from += 9;
    size_t i = 0;
    for (; variable[from + i]; i++)
        name[i] = variable[from + i] == '_' ? '.' : ascii_lower(variable[from + i]);
    name[i] = '\0';
    struct origin origin = {{NULL, NULL}, variable, mistakes, false};
    set_property(list, name, strdup(equals + 1), &origin);
}

static void read_environment(struct config *config, struct mistakes *mistakes)
{
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++)
        override_row(config, row, mistakes);
    for (char **entry = environ; *entry; entry++)
        override_property(config, *entry, mistakes);
}

/* --- secrets ------------------------------------------------------------------------------- */

static void keep_secret(struct config *config, const char *value)
{
    if (value && strlen(value) >= CONFIG_SECRET_LEN_MIN)
        list_add(&config->secrets, strdup(value));
}

static void keep_secrets(struct config *config)
{
    const struct config_properties *lists[] = {&config->kafka, &config->consumer,
                                               &config->producer};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            if (config_is_secret(lists[i]->items[j].name))
                keep_secret(config, lists[i]->items[j].value);
    keep_secret(config, config->http_password);
    keep_secret(config, config->http_token);
}

/* --- whole --------------------------------------------------------------------------------- */

static void set_defaults(struct config *config, struct mistakes *mistakes)
{
    struct origin origin = {{NULL, NULL}, "default", mistakes, false};
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++)
        if (row->initial)
            set_value(config, row, row->initial, &origin);
}

static const char *property(const struct config_properties *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i].name, name))
            return list->items[i].value;
    return NULL;
}

/* What single values cannot show. */
static void check_whole(const struct config *config, const char *path, struct mistakes *mistakes)
{
    const char *file = path ? path : "configuration";
    const char *consumer = property(&config->consumer, "bootstrap.servers"),
               *producer = property(&config->producer, "bootstrap.servers");
    bool is_template = strchr(config->output_topic, '{') != NULL;
    if (config->delivery == DELIVERY_EXACTLY_ONCE && consumer && producer &&
        strcmp(consumer, producer))
        mistakes_add(mistakes, file, 0, 0, false,
                     "delivery: exactly-once needs one cluster, but kafka.consumer and "
                     "kafka.producer name different bootstrap.servers: "
                     "a transaction cannot span two clusters; set delivery: at-least-once");
    if (is_template && !config->output_topics.count)
        mistakes_add(mistakes, file, 0, 0, false,
                     "output.topic is a template, so output.topics must list the topics it may "
                     "come to: data must not name topics");
    for (size_t i = 0; i < config->input_topics.count; i++)
        if (!strcmp(config->input_topics.items[i], config->output_topic) ||
            !strcmp(config->input_topics.items[i], config->rejected_topic))
            mistakes_add(mistakes, file, 0, 0, false,
                         "the topic %s is both read and written: records would go round for ever",
                         config->input_topics.items[i]);
    if (!config->http_certificate != !config->http_key)
        mistakes_add(mistakes, file, 0, 0, false,
                     "http.certificate and http.key belong together: set both or none");
    if (!config->http_user != !config->http_password)
        mistakes_add(mistakes, file, 0, 0, false,
                     "http.user and http.password belong together: set both or none");
    if (config->shadow_rulebook && !config->shadow_topic)
        mistakes_add(mistakes, file, 0, 0, false,
                     "shadow.rulebook needs shadow.topic, where the differences go");
    if (config->shadow_topic && (!strcmp(config->shadow_topic, config->output_topic) ||
                                 !strcmp(config->shadow_topic, config->rejected_topic)))
        mistakes_add(mistakes, file, 0, 0, false,
                     "shadow.topic must be a topic of its own: readers of %s expect records",
                     config->shadow_topic);
    for (size_t i = 0; config->shadow_topic && i < config->input_topics.count; i++)
        if (!strcmp(config->shadow_topic, config->input_topics.items[i]))
            mistakes_add(mistakes, file, 0, 0, false,
                         "the topic %s is both read and written: records would go round for ever",
                         config->shadow_topic);
    if (!strcmp(config->output_topic, config->rejected_topic))
        mistakes_add(mistakes, file, 0, 0, false, "output.topic and rejected.topic must differ");
}

static struct config *load(const char *name, const desk_slice *text, bool with_environment,
                           struct mistakes *mistakes)
{
    struct config *config = calloc(1, sizeof *config);
    size_t errors = mistakes->errors;
    if (!config)
        return NULL;
    set_defaults(config, mistakes);
    struct yaml_file *file = text ? yaml_open(name, *text, mistakes) : NULL;
    if (file)
        read_document(config, yaml_root(file), mistakes);
    yaml_close(file);
    if (with_environment)
        read_environment(config, mistakes);
    keep_secrets(config);
    if (mistakes->errors == errors)
        check_whole(config, name, mistakes);
    if (mistakes->errors == errors)
        return config;
    config_free(config);
    return NULL;
}

struct config *config_load(const char *path, struct mistakes *mistakes)
{
    char *data = NULL;
    size_t len = 0;
    struct config *config = NULL;
    if (!path)
        return load(NULL, NULL, true, mistakes);
    if (read_file(path, &data, &len, mistakes)) {
        desk_slice text = slice_of(data, len);
        config = load(path, &text, true, mistakes);
    }
    wipe(data, len);
    free(data);
    return config;
}

struct config *config_load_text(const char *name, desk_slice text, struct mistakes *mistakes)
{
    return load(name, &text, false, mistakes);
}

static void properties_free(struct config_properties *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].name);
        wipe_text(list->items[i].value);
        free(list->items[i].where);
    }
    free(list->items);
}

void config_free(struct config *config)
{
    if (!config)
        return;
    for (const struct config_row *row = CONFIG_ROWS; row->path; row++) {
        void *slot = (char *)config + row->slot;
        if (row->type == TYPE_TEXT)
            wipe_text(*(char **)slot);
        else if (row->type == TYPE_LIST)
            list_free(slot);
    }
    for (size_t i = 0; i < config->aliases_count; i++) {
        free((char *)(size_t)config->aliases[i].field.data);
        free((char *)(size_t)config->aliases[i].name.data);
    }
    free(config->aliases);
    for (size_t i = 0; i < config->secrets.count; i++)
        wipe(config->secrets.items[i], strlen(config->secrets.items[i]));
    list_free(&config->secrets);
    properties_free(&config->kafka);
    properties_free(&config->consumer);
    properties_free(&config->producer);
    free(config);
}

void config_set_group(struct config *config, const char *group)
{
    char *copy = strdup(group);
    if (!copy)
        return;
    free(config->input_group);
    config->input_group = copy;
}

const char *config_rulebook_folder(const struct config *config)
{
    return strcmp(config->rulebook, "builtin") ? config->rulebook : NULL;
}
