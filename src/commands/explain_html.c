/* explain for a browser: one file, no script, nothing loaded. The page's blocks in document order,
 * coloured by decision; tags with links to their evidence in the text. Whatever comes from the
 * record is escaped, and a content security policy forbids everything but the page's own style. */
#include <string.h>

#include "base/slice.h"
#include "commands/explain.h"
#include "commands/explain_html_page.h"
#include "text/utf8.h"

struct printer {
    struct view *view;
    FILE *out;
};

/* Text and attribute values alike. Control characters and overrides of the writing direction are
 * shown as U+FFFD: they could make a reader see another text than the record's. */
static void escape(FILE *out, desk_slice text)
{
    const char *p = text.data, *end = text.data + text.len;
    while (p < end) {
        const char *start = p;
        uint32_t cp = utf8_next(&p, end);
        if (cp == '<')
            fputs("&lt;", out);
        else if (cp == '>')
            fputs("&gt;", out);
        else if (cp == '&')
            fputs("&amp;", out);
        else if (cp == '"')
            fputs("&quot;", out);
        else if (cp == '\'')
            fputs("&#39;", out);
        else if ((cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7F && cp < 0xA0) ||
                 (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069))
            fputs("&#xFFFD;", out);
        else
            fwrite(start, 1, (size_t)(p - start), out);
    }
}

static const char *class_of(enum mark_kind kind)
{
    static const char *const classes[MARK_KINDS] = {
        "subject", "person", "organisation", "place", "attribution", "quote", "date"};
    return classes[kind];
}

/* --- the text ------------------------------------------------------------------------------ */

static void print_mark(struct printer *p, const struct mark *mark, desk_slice text)
{
    const char *start = article_field_text(p->view->article, mark->field).data + mark->offset;
    fprintf(p->out, "<mark class=\"%s\"", class_of(mark->kind));
    if (start == text.data)
        fprintf(p->out, " id=\"at-%d-%zu\"", (int)mark->field, mark->offset);
    fprintf(p->out, " title=\"%s: ", class_of(mark->kind));
    escape(p->out, mark->label);
    if (mark->kind == MARK_SUBJECT)
        fprintf(p->out, ", %+.2f", mark->weight);
    fputs("\">", p->out);
    escape(p->out, text);
    fputs("</mark>", p->out);
}

static void print_piece(void *context, const struct piece *piece)
{
    struct printer *p = context;
    if (piece->rule.len) {
        fputs("<del title=\"", p->out);
        escape(p->out, piece->rule);
        fputs("\">", p->out);
        escape(p->out, piece->text);
        fputs("</del>", p->out);
    } else if (piece->mark) {
        print_mark(p, piece->mark, piece->text);
    } else {
        escape(p->out, piece->text);
    }
}

static const char *kind_name(enum block_kind kind)
{
    switch (kind) {
    case BLOCK_HEADING:
        return "heading";
    case BLOCK_LIST_ITEM:
        return "list item";
    case BLOCK_QUOTE:
        return "quotation";
    case BLOCK_TABLE_ROW:
        return "table row";
    case BLOCK_PREFORMATTED:
        return "preformatted";
    case BLOCK_CAPTION:
        return "caption";
    case BLOCK_PARAGRAPH:
        break;
    }
    return "paragraph";
}

static void print_block(struct printer *p, const struct shown_block *block)
{
    static const char *const fates[] = {"kept", "removed", "hidden"};
    const char *fate = fates[block->fate];
    fprintf(p->out, "<div class=\"block %s%s\" dir=\"auto\" title=\"%s %s", fate,
            block->kind == BLOCK_HEADING ? " heading" : "", fate, kind_name(block->kind));
    if (block->fate != FATE_KEPT) {
        fputs(" by ", p->out);
        escape(p->out, block->rule);
    }
    if (block->score > 0)
        fprintf(p->out, ", score %.3f", block->score);
    if (block->path.len)
        fputs("&#10;", p->out);
    escape(p->out, block->path);
    fputs("\">", p->out);
    if (block->fate == FATE_KEPT) {
        view_block_pieces(p->view, block, print_piece, p);
    } else {
        const char *tag = block->fate == FATE_HIDDEN ? "span" : "del";
        fprintf(p->out, "<%s>", tag);
        escape(p->out, block->text);
        fprintf(p->out, "</%s> <small class=\"rule\">", tag);
        escape(p->out, block->rule);
        if (block->score > 0)
            fprintf(p->out, " %.2f", block->score);
        fputs("</small>", p->out);
    }
    fputs("</div>\n", p->out);
}

