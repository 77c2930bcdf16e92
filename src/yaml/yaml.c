/* Reading YAML through libfyaml's document tree, which keeps the position of every scalar. */
#include "yaml/yaml.h"

#include <errno.h>
#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "text/utf8.h"

struct yaml_file {
    char *name;
    struct fy_document *document;
    struct mistakes *mistakes;
};

/* --- opening ------------------------------------------------------------------------------- */

static void collect(struct fy_diag *diag, const char *name, struct mistakes *mistakes)
{
    void *state = NULL;
    struct fy_diag_error *error;
    bool any = false;
    while ((error = fy_diag_errors_iterate(diag, &state))) {
        size_t line = error->line >= 0 ? (size_t)error->line : 0;
        size_t column = error->column >= 0 ? (size_t)error->column : 0;
        mistakes_add(mistakes, name, line, column, false, "not valid YAML: %s", error->msg);
        any = true;
    }
    if (!any)
        mistakes_add(mistakes, name, 0, 0, false, "not valid YAML, or too deeply nested");
}

/* What libfyaml cannot be trusted with: some versions never return from a directive with a byte
 * that YAML does not allow. Returns the offset of the first such place, or content.len. */
static size_t find_unreadable(desk_slice content, const char **what)
{
    size_t valid = utf8_valid_prefix(content.data, content.len);
    for (size_t i = 0; i < valid; i++) {
        unsigned char c = (unsigned char)content.data[i];
        bool is_line_start = i == 0 || content.data[i - 1] == '\n' || content.data[i - 1] == '\r';
        *what = c == '%' ? "directives (lines that start with %) are not supported"
                         : "a control character, which YAML does not allow";
        if ((c == '%' && is_line_start) || c == 0x7F ||
            (c < 0x20 && c != '\t' && c != '\n' && c != '\r'))
            return i;
    }
    *what = "this is not UTF-8";
    return valid;
}

static bool is_readable(const char *name, desk_slice content, struct mistakes *mistakes)
{
    const char *what = NULL;
    size_t at = find_unreadable(content, &what), line = 1, start = 0;
    if (at == content.len)
        return true;
    for (size_t i = 0; i < at; i++)
        if (content.data[i] == '\n') {
            line++;
            start = i + 1;
        }
    mistakes_add(mistakes, name, line, at - start + 1, false, "%s", what);
    return false;
}

/* Whether there may be anchors, aliases or merged mappings, which libfyaml has to resolve. */
static bool may_refer(desk_slice content)
{
    return content.len &&
           (memchr(content.data, '&', content.len) || memchr(content.data, '*', content.len) ||
            slice_find(content, slice_of("<<", 2), 0) != DESK_SLICE_NONE);
}

/* --- duplicate keys ------------------------------------------------------------------------ */

/* libfyaml compares each key with each other one, twice, which took a third of the time of loading
 * the rulebook. In a document where nothing refers to something else the keys of each mapping are
 * sorted here instead. */
struct key {
    desk_slice text;
    size_t order;
    struct yaml_node node;
};

