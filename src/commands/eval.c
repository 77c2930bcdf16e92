/* copydesk eval: labelled articles through the engine, its first subject against the label. */
#include "commands/commands.h"

#include <string.h>

#include "article/article.h"
#include "base/slice.h"
#include "commands/figures.h"
#include "commands/options.h"
#include "commands/progress.h"
#include "commands/session.h"
#include "engine/engine.h"
#include "rulebook/rulebook.h"
#include "tag/lexicon.h"

static const char HELP[] =
    "usage: copydesk eval --labels FILE [options]\n\n"
    "Tags labelled articles (as train takes them) and prints how good the first subject is: "
    "precision, recall and\n"
    "F1 a class, the confusion matrix and how far confidence can be trusted.\n\n"
    "      --labels FILE       the labelled articles; - is stdin\n"
    "      --model MODEL       this model instead of those of the rulebook\n"
    "      --model-alone       without the lexicons\n"
    "  -c, --config FILE       copydesk.yaml (its input and rulebook are used)\n"
    "      --rulebook FOLDER   another rulebook than the configured or built-in one\n\n"
    "Where all labels are top-level topics, the first top-level subject of an article is compared; "
    "else the first\n"
    "one that is among the labels.\n";

struct evaluation {
    struct labelled labelled;
    struct session session;
    struct figures figures;
    bool is_top; /* all labels are top-level topics */
};

static bool is_top(const struct evaluation *evaluation, desk_slice uri)
{
    const struct lexicon *lexicon = evaluation->session.rulebook->lexicon;
    uint16_t topic = lexicon_topic(lexicon, uri);
    return topic != TOPIC_NONE && lexicon->topics[topic].broader == TOPIC_NONE;
}

/* A label that no topic has can never be right: say so at once. */
static bool check_labels(struct evaluation *evaluation)
{
    evaluation->is_top = true;
    for (size_t i = 0; i < evaluation->labelled.classes_count; i++) {
        desk_slice uri = slice_from_cstr(evaluation->labelled.classes[i]);
        if (lexicon_topic(evaluation->session.rulebook->lexicon, uri) == TOPIC_NONE) {
            fprintf(stderr,
                    "copydesk: eval: the label %s is no topic of the rulebook's "
                    "subjects/topics.yaml\n",
                    evaluation->labelled.classes[i]);
            return false;
        }
        evaluation->is_top &= is_top(evaluation, uri);
    }
    return true;
}

static size_t class_of(const struct evaluation *evaluation, desk_slice uri)
{
    for (size_t i = 0; i < evaluation->labelled.classes_count; i++)
        if (slice_is(uri, evaluation->labelled.classes[i]))
            return i;
    return FIGURES_OTHER;
}

static void count_answer(struct evaluation *evaluation, uint64_t truth)
{
    const struct subject_list *list = &engine_article(evaluation->session.engine)->subjects;
    for (size_t i = 0; i < list->count; i++) {
        size_t class = class_of(evaluation, list->items[i].uri);
        bool counts =
            evaluation->is_top ? is_top(evaluation, list->items[i].uri) : class != FIGURES_OTHER;
        if (!counts)
            continue;
        figures_add(&evaluation->figures, truth, class, list->items[i].confidence);
        return;
    }
    figures_add(&evaluation->figures, truth, FIGURES_NONE, 0);
}

static int evaluate(struct evaluation *evaluation)
{
    struct progress progress;
    int code = EXIT_DONE;
    progress_open(&progress, "eval");
    for (size_t i = 0; i < evaluation->labelled.count && code == EXIT_DONE; i++) {
        const struct labelled_line *line = &evaluation->labelled.items[i];
        desk_error err = DESK_ERROR_INIT;
        desk_result result = DESK_RESULT_INIT;
        desk_record record = evaluation->session.record;
        record.value = line->value;
        if (desk_engine_process(evaluation->session.engine, &record, &result, &err) != DESK_OK ||
            result.outcome != DESK_ENRICHED) {
            fprintf(stderr, "copydesk: line %zu: the article was rejected: %s\n", line->number,
                    err.message[0] ? err.message : result.error.message);
            code = EXIT_USAGE;
        } else {
            count_answer(evaluation, line->classes);
        }
        progress_show(&progress, (int64_t)i + 1, (int64_t)evaluation->labelled.count);
    }
    progress_close(&progress);
    if (code == EXIT_DONE)
        figures_print(&evaluation->figures, stdout);
    return code;
}

static int evaluate_all(struct evaluation *evaluation, const struct session_options *options)
{
    int code = session_open(options, &evaluation->session);
    if (code != EXIT_DONE)
        return code;
    if (evaluation->session.format == DESK_FORMAT_AUTO)
        evaluation->session.record.format = DESK_FORMAT_JSON;
    code = check_labels(evaluation) ? evaluate(evaluation) : EXIT_USAGE;
    session_close(&evaluation->session);
    return code;
}

int command_eval(int argc, char **argv)
{
    struct evaluation evaluation = {.figures = {.labelled = &evaluation.labelled}};
    struct session_options session = {.evidence = "none"};
    const char *labels = NULL;
    const struct option rows[] = {{"--labels", NULL, &labels, NULL},
                                  {"--model", NULL, &session.model_path, NULL},
                                  {"--model-alone", NULL, NULL, &session.is_model_alone},
                                  {"--config", "-c", &session.config_path, NULL},
                                  {"--rulebook", NULL, &session.rulebook_path, NULL},
                                  {NULL, NULL, NULL, NULL}};
    struct options options = {.verb = "eval", .help = HELP, .rows = rows};
    int code = options_read(&options, argc, argv);
    if (code != OPTIONS_GO_ON)
        return code;
    if (!labels) {
        fprintf(stderr, "copydesk: eval: --labels FILE is missing; see copydesk eval --help\n");
        return EXIT_USAGE;
    }
    if (!labelled_read(&evaluation.labelled, labels))
        return EXIT_USAGE;
    code = evaluate_all(&evaluation, &session);
    labelled_free(&evaluation.labelled);
    return code;
}