static void print_text(struct printer *p)
{
    fputs("<section class=\"text\"><h2>Text</h2>\n<p class=\"switches\">"
          "<label><input type=\"checkbox\" id=\"show-removed\" checked> removed</label> "
          "<label><input type=\"checkbox\" id=\"show-hidden\" checked> hidden</label> "
          "<label><input type=\"checkbox\" id=\"show-marks\" checked> evidence</label></p>\n"
          "<p class=\"legend\">",
          p->out);
    for (int kind = 0; kind < MARK_KINDS; kind++)
        fprintf(p->out, "<mark class=\"%s\">%s</mark> ", class_of((enum mark_kind)kind),
                MARK_NAMES[kind]);
    fputs("<del>cut out</del></p>\n", p->out);
    for (size_t i = 0; i < p->view->blocks_count; i++)
        print_block(p, &p->view->blocks[i]);
    fputs("</section>\n", p->out);
}

/* --- the article --------------------------------------------------------------------------- */

static void row_begin(const struct printer *p, const char *label)
{
    fprintf(p->out, "<tr><th>%s</th><td dir=\"auto\">", label);
}

static void row_end(const struct printer *p, const char *origin)
{
    fputs("</td><td class=\"origin\">", p->out);
    escape(p->out, slice_from_cstr(origin ? origin : ""));
    fputs("</td></tr>\n", p->out);
}

static void print_metadata(struct printer *p)
{
    struct metadata_line lines[METADATA_LINES_MAX];
    size_t count = view_metadata(p->view, lines);
    const struct metadata_origins *from = &p->view->article->origins;
    fputs("<section><h2>Metadata</h2><table class=\"metadata\">\n", p->out);
    if (p->view->article->description.len) {
        row_begin(p, "description");
        view_field_pieces(p->view, FIELD_DESCRIPTION, print_piece, p);
        row_end(p, from->description);
    }
    for (size_t i = 0; i < count; i++) {
        row_begin(p, lines[i].label);
        escape(p->out, lines[i].value);
        row_end(p, lines[i].origin);
    }
    fputs("</table></section>\n", p->out);
}

static void print_totals(const struct printer *p)
{
    const struct desk_article *a = p->view->article;
    double in = a->record->value.len ? (double)a->record->value.len : 1;
    fprintf(p->out,
            "<section><h2>Totals</h2><table class=\"totals\">\n"
            "<tr><th>in</th><td>%zu bytes</td><td></td></tr>\n"
            "<tr><th>kept</th><td>%zu bytes, %zu words</td><td>%.1f %%</td></tr>\n",
            a->record->value.len, a->body.len, a->word_count, 100 * (double)a->body.len / in);
    for (size_t i = 0; i < p->view->totals_count; i++) {
        const struct rule_total *total = &p->view->totals[i];
        fputs("<tr><th>", p->out);
        escape(p->out, total->rule);
        fprintf(p->out, "</th><td>%zu bytes, %zux</td><td>%.1f %%</td></tr>\n", total->bytes,
                total->count, 100 * (double)total->bytes / in);
    }
    fputs("</table></section>\n", p->out);
}

/* --- tags ---------------------------------------------------------------------------------- */

/* A link to the place in the text, whichever mark shows there. */
static void link_to(const struct printer *p, const struct evidence *evidence)
{
    fprintf(p->out, "<a href=\"#at-%d-%zu\">", (int)evidence->field, evidence->offset);
    escape(p->out, evidence->text);
    fputs("</a>", p->out);
}

static void print_subject(const struct printer *p, const struct subject *subject, bool is_open)
{
    double sum = 0;
    for (size_t i = 0; i < subject->evidence.count; i++)
        sum += subject->evidence.items[i].weight;
    fprintf(p->out, "<details%s><summary><b>%.2f</b> ", is_open ? " open" : "",
            subject->confidence);
    escape(p->out, subject->name);
    fputs(" <small>", p->out);
    escape(p->out, subject->uri);
    fputs(" by ", p->out);
    escape(p->out, subject->creator);
    fprintf(
        p->out,
        "</small></summary><table class=\"terms\"><tr><th>term</th><th>weight</th><th>count</th>"
        "<th>gives</th><th>topic</th></tr>\n");
    for (size_t i = 0; i < subject->evidence.count; i++) {
        const struct evidence *evidence = &subject->evidence.items[i];
        fputs("<tr><td>", p->out);
        link_to(p, evidence);
        fprintf(p->out, "</td><td>%g</td><td>%zu</td><td>%+.2f</td><td>", evidence->term_weight,
                (size_t)evidence->count, evidence->weight);
        escape(p->out, evidence->rule);
        fputs("</td></tr>\n", p->out);
    }
    fprintf(p->out,
            "<tr><th>sum</th><td></td><td></td><th>%+.2f</th><td></td></tr></table></details>\n",
            sum);
}

