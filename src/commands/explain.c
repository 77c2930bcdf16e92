/* copydesk explain: one article for people. What was removed and why, each tag with its evidence;
 * evidence is marked in the text on a terminal with colours. */
#include "commands/commands.h"

#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "article/encode.h"
#include "article/time.h"
#include "base/arena.h"
#include "base/slice.h"
#include "commands/print.h"
#include "commands/session.h"
#include "engine/engine.h"

static const char HELP[] =
    "usage: copydesk explain [options] ARTICLE\n\n"
    "Shows what the engine makes of one article: a JSON object, an HTML page or plain text; '-' is "
    "stdin.\n"
    "Removed text is struck through with its rule; each tag stands with its evidence and "
    "weights.\n\n"
    "      --no-colour         plain text, as when the output is no terminal\n";

struct explainer {
    const struct desk_article *article;
    FILE *out;
    bool colour;
};

static const char *ink(const struct explainer *e, enum ink which)
{
    return print_ink(which, e->colour);
}

static void heading(const struct explainer *e, const char *text)
{
    fprintf(e->out, "\n%s%s%s\n", ink(e, INK_BOLD), text, ink(e, INK_PLAIN));
}

static void line(const struct explainer *e, const char *label, desk_slice text)
{
    if (!text.len)
        return;
    fprintf(e->out, "  %s%-14s%s ", ink(e, INK_DIM), label, ink(e, INK_PLAIN));
    print_safe(e->out, text);
    fputc('\n', e->out);
}

static void time_line(const struct explainer *e, const char *label, int64_t ms, int32_t zone,
                      bool is_day)
{
    char text[TIME_TEXT_SIZE];
    if (ms != DESK_NO_TIME)
        line(e, label, slice_of(text, time_print(ms, zone, is_day, text)));
}

static void list_line(const struct explainer *e, const char *label, const struct slice_list *list)
{
    if (!list->count)
        return;
    fprintf(e->out, "  %s%-14s%s ", ink(e, INK_DIM), label, ink(e, INK_PLAIN));
    for (size_t i = 0; i < list->count; i++) {
        fputs(i ? ", " : "", e->out);
        print_safe(e->out, list->items[i]);
    }
    fputc('\n', e->out);
}

static void print_metadata(const struct explainer *e)
{
    const struct desk_article *a = e->article;
    heading(e, "Article");
    line(e, "title", a->title);
    line(e, "description", a->description);
    list_line(e, "authors", &a->authors);
    line(e, "url", a->url);
    line(e, "canonical url", a->canonical_url);
    line(e, "section", a->section);
    list_line(e, "keywords", &a->keywords);
    line(e, "image", a->image);
    time_line(e, "published", a->published_ms, a->published_zone, a->published_is_day);
    time_line(e, "updated", a->updated_ms, a->updated_zone, a->updated_is_day);
    time_line(e, "crawled", a->crawled_ms, a->crawled_zone, a->crawled_is_day);
    if (a->language.len)
        fprintf(e->out, "  %slanguage%s       %.*s (%.2f)\n", ink(e, INK_DIM), ink(e, INK_PLAIN),
                (int)a->language.len, a->language.data, a->language_confidence);
    line(e, "source", a->source_domain);
    line(e, "outlet", a->source_name);
    line(e, "country", a->source_country);
    line(e, "type", a->source_type);
    list_line(e, "reprint", &a->reprint_markers);
}

static const char *field_label(enum article_field field)
{
    static const char *const labels[FIELD_COUNT] = {"title", "description", "body"};
    return labels[field];
}

static void print_evidence(const struct explainer *e, const struct evidence_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence *evidence = &list->items[i];
        fprintf(e->out, "      %+6.2f  %s", evidence->weight, ink(e, INK_GREEN));
        print_safe(e->out, evidence->text);
        fprintf(e->out, "%s  %s%.*s, %s at %zu%s\n", ink(e, INK_PLAIN), ink(e, INK_DIM),
                (int)evidence->rule.len, evidence->rule.data, field_label(evidence->field),
                article_code_points(e->article, evidence->field, evidence->offset),
                ink(e, INK_PLAIN));
    }
}

static void print_subjects(const struct explainer *e)
{
    const struct subject_list *list = &e->article->subjects;
    heading(e, "Subjects");
    if (!list->count)
        fprintf(e->out, "  none: the text shows no news subject\n");
    for (size_t i = 0; i < list->count; i++) {
        const struct subject *subject = &list->items[i];
        double sum = 0;
        for (size_t k = 0; k < subject->evidence.count; k++)
            sum += subject->evidence.items[k].weight;
        fprintf(e->out, "  %s%.2f  %.*s%s  %.*s  by %.*s, weights %+.2f\n", ink(e, INK_BLUE),
                subject->confidence, (int)subject->name.len, subject->name.data, ink(e, INK_PLAIN),
                (int)subject->uri.len, subject->uri.data, (int)subject->creator.len,
                subject->creator.data, sum);
        print_evidence(e, &subject->evidence);
    }
}

static void print_entities(const struct explainer *e, const char *label,
                           const struct entity_list *list)
{
    if (list->count)
        heading(e, label);
    for (size_t i = 0; i < list->count; i++) {
        const struct entity *entity = &list->items[i];
        fprintf(e->out, "  %zux  ", entity->count);
        print_safe(e->out, entity->name);
        if (entity->kind.len)
            fprintf(e->out, "  %.*s", (int)entity->kind.len, entity->kind.data);
        if (entity->country.len)
            fprintf(e->out, "  %.*s", (int)entity->country.len, entity->country.data);
        fputc('\n', e->out);
        print_evidence(e, &entity->evidence);
    }
}

