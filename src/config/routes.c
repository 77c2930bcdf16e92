/* Routes: which topic a record goes to by what it is. `when` holds conditions; all of them must
 * hold, and one of the values of each. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "config/parts.h"

enum { ROUTES_MAX = 1000 };

/* --- conditions ---------------------------------------------------------------------------- */

static void add_value(struct config_list *list, struct yaml_node node, const char *what,
                      struct mistakes *mistakes)
{
    struct origin origin = {.node = node, .mistakes = mistakes};
    char *value =
        yaml_kind(node) == YAML_SCALAR ? setting_expand(yaml_text(node), &origin, what) : NULL;
    if (yaml_kind(node) != YAML_SCALAR)
        yaml_mistake(node, "%s: a value or a list of values is wanted here", what);
    else if (value && !*value)
        yaml_mistake(node, "%s: an empty value fits nothing; leave the condition out", what);
    if (value)
        config_list_add(list, value);
}

static void read_values(struct config_list *list, struct yaml_node node, const char *what,
                        struct mistakes *mistakes)
{
    struct yaml_cursor cursor = yaml_cursor(node);
    if (yaml_kind(node) == YAML_SEQUENCE && !yaml_count(node))
        yaml_mistake(node, "%s: an empty list fits nothing; leave the condition out", what);
    if (yaml_kind(node) != YAML_SEQUENCE && yaml_is_set(node))
        add_value(list, node, what, mistakes);
    while (yaml_kind(node) == YAML_SEQUENCE && yaml_next(&cursor))
        add_value(list, cursor.value, what, mistakes);
}

void config_reject_codes(const char *names[CONFIG_CODES_MAX])
{
    size_t count = 0;
    for (int status = DESK_EINPUT_SIZE; status > DESK_ERULEBOOK && count + 1 < CONFIG_CODES_MAX;
         status--)
        if (strcmp(desk_status_code((desk_status)status), "unknown"))
            names[count++] = desk_status_code((desk_status)status);
    names[count] = NULL;
}

