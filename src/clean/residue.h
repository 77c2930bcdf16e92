/* Residue rules: what scraping, syndication and autoblogs leave in a text. Files residue/NAME.yaml
 * of the rulebook:
 *
 *     rules:
 *       - id: autoblog.ad-marker        # unique, CATEGORY.NAME
 *         where: line                   # line: any block; start, end: among the first or last few;
 * tail: from here to the end when # in the last part; inline: a piece of a block literal:
 * ["[ad_1]"]           # the whole block is one of these, folded; or starts: ["read also"] # the
 * block starts with one of these (and has at most max_length bytes); or pattern: 'source link.*' #
 * PCRE2, caseless, the whole block (inline: any piece) find: "["                     # inline:
 * bytes that must be there before the pattern is tried max_length: 200               # bytes of a
 * block that can match; default 200 reprint: true                 # what is removed shows a reprint
 *         match: ["[ad_1]"]             # cases: blocks that must match ...
 *         keep: ["The ad_1 unit"]       # ... and that must not
 * The cases run when the rulebook is loaded. */
#ifndef CLEAN_RESIDUE_H
#define CLEAN_RESIDUE_H

#include <copydesk/slice.h>
#include <pcre2.h>
#include <stdbool.h>

struct mistakes;
struct rulebook_files;
struct residue;

enum residue_where { RESIDUE_LINE, RESIDUE_START, RESIDUE_END, RESIDUE_TAIL, RESIDUE_INLINE };

struct residue_rule {
    desk_slice id;
    enum residue_where where;
    bool is_reprint;
    size_t bytes_max;
    desk_slice *literals, *starts; /* folded */
    size_t literals_count, starts_count;
    pcre2_code *pattern;
    desk_slice find;
};

void *residue_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void residue_free(void *residue);
size_t residue_rules(const struct residue *residue, const struct residue_rule **rules);

/* What matching needs besides the rules; one per engine. */
struct residue_matcher {
    const struct residue *residue;
    pcre2_match_data *data;
    pcre2_match_context *context;
};
bool residue_matcher_open(struct residue_matcher *matcher, const struct residue *residue);
void residue_matcher_close(struct residue_matcher *matcher);

enum { RESIDUE_BYTES_MAX = 600 };

/* The first rule of kinds other than inline that takes the whole block, when it stands at a place
 * where `allowed` has the bit of the rule's `where`. NULL when none; *failed is set when a pattern
 * ran into its limits. */
const struct residue_rule *residue_match(const struct residue_matcher *matcher, desk_slice block,
                                         unsigned allowed, bool *failed);

/* The first piece that an inline rule takes at or after `from`: [*start, *end). */
const struct residue_rule *residue_find(const struct residue_matcher *matcher, desk_slice block,
                                        size_t from, size_t *start, size_t *end, bool *failed);

#endif
