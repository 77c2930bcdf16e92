/* What people are shown of an article, ready to be printed in any form: the page's blocks with
 * their fate, the evidence of all tags as marks in the text, and what each rule took out.
 *
 *     struct view view;
 *     if (view_open(&view, article, VIEW_BYTES_MAX))
 *         explain_text(&view, &(struct text_style){stdout, true, 80});
 *     view_close(&view); */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "article/article.h"
#include "base/arena.h"

/* Kinds of tags; their order is that of the legend. */
enum mark_kind {
    MARK_SUBJECT,
    MARK_PERSON,
    MARK_ORGANISATION,
    MARK_PLACE,
    MARK_ATTRIBUTION,
    MARK_QUOTE,
    MARK_DATE,
    MARK_KINDS
};
extern const char *const MARK_NAMES[MARK_KINDS]; /* "subjects", "people" ... */

/* A piece of evidence in the text. */
struct mark {
    enum mark_kind kind;
    enum article_field field;
    size_t offset, len; /* bytes into the field */
    desk_slice label;   /* the tag it speaks for */
    double weight;      /* 0 when the tag has no weights */
};

enum block_fate { FATE_KEPT, FATE_REMOVED, FATE_HIDDEN };

struct shown_block {
    desk_slice text; /* as it stood in the page */
    desk_slice body; /* a kept block's text, a part of article->body; else empty */
    enum block_kind kind;
    enum block_fate fate;
    desk_slice rule; /* of what is not kept */
    desk_slice path; /* of elements; may be empty */
    double score;    /* 0 when the block was not scored */
};

/* What one rule took out. */
struct rule_total {
    desk_slice rule;
    size_t count, bytes;
};

struct view {
    const struct desk_article *article;
    struct arena arena;
    struct shown_block *blocks;
    size_t blocks_count;
    struct mark *marks; /* longest first, so that what lies inside is painted over what is around */
    size_t marks_count, marks_capacity;
    uint32_t *paint[FIELD_COUNT]; /* per byte 1 + index of the mark that shows there, 0 for none */
    struct rule_total *totals;    /* in the order of the first removal of each rule */
    size_t totals_count;
};

/* False when memory, of which it takes `bytes_max` at most, is short; view_close is right then too.
 * The article must stay as it is until view_close. */
bool view_open(struct view *view, const struct desk_article *article, size_t bytes_max);
void view_close(struct view *view);

/* A run of text that looks the same. */
struct piece {
    desk_slice text;
    const struct mark *mark; /* NULL for none */
    desk_slice rule;         /* of a piece that was cut out; else empty */
};
typedef void (*piece_printer)(void *context, const struct piece *piece);

/* Gives a field's, or a block's, text piece by piece in reading order. */
void view_field_pieces(const struct view *view, enum article_field field, piece_printer print,
                       void *context);
void view_block_pieces(const struct view *view, const struct shown_block *block,
                       piece_printer print, void *context);

/* One line of the article's metadata. */
struct metadata_line {
    const char *label;
    desk_slice value;
    const char *origin; /* where it was found; NULL when that is not known */
};
enum { METADATA_LINES_MAX = 24 };
/* Fills `lines` with what is known of the article; the texts live in the view's arena. */
size_t view_metadata(struct view *view, struct metadata_line lines[METADATA_LINES_MAX]);

#endif
