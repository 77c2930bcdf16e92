/* YAML with positions: a thin reader over libfyaml, and the list of mistakes found in files.
 *
 * A mistake never stops the reading: each is added to the list as file:line:column with what is
 * wrong and what is allowed, so that a person sees all of them at once. Used by rulebook and
 * configuration.
 *
 *     struct mistakes mistakes = {0};
 *     struct yaml_file *file = yaml_open("residue/fr.yaml", content, &mistakes);
 *     struct yaml_node rules = yaml_get(yaml_root(file), "rules");
 *     for (size_t i = 0; i < yaml_count(rules); i++) ... yaml_item(rules, i) ...
 *     yaml_close(file);
 */
#ifndef YAML_YAML_H
#define YAML_YAML_H

#include <copydesk/slice.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct fy_node;
struct fy_node_pair;
struct yaml_file;

/* One mistake in a file. */
struct mistake {
    char *file;
    size_t line, column; /* from 1; 0 when the whole file is meant */
    char *text;
    bool is_warning;
};

struct mistakes {
    struct mistake *items;
    size_t count, capacity;
    size_t errors;  /* those that are not warnings */
    bool no_memory; /* the heap ran out: what is told may be wrong, or not all */
};

/* Says that something could not be kept; counts as an error without a text. */
void mistakes_no_memory(struct mistakes *mistakes);

void mistakes_add(struct mistakes *mistakes, const char *file, size_t line, size_t column,
                  bool is_warning, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* By place within each file; files stay in the order of their first mistake. */
void mistakes_sort(struct mistakes *mistakes);
void mistakes_free(struct mistakes *mistakes);

enum yaml_kind { YAML_NONE, YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };

/* A place in a document; cheap to copy, valid until yaml_close. */
struct yaml_node {
    struct yaml_file *file;
    struct fy_node *node; /* NULL: not there */
};

/* Parses; on a syntax error adds it to mistakes and returns NULL. `content` must outlive the file.
 */
struct yaml_file *yaml_open(const char *name, desk_slice content, struct mistakes *mistakes);
void yaml_close(struct yaml_file *file);
struct yaml_node yaml_root(struct yaml_file *file);

enum yaml_kind yaml_kind(struct yaml_node node);
static inline bool yaml_is_set(struct yaml_node node)
{
    return node.node != NULL;
}
/* Elements of a sequence, or pairs of a mapping; 0 for others. */
size_t yaml_count(struct yaml_node node);
struct yaml_node yaml_item(struct yaml_node sequence, size_t index);
/* Walks a sequence or the pairs of a mapping in file order in linear time. */
struct yaml_cursor {
    struct yaml_node parent;
    void *state;
    struct yaml_node key; /* mappings only */
    struct yaml_node value;
};
struct yaml_cursor yaml_cursor(struct yaml_node parent);
bool yaml_next(struct yaml_cursor *cursor);
/* Value of a key in a mapping; not set when missing or not a mapping. */
struct yaml_node yaml_get(struct yaml_node mapping, const char *key);
/* Text of a scalar, valid until yaml_close; empty when it is none. */
desk_slice yaml_text(struct yaml_node node);
/* True for a scalar written in quotes. */
bool yaml_is_quoted(struct yaml_node node);
void yaml_position(struct yaml_node node, size_t *line, size_t *column);
/* The name yaml_open was given. */
const char *yaml_file_name(struct yaml_node node);

/* Adds a mistake at the node's position. */
void yaml_mistake(struct yaml_node node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same for the file of the node as mistakes_no_memory. */
void yaml_no_memory(struct yaml_node node);
void yaml_warning(struct yaml_node node, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Typed readers: false and a mistake when the value is of another type or out of range; *out is
 * untouched when the node is not set (that is no mistake). */
bool yaml_read_text(struct yaml_node node, desk_slice *out);
bool yaml_read_number(struct yaml_node node, double min, double max, double *out);
bool yaml_read_integer(struct yaml_node node, long long min, long long max, long long *out);
bool yaml_read_bool(struct yaml_node node, bool *out);
/* Reports keys of the mapping that are not in the NULL-terminated list, naming the nearest known
 * one. */
bool yaml_check_keys(struct yaml_node mapping, const char *const *known);
/* The nearest of the NULL-terminated names by edit distance, or NULL when none is near. */
const char *yaml_nearest(desk_slice word, const char *const *known);

#endif