static void print_quotes_and_dates(const struct explainer *e)
{
    const struct desk_article *a = e->article;
    if (a->quotes.count)
        heading(e, "Quotes");
    for (size_t i = 0; i < a->quotes.count; i++) {
        fprintf(e->out, "  ");
        if (a->quotes.items[i].speaker.len) {
            print_safe(e->out, a->quotes.items[i].speaker);
            fputs(": ", e->out);
        }
        print_safe(e->out, a->quotes.items[i].text);
        fputc('\n', e->out);
    }
    if (a->dates.count)
        heading(e, "Dates");
    for (size_t i = 0; i < a->dates.count; i++) {
        fprintf(e->out, "  %-10s  ", a->dates.items[i].date);
        print_safe(e->out, a->dates.items[i].text);
        fputc('\n', e->out);
    }
}

/* The blocks in page order: kept ones as they are, removed ones struck with their rule. */
static void print_blocks(const struct explainer *e)
{
    const struct block_list *list = &e->article->blocks;
    heading(e, "Text");
    for (size_t i = 0; i < list->count; i++) {
        const struct block *block = &list->items[i];
        if (!block->text.len)
            continue;
        fprintf(e->out, "  %s", block->is_removed ? ink(e, INK_RED_STRUCK) : "");
        if (block->is_removed && !e->colour)
            fputs("- ", e->out);
        print_safe(e->out, block->text);
        fputs(block->is_removed ? ink(e, INK_PLAIN) : "", e->out);
        if (block->is_removed)
            fprintf(e->out, "  %s[%.*s]%s", ink(e, INK_DIM), (int)block->removed_by.len,
                    block->removed_by.data, ink(e, INK_PLAIN));
        fputs("\n\n", e->out);
    }
}

static void print_removed(const struct explainer *e)
{
    const struct removal_list *list = &e->article->removals;
    heading(e, "Removed");
    if (!list->count)
        fprintf(e->out, "  nothing\n");
    for (size_t i = 0; i < list->count; i++) {
        fprintf(e->out, "  %s%.*s%s  %s", ink(e, INK_YELLOW), (int)list->items[i].rule.len,
                list->items[i].rule.data, ink(e, INK_PLAIN), ink(e, INK_RED_STRUCK));
        desk_slice text = list->items[i].text;
        bool is_long = text.len > 160;
        if (is_long)
            for (text.len = 160; text.len && ((unsigned char)text.data[text.len] & 0xC0) == 0x80;)
                text.len--;
        print_safe(e->out, text);
        fprintf(e->out, "%s%s\n", ink(e, INK_PLAIN), is_long ? "..." : "");
    }
    const struct desk_article *a = e->article;
    fprintf(e->out, "\n  %zu bytes in, %zu bytes of body out, %zu words, %zu spans removed\n",
            a->record->value.len, a->body.len, a->word_count, list->count);
}

static int explain(struct session *session, desk_slice value, bool colour)
{
    desk_error err = DESK_ERROR_INIT;
    desk_result result = DESK_RESULT_INIT;
    desk_record record = session->record;
    record.value = value;
    if (desk_engine_process(session->engine, &record, &result, &err) != DESK_OK) {
        fprintf(stderr, "copydesk: %s\n", err.message);
        return EXIT_FAILED;
    }
    if (result.outcome != DESK_ENRICHED) {
        fprintf(stderr, "copydesk: rejected by the %s stage: %s: %s\n", result.error.stage,
                desk_status_code(result.error.status), result.error.message);
        return EXIT_FAULTS;
    }
    struct explainer e = {engine_article(session->engine), stdout, colour};
    print_metadata(&e);
    print_subjects(&e);
    print_entities(&e, "People", &e.article->people);
    print_entities(&e, "Organisations", &e.article->organisations);
    print_entities(&e, "Places", &e.article->places);
    print_entities(&e, "Attributions", &e.article->attributions);
    print_quotes_and_dates(&e);
    print_blocks(&e);
    print_removed(&e);
    return EXIT_DONE;
}

int command_explain(int argc, char **argv)
{
    struct session_options options = {.evidence = "full"};
    const char *path = NULL;
    bool colour = print_wants_colour(stdout);
    for (int i = 1; i < argc; i++) {
        int taken = session_option(&options, argc, argv, &i);
        if (taken < 0)
            return EXIT_USAGE;
        if (taken)
            continue;
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) {
            printf("%s%s", HELP, SESSION_HELP);
            return EXIT_DONE;
        }
        if (!strcmp(argv[i], "--no-colour") || !strcmp(argv[i], "--no-color")) {
            colour = false;
        } else if (!path && (argv[i][0] != '-' || !argv[i][1])) {
            path = argv[i];
        } else {
            fprintf(stderr,
                    "copydesk: explain: unexpected argument '%s'; see copydesk explain --help\n",
                    argv[i]);
            return EXIT_USAGE;
        }
    }
    if (!path) {
        fprintf(stderr, "copydesk: explain: which article? Give a file, or - for stdin\n");
        return EXIT_USAGE;
    }
    struct session session;
    int code = session_open(&options, &session);
    if (code != EXIT_DONE)
        return code;
    char *data;
    size_t len;
    code = EXIT_USAGE;
    if (read_whole(path, session.input_bytes_max, &data, &len)) {
        code = explain(&session, slice_of(data, len), colour);
        free(data);
    }
    session_close(&session);
    return code;
}
