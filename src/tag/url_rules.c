/* Reading urls.yaml, and looking an address up in it. Names are compared by hash, hosts one by one:
 * there are some dozens of them and most differ in their length. */
#include "tag/url_rules.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/url.h"
#include "yaml/yaml.h"

enum { PARAMETER_BYTES_MAX = 64, SUFFIX_BYTES_MAX = 7 };

struct service {
    desk_slice host, path, parameter; /* no parameter: the rest of the path is the address */
};

struct url_rules {
    char *text; /* copies of all strings, in lower case where case does not count */
    size_t text_len;
    uint64_t *slots; /* hashes of parameters; 0: free */
    size_t mask;
    desk_slice *families;
    size_t families_count;
    struct service *services;
    size_t services_count;
    desk_slice *opaque;
    size_t opaque_count;
};

/* --- looking up ---------------------------------------------------------------------------- */

static uint64_t *find_slot(const struct url_rules *rules, desk_slice name)
{
    uint64_t hash = XXH3_64bits(name.data, name.len);
    hash += !hash;
    size_t i = (size_t)hash & rules->mask;
    while (rules->slots[i] && rules->slots[i] != hash)
        i = (i + 1) & rules->mask;
    return &rules->slots[i];
}

bool url_rules_drop(const struct url_rules *rules, desk_slice parameter)
{
    char text[PARAMETER_BYTES_MAX];
    size_t equals = slice_find_byte(parameter, '=', 0);
    size_t name_len = equals == DESK_SLICE_NONE ? parameter.len : equals;
    if (name_len > sizeof text)
        return false;
    size_t len = parameter.len < sizeof text ? parameter.len : sizeof text;
    for (size_t i = 0; i < len; i++)
        text[i] = ascii_lower(parameter.data[i]);
    desk_slice name = slice_of(text, name_len);
    if (*find_slot(rules, name) || (len == parameter.len && *find_slot(rules, slice_of(text, len))))
        return true;
    for (size_t i = 0; i < rules->families_count; i++)
        if (slice_starts(name, rules->families[i]))
            return true;
    return false;
}

/* "google.*": the star is a public suffix, which is short: "com", "co.uk", "com.br". */
static bool fits_suffix(desk_slice pattern, desk_slice host)
{
    desk_slice head = slice_sub(pattern, 0, pattern.len - 1);
    return slice_starts(host, head) && host.len - head.len <= SUFFIX_BYTES_MAX &&
           host.len > head.len;
}

static bool fits_host(desk_slice pattern, desk_slice host)
{
    if (pattern.data[0] == '*')
        return slice_ends(host, slice_sub(pattern, 1, pattern.len)) && host.len > pattern.len - 1;
    if (pattern.data[pattern.len - 1] == '*')
        return fits_suffix(pattern, host);
    return slice_equal(pattern, host);
}

bool url_rules_is_opaque(const struct url_rules *rules, desk_slice host)
{
    for (size_t i = 0; i < rules->opaque_count; i++)
        if (fits_host(rules->opaque[i], host))
            return true;
    return false;
}

/* Where the path goes on after the pattern, or DESK_SLICE_NONE. */
static size_t fits_path(desk_slice pattern, desk_slice path)
{
    size_t at = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        if (pattern.data[i] == '*') {
            while (at < path.len && path.data[at] != '/')
                at++;
        } else if (at < path.len && path.data[at] == pattern.data[i]) {
            at++;
        } else {
            return DESK_SLICE_NONE;
        }
    }
    return at;
}

