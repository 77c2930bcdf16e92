/* Compiling residue rules: YAML to rules and heads. */
#include "clean/residue.h"

#include <stdlib.h>

#include "base/slice.h"
#include "clean/residue_parts.h"
#include "rulebook/rulebook.h"
#include "text/utf8.h"
#include "yaml/yaml.h"

enum { BYTES_MAX_DEFAULT = 200, FILES_MAX = 200 };

/* Names of `where` and of the named groups, in the order of their enums. */
static const char *const WHERE[] = {"line",   "start",   "end",      "tail",
                                    "inline", "closing", "dateline", NULL};
static const char *const NAMES[RESIDUE_NAMES] = {"original", "agency", "place"};

/* --- pieces of a rule ---------------------------------------------------------------------- */

static desk_slice copy_text(desk_slice text)
{
    char *copy = malloc(text.len + 1);
    if (!copy)
        return slice_of(NULL, 0);
    memcpy(copy, text.data, text.len);
    return slice_of(copy, text.len);
}

/* No folded form is longer than one and a half times its source (text/fold.h). */
static desk_slice copy_folded(desk_slice text)
{
    char *copy = malloc(text.len + text.len / 2 + 8);
    const char *p = text.data, *end = text.data + text.len;
    size_t len = 0;
    while (copy && p < end) {
        uint32_t cp = residue_fold(&p, end);
        if (cp && !(cp == ' ' && (len == 0 || copy[len - 1] == ' ')))
            len += utf8_put(cp, copy + len);
    }
    return slice_of(copy, len);
}

static struct residue_head *add_head(struct residue *residue)
{
    if (residue->heads_count == residue->heads_capacity) {
        size_t wanted = residue->heads_capacity ? residue->heads_capacity * 2 : 512;
        struct residue_head *grown = realloc(residue->heads, wanted * sizeof *grown);
        if (!grown)
            return NULL;
        residue->heads = grown;
        residue->heads_capacity = wanted;
    }
    return &residue->heads[residue->heads_count++];
}

static void read_heads(struct residue *residue, struct yaml_node list, enum residue_form form)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        desk_slice text = yaml_text(cursor.value);
        if (!text.len || text.len > RESIDUE_BYTES_MAX) {
            yaml_mistake(cursor.value, "a text of 1 to %d bytes is wanted here", RESIDUE_BYTES_MAX);
            continue;
        }
        desk_slice folded = copy_folded(text);
        struct residue_head *head = folded.data ? add_head(residue) : NULL;
        if (!head) {
            free((char *)(size_t)folded.data);
            yaml_no_memory(list);
            return;
        }
        *head = (struct residue_head){residue_key(folded), folded, (uint32_t)residue->count,
                                      (uint32_t)residue->heads_count, form};
    }
}

static bool read_where(struct yaml_node node, enum residue_where *where)
{
    desk_slice text = yaml_text(node);
    for (unsigned i = 0; WHERE[i]; i++)
        if (slice_is(text, WHERE[i])) {
            *where = (enum residue_where)i;
            return true;
        }
    yaml_mistake(node,
                 "where: '%.*s' is not known; allowed are line, start, end, tail, inline, closing, "
                 "dateline",
                 (int)text.len, text.data ? text.data : "");
    return false;
}

static bool is_piece(enum residue_where where)
{
    return where == RESIDUE_INLINE || where == RESIDUE_CLOSING;
}

static void compile_pattern(struct residue_rule *rule, struct yaml_node node)
{
    desk_slice text = yaml_text(node);
    int error;
    PCRE2_SIZE offset;
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_DOTALL;
    if (!is_piece(rule->where))
        options |= PCRE2_ANCHORED;
    if (!is_piece(rule->where) && rule->where != RESIDUE_DATELINE)
        options |= PCRE2_ENDANCHORED;
    rule->pattern = pcre2_compile((PCRE2_SPTR)text.data, text.len, options, &error, &offset, NULL);
    if (!rule->pattern) {
        unsigned char message[160] = "";
        pcre2_get_error_message(error, message, sizeof message);
        yaml_mistake(node, "the pattern is wrong at its character %zu: %s", (size_t)offset + 1,
                     (char *)message);
        return;
    }
    rule->is_jit = pcre2_jit_compile(rule->pattern, PCRE2_JIT_COMPLETE) == 0;
    for (size_t i = 0; i < RESIDUE_NAMES; i++)
        rule->groups[i] =
            pcre2_substring_number_from_name(rule->pattern, (PCRE2_SPTR)(size_t)NAMES[i]);
}

