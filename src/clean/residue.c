/* Compiling residue rules and running their cases. */
#include "clean/residue.h"

#include <stdlib.h>

#include "base/slice.h"
#include "clean/residue_parts.h"
#include "rulebook/rulebook.h"
#include "text/fold.h"
#include "yaml/yaml.h"

enum { BYTES_MAX_DEFAULT = 200 };

/* --- reading one rule ---------------------------------------------------------------------- */

static desk_slice copy_text(desk_slice text, bool is_folded)
{
    char *copy = malloc(text.len + text.len / 2 + 4);
    if (!copy)
        return slice_of(NULL, 0);
    if (is_folded)
        return slice_of(copy, fold_text(text, copy));
    memcpy(copy, text.data, text.len);
    return slice_of(copy, text.len);
}

static size_t copy_list(struct yaml_node list, desk_slice **out)
{
    size_t count = yaml_count(list), used = 0;
    *out = count ? calloc(count, sizeof **out) : NULL;
    struct yaml_cursor cursor = yaml_cursor(list);
    while (*out && yaml_next(&cursor)) {
        desk_slice text = yaml_text(cursor.value);
        if (!text.len || text.len > RESIDUE_BYTES_MAX)
            yaml_mistake(cursor.value, "a text of 1 to %d bytes is wanted here", RESIDUE_BYTES_MAX);
        else
            (*out)[used++] = copy_text(text, true);
    }
    return used;
}

static bool read_where(struct yaml_node node, enum residue_where *where)
{
    static const char *const names[] = {"line", "start", "end", "tail", "inline", NULL};
    desk_slice text = yaml_text(node);
    for (unsigned i = 0; names[i]; i++)
        if (slice_is(text, names[i])) {
            *where = (enum residue_where)i;
            return true;
        }
    yaml_mistake(node, "where: '%.*s' is not known; allowed are line, start, end, tail, inline",
                 (int)text.len, text.data ? text.data : "");
    return false;
}

static pcre2_code *compile_pattern(struct yaml_node node, bool is_inline)
{
    desk_slice text = yaml_text(node);
    int error;
    PCRE2_SIZE offset;
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_DOTALL;
    if (!is_inline)
        options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)text.data, text.len, options, &error, &offset, NULL);
    if (!code) {
        unsigned char message[160] = "";
        pcre2_get_error_message(error, message, sizeof message);
        yaml_mistake(node, "the pattern is wrong at its character %zu: %s", (size_t)offset + 1,
                     (char *)message);
        return NULL;
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    return code;
}

static void read_rule(struct residue *residue, struct yaml_node node)
{
    static const char *const keys[] = {"id",      "where", "literal",    "starts",
                                       "pattern", "find",  "max_length", "reprint",
                                       "match",   "keep",  "language",   NULL};
    struct residue_rule *rule = &residue->rules[residue->count];
    desk_slice id = {NULL, 0}, find = {NULL, 0};
    long long bytes_max = BYTES_MAX_DEFAULT;
    if (!yaml_check_keys(node, keys) || !yaml_read_text(yaml_get(node, "id"), &id) ||
        !yaml_read_integer(yaml_get(node, "max_length"), 1, RESIDUE_BYTES_MAX, &bytes_max) ||
        !yaml_read_bool(yaml_get(node, "reprint"), &rule->is_reprint) ||
        !yaml_read_text(yaml_get(node, "find"), &find) ||
        !read_where(yaml_get(node, "where"), &rule->where))
        return;
    if (!id.len) {
        yaml_mistake(node, "a rule needs an id, such as autoblog.ad-marker");
        return;
    }
    for (size_t i = 0; i < residue->count; i++)
        if (slice_equal(residue->rules[i].id, id))
            yaml_mistake(yaml_get(node, "id"), "the rule id '%.*s' is used twice", (int)id.len,
                         id.data);
    rule->id = copy_text(id, false);
    rule->bytes_max = (size_t)bytes_max;
    rule->find = find.len ? copy_text(find, false) : find;
    rule->literals_count = copy_list(yaml_get(node, "literal"), &rule->literals);
    rule->starts_count = copy_list(yaml_get(node, "starts"), &rule->starts);
    struct yaml_node pattern = yaml_get(node, "pattern");
    if (yaml_is_set(pattern))
        rule->pattern = compile_pattern(pattern, rule->where == RESIDUE_INLINE);
    if (!rule->literals_count && !rule->starts_count && !yaml_is_set(pattern))
        yaml_mistake(node, "a rule needs literal, starts or pattern");
    if (rule->where == RESIDUE_INLINE && (!rule->pattern || !rule->find.len))
        yaml_mistake(node, "an inline rule needs a pattern and find, the bytes that must be there");
    if (!yaml_count(yaml_get(node, "match")) || !yaml_count(yaml_get(node, "keep")))
        yaml_mistake(
            node, "a rule needs cases: match with at least one text, and keep with at least one");
    residue->count++;
}

