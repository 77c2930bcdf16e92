/* The typed view: what the engine found, field by field, without parsing JSON.
 *
 * Every slice printed here belongs to the engine or lies in ARTICLE: it is valid until the next
 * desk_engine_process. */
#include <copydesk/copydesk.h>
#include <stdio.h>

static const char ARTICLE[] =
    "<html lang=en><head><title>Ceasefire agreed in Geneva - The Example</title>"
    "<meta property='article:published_time' content='2024-05-06T07:30:00+02:00'>"
    "<meta name=author content='Anna Example'></head><body><article><h1>Ceasefire agreed in "
    "Geneva</h1><p>The government and the rebels agreed on a ceasefire on Sunday, after a civil "
    "war of six years.</p><p>“The guns are silent at last,” said Foreign Minister Maria "
    "Okafor in Geneva. Soldiers of both armies will leave the border within a month, the United "
    "Nations said.</p><p>Advertisement</p></article></body></html>";

static void print(const char *label, desk_slice text)
{
    if (text.len)
        printf("%-10s %.*s\n", label, (int)text.len, text.data);
}

static void print_head(const desk_article *article)
{
    char time[DESK_TIME_TEXT_SIZE];
    print("title", desk_article_text(article, DESK_FIELD_TITLE));
    for (size_t i = 0; i < desk_article_count(article, DESK_LIST_AUTHORS); i++)
        print("author", desk_article_item(article, DESK_LIST_AUTHORS, i));
    if (desk_time_print(desk_article_time(article, DESK_MOMENT_PUBLISHED), time))
        printf("%-10s %s\n", "published", time);
    print("language", desk_article_text(article, DESK_FIELD_LANGUAGE));
    printf("%-10s %.2f\n", "certainty", desk_article_language_confidence(article));
    print("domain", desk_article_text(article, DESK_FIELD_SOURCE_DOMAIN));
}

static void print_subjects(const desk_article *article)
{
    desk_subject subject = DESK_SUBJECT_INIT;
    desk_evidence evidence = DESK_EVIDENCE_INIT;
    for (size_t i = 0; desk_article_subject(article, i, &subject); i++) {
        print("subject", subject.name);
        for (size_t j = 0; desk_evidence_at(&subject.evidence, j, &evidence); j++)
            print("  because", evidence.text);
    }
}

static void print_names(const desk_article *article)
{
    desk_entity entity = DESK_ENTITY_INIT;
    desk_quote quote = DESK_QUOTE_INIT;
    desk_removal removal = DESK_REMOVAL_INIT;
    for (size_t i = 0; desk_article_entity(article, DESK_LIST_PEOPLE, i, &entity); i++)
        print("person", entity.name);
    for (size_t i = 0; desk_article_entity(article, DESK_LIST_PLACES, i, &entity); i++)
        print("place", entity.name);
    for (size_t i = 0; desk_article_quote(article, i, &quote); i++) {
        print("quote", quote.text);
        print("  by", quote.speaker);
    }
    for (size_t i = 0; desk_article_removal(article, i, &removal); i++)
        print("removed", removal.text);
}

int main(void)
{
    desk_rulebook *rulebook = NULL;
    desk_engine *engine = NULL;
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    desk_record record = desk_record_of(ARTICLE, sizeof ARTICLE - 1);
    desk_result result = DESK_RESULT_INIT;
    desk_error err = DESK_ERROR_INIT;
    int code = 1;
    options.without_json = 1; /* this host does not read it */
    record.url.data = "https://www.example.org/news/1";
    record.url.len = 30;
    if (desk_rulebook_load_builtin(&rulebook, &err) == DESK_OK &&
        desk_engine_new(rulebook, &options, &engine, &err) == DESK_OK &&
        desk_engine_process(engine, &record, &result, &err) == DESK_OK) {
        print_head(result.article);
        print_subjects(result.article);
        print_names(result.article);
        code = 0;
    } else {
        fprintf(stderr, "%s: %s\n", desk_status_code(err.status), err.message);
    }
    desk_engine_free(engine);
    desk_rulebook_release(rulebook);
    return code;
}