static void check_code(struct yaml_node node, const char *code)
{
    const char *names[CONFIG_CODES_MAX + 1] = {"any"};
    config_reject_codes(names + 1);
    for (const char *const *name = names; *name; name++)
        if (!strcmp(*name, code))
            return;
    const char *near = yaml_nearest(slice_from_cstr(code), names);
    yaml_mistake(node,
                 "routes: '%s' is no error code%s%s%s; docs/errors.md lists them, any is all "
                 "of them",
                 code, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static void read_codes(struct config_route *route, struct yaml_node node, struct mistakes *mistakes)
{
    route->is_for_rejected = yaml_is_set(node);
    read_values(&route->codes, node, "routes: rejected", mistakes);
    bool is_any = false;
    for (size_t i = 0; i < route->codes.count; i++) {
        check_code(node, route->codes.items[i]);
        is_any |= !strcmp(route->codes.items[i], "any");
    }
    if (is_any)
        config_list_free(&route->codes);
}

static void read_when(struct config_route *route, struct yaml_node when, struct mistakes *mistakes)
{
    static const char *const keys[] = {"subject", "language", "source", "input", "rejected", NULL};
    if (!yaml_check_keys(when, keys))
        return;
    read_values(&route->subjects, yaml_get(when, "subject"), "routes: subject", mistakes);
    read_values(&route->languages, yaml_get(when, "language"), "routes: language", mistakes);
    read_values(&route->sources, yaml_get(when, "source"), "routes: source", mistakes);
    read_values(&route->inputs, yaml_get(when, "input"), "routes: input", mistakes);
    read_codes(route, yaml_get(when, "rejected"), mistakes);
    if (route->is_for_rejected &&
        (route->subjects.count || route->languages.count || route->sources.count))
        yaml_mistake(when, "routes: a rejected record has no subject, language or source; only "
                           "input goes with rejected");
    if (!yaml_count(when))
        yaml_mistake(when, "routes: when has no condition, so that output.topic would get nothing; "
                           "set output.topic instead");
}

/* --- routes -------------------------------------------------------------------------------- */

static void route_free(struct config_route *route)
{
    config_list_free(&route->subjects);
    config_list_free(&route->languages);
    config_list_free(&route->sources);
    config_list_free(&route->inputs);
    config_list_free(&route->codes);
    free(route->topic);
    place_free(&route->place);
}

void routes_free(struct config_routes *routes)
{
    for (size_t i = 0; i < routes->count; i++)
        route_free(&routes->items[i]);
    free(routes->items);
    *routes = (struct config_routes){NULL, 0};
}

static void read_route(struct config_route *route, struct yaml_node node, struct mistakes *mistakes)
{
    static const char *const keys[] = {"when", "topic", NULL};
    struct yaml_node topic = yaml_get(node, "topic"), when = yaml_get(node, "when");
    struct origin origin = {.node = yaml_is_set(topic) ? topic : node, .mistakes = mistakes};
    if (!yaml_check_keys(node, keys))
        return;
    if (!yaml_is_set(when) || yaml_kind(topic) != YAML_SCALAR)
        yaml_mistake(node, "routes: a route is {when: {subject: medtop:15000000}, topic: sports}");
    else
        route->topic = setting_expand(yaml_text(topic), &origin, "routes: topic");
    place_set(&route->place, &origin, !route->topic);
    if (yaml_is_set(when))
        read_when(route, when, mistakes);
}

/* --- routes that get nothing --------------------------------------------------------------- */

/* Whether all that fits the later condition fits the earlier one. */
static bool covers(const struct config_list *earlier, const struct config_list *later)
{
    if (earlier->count && !later->count)
        return false;
    for (size_t i = 0; earlier->count && i < later->count; i++)
        if (!config_list_has(earlier, later->items[i]))
            return false;
    return true;
}

static bool takes_all(const struct config_route *earlier, const struct config_route *later)
{
    return earlier->is_for_rejected == later->is_for_rejected &&
           covers(&earlier->subjects, &later->subjects) &&
           covers(&earlier->languages, &later->languages) &&
           covers(&earlier->sources, &later->sources) && covers(&earlier->inputs, &later->inputs) &&
           covers(&earlier->codes, &later->codes);
}

static void warn_unreachable(const struct config_routes *routes, struct mistakes *mistakes)
{
    char where[CONFIG_PLACE_SIZE];
    for (size_t later = 1; later < routes->count; later++)
        for (size_t i = 0; i < later; i++)
            if (takes_all(&routes->items[i], &routes->items[later])) {
                config_place_print(&routes->items[i].place, where);
                config_mistake(mistakes, &routes->items[later].place, true,
                               "routes: this route is never reached: the one to %s (%s) takes all "
                               "its records; put the narrower one first",
                               routes->items[i].topic ? routes->items[i].topic : "?", where);
                break;
            }
}

void routes_read(struct config *config, struct yaml_node list, struct mistakes *mistakes)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    size_t errors = mistakes->errors, count = yaml_count(list);
    if (!yaml_is_set(list))
        return;
    routes_free(&config->routes);
    if (yaml_kind(list) != YAML_SEQUENCE || count > ROUTES_MAX) {
        yaml_mistake(list, "routes: a list of at most %d routes is wanted here", ROUTES_MAX);
        return;
    }
    config->routes.items = calloc(count + 1, sizeof *config->routes.items);
    while (config->routes.items && yaml_next(&cursor))
        read_route(&config->routes.items[config->routes.count++], cursor.value, mistakes);
    if (mistakes->errors == errors)
        warn_unreachable(&config->routes, mistakes);
}

static void collect(struct config_list *list, const char *topic)
{
    if (topic && !config_list_has(list, topic))
        config_list_add(list, strdup(topic));
}

void routes_collect(struct config *config)
{
    if (strchr(config->output_topic, '{'))
        for (size_t i = 0; i < config->output_topics.count; i++)
            collect(&config->targets_enriched, config->output_topics.items[i]);
    else
        collect(&config->targets_enriched, config->output_topic);
    collect(&config->targets_rejected, config->rejected_topic);
    for (size_t i = 0; i < config->routes.count; i++)
        collect(config->routes.items[i].is_for_rejected ? &config->targets_rejected
                                                        : &config->targets_enriched,
                config->routes.items[i].topic);
}