static int by_text(const void *a, const void *b)
{
    const struct key *x = a, *y = b;
    int order = slice_compare(x->text, y->text);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* Reports the second of equal scalar keys. True also when out of memory. */
static bool has_equal_keys(struct yaml_node mapping)
{
    size_t count = yaml_count(mapping), keys_count = 0;
    struct key *keys = calloc(count + 1, sizeof *keys);
    struct yaml_cursor cursor = yaml_cursor(mapping);
    bool found = keys == NULL;
    if (!keys)
        yaml_no_memory(mapping);
    while (keys && keys_count < count && yaml_next(&cursor))
        if (yaml_kind(cursor.key) == YAML_SCALAR) {
            keys[keys_count] = (struct key){yaml_text(cursor.key), keys_count, cursor.key};
            keys_count++;
        }
    if (keys_count > 1)
        qsort(keys, keys_count, sizeof *keys, by_text);
    for (size_t i = 1; i < keys_count; i++)
        if (slice_equal(keys[i].text, keys[i - 1].text)) {
            yaml_mistake(keys[i].node, "not valid YAML: duplicate key");
            found = true;
        }
    free(keys);
    return found;
}

/* Recursion is bounded: libfyaml refuses documents that are nested too deeply. */
static bool has_duplicates(struct yaml_node node)
{
    bool found = false;
    if (yaml_kind(node) != YAML_MAPPING && yaml_kind(node) != YAML_SEQUENCE)
        return false;
    if (yaml_kind(node) == YAML_MAPPING)
        found = has_equal_keys(node);
    struct yaml_cursor cursor = yaml_cursor(node);
    while (yaml_next(&cursor))
        found |= has_duplicates(cursor.value);
    return found;
}

static struct yaml_file *make_file(const char *name, struct mistakes *mistakes)
{
    struct yaml_file *file = calloc(1, sizeof *file);
    if (file)
        *file = (struct yaml_file){.name = strdup(name), .mistakes = mistakes};
    if (file && file->name)
        return file;
    free(file);
    mistakes_no_memory(mistakes);
    return NULL;
}

struct yaml_file *yaml_open(const char *name, desk_slice content, struct mistakes *mistakes)
{
    struct fy_diag_cfg diag_config;
    if (!is_readable(name, content, mistakes))
        return NULL;
    fy_diag_cfg_default(&diag_config);
    diag_config.fp = NULL;
    diag_config.level = FYET_ERROR;
    diag_config.colorize = false;
    struct fy_diag *diag = fy_diag_create(&diag_config);
    if (!diag) {
        mistakes_no_memory(mistakes);
        return NULL;
    }
    fy_diag_set_collect_errors(diag, true);
    bool is_plain = !may_refer(content);
    struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_NONE |
                 (is_plain ? FYPCF_ALLOW_DUPLICATE_KEYS : FYPCF_RESOLVE_DOCUMENT),
        .diag = diag};
    struct yaml_file *file = make_file(name, mistakes);
    struct fy_document *document =
        file ? fy_document_build_from_string(&config, content.len ? content.data : "", content.len)
             : NULL;
    if (document) {
        file->document = document;
    } else if (file) {
        collect(diag, name, mistakes);
        yaml_close(file);
        file = NULL;
    }
    fy_diag_destroy(diag);
    if (file && is_plain && has_duplicates(yaml_root(file))) {
        yaml_close(file);
        return NULL;
    }
    return file;
}

void yaml_close(struct yaml_file *file)
{
    if (!file)
        return;
    fy_document_destroy(file->document);
    free(file->name);
    free(file);
}

/* --- walking ------------------------------------------------------------------------------- */

static struct yaml_node wrap(struct yaml_file *file, struct fy_node *node)
{
    struct yaml_node result = {file, node};
    return result;
}

struct yaml_node yaml_root(struct yaml_file *file)
{
    return wrap(file, file ? fy_document_root(file->document) : NULL);
}

enum yaml_kind yaml_kind(struct yaml_node node)
{
    if (!node.node)
        return YAML_NONE;
    switch (fy_node_get_type(node.node)) {
    case FYNT_SEQUENCE:
        return YAML_SEQUENCE;
    case FYNT_MAPPING:
        return YAML_MAPPING;
    case FYNT_SCALAR:
        break;
    }
    return YAML_SCALAR;
}

size_t yaml_count(struct yaml_node node)
{
    enum yaml_kind kind = yaml_kind(node);
    int count = kind == YAML_SEQUENCE  ? fy_node_sequence_item_count(node.node)
                : kind == YAML_MAPPING ? fy_node_mapping_item_count(node.node)
                                       : 0;
    return count > 0 ? (size_t)count : 0;
}

struct yaml_node yaml_item(struct yaml_node sequence, size_t index)
{
    if (yaml_kind(sequence) != YAML_SEQUENCE)
        return wrap(sequence.file, NULL);
    return wrap(sequence.file, fy_node_sequence_get_by_index(sequence.node, (int)index));
}

struct yaml_cursor yaml_cursor(struct yaml_node parent)
{
    struct yaml_cursor cursor = {parent, NULL, {parent.file, NULL}, {parent.file, NULL}};
    return cursor;
}

