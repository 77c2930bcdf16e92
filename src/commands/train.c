/* copydesk train: a subject model from labelled articles.
 *
 * Articles go through the engine, so that a model learns from the very words that tagging will see.
 * The same file gives the same bytes. */
#include "commands/commands.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "article/article.h"
#include "base/slice.h"
#include "commands/figures.h"
#include "commands/learn.h"
#include "commands/options.h"
#include "commands/progress.h"
#include "commands/session.h"
#include "engine/engine.h"
#include "rulebook/rulebook.h"
#include "tag/lexicon.h"

static const char HELP[] =
    "usage: copydesk train --labels FILE -o MODEL [options]\n\n"
    "Learns to tell subjects from labelled articles: one JSON object a line, an article as filter "
    "takes it,\n"
    "with its topic in \"subject\": a URI, or a list of those that are right. MODEL goes to "
    "models/NAME.model\n"
    "of a rulebook. Prints cross-validated figures.\n\n"
    "      --labels FILE       the labelled articles; - is stdin\n"
    "  -o, --output MODEL      the file to write; without it only the figures are printed\n"
    "      --folds N           parts of the cross-validation, 2 to 50 (default 5)\n"
    "      --buckets N         size of the table of features, a power of two from 256 to 4194304\n"
    "                          (default 131072)\n"
    "      --min-count N       a word or pair must stand in N articles (default 2)\n"
    "      --c NUMBER          how closely the labels are fitted (default 1)\n"
    "      --lexicon NUMBER    how much the lexicon's word counts beside the articles', 0 to 10;\n"
    "                          0: the model stands alone; auto: what serves the\n"
    "                          cross-validation best (default auto)\n"
    "  -c, --config FILE       copydesk.yaml (its input and rulebook are used)\n"
    "      --rulebook FOLDER   another rulebook than the configured or built-in one\n\n"
    "The language of a model is that of its articles; articles in another one are few or they are "
    "learned too.\n";

/* Languages with fewer of the articles are mistakes or strays: the model is not for them. */
static const double LANGUAGE_SHARE_MIN = 0.05;

/* What --lexicon auto tries, the weight of a topic's share beside words whose length is 1: where
 * words suffice, a lexicon that counts much does harm, where articles are few it helps
 * (docs/models.md). More than 2 trusts a lexicon blindly. Of equals the first, lowest one is taken.
 */
static const double LEXICON_WEIGHTS[] = {0.25, 0.5, 1, 2};
enum { LEXICON_WEIGHTS_COUNT = sizeof LEXICON_WEIGHTS / sizeof LEXICON_WEIGHTS[0] };

enum { LANGUAGES_SEEN_MAX = 64 };

struct trainer {
    struct labelled labelled;
    struct learner learner;
    struct session session;
    struct progress progress;
    int64_t steps, steps_total;
    struct {
        char code[12];
        size_t count;
    } languages[LANGUAGES_SEEN_MAX];
    size_t languages_count;
    char topics[MODEL_TOPICS_MAX][MODEL_URI_BYTES];
    unsigned folds;
    bool chooses_lexicon; /* its weight is found by cross-validation */
    const char *output;
};

static void step(void *context)
{
    struct trainer *trainer = context;
    progress_show(&trainer->progress, ++trainer->steps, trainer->steps_total);
}

/* --- samples ------------------------------------------------------------------------------- */

/* By primary subtag, as models are asked for. */
static void count_language(struct trainer *trainer, desk_slice code)
{
    size_t i = 0, len = 0;
    while (len < code.len && code.data[len] != '-')
        len++;
    code = slice_sub(code, 0, len);
    while (i < trainer->languages_count && !slice_is(code, trainer->languages[i].code))
        i++;
    if (i == LANGUAGES_SEEN_MAX || !code.len || code.len >= sizeof trainer->languages[0].code ||
        slice_is(code, "und"))
        return;
    if (i == trainer->languages_count) {
        memcpy(trainer->languages[i].code, code.data, code.len);
        trainer->languages_count++;
    }
    trainer->languages[i].count++;
}

static float share_of(const struct trainer *trainer, const struct topic_score *scores, size_t topic)
{
    const struct lexicon *lexicon = trainer->session.rulebook->lexicon;
    desk_slice uri = slice_from_cstr(trainer->topics[topic]);
    return model_topic_share(lexicon, scores, lexicon_topic(lexicon, uri));
}