static void print_subjects(const struct printer *p)
{
    const struct subject_list *list = &p->view->article->subjects;
    fputs("<section><h2>Subjects</h2>\n", p->out);
    if (!list->count)
        fputs("<p>None: the text shows no news subject.</p>\n", p->out);
    for (size_t i = 0; i < list->count; i++)
        print_subject(p, &list->items[i], i == 0);
    fputs("</section>\n", p->out);
}

static void print_entity(const struct printer *p, enum mark_kind kind, const struct entity *entity)
{
    fprintf(p->out, "<li><mark class=\"%s\">", class_of(kind));
    escape(p->out, entity->name);
    fprintf(p->out, "</mark> %zux", entity->count);
    const desk_slice facts[] = {entity->kind, entity->country, entity->uri};
    for (size_t i = 0; i < 3; i++) {
        fputc(' ', p->out);
        escape(p->out, facts[i]);
    }
    fputs(" <small>", p->out);
    for (size_t i = 0; i < entity->evidence.count; i++) {
        const struct evidence *evidence = &entity->evidence.items[i];
        link_to(p, evidence);
        fputs(" (", p->out);
        escape(p->out, evidence->rule);
        fputs(") ", p->out);
    }
    fputs("</small></li>\n", p->out);
}

static void print_entities(const struct printer *p, const char *title, enum mark_kind kind,
                           const struct entity_list *list)
{
    if (!list->count)
        return;
    fprintf(p->out, "<section><h2>%s</h2><ul>\n", title);
    for (size_t i = 0; i < list->count; i++)
        print_entity(p, kind, &list->items[i]);
    fputs("</ul></section>\n", p->out);
}

static void print_quotes_and_dates(const struct printer *p)
{
    const struct desk_article *a = p->view->article;
    if (a->quotes.count)
        fputs("<section><h2>Quotes</h2><ul>\n", p->out);
    for (size_t i = 0; i < a->quotes.count; i++) {
        fputs("<li>", p->out);
        escape(p->out, a->quotes.items[i].speaker);
        fprintf(p->out, "%s<q dir=\"auto\">", a->quotes.items[i].speaker.len ? ": " : "");
        escape(p->out, a->quotes.items[i].text);
        fputs("</q></li>\n", p->out);
    }
    fputs(a->quotes.count ? "</ul></section>\n" : "", p->out);
    if (a->dates.count)
        fputs("<section><h2>Dates</h2><ul>\n", p->out);
    for (size_t i = 0; i < a->dates.count; i++) {
        fprintf(p->out, "<li>%s ", a->dates.items[i].date);
        escape(p->out, a->dates.items[i].text);
        fputs("</li>\n", p->out);
    }
    fputs(a->dates.count ? "</ul></section>\n" : "", p->out);
}

void explain_html(struct view *view, FILE *out)
{
    struct printer printer = {view, out};
    const struct desk_article *a = view->article;
    fputs(EXPLAIN_HTML_HEAD, out);
    fputs("<title>", out);
    escape(out, a->title.len ? a->title : slice_from_cstr("An article"));
    fprintf(out, " - explained by copydesk</title></head>\n<body><header><h1 dir=\"auto\">");
    view_field_pieces(view, FIELD_TITLE, print_piece, &printer);
    fputs("</h1><p class=\"origin\">title from ", out);
    escape(out, slice_from_cstr(a->origins.title ? a->origins.title : "the record"));
    fputs("</p></header>\n<main>\n", out);
    print_text(&printer);
    fputs("<div class=\"tags\">\n", out);
    print_metadata(&printer);
    print_subjects(&printer);
    print_entities(&printer, "People", MARK_PERSON, &a->people);
    print_entities(&printer, "Organisations", MARK_ORGANISATION, &a->organisations);
    print_entities(&printer, "Places", MARK_PLACE, &a->places);
    print_entities(&printer, "Attributions", MARK_ATTRIBUTION, &a->attributions);
    print_quotes_and_dates(&printer);
    print_totals(&printer);
    fputs("</div></main></body></html>\n", out);
}