bool yaml_next(struct yaml_cursor *cursor)
{
    struct yaml_file *file = cursor->parent.file;
    enum yaml_kind kind = yaml_kind(cursor->parent);
    if (kind == YAML_SEQUENCE) {
        cursor->value = wrap(file, fy_node_sequence_iterate(cursor->parent.node, &cursor->state));
        return cursor->value.node != NULL;
    }
    if (kind != YAML_MAPPING)
        return false;
    struct fy_node_pair *pair = fy_node_mapping_iterate(cursor->parent.node, &cursor->state);
    if (!pair)
        return false;
    cursor->key = wrap(file, fy_node_pair_key(pair));
    cursor->value = wrap(file, fy_node_pair_value(pair));
    return true;
}

struct yaml_node yaml_get(struct yaml_node mapping, const char *key)
{
    if (yaml_kind(mapping) != YAML_MAPPING)
        return wrap(mapping.file, NULL);
    return wrap(mapping.file,
                fy_node_mapping_lookup_value_by_simple_key(mapping.node, key, strlen(key)));
}

desk_slice yaml_text(struct yaml_node node)
{
    size_t len = 0;
    const char *text = yaml_kind(node) == YAML_SCALAR ? fy_node_get_scalar(node.node, &len) : NULL;
    return slice_of(text, text ? len : 0);
}

bool yaml_is_quoted(struct yaml_node node)
{
    if (yaml_kind(node) != YAML_SCALAR)
        return false;
    enum fy_node_style style = fy_node_get_style(node.node);
    return style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED;
}

/* Collections have no token of their own in libfyaml's API; the first scalar inside stands for
 * them. */
static struct fy_token *first_token(struct fy_node *node)
{
    for (int depth = 0; node && depth < 64; depth++) {
        void *state = NULL;
        if (fy_node_get_type(node) == FYNT_SCALAR)
            return fy_node_get_scalar_token(node);
        if (fy_node_get_type(node) == FYNT_SEQUENCE) {
            node = fy_node_sequence_iterate(node, &state);
        } else {
            struct fy_node_pair *pair = fy_node_mapping_iterate(node, &state);
            node = pair ? fy_node_pair_key(pair) : NULL;
        }
    }
    return NULL;
}

void yaml_position(struct yaml_node node, size_t *line, size_t *column)
{
    *line = *column = 0;
    struct fy_token *token = first_token(node.node);
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    if (!mark)
        return;
    *line = (size_t)mark->line + 1;
    *column = (size_t)mark->column + 1;
}

const char *yaml_file_name(struct yaml_node node)
{
    return node.file->name;
}

/* --- mistakes ------------------------------------------------------------------------------ */

static void report(struct yaml_node node, bool is_warning, const char *format, va_list arguments)
{
    char text[1024];
    size_t line, column;
    if (!node.file)
        return;
    vsnprintf(text, sizeof text, format, arguments);
    yaml_position(node, &line, &column);
    mistakes_add(node.file->mistakes, node.file->name, line, column, is_warning, "%s", text);
}

void yaml_mistake(struct yaml_node node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(node, false, format, arguments);
    va_end(arguments);
}

void yaml_no_memory(struct yaml_node node)
{
    mistakes_no_memory(node.file->mistakes);
}

void yaml_warning(struct yaml_node node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    report(node, true, format, arguments);
    va_end(arguments);
}

/* --- typed values -------------------------------------------------------------------------- */

static const char *kind_name(struct yaml_node node)
{
    static const char *const names[] = {"nothing", "a single value", "a list", "a mapping"};
    return names[yaml_kind(node)];
}

static bool is_scalar(struct yaml_node node, const char *wanted)
{
    if (yaml_kind(node) == YAML_SCALAR)
        return true;
    yaml_mistake(node, "%s is wanted here, not %s", wanted, kind_name(node));
    return false;
}

bool yaml_read_text(struct yaml_node node, desk_slice *out)
{
    if (!node.node)
        return true;
    if (!is_scalar(node, "text"))
        return false;
    *out = yaml_text(node);
    return true;
}

