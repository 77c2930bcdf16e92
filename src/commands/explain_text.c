/* explain for a terminal: what was cut is struck through, evidence has the colour of its kind.
 * Without colour cuts stand in [-...-], and evidence is listed with its place only. */
#include <string.h>

#include "base/slice.h"
#include "commands/explain.h"
#include "commands/print.h"
#include "commands/wrap.h"

enum {
    LABEL_WIDTH = 15,
    TERMS_MAX = 15, /* of a subject: enough to see why; the rest is summed in one line */
    MENTIONS_MAX = 4,
    REMOVED_BYTES_MAX = 400 /* of a block outside the article: what it was can be told from less */
};

struct printer {
    struct view *view;
    const struct text_style *style;
    struct wrap wrap;
};

static const char *ink(const struct printer *p, enum ink which)
{
    return print_ink(which, p->style->colour);
}

static enum ink ink_of(enum mark_kind kind)
{
    static const enum ink inks[MARK_KINDS] = {INK_GREEN,  INK_BLUE,       INK_CYAN, INK_MAGENTA,
                                              INK_YELLOW, INK_UNDERLINED, INK_BOLD};
    return inks[kind];
}

static void heading(const struct printer *p, const char *text)
{
    fprintf(p->style->out, "\n%s%s%s\n", ink(p, INK_BOLD), text, ink(p, INK_PLAIN));
}

/* Shortens a long text at the end of a letter. */
static desk_slice head_of(desk_slice text, size_t max)
{
    if (text.len <= max)
        return text;
    while (max && ((unsigned char)text.data[max] & 0xC0) == 0x80)
        max--;
    return slice_sub(text, 0, max);
}

/* --- pieces of text ------------------------------------------------------------------------ */

static void print_piece(void *context, const struct piece *piece)
{
    struct printer *p = context;
    bool is_cut = piece->rule.len > 0;
    if (is_cut && !p->style->colour)
        wrap_text(&p->wrap, slice_from_cstr("[-"), "");
    if (is_cut)
        wrap_text(&p->wrap, piece->text, ink(p, INK_RED_STRUCK));
    else
        wrap_text(&p->wrap, piece->text, piece->mark ? ink(p, ink_of(piece->mark->kind)) : "");
    if (is_cut && !p->style->colour)
        wrap_text(&p->wrap, slice_from_cstr("-]"), "");
}

static void begin(struct printer *p, size_t indent)
{
    wrap_begin(&p->wrap, p->style->out, p->style->width, indent);
}

static void begin_labelled(struct printer *p, const char *label)
{
    begin(p, 2 + LABEL_WIDTH);
    wrap_label(&p->wrap, label, ink(p, INK_DIM));
}

static void origin(struct printer *p, const char *where)
{
    if (!where)
        return;
    wrap_text(&p->wrap, slice_from_cstr(" (from "), ink(p, INK_DIM));
    wrap_text(&p->wrap, slice_from_cstr(where), ink(p, INK_DIM));
    wrap_text(&p->wrap, slice_from_cstr(")"), ink(p, INK_DIM));
}

static void field_line(struct printer *p, const char *name, enum article_field field,
                       const char *where)
{
    if (!article_field_text(p->view->article, field).len)
        return;
    begin_labelled(p, name);
    view_field_pieces(p->view, field, print_piece, p);
    origin(p, where);
    wrap_end(&p->wrap);
}

static void print_metadata(struct printer *p)
{
    struct metadata_line lines[METADATA_LINES_MAX];
    size_t count = view_metadata(p->view, lines);
    const struct metadata_origins *from = &p->view->article->origins;
    heading(p, "Article");
    field_line(p, "title", FIELD_TITLE, from->title);
    field_line(p, "description", FIELD_DESCRIPTION, from->description);
    for (size_t i = 0; i < count; i++) {
        begin_labelled(p, lines[i].label);
        wrap_text(&p->wrap, lines[i].value, "");
        origin(p, lines[i].origin);
        wrap_end(&p->wrap);
    }
}

/* --- tags ---------------------------------------------------------------------------------- */

static const char *field_name(enum article_field field)
{
    static const char *const names[FIELD_COUNT] = {"title", "description", "body"};
    return names[field];
}