/* The top-level topics of the rulebook, in its order. */
static void name_topics(struct trainer *trainer)
{
    const struct lexicon *lexicon = trainer->session.rulebook->lexicon;
    struct learner *learner = &trainer->learner;
    learner->topics = trainer->topics;
    for (size_t i = 0; i < lexicon->topics_count && learner->lexicon > 0; i++) {
        const struct topic *topic = &lexicon->topics[i];
        if (topic->broader != TOPIC_NONE || topic->uri.len >= MODEL_URI_BYTES ||
            learner->topics_count == MODEL_TOPICS_MAX)
            continue;
        memcpy(trainer->topics[learner->topics_count++], topic->uri.data, topic->uri.len);
    }
}

/* The engine's article is ours to read until the next record. */
static int make_sample(struct trainer *trainer, size_t index)
{
    const struct labelled_line *line = &trainer->labelled.items[index];
    struct sample *sample = &trainer->learner.samples[index];
    desk_error err = DESK_ERROR_INIT;
    desk_result result = DESK_RESULT_INIT;
    desk_record record = trainer->session.record;
    struct feature_list features;
    record.value = line->value;
    if (desk_engine_process(trainer->session.engine, &record, &result, &err) != DESK_OK ||
        result.outcome != DESK_ENRICHED) {
        fprintf(stderr, "copydesk: line %zu: the article was rejected: %s\n", line->number,
                err.message[0] ? err.message : result.error.message);
        return EXIT_USAGE;
    }
    struct desk_article article = *engine_article(trainer->session.engine);
    const struct token_table *tokens = tokens_of(&article);
    if (!tokens || !features_collect(&article, tokens, &features))
        return EXIT_FAILED;
    sample->classes = line->classes;
    sample->features.items = malloc((features.count + 1) * sizeof *features.items);
    if (!sample->features.items)
        return EXIT_FAILED;
    for (size_t i = 0; article.topic_scores && i < trainer->learner.topics_count; i++)
        sample->shares[i] = share_of(trainer, article.topic_scores, i);
    memcpy(sample->features.items, features.items, features.count * sizeof *features.items);
    sample->features.count = features.count;
    count_language(trainer, article.language);
    return EXIT_DONE;
}

static int make_samples(struct trainer *trainer)
{
    trainer->learner.samples_count = trainer->labelled.count;
    trainer->learner.classes_count = trainer->labelled.classes_count;
    trainer->learner.samples = calloc(trainer->labelled.count, sizeof *trainer->learner.samples);
    int code = trainer->learner.samples ? EXIT_DONE : EXIT_FAILED;
    for (size_t i = 0; i < trainer->labelled.count && code == EXIT_DONE; i++) {
        code = make_sample(trainer, i);
        step(trainer);
    }
    if (code == EXIT_FAILED)
        fprintf(stderr, "copydesk: train: out of memory\n");
    return code;
}

/* --- cross-validation ---------------------------------------------------------------------- */

struct validation {
    struct judged *judged; /* [sample][class] */
    size_t right;          /* samples whose highest decision is right */
};

static size_t best_of(const struct judged *row, size_t classes)
{
    size_t best = 0;
    for (size_t k = 1; k < classes; k++)
        if (row[k].decision > row[best].decision)
            best = k;
    return best;
}

/* What a model that has not seen the sample makes of it. */
static void judge_sample(const struct model *model, const struct sample *sample,
                         struct validation *validation, struct judged *row)
{
    struct model_sight sight = {&sample->features, sample->shares};
    struct model_view view;
    model_look(model, &sight, &view);
    for (size_t k = 0; k < model->classes_count; k++) {
        float rival = k == view.best ? view.second : view.decisions[view.best];
        row[k] =
            (struct judged){(double)view.decisions[k], (double)rival, sample->classes >> k & 1};
    }
    validation->right += row[view.best].is_right;
}

static bool validate_fold(struct trainer *trainer, struct validation *validation, int fold)
{
    const struct learner *learner = &trainer->learner;
    struct model model;
    if (!learn_model(learner, fold, &model))
        return false;
    for (size_t i = 0; i < learner->samples_count; i++) {
        const struct sample *sample = &learner->samples[i];
        if ((int)sample->fold == fold)
            judge_sample(&model, sample, validation,
                         validation->judged + i * learner->classes_count);
    }
    model_deinit(&model);
    return true;
}

/* Owner: validation->judged is the caller's to free, also after a failure. */
static bool validate(struct trainer *trainer, struct validation *validation)
{
    size_t count = trainer->learner.samples_count * trainer->learner.classes_count;
    *validation = (struct validation){.judged = calloc(count + 1, sizeof *validation->judged)};
    bool good = validation->judged != NULL;
    for (unsigned fold = 0; fold < trainer->folds && good; fold++)
        good = validate_fold(trainer, validation, (int)fold);
    return good;
}