/* Copies a scalar so that strtod and strtoll can be used, which want a NUL. */
static bool copy_scalar(struct yaml_node node, char *out, size_t size)
{
    desk_slice text = yaml_text(node);
    if (text.len == 0 || text.len >= size || memchr(text.data, 0, text.len))
        return false;
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    return true;
}

bool yaml_read_number(struct yaml_node node, double min, double max, double *out)
{
    char text[64];
    char *end = text;
    if (!node.node)
        return true;
    if (!is_scalar(node, "a number"))
        return false;
    double value = copy_scalar(node, text, sizeof text) ? strtod(text, &end) : 0;
    if (end == text || *end || !(value >= min && value <= max)) {
        yaml_mistake(node, "a number from %g to %g is wanted here, not '%.*s'", min, max,
                     (int)(yaml_text(node).len > 60 ? 60 : yaml_text(node).len),
                     yaml_text(node).data ? yaml_text(node).data : "");
        return false;
    }
    *out = value;
    return true;
}

bool yaml_read_integer(struct yaml_node node, long long min, long long max, long long *out)
{
    char text[64];
    char *end = text;
    if (!node.node)
        return true;
    if (!is_scalar(node, "a whole number"))
        return false;
    errno = 0;
    long long value = copy_scalar(node, text, sizeof text) ? strtoll(text, &end, 10) : 0;
    if (end == text || *end || errno || value < min || value > max) {
        yaml_mistake(node, "a whole number from %lld to %lld is wanted here, not '%.*s'", min, max,
                     (int)(yaml_text(node).len > 60 ? 60 : yaml_text(node).len),
                     yaml_text(node).data ? yaml_text(node).data : "");
        return false;
    }
    *out = value;
    return true;
}

bool yaml_read_bool(struct yaml_node node, bool *out)
{
    if (!node.node)
        return true;
    if (!is_scalar(node, "true or false"))
        return false;
    desk_slice text = yaml_text(node);
    if (slice_is(text, "true") || slice_is(text, "false")) {
        *out = slice_is(text, "true");
        return true;
    }
    yaml_mistake(node, "true or false is wanted here, not '%.*s'",
                 (int)(text.len > 60 ? 60 : text.len), text.data ? text.data : "");
    return false;
}

/* --- keys ---------------------------------------------------------------------------------- */

/* Edit distance (Levenshtein 1966) of short words; words above 63 bytes count as far. */
static size_t distance(desk_slice a, desk_slice b)
{
    size_t row[64];
    if (a.len >= 64 || b.len >= 64)
        return 64;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t above = row[j];
            size_t best = diagonal + (ascii_lower(a.data[i - 1]) != ascii_lower(b.data[j - 1]));
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            diagonal = above;
        }
    }
    return row[b.len];
}

const char *yaml_nearest(desk_slice word, const char *const *known)
{
    const char *best = NULL;
    size_t best_distance = word.len / 3 + 2; /* a third of the letters may be wrong */
    for (; *known; known++) {
        size_t d = distance(word, slice_from_cstr(*known));
        if (d < best_distance) {
            best = *known;
            best_distance = d;
        }
    }
    return best;
}

static bool is_known(desk_slice key, const char *const *known)
{
    for (; *known; known++)
        if (slice_is(key, *known))
            return true;
    return false;
}

bool yaml_check_keys(struct yaml_node mapping, const char *const *known)
{
    bool good = true;
    struct yaml_cursor cursor = yaml_cursor(mapping);
    if (mapping.node && yaml_kind(mapping) != YAML_MAPPING) {
        yaml_mistake(mapping, "a mapping is wanted here, not %s", kind_name(mapping));
        return false;
    }
    while (yaml_next(&cursor)) {
        desk_slice key = yaml_text(cursor.key);
        if (is_known(key, known))
            continue;
        const char *near = yaml_nearest(key, known);
        yaml_mistake(cursor.key, "unknown key '%.*s'%s%s%s", (int)(key.len > 80 ? 80 : key.len),
                     key.data ? key.data : "", near ? "; did you mean '" : "", near ? near : "",
                     near ? "'?" : "");
        good = false;
    }
    return good;
}
