/* Blocks with their pieces, then the tags. A piece of plain text is a string, one that is marked or
 * cut out is [text, kind, label]. */
#include "view/view_json.h"

#include "base/slice.h"
#include "text/utf8.h"

/* Entries of each list of tags: the first ones are the weightiest. */
enum { TAGS_MAX = 12, RULES_MAX = 20 };

static const char *const KINDS[MARK_KINDS] = {"subject",     "person", "organisation", "place",
                                              "attribution", "quote",  "date"};

/* --- text ---------------------------------------------------------------------------------- */

void json_any_text(struct json_writer *out, desk_slice text)
{
    size_t replaced = 0;
    if (utf8_repair(out->arena, text, &text, &replaced))
        json_text(out, text);
    else
        out->status = DESK_EMEMORY;
}

static void print_piece(void *context, const struct piece *piece)
{
    struct json_writer *out = context;
    if (!piece->rule.len && !piece->mark) {
        json_text(out, piece->text);
        return;
    }
    json_open(out, '[');
    json_text(out, piece->text);
    json_text(out, slice_from_cstr(piece->rule.len ? "cut" : KINDS[piece->mark->kind]));
    json_text(out, piece->rule.len ? piece->rule : piece->mark->label);
    json_close(out, ']');
}

static void print_block(const struct view *view, const struct shown_block *block,
                        struct json_writer *out)
{
    static const char *const fates[] = {"kept", "removed", "hidden"};
    json_open(out, '{');
    json_key(out, "fate");
    json_text(out, slice_from_cstr(fates[block->fate]));
    json_key(out, "kind");
    json_text(out, slice_from_cstr(block->kind == BLOCK_HEADING ? "heading" : "paragraph"));
    if (block->rule.len) {
        json_key(out, "rule");
        json_text(out, block->rule);
    }
    json_key(out, "pieces");
    json_open(out, '[');
    if (block->fate == FATE_KEPT)
        view_block_pieces(view, block, print_piece, out);
    else
        json_text(out, block->text);
    json_close(out, ']');
    json_close(out, '}');
}

static void print_text(const struct view *view, struct json_writer *out, size_t bytes_max)
{
    size_t shown = 0;
    json_key(out, "title");
    json_open(out, '[');
    view_field_pieces(view, FIELD_TITLE, print_piece, out);
    json_close(out, ']');
    json_key(out, "blocks");
    json_open(out, '[');
    while (shown < view->blocks_count && out->len + view->blocks[shown].text.len < bytes_max)
        print_block(view, &view->blocks[shown++], out);
    json_close(out, ']');
    json_key(out, "blocks_left_out");
    json_unsigned(out, view->blocks_count - shown);
}

/* --- tags ---------------------------------------------------------------------------------- */

static void member(struct json_writer *out, const char *key, desk_slice text)
{
    if (!text.len)
        return;
    json_key(out, key);
    json_text(out, text);
}

static void print_subjects(const struct desk_article *article, struct json_writer *out)
{
    const struct subject_list *list = &article->subjects;
    json_key(out, "subjects");
    json_open(out, '[');
    for (size_t i = 0; i < list->count && i < TAGS_MAX; i++) {
        json_open(out, '{');
        member(out, "uri", list->items[i].uri);
        member(out, "name", list->items[i].name);
        json_key(out, "confidence");
        json_decimal(out, list->items[i].confidence, 3);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* [[name, count], ...], behind a key that the caller has written. */
static void print_entities(const struct entity_list *list, struct json_writer *out)
{
    json_open(out, '[');
    for (size_t i = 0; i < list->count && i < TAGS_MAX; i++) {
        json_open(out, '[');
        json_text(out, list->items[i].name);
        json_unsigned(out, list->items[i].count);
        json_close(out, ']');
    }
    json_close(out, ']');
}

static void print_removed(const struct view *view, struct json_writer *out)
{
    json_key(out, "removed");
    json_open(out, '[');
    for (size_t i = 0; i < view->totals_count && i < RULES_MAX; i++) {
        json_open(out, '[');
        json_text(out, view->totals[i].rule);
        json_unsigned(out, view->totals[i].count);
        json_unsigned(out, view->totals[i].bytes);
        json_close(out, ']');
    }
    json_close(out, ']');
}

static void print_origin(const struct desk_article *article, struct json_writer *out)
{
    if (article->language.len) {
        json_key(out, "language");
        json_open(out, '{');
        member(out, "code", article->language);
        json_key(out, "confidence");
        json_decimal(out, article->language_confidence, 3);
        json_close(out, '}');
    }
    if (article->source_domain.len || article->source_name.len) {
        json_key(out, "source");
        json_open(out, '{');
        member(out, "domain", article->source_domain);
        member(out, "name", article->source_name);
        json_close(out, '}');
    }
    member(out, "url", article->canonical_url.len ? article->canonical_url : article->url);
}

void view_json(struct view *view, struct json_writer *out, size_t bytes_max)
{
    const struct desk_article *article = view->article;
    print_text(view, out, bytes_max);
    print_origin(article, out);
    print_subjects(article, out);
    json_key(out, "people");
    print_entities(&article->people, out);
    json_key(out, "organisations");
    print_entities(&article->organisations, out);
    json_key(out, "places");
    print_entities(&article->places, out);
    json_key(out, "attributions");
    print_entities(&article->attributions, out);
    print_removed(view, out);
    json_key(out, "words");
    json_unsigned(out, article->word_count);
    json_key(out, "body_bytes");
    json_unsigned(out, article->body.len);
}