/* Cross-validates with each weight of the lexicon and keeps the one that is right most often. */
static bool choose_lexicon(struct trainer *trainer, struct validation *best)
{
    double weight = 0;
    for (size_t i = 0; i < LEXICON_WEIGHTS_COUNT; i++) {
        struct validation validation;
        trainer->learner.lexicon = LEXICON_WEIGHTS[i];
        if (!validate(trainer, &validation)) {
            free(validation.judged);
            return false;
        }
        if (best->judged && validation.right <= best->right) {
            free(validation.judged);
            continue;
        }
        free(best->judged);
        *best = validation;
        weight = LEXICON_WEIGHTS[i];
    }
    trainer->learner.lexicon = weight;
    return true;
}

static void print_answers(const struct trainer *trainer, const struct validation *validation,
                          const struct model *model)
{
    struct figures figures = {.labelled = &trainer->labelled};
    size_t classes = trainer->learner.classes_count;
    for (size_t i = 0; i < trainer->learner.samples_count; i++) {
        const struct judged *row = validation->judged + i * classes;
        size_t best = best_of(row, classes);
        double log_odds = (double)model->slope * row[best].decision + (double)model->offset -
                          (double)model->rivalry * row[best].rival;
        figures_add(&figures, trainer->learner.samples[i].classes, best, 1 / (1 + exp(-log_odds)));
    }
    printf("%u-fold cross-validation, ", trainer->folds);
    if (trainer->learner.topics_count)
        printf("with the lexicon's shares times %g: ", trainer->learner.lexicon);
    else
        printf("the model alone: ");
    figures_print(&figures, stdout);
}

/* --- the model ----------------------------------------------------------------------------- */

/* The languages of the articles, in the order in which they were met. */
static bool name_languages(const struct trainer *trainer, struct model *model)
{
    size_t used = 0;
    double least = LANGUAGE_SHARE_MIN * (double)trainer->learner.samples_count;
    for (size_t i = 0; i < trainer->languages_count; i++) {
        size_t len = strlen(trainer->languages[i].code);
        if ((double)trainer->languages[i].count < least || used + len + 2 > sizeof model->languages)
            continue;
        if (used)
            model->languages[used++] = ' ';
        memcpy(model->languages + used, trainer->languages[i].code, len);
        used += len;
    }
    if (!used)
        fprintf(stderr,
                "copydesk: train: the language of the articles was not recognised; are they "
                "long enough?\n");
    return used > 0;
}

static int write_model(const struct trainer *trainer, const struct model *model)
{
    desk_slice content = model_write(model);
    FILE *file = content.data ? fopen(trainer->output, "wb") : NULL;
    bool good = file && fwrite(content.data, 1, content.len, file) == content.len;
    if (file && fclose(file))
        good = false;
    if (!good)
        fprintf(stderr, "copydesk: %s: %s\n", trainer->output, strerror(errno));
    else
        printf("\n%s: %zu bytes, for %s, %u articles, %u classes\n", trainer->output, content.len,
               model->languages, model->articles, model->classes_count);
    free((char *)(size_t)content.data);
    return good ? EXIT_DONE : EXIT_FAILED;
}

static int learn(struct trainer *trainer)
{
    struct validation validation = {NULL, 0};
    struct model model;
    size_t count = trainer->learner.samples_count * trainer->learner.classes_count;
    learn_fold(&trainer->learner, trainer->folds);
    bool good = trainer->chooses_lexicon ? choose_lexicon(trainer, &validation)
                                         : validate(trainer, &validation);
    good = good && learn_model(&trainer->learner, FOLD_NONE, &model);
    progress_close(&trainer->progress);
    if (!good) {
        fprintf(stderr, "copydesk: train: out of memory\n");
        free(validation.judged);
        return EXIT_FAILED;
    }
    learn_calibration(validation.judged, count, &model);
    for (size_t i = 0; i < trainer->labelled.classes_count; i++)
        memcpy(model.classes[i].uri, trainer->labelled.classes[i], MODEL_URI_BYTES);
    print_answers(trainer, &validation, &model);
    int code = name_languages(trainer, &model) ? EXIT_DONE : EXIT_USAGE;
    if (code == EXIT_DONE && trainer->output)
        code = write_model(trainer, &model);
    model_deinit(&model);
    free(validation.judged);
    return code;
}

/* --- the verb ------------------------------------------------------------------------------ */

static bool check_labels(const struct trainer *trainer)
{
    if (trainer->labelled.classes_count < 2) {
        fprintf(stderr,
                "copydesk: train: all articles have the subject %s; there is nothing to tell "
                "apart\n",
                trainer->labelled.classes[0]);
        return false;
    }
    if (trainer->labelled.count >= trainer->folds)
        return true;
    fprintf(stderr, "copydesk: train: %zu articles are fewer than %u folds\n",
            trainer->labelled.count, trainer->folds);
    return false;
}