/* --- cases --------------------------------------------------------------------------------- */

static bool takes(const struct residue_matcher *matcher, const struct residue_rule *rule,
                  desk_slice text)
{
    bool failed = false;
    size_t start, end;
    if (rule->where == RESIDUE_INLINE)
        return residue_find_rule(matcher, rule, text, 0, &start, &end, &failed);
    char folded[RESIDUE_FOLDED_MAX];
    size_t len = text.len <= RESIDUE_BYTES_MAX ? fold_text(text, folded) : 0;
    return residue_takes(matcher, rule, text, slice_of(folded, len), &failed);
}

static void run_cases(const struct residue_matcher *matcher, const struct residue_rule *rule,
                      struct yaml_node list, bool wanted)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor))
        if (takes(matcher, rule, yaml_text(cursor.value)) != wanted)
            yaml_mistake(cursor.value, "rule %.*s %s this text", (int)rule->id.len, rule->id.data,
                         wanted ? "does not match" : "must not match, but matches");
}

static void read_file(struct residue *residue, const desk_rulebook_file *file,
                      struct mistakes *mistakes)
{
    static const char *const keys[] = {"rules", "language", NULL};
    char name[256];
    size_t len = file->path.len < sizeof name - 1 ? file->path.len : sizeof name - 1;
    memcpy(name, file->path.data, len);
    name[len] = '\0';
    struct yaml_file *yaml = yaml_open(name, file->content, mistakes);
    struct yaml_node root = yaml_root(yaml), rules = yaml_get(root, "rules");
    size_t count = yaml_count(rules), first = residue->count;
    struct residue_rule *grown = realloc(residue->rules, (first + count + 1) * sizeof *grown);
    if (yaml && grown) {
        residue->rules = grown;
        memset(grown + first, 0, (count + 1) * sizeof *grown);
        yaml_check_keys(root, keys);
        size_t errors = mistakes->errors;
        struct yaml_cursor cursor = yaml_cursor(rules);
        while (yaml_next(&cursor))
            read_rule(residue, cursor.value);
        struct residue_matcher matcher;
        if (mistakes->errors == errors && residue_matcher_open(&matcher, residue)) {
            size_t i = first;
            for (cursor = yaml_cursor(rules); yaml_next(&cursor); i++) {
                run_cases(&matcher, &residue->rules[i], yaml_get(cursor.value, "match"), true);
                run_cases(&matcher, &residue->rules[i], yaml_get(cursor.value, "keep"), false);
            }
            residue_matcher_close(&matcher);
        }
    } else if (grown) {
        residue->rules = grown;
    }
    yaml_close(yaml);
}

void *residue_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct residue *residue = calloc(1, sizeof *residue);
    const desk_rulebook_file *file;
    size_t index = 0;
    while (residue && (file = rulebook_next(files, "residue", ".yaml", &index)))
        read_file(residue, file, mistakes);
    return residue;
}

static void free_list(desk_slice *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free((char *)(size_t)list[i].data);
    free(list);
}

void residue_free(void *part)
{
    struct residue *residue = part;
    if (!residue)
        return;
    for (size_t i = 0; i < residue->count; i++) {
        struct residue_rule *rule = &residue->rules[i];
        free_list(rule->literals, rule->literals_count);
        free_list(rule->starts, rule->starts_count);
        free((char *)(size_t)rule->id.data);
        free((char *)(size_t)rule->find.data);
        pcre2_code_free(rule->pattern);
    }
    free(residue->rules);
    free(residue);
}

size_t residue_rules(const struct residue *residue, const struct residue_rule **rules)
{
    *rules = residue->rules;
    return residue->count;
}