/* --- one rule ------------------------------------------------------------------------------ */

static bool is_new_id(const struct residue *residue, struct yaml_node node, desk_slice id)
{
    if (!id.len) {
        yaml_mistake(node, "a rule needs an id, such as autoblog.ad-marker");
        return false;
    }
    for (size_t i = 0; i < residue->count; i++)
        if (slice_equal(residue->rules[i].id, id)) {
            yaml_mistake(yaml_get(node, "id"), "the rule id '%.*s' is used twice", (int)id.len,
                         id.data);
            return false;
        }
    return true;
}

/* What must stand together, and what costs more than it has to. */
static void check_shape(const struct residue_rule *rule, struct yaml_node node, size_t heads)
{
    struct yaml_node pattern = yaml_get(node, "pattern"), find = yaml_get(node, "find");
    bool needs_pattern = is_piece(rule->where) || rule->where == RESIDUE_DATELINE;
    bool is_rare = rule->where != RESIDUE_INLINE || rule->has_anchor;
    if (!heads && !rule->pattern)
        yaml_mistake(node, "a rule needs literal, titled, starts or pattern");
    if (needs_pattern && (heads || !yaml_is_set(pattern) || !rule->find.len))
        yaml_mistake(node, "an inline, closing or dateline rule needs a pattern and find, the "
                           "bytes that must be there, and no heads");
    else if (yaml_is_set(pattern) && heads)
        yaml_mistake(pattern, "a pattern stands alone: with starts, write rest; with literal or "
                              "titled, make it a rule of its own");
    else if (yaml_is_set(pattern) && !rule->find.len)
        yaml_warning(pattern, "slow: this pattern is tried on every short block; give starts and "
                              "rest, or find, the bytes that must be there");
    else if (!is_rare)
        yaml_warning(find, "slow: every block is searched for these bytes; let them hold one that "
                           "is rare in texts, such as [ ] { } _ & / | @ # < > ( )");
    if (!yaml_count(yaml_get(node, "match")) || !yaml_count(yaml_get(node, "keep")))
        yaml_mistake(
            node, "a rule needs cases: match with at least one text, and keep with at least one");
}

static void read_rule(struct residue *residue, struct yaml_node node)
{
    static const char *const keys[] = {"id",         "where",   "literal", "titled", "starts",
                                       "rest",       "pattern", "find",    "match",  "keep",
                                       "max_length", "reprint", NULL};
    struct residue_rule *rule = &residue->rules[residue->count];
    desk_slice id = {NULL, 0}, find = {NULL, 0};
    long long bytes_max = BYTES_MAX_DEFAULT;
    *rule = (struct residue_rule){.groups = {-1, -1, -1}};
    if (!yaml_check_keys(node, keys) || !yaml_read_text(yaml_get(node, "id"), &id) ||
        !yaml_read_integer(yaml_get(node, "max_length"), 1, RESIDUE_BYTES_MAX, &bytes_max) ||
        !yaml_read_bool(yaml_get(node, "reprint"), &rule->is_reprint) ||
        !yaml_read_text(yaml_get(node, "find"), &find) ||
        !read_where(yaml_get(node, "where"), &rule->where) || !is_new_id(residue, node, id))
        return;
    size_t heads = residue->heads_count;
    struct yaml_node starts = yaml_get(node, "starts"), rest = yaml_get(node, "rest");
    rule->id = copy_text(id);
    rule->bytes_max = (size_t)bytes_max;
    /* "find:" without a value has no length, but points into the file. */
    rule->find = find.len ? copy_text(find) : slice_of(NULL, 0);
    rule->has_anchor = residue_anchor(rule->find, &rule->anchor);
    rule->has_starts = yaml_is_set(starts);
    if (!rule->id.data || (find.len && !rule->find.data))
        yaml_no_memory(node);
    read_heads(residue, yaml_get(node, "literal"), HEAD_ALONE);
    read_heads(residue, yaml_get(node, "titled"), HEAD_TITLED);
    read_heads(residue, starts, HEAD_STARTS);
    if (yaml_is_set(rest) && !rule->has_starts)
        yaml_mistake(rest, "rest follows starts, which is missing here");
    else if (yaml_is_set(rest))
        compile_pattern(rule, rest);
    else if (yaml_is_set(yaml_get(node, "pattern")))
        compile_pattern(rule, yaml_get(node, "pattern"));
    check_shape(rule, node, residue->heads_count - heads);
    residue->count++;
}