static int hex_of(char c)
{
    c = ascii_lower(c);
    return ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static desk_slice decode(struct arena *arena, desk_slice value)
{
    char *text = arena_alloc(arena, value.len + 1, 1);
    size_t len = 0;
    for (size_t i = 0; text && i < value.len; i++) {
        int high = i + 2 < value.len ? hex_of(value.data[i + 1]) : -1;
        int low = i + 2 < value.len ? hex_of(value.data[i + 2]) : -1;
        bool is_code = value.data[i] == '%' && high >= 0 && low >= 0;
        text[len++] = is_code ? (char)(high * 16 + low) : value.data[i];
        i += is_code ? 2 : 0;
    }
    return slice_of(text, text ? len : 0);
}

static bool find_parameter(desk_slice path, desk_slice name, desk_slice *value)
{
    size_t end = slice_find_byte(path, '#', 0);
    end = end == DESK_SLICE_NONE ? path.len : end;
    size_t from = slice_find_byte(path, '?', 0);
    while (from != DESK_SLICE_NONE && ++from < end) {
        size_t to = slice_find_byte(path, '&', from);
        to = to == DESK_SLICE_NONE || to > end ? end : to;
        desk_slice pair = slice_sub(path, from, to);
        if (pair.len > name.len && pair.data[name.len] == '=' && slice_starts(pair, name)) {
            *value = slice_sub(pair, name.len + 1, pair.len);
            return true;
        }
        from = to;
    }
    return false;
}

/* "www-example-org.translate.goog/path": hyphens are dots, "--" is a hyphen. */
static bool translated(struct arena *arena, const struct url_parts *parts, desk_slice *inner)
{
    desk_slice tail = slice_from_cstr(".translate.goog"), host = parts->host;
    if (!slice_ends(host, tail) || host.len == tail.len)
        return false;
    char *text = arena_alloc(arena, host.len + parts->path.len + 1, 1);
    size_t len = 0;
    host.len -= tail.len;
    for (size_t i = 0; text && i < host.len; i++) {
        bool is_double = host.data[i] == '-' && i + 1 < host.len && host.data[i + 1] == '-';
        text[len++] = host.data[i] == '-' && !is_double ? '.' : host.data[i];
        i += is_double;
    }
    if (text && parts->path.len)
        memcpy(text + len, parts->path.data, parts->path.len);
    *inner = slice_of(text, text ? len + parts->path.len : 0);
    return text != NULL;
}

bool url_rules_inner(const struct url_rules *rules, struct arena *arena,
                     const struct url_parts *parts, desk_slice *inner)
{
    for (size_t i = 0; i < rules->services_count; i++) {
        const struct service *service = &rules->services[i];
        size_t after;
        if (!fits_host(service->host, parts->host) ||
            (after = fits_path(service->path, parts->path)) == DESK_SLICE_NONE)
            continue;
        if (!service->parameter.len) {
            *inner = slice_sub(parts->path, after, parts->path.len);
            return true;
        }
        desk_slice value;
        if (find_parameter(parts->path, service->parameter, &value)) {
            *inner = decode(arena, value);
            return true;
        }
    }
    return translated(arena, parts, inner);
}

/* --- reading ------------------------------------------------------------------------------- */

static desk_slice keep(struct url_rules *rules, desk_slice text, bool is_lower)
{
    char *copy = rules->text + rules->text_len;
    for (size_t i = 0; i < text.len; i++)
        copy[i] = is_lower ? ascii_lower(text.data[i]) : text.data[i];
    rules->text_len += text.len;
    return slice_of(copy, text.len);
}

static void read_parameters(struct url_rules *rules, struct yaml_node list)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        desk_slice text = yaml_text(cursor.value);
        if (!text.len || text.len > PARAMETER_BYTES_MAX) {
            yaml_mistake(cursor.value, "the name of a parameter is wanted here, 1 to %d bytes long",
                         PARAMETER_BYTES_MAX);
            continue;
        }
        desk_slice name = keep(rules, text, true);
        char last = name.data[name.len - 1];
        if (last == '_' || last == '.') {
            rules->families[rules->families_count++] = name;
        } else {
            uint64_t hash = XXH3_64bits(name.data, name.len);
            *find_slot(rules, name) = hash + !hash;
        }
    }
}

/* A star may be the first or the last label only. */
static bool is_host_pattern(desk_slice host)
{
    size_t star = slice_find_byte(host, '*', 0);
    if (host.len < 3 || slice_find_byte(host, '.', 0) == DESK_SLICE_NONE)
        return false;
    return star == DESK_SLICE_NONE || (star == 0 && host.data[1] == '.') ||
           (star == host.len - 1 && host.data[star - 1] == '.');
}

static bool read_host(struct url_rules *rules, struct yaml_node node, desk_slice *host)
{
    desk_slice text = yaml_text(node);
    if (!is_host_pattern(text)) {
        yaml_mistake(node, "a host is wanted here: example.org, *.example.org or example.*");
        return false;
    }
    *host = keep(rules, text, true);
    return true;
}

static void add_service(struct url_rules *rules, struct yaml_node path, struct service service)
{
    desk_slice text = yaml_text(path);
    if (!text.len || text.data[0] != '/') {
        yaml_mistake(path, "the beginning of a path is wanted here, such as /amp/s/");
        return;
    }
    service.path = keep(rules, text, false);
    rules->services[rules->services_count++] = service;
}