static void place(struct printer *p, const struct evidence *evidence)
{
    char text[64];
    snprintf(text, sizeof text, "%s at %zu", field_name(evidence->field),
             article_code_points(p->view->article, evidence->field, evidence->offset));
    wrap_text(&p->wrap, slice_from_cstr(text), ink(p, INK_DIM));
}

/* "term: weight 4 x 2 = +26.00 (title at 0, medtop:20000350)": the contribution is not the bare
 * product, since places and repetition have factors. */
static void term_line(struct printer *p, const struct evidence *evidence)
{
    char text[96];
    begin(p, 6);
    wrap_text(&p->wrap, evidence->text, ink(p, INK_GREEN));
    snprintf(text, sizeof text, ": weight %g x %zu = %+.2f (", evidence->term_weight,
             (size_t)evidence->count, evidence->weight);
    wrap_text(&p->wrap, slice_from_cstr(text), "");
    place(p, evidence);
    wrap_text(&p->wrap, slice_from_cstr(", "), "");
    wrap_text(&p->wrap, evidence->rule, ink(p, INK_DIM));
    wrap_text(&p->wrap, slice_from_cstr(")"), "");
    wrap_end(&p->wrap);
}

static void rest_line(struct printer *p, const struct evidence_list *list, size_t from)
{
    double sum = 0;
    for (size_t i = from; i < list->count; i++)
        sum += list->items[i].weight;
    if (from < list->count)
        fprintf(p->style->out, "      %sand %zu more, together %+.2f%s\n", ink(p, INK_DIM),
                list->count - from, sum, ink(p, INK_PLAIN));
}

static void print_subjects(struct printer *p)
{
    const struct subject_list *list = &p->view->article->subjects;
    heading(p, "Subjects");
    if (!list->count)
        fprintf(p->style->out, "  none: the text shows no news subject\n");
    for (size_t i = 0; i < list->count; i++) {
        const struct subject *subject = &list->items[i];
        double sum = 0;
        for (size_t k = 0; k < subject->evidence.count; k++)
            sum += subject->evidence.items[k].weight;
        fprintf(p->style->out, "  %s%.2f  %.*s%s  %.*s  by %.*s, weights %+.2f\n", ink(p, INK_BOLD),
                subject->confidence, (int)subject->name.len, subject->name.data, ink(p, INK_PLAIN),
                (int)subject->uri.len, subject->uri.data, (int)subject->creator.len,
                subject->creator.data, sum);
        for (size_t k = 0; k < subject->evidence.count && k < TERMS_MAX; k++)
            term_line(p, &subject->evidence.items[k]);
        rest_line(p, &subject->evidence, TERMS_MAX);
    }
}

static void entity_lines(struct printer *p, enum mark_kind kind, const struct entity *entity)
{
    char count[32];
    begin(p, 2);
    snprintf(count, sizeof count, "%zux  ", entity->count);
    wrap_text(&p->wrap, slice_from_cstr(count), "");
    wrap_text(&p->wrap, entity->name, ink(p, ink_of(kind)));
    const desk_slice facts[] = {entity->kind, entity->country, entity->uri};
    for (size_t i = 0; i < 3; i++) {
        wrap_text(&p->wrap, slice_from_cstr("  "), "");
        wrap_text(&p->wrap, facts[i], "");
    }
    for (size_t i = 0; i < entity->evidence.count && i < MENTIONS_MAX; i++) {
        const struct evidence *evidence = &entity->evidence.items[i];
        wrap_text(&p->wrap, slice_from_cstr(i ? ", " : " ("), "");
        if (!slice_equal(evidence->text, entity->name)) {
            wrap_text(&p->wrap, evidence->text, ink(p, ink_of(kind)));
            wrap_text(&p->wrap, slice_from_cstr(" "), "");
        }
        wrap_text(&p->wrap, evidence->rule, ink(p, INK_DIM));
        wrap_text(&p->wrap, slice_from_cstr(" "), "");
        place(p, evidence);
    }
    if (entity->evidence.count)
        wrap_text(&p->wrap, slice_from_cstr(entity->evidence.count > MENTIONS_MAX ? ", ...)" : ")"),
                  "");
    wrap_end(&p->wrap);
}

static void print_entities(struct printer *p, const char *title, enum mark_kind kind,
                           const struct entity_list *list)
{
    if (list->count)
        heading(p, title);
    for (size_t i = 0; i < list->count; i++)
        entity_lines(p, kind, &list->items[i]);
}