/* --- files --------------------------------------------------------------------------------- */

static bool make_room(struct residue *residue, size_t more)
{
    if (residue->capacity - residue->count >= more)
        return true;
    size_t wanted = residue->count + more;
    struct residue_rule *grown = realloc(residue->rules, wanted * sizeof *grown);
    if (!grown)
        return false;
    residue->rules = grown;
    residue->capacity = wanted;
    return true;
}

static struct yaml_file *read_file(struct residue *residue, const desk_rulebook_file *file,
                                   struct mistakes *mistakes)
{
    static const char *const keys[] = {"rules", NULL};
    char name[256];
    size_t len = file->path.len < sizeof name - 1 ? file->path.len : sizeof name - 1;
    memcpy(name, file->path.data, len);
    name[len] = '\0';
    struct yaml_file *yaml = yaml_open(name, file->content, mistakes);
    struct yaml_node root = yaml_root(yaml), rules = yaml_get(root, "rules");
    if (!yaml)
        return NULL;
    if (!make_room(residue, yaml_count(rules) + 1)) {
        yaml_no_memory(root);
        return yaml;
    }
    yaml_check_keys(root, keys);
    if (yaml_is_set(rules) && yaml_kind(rules) != YAML_SEQUENCE)
        yaml_mistake(rules, "rules is a list: each rule begins with - id:");
    struct yaml_cursor cursor = yaml_cursor(rules);
    while (yaml_next(&cursor))
        read_rule(residue, cursor.value);
    return yaml;
}

/* The cases of all files, once all rules are there. Rules stand in the order of the files, because
 * every file was read without a mistake. */
static void run_cases(const struct residue *residue, struct yaml_file *const *files, size_t count)
{
    struct residue_matcher matcher;
    if (!residue_matcher_open(&matcher, residue))
        return;
    size_t rule = 0;
    for (size_t i = 0; i < count; i++) {
        struct yaml_cursor cursor = yaml_cursor(yaml_get(yaml_root(files[i]), "rules"));
        while (yaml_next(&cursor) && rule < residue->count)
            residue_run_cases(&matcher, &residue->rules[rule++], cursor.value);
    }
    residue_matcher_close(&matcher);
}

void *residue_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct residue *residue = calloc(1, sizeof *residue);
    struct yaml_file *opened[FILES_MAX];
    const desk_rulebook_file *file;
    size_t index = 0, count = 0, errors = mistakes->errors;
    while (residue && count < FILES_MAX &&
           (file = rulebook_next(files, "residue", ".yaml", &index)))
        opened[count++] = read_file(residue, file, mistakes);
    if (residue && mistakes->errors == errors) {
        if (residue_build_index(residue)) {
            run_cases(residue, opened, count);
        } else {
            residue_free(residue);
            residue = NULL;
        }
    }
    for (size_t i = 0; i < count; i++)
        yaml_close(opened[i]);
    return residue;
}

void residue_free(void *part)
{
    struct residue *residue = part;
    if (!residue)
        return;
    for (size_t i = 0; i < residue->count; i++) {
        struct residue_rule *rule = &residue->rules[i];
        free((char *)(size_t)rule->id.data);
        free((char *)(size_t)rule->find.data);
        pcre2_code_free(rule->pattern);
    }
    for (size_t i = 0; i < residue->heads_count; i++)
        free((char *)(size_t)residue->heads[i].text.data);
    residue_free_index(residue);
    free(residue->heads);
    free(residue->rules);
    free(residue);
}