static void read_services(struct url_rules *rules, struct yaml_node list, bool has_parameter)
{
    static const char *const keys[] = {"host", "path", "parameter", NULL};
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        struct yaml_node path = yaml_get(cursor.value, "path");
        struct service service = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
        yaml_check_keys(cursor.value, keys);
        if (!read_host(rules, yaml_get(cursor.value, "host"), &service.host))
            continue;
        desk_slice parameter = yaml_text(yaml_get(cursor.value, "parameter"));
        if (has_parameter != (parameter.len > 0)) {
            yaml_mistake(cursor.value, has_parameter ? "a redirector needs its 'parameter'"
                                                     : "'parameter' belongs under redirectors");
            continue;
        }
        service.parameter = keep(rules, parameter, false);
        if (yaml_kind(path) != YAML_SEQUENCE)
            add_service(rules, path, service);
        for (size_t i = 0; i < yaml_count(path); i++)
            add_service(rules, yaml_item(path, i), service);
    }
}

static void run_cases(const struct url_rules *rules, struct yaml_node list)
{
    static const char *const keys[] = {"url", "canonical", NULL};
    struct yaml_cursor cursor = yaml_cursor(list);
    struct arena arena;
    arena_init(&arena, 1 << 20, 1 << 16);
    while (yaml_next(&cursor)) {
        yaml_check_keys(cursor.value, keys);
        desk_slice got = url_canonical(rules, &arena, yaml_text(yaml_get(cursor.value, "url")));
        if (!slice_equal(got, yaml_text(yaml_get(cursor.value, "canonical"))))
            yaml_mistake(cursor.value, "the case fails: the canonical form is '%.*s'", (int)got.len,
                         got.data);
        arena_reset(&arena);
    }
    arena_deinit(&arena);
}

static size_t count_services(struct yaml_node list)
{
    size_t count = 0;
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor))
        count += 1 + yaml_count(yaml_get(cursor.value, "path"));
    return count;
}

static bool reserve(struct url_rules *rules, struct yaml_node root, size_t text_size)
{
    size_t parameters = yaml_count(yaml_get(root, "tracking")) + yaml_count(yaml_get(root, "amp"));
    size_t slots = 64;
    while (slots < 2 * parameters + 2)
        slots *= 2;
    rules->mask = slots - 1;
    rules->slots = calloc(slots, sizeof *rules->slots);
    rules->families = calloc(parameters + 1, sizeof *rules->families);
    rules->services = calloc(count_services(yaml_get(root, "inside")) +
                                 count_services(yaml_get(root, "redirectors")) + 1,
                             sizeof *rules->services);
    rules->opaque = calloc(yaml_count(yaml_get(root, "opaque")) + 1, sizeof *rules->opaque);
    rules->text = malloc(text_size + 1);
    return rules->slots && rules->families && rules->services && rules->opaque && rules->text;
}

static void read_opaque(struct url_rules *rules, struct yaml_node list)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor))
        rules->opaque_count += read_host(rules, cursor.value, &rules->opaque[rules->opaque_count]);
}

void *url_rules_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    static const char *const keys[] = {"tracking", "amp",   "inside", "redirectors",
                                       "opaque",   "cases", NULL};
    struct url_rules *rules = calloc(1, sizeof *rules);
    const desk_rulebook_file *file = rulebook_file(files, "urls.yaml");
    struct yaml_file *yaml = file ? yaml_open("urls.yaml", file->content, mistakes) : NULL;
    struct yaml_node root = yaml_root(yaml);
    if (!rules || !reserve(rules, root, file ? file->content.len : 0)) {
        url_rules_free(rules);
        yaml_close(yaml);
        return NULL;
    }
    if (yaml_is_set(root))
        yaml_check_keys(root, keys);
    read_parameters(rules, yaml_get(root, "tracking"));
    read_parameters(rules, yaml_get(root, "amp"));
    read_services(rules, yaml_get(root, "inside"), false);
    read_services(rules, yaml_get(root, "redirectors"), true);
    read_opaque(rules, yaml_get(root, "opaque"));
    run_cases(rules, yaml_get(root, "cases"));
    yaml_close(yaml);
    return rules;
}

void url_rules_free(void *part)
{
    struct url_rules *rules = part;
    if (!rules)
        return;
    free(rules->text);
    free(rules->slots);
    free(rules->families);
    free(rules->services);
    free(rules->opaque);
    free(rules);
}