static void print_quotes_and_dates(struct printer *p)
{
    const struct desk_article *a = p->view->article;
    if (a->quotes.count)
        heading(p, "Quotes");
    for (size_t i = 0; i < a->quotes.count; i++) {
        begin(p, 2);
        wrap_text(&p->wrap, a->quotes.items[i].speaker, ink(p, INK_BLUE));
        wrap_text(&p->wrap, slice_from_cstr(a->quotes.items[i].speaker.len ? ": " : ""), "");
        wrap_text(&p->wrap, a->quotes.items[i].text, ink(p, INK_UNDERLINED));
        wrap_end(&p->wrap);
    }
    if (a->dates.count)
        heading(p, "Dates");
    for (size_t i = 0; i < a->dates.count; i++) {
        begin(p, 2);
        wrap_text(&p->wrap, slice_from_cstr(a->dates.items[i].date), "");
        wrap_text(&p->wrap, slice_from_cstr("  "), "");
        wrap_text(&p->wrap, a->dates.items[i].text, ink(p, INK_BOLD));
        wrap_end(&p->wrap);
    }
}

/* --- the text ------------------------------------------------------------------------------ */

static void legend(const struct printer *p)
{
    if (!p->style->colour)
        return;
    fprintf(p->style->out, "  %smarked:%s", ink(p, INK_DIM), ink(p, INK_PLAIN));
    for (int kind = 0; kind < MARK_KINDS; kind++)
        fprintf(p->style->out, " %s%s%s", ink(p, ink_of((enum mark_kind)kind)), MARK_NAMES[kind],
                ink(p, INK_PLAIN));
    fprintf(p->style->out, " %scut out%s\n\n", ink(p, INK_RED_STRUCK), ink(p, INK_PLAIN));
}

static void print_block(struct printer *p, struct shown_block block)
{
    bool is_kept = block.fate == FATE_KEPT;
    size_t len = block.text.len;
    if (!is_kept)
        block.text = head_of(block.text, REMOVED_BYTES_MAX);
    begin(p, 2);
    view_block_pieces(p->view, &block, print_piece, p);
    if (!is_kept) {
        char score[32] = "";
        if (block.score > 0)
            snprintf(score, sizeof score, ", score %.2f", block.score);
        wrap_text(&p->wrap, slice_from_cstr(block.text.len < len ? "... [" : " ["),
                  ink(p, INK_DIM));
        wrap_text(&p->wrap, block.rule, ink(p, INK_DIM));
        wrap_text(&p->wrap, slice_from_cstr(score), ink(p, INK_DIM));
        wrap_text(&p->wrap, slice_from_cstr("]"), ink(p, INK_DIM));
    }
    wrap_end(&p->wrap);
    fputs(is_kept ? "\n" : "", p->style->out);
}

static void print_text(struct printer *p)
{
    heading(p, "Text");
    legend(p);
    for (size_t i = 0; i < p->view->blocks_count; i++)
        print_block(p, p->view->blocks[i]);
}

static void print_totals(struct printer *p)
{
    const struct desk_article *a = p->view->article;
    FILE *out = p->style->out;
    heading(p, "Totals");
    fprintf(out, "  %8zu bytes in\n  %8zu bytes of body kept, %zu words\n", a->record->value.len,
            a->body.len, a->word_count);
    for (size_t i = 0; i < p->view->totals_count; i++) {
        const struct rule_total *total = &p->view->totals[i];
        fprintf(out, "  %8zu bytes removed by %s%.*s%s, %zux\n", total->bytes, ink(p, INK_YELLOW),
                (int)total->rule.len, total->rule.data, ink(p, INK_PLAIN), total->count);
    }
    if (!p->view->totals_count)
        fprintf(out, "  nothing was removed\n");
}

void explain_text(struct view *view, const struct text_style *style)
{
    struct printer printer = {.view = view, .style = style};
    const struct desk_article *a = view->article;
    print_metadata(&printer);
    print_text(&printer);
    print_subjects(&printer);
    print_entities(&printer, "People", MARK_PERSON, &a->people);
    print_entities(&printer, "Organisations", MARK_ORGANISATION, &a->organisations);
    print_entities(&printer, "Places", MARK_PLACE, &a->places);
    print_entities(&printer, "Attributions", MARK_ATTRIBUTION, &a->attributions);
    print_quotes_and_dates(&printer);
    print_totals(&printer);
}
