/* The cases of residue rules: each rule alone must do what its cases say (a mistake if not), and
 * together the rules must not get into each other's way (a warning). */
#include "base/slice.h"
#include "clean/residue_parts.h"

enum { WHOLE_BLOCKS = (1U << RESIDUE_INLINE) - 1 };

/* The rule that takes the text when all are asked, or NULL. */
static const struct residue_rule *taken_by(struct residue_matcher *matcher, desk_slice text)
{
    struct residue_hit hit;
    if (residue_match(matcher, text, WHOLE_BLOCKS, &hit) ||
        residue_find(matcher, text, RESIDUE_INLINE, 0, &hit) ||
        residue_find(matcher, text, RESIDUE_CLOSING, 0, &hit))
        return hit.rule;
    return NULL;
}

static void run_match(struct residue_matcher *matcher, const struct residue_rule *rule,
                      struct yaml_node list)
{
    const struct residue_rule *other = NULL;
    bool is_reached = rule->where >= RESIDUE_INLINE;
    unsigned places = 1U << rule->where | 1U << RESIDUE_LINE;
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        desk_slice text = yaml_text(cursor.value);
        struct residue_hit hit;
        if (!residue_takes(matcher, rule, text))
            yaml_mistake(cursor.value, "rule %.*s does not match this text", (int)rule->id.len,
                         rule->id.data);
        else if (!is_reached && residue_match(matcher, text, places, &hit))
            is_reached = (other = hit.rule) == rule;
    }
    if (!is_reached && other)
        yaml_warning(list,
                     "rule %.*s is never reached by these texts: %.*s, which stands before it, "
                     "takes them",
                     (int)rule->id.len, rule->id.data, (int)other->id.len, other->id.data);
}

static void run_keep(struct residue_matcher *matcher, const struct residue_rule *rule,
                     struct yaml_node list)
{
    struct yaml_cursor cursor = yaml_cursor(list);
    while (yaml_next(&cursor)) {
        desk_slice text = yaml_text(cursor.value);
        const struct residue_rule *other = taken_by(matcher, text);
        if (residue_takes(matcher, rule, text))
            yaml_mistake(cursor.value, "rule %.*s must not match this text, but matches",
                         (int)rule->id.len, rule->id.data);
        else if (other)
            yaml_warning(cursor.value, "rule %.*s keeps this text, but %.*s takes it",
                         (int)rule->id.len, rule->id.data, (int)other->id.len, other->id.data);
    }
}

void residue_run_cases(struct residue_matcher *matcher, const struct residue_rule *rule,
                       struct yaml_node node)
{
    run_match(matcher, rule, yaml_get(node, "match"));
    run_keep(matcher, rule, yaml_get(node, "keep"));
}
