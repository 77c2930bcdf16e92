/* What the compiler, the index, the matcher and the cases of residue rules share. */
#ifndef CLEAN_RESIDUE_PARTS_H
#define CLEAN_RESIDUE_PARTS_H

#include <stdint.h>

#include "clean/residue.h"
#include "yaml/yaml.h"

/* How much of a block a head must be. */
enum residue_form { HEAD_ALONE, HEAD_TITLED, HEAD_STARTS, HEAD_FORMS };

/* Words with which a block may start, in folded form (residue_fold); '#' stands for a number. */
struct residue_head {
    uint64_t key; /* of the first word */
    desk_slice text;
    uint32_t rule;
    uint32_t order; /* in the files, so that sorting is the same everywhere */
    enum residue_form form;
};

/* Heads with one key stand side by side; the longest block that one of their rules can take lets
 * most blocks of an article pass without a comparison. */
struct residue_slot {
    uint64_t key; /* 0: free */
    uint32_t first, count;
    uint32_t bytes_max;
};

/* Indexes of rules, in their order. */
struct residue_list {
    uint32_t *rules;
    size_t count;
};

/* Inline rules whose bytes to find hold this one. */
struct residue_anchor {
    unsigned char byte;
    struct residue_list list;
};

struct residue {
    struct residue_rule *rules;
    size_t count, capacity;
    struct residue_head *heads;
    size_t heads_count, heads_capacity;
    struct residue_slot *slots;
    size_t slots_mask;
    struct residue_list loose; /* rules for whole blocks without a head */
    struct residue_list closing, dateline;
    struct residue_anchor anchors[256]; /* inline rules */
    size_t anchors_count;
};

/* Folds a head or the start of a block: text/fold.h, with all apostrophes and all white space as
 * one. Returns 0 for what is dropped. */
uint32_t residue_fold(const char **p, const char *end);
/* The key of the first word of a text: a letter of a script without spaces, a sign or a number
 * stands for itself. */
uint64_t residue_key(desk_slice text);
/* The slot of a key; its own key is 0 when no head has it. */
const struct residue_slot *residue_slot(const struct residue *residue, uint64_t key);
bool residue_build_index(struct residue *residue);
void residue_free_index(struct residue *residue);
/* The place in `find` of the byte that is rarest in running text; false when none is rare. */
bool residue_anchor(desk_slice find, size_t *place);

/* True when this rule takes the text (or a piece of it). */
bool residue_takes(struct residue_matcher *matcher, const struct residue_rule *rule,
                   desk_slice text);
/* Runs the cases of one rule and looks whether other rules take its texts. */
void residue_run_cases(struct residue_matcher *matcher, const struct residue_rule *rule,
                       struct yaml_node node);

#endif
