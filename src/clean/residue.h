/* Residue rules: what scraping, syndication and autoblogs leave in a text. Files residue/NAME.yaml
 * of the rulebook; docs/residue.md is the manual:
 *
 *     rules:
 *       - id: fr.lire-aussi             CATEGORY.NAME, unique
 *         where: line                   line, start, end, tail, inline, closing or dateline
 *         literal: [publicité]          the block is one of these and nothing else
 *         titled: [lire aussi]          ... or goes on with a colon or dash and a title
 *         starts: [abonnez-vous]        the block starts with one of these words ...
 *         rest: 'à .*'                  ... and this PCRE2 pattern takes all that follows
 *         pattern: '.*droits réservés'  takes the whole block; tried on every short block: slow
 *         find: "droits"                bytes that must be there before a pattern is tried
 *         max_length: 200               bytes of a block that can match
 *         reprint: true                 what is removed shows a reprint
 *         match: [...]                  cases: blocks that must match, and ones that must not
 *         keep: [...]
 *
 * A block is looked up by the hash of its first folded word, so the number of rules costs nothing:
 * a block of an article misses the table once and is done. The cases run at every load. */
#ifndef CLEAN_RESIDUE_H
#define CLEAN_RESIDUE_H

#include <copydesk/slice.h>
#include <pcre2.h>
#include <stdbool.h>

struct mistakes;
struct rulebook_files;
struct residue;

enum residue_where {
    RESIDUE_LINE,     /* a whole block, anywhere */
    RESIDUE_START,    /* a whole block among the first few */
    RESIDUE_END,      /* a whole block among the last few */
    RESIDUE_TAIL,     /* a heading over a list of links: it and the list below it at the end */
    RESIDUE_INLINE,   /* pieces inside blocks */
    RESIDUE_CLOSING,  /* a piece that ends one of the last two blocks */
    RESIDUE_DATELINE, /* how the text begins: read, never removed */
    RESIDUE_WHERE_COUNT
};

/* Named groups of patterns whose text is kept as metadata. */
enum residue_name { RESIDUE_ORIGINAL, RESIDUE_AGENCY, RESIDUE_PLACE, RESIDUE_NAMES };

struct residue_rule {
    desk_slice id;
    enum residue_where where;
    bool is_reprint;
    size_t bytes_max;
    pcre2_code *pattern; /* `pattern` or `rest`, or NULL */
    bool has_starts;     /* the pattern takes what follows a head */
    bool is_jit;
    desk_slice find;
    size_t anchor;             /* the place in `find` of its rarest byte */
    bool has_anchor;           /* that byte is rare in texts */
    int groups[RESIDUE_NAMES]; /* numbers of the named groups, or negative */
};

void *residue_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void residue_free(void *residue);

/* What matching needs besides the rules; one per engine. */
struct residue_matcher {
    const struct residue *residue;
    pcre2_match_data *data;
    pcre2_match_context *context;
    bool failed; /* a pattern ran into its limits; set here, cleared by the caller */
};
bool residue_matcher_open(struct residue_matcher *matcher, const struct residue *residue);
void residue_matcher_close(struct residue_matcher *matcher);

/* What a rule took: bytes [start, end) of the block, and the named groups (empty: not there). */
struct residue_hit {
    const struct residue_rule *rule;
    size_t start, end;
    desk_slice names[RESIDUE_NAMES];
};

enum { RESIDUE_BYTES_MAX = 600 };

/* Finds the first rule for whole blocks that takes this one, among those whose `where` has its bit
 * in `allowed`. */
bool residue_match(struct residue_matcher *matcher, desk_slice block, unsigned allowed,
                   struct residue_hit *hit);

/* Finds the first piece that a rule of this kind (inline, closing) takes at or after `from`. */
bool residue_find(struct residue_matcher *matcher, desk_slice block, enum residue_where where,
                  size_t from, struct residue_hit *hit);

/* Reads how a text begins: the dateline rules, on its first paragraph. */
bool residue_dateline(struct residue_matcher *matcher, desk_slice block, struct residue_hit *hit);

#endif
