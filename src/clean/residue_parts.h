/* What the compiler and the matcher of residue rules share. */
#ifndef CLEAN_RESIDUE_PARTS_H
#define CLEAN_RESIDUE_PARTS_H

#include "clean/residue.h"

/* Folded text is at most half longer (text/fold.h). */
enum { RESIDUE_FOLDED_MAX = RESIDUE_BYTES_MAX + RESIDUE_BYTES_MAX / 2 + 8 };

struct residue {
    struct residue_rule *rules;
    size_t count;
};

bool residue_takes(const struct residue_matcher *matcher, const struct residue_rule *rule,
                   desk_slice block, desk_slice folded, bool *failed);
bool residue_find_rule(const struct residue_matcher *matcher, const struct residue_rule *rule,
                       desk_slice block, size_t from, size_t *start, size_t *end, bool *failed);

#endif