static bool ends_in_model(const char *path)
{
    if (!path || slice_ends(slice_from_cstr(path), slice_from_cstr(".model")))
        return true;
    fprintf(stderr,
            "copydesk: train: %s: a model's name ends in .model, or a rulebook does not find it\n",
            path);
    return false;
}

struct words {
    const char *labels, *buckets, *min_count, *cost, *folds, *lexicon;
};

static bool read_numbers(struct trainer *trainer, const struct words *words)
{
    long long buckets = 1 << 17, min_count = 2, folds = 5;
    char *end = NULL;
    if (words->buckets && !options_number("--buckets", words->buckets, 1 << MODEL_BITS_MIN,
                                          1 << MODEL_BITS_MAX, &buckets))
        return false;
    if (buckets & (buckets - 1)) {
        fprintf(stderr, "copydesk: --buckets: %lld is no power of two, such as 131072\n", buckets);
        return false;
    }
    if (words->min_count && !options_number("--min-count", words->min_count, 1, 1000, &min_count))
        return false;
    if (words->folds && !options_number("--folds", words->folds, 2, 50, &folds))
        return false;
    trainer->learner.cost = words->cost ? strtod(words->cost, &end) : 1;
    if (end && (*end || !(trainer->learner.cost >= 1e-4 && trainer->learner.cost <= 1e4))) {
        fprintf(stderr, "copydesk: --c: '%s' is no number from 0.0001 to 10000\n", words->cost);
        return false;
    }
    trainer->chooses_lexicon = !words->lexicon || !strcmp(words->lexicon, "auto");
    trainer->learner.lexicon = trainer->chooses_lexicon ? 1 : strtod(words->lexicon, &end);
    if (!trainer->chooses_lexicon &&
        (*end || !(trainer->learner.lexicon >= 0 && trainer->learner.lexicon <= 10))) {
        fprintf(stderr, "copydesk: --lexicon: '%s' is no number from 0 to 10, nor auto\n",
                words->lexicon);
        return false;
    }
    while ((long long)1 << trainer->learner.bits < buckets)
        trainer->learner.bits++;
    trainer->learner.count_min = (unsigned)min_count;
    trainer->folds = (unsigned)folds;
    return true;
}

static int train_all(struct trainer *trainer, const struct session_options *options)
{
    int code = session_open(options, &trainer->session);
    if (code != EXIT_DONE)
        return code;
    if (trainer->session.format == DESK_FORMAT_AUTO)
        trainer->session.record.format = DESK_FORMAT_JSON;
    progress_open(&trainer->progress, "train");
    size_t rounds = trainer->chooses_lexicon ? LEXICON_WEIGHTS_COUNT : 1;
    trainer->steps_total = (int64_t)(trainer->labelled.count + (rounds * trainer->folds + 1) *
                                                                   trainer->labelled.classes_count);
    trainer->learner.step = step;
    trainer->learner.context = trainer;
    name_topics(trainer);
    code = make_samples(trainer);
    if (code == EXIT_DONE)
        code = learn(trainer);
    progress_close(&trainer->progress);
    session_close(&trainer->session);
    return code;
}

int command_train(int argc, char **argv)
{
    struct trainer trainer = {.folds = 5};
    struct words words = {NULL, NULL, NULL, NULL, NULL, NULL};
    struct session_options session = {.evidence = "none"};
    const struct option rows[] = {{"--labels", NULL, &words.labels, NULL},
                                  {"--output", "-o", &trainer.output, NULL},
                                  {"--folds", NULL, &words.folds, NULL},
                                  {"--buckets", NULL, &words.buckets, NULL},
                                  {"--min-count", NULL, &words.min_count, NULL},
                                  {"--c", NULL, &words.cost, NULL},
                                  {"--lexicon", NULL, &words.lexicon, NULL},
                                  {"--config", "-c", &session.config_path, NULL},
                                  {"--rulebook", NULL, &session.rulebook_path, NULL},
                                  {NULL, NULL, NULL, NULL}};
    struct options options = {.verb = "train", .help = HELP, .rows = rows};
    int code = options_read(&options, argc, argv);
    if (code != OPTIONS_GO_ON)
        return code;
    if (!words.labels) {
        fprintf(stderr, "copydesk: train: --labels FILE is missing; see copydesk train --help\n");
        return EXIT_USAGE;
    }
    code = EXIT_USAGE;
    if (ends_in_model(trainer.output) && read_numbers(&trainer, &words) &&
        labelled_read(&trainer.labelled, words.labels) && check_labels(&trainer))
        code = train_all(&trainer, &session);
    for (size_t i = 0; trainer.learner.samples && i < trainer.labelled.count; i++)
        free(trainer.learner.samples[i].features.items);
    free(trainer.learner.samples);
    labelled_free(&trainer.labelled);
    return code;
}
