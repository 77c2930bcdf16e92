/* From features to the solver's rows and from its weights to a model's. */
#include "commands/learn.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "commands/solver.h"

static const double WEIGHT_UNITS_MAX = 32767;

struct training {
    const struct learner *learner;
    int fold_out;
    size_t articles;  /* that take part */
    uint32_t *counts; /* per bucket: articles that have it */
    int *index;       /* per bucket: the solver's feature, from 1; 0: none */
    int features;     /* of text; those of the lexicon's topics come behind */
    struct solver *solver;
    bool *labels;
    double *weights;
};

void learn_fold(struct learner *learner, unsigned folds)
{
    unsigned next[MODEL_CLASSES_MAX] = {0};
    for (size_t i = 0; i < learner->samples_count; i++) {
        size_t class = labelled_first(learner->samples[i].classes);
        /* Classes start at different folds, so that folds of small classes are of one size. */
        learner->samples[i].fold = (unsigned)((next[class]++ + class) % folds);
    }
}

static bool takes_part(const struct training *training, const struct sample *sample)
{
    return training->fold_out == FOLD_NONE || (int)sample->fold != training->fold_out;
}

/* --- rows ---------------------------------------------------------------------------------- */

static size_t count_articles(struct training *training)
{
    const struct learner *learner = training->learner;
    size_t cells = 0;
    for (size_t i = 0; i < learner->samples_count; i++) {
        const struct sample *sample = &learner->samples[i];
        if (!takes_part(training, sample))
            continue;
        training->articles++;
        cells += sample->features.count;
        for (size_t k = 0; k < sample->features.count; k++)
            training->counts[feature_bucket(sample->features.items[k].hash, learner->bits)]++;
    }
    for (size_t i = 0; i < (size_t)1 << learner->bits; i++)
        if (training->counts[i] >= learner->count_min)
            training->index[i] = ++training->features;
    return cells;
}

/* How rare a feature is, 1 + ln((1 + articles) / (1 + those that have it)), in the unit of the
 * model's rows. Features that share a bucket may be counted more often than there are articles. */
static int16_t rarity(const struct training *training, size_t bucket)
{
    double have = fmin((double)training->counts[bucket], (double)training->articles);
    double value = 1 + log((1 + (double)training->articles) / (1 + have));
    return (int16_t)lrint(fmin(value / (double)MODEL_RARITY_UNIT, WEIGHT_UNITS_MAX));
}

struct cell {
    int feature;
    double value;
};

static int by_feature(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

/* Cells sorted, those of one bucket joined, as the solver wants them. */
static bool add_row(struct training *training, const struct sample *sample)
{
    struct cell *cells = malloc((sample->features.count + 1) * sizeof *cells);
    size_t count = 0;
    if (!cells)
        return false;
    for (size_t i = 0; i < sample->features.count; i++) {
        const struct feature *feature = &sample->features.items[i];
        uint32_t bucket = feature_bucket(feature->hash, training->learner->bits);
        if (training->index[bucket])
            cells[count++] = (struct cell){training->index[bucket],
                                           (double)feature->value * rarity(training, bucket)};
    }
    qsort(cells, count, sizeof *cells, by_feature);
    for (size_t i = 0; i < count;) {
        struct cell joined = cells[i++];
        while (i < count && cells[i].feature == joined.feature)
            joined.value += cells[i++].value;
        solver_add(training->solver, joined.feature, joined.value);
    }
    free(cells);
    solver_normalise_row(training->solver);
    for (size_t i = 0; i < training->learner->topics_count; i++)
        solver_add(training->solver, training->features + 1 + (int)i,
                   training->learner->lexicon * (double)sample->shares[i]);
    solver_end_row(training->solver);
    return true;
}

static bool build(struct training *training)
{
    const struct learner *learner = training->learner;
    size_t buckets = (size_t)1 << learner->bits;
    training->counts = calloc(buckets, sizeof *training->counts);
    training->index = calloc(buckets, sizeof *training->index);
    if (!training->counts || !training->index)
        return false;
    size_t cells = count_articles(training) + training->articles * learner->topics_count;
    int columns = training->features + (int)learner->topics_count;
    training->solver = solver_open(training->articles, cells, columns);
    training->labels = calloc(training->articles + 1, sizeof *training->labels);
    training->weights = calloc((size_t)columns + 1, sizeof *training->weights);
    if (!training->solver || !training->labels || !training->weights)
        return false;
    for (size_t i = 0; i < learner->samples_count; i++)
        if (takes_part(training, &learner->samples[i]) && !add_row(training, &learner->samples[i]))
            return false;
    return true;
}

static void tear_down(struct training *training)
{
    free(training->counts);
    free(training->index);
    free(training->labels);
    free(training->weights);
    solver_close(training->solver);
}

/* --- weights ------------------------------------------------------------------------------- */

/* Weights take in the rarity, so that tagging multiplies once, and are scaled so that the heaviest
 * one fills 16 bits. */
static void keep_weights(const struct training *training, struct model *model, size_t class)
{
    size_t buckets = (size_t)1 << model->bits, stride = 1 + model->classes_count;
    double heaviest = 0;
    for (int pass = 0; pass < 2; pass++) {
        double scale = heaviest > 0 ? heaviest / WEIGHT_UNITS_MAX : 1;
        for (size_t i = 0; i < buckets; i++) {
            if (!training->index[i])
                continue;
            double weight = training->weights[training->index[i] - 1] * rarity(training, i) *
                            (double)MODEL_RARITY_UNIT;
            if (pass)
                model->rows[i * stride + 1 + class] = (int16_t)lrint(weight / scale);
            else
                heaviest = fmax(heaviest, fabs(weight));
        }
        model->classes[class].scale = (float)scale;
    }
    model->classes[class].bias =
        (float)training->weights[(size_t)training->features + model->topics_count];
}

/* Shares are looked at from their mean, so that an article without a lexicon loses nothing but
 * them. */
static void keep_topics(const struct training *training, struct model *model, size_t class)
{
    const double *weights = training->weights + training->features;
    for (size_t i = 0; i < model->topics_count; i++) {
        struct model_topic *topic = &model->topics[i];
        topic->weights[class] = (float)(weights[i] * training->learner->lexicon);
        model->classes[class].bias += topic->weights[class] * topic->mean;
    }
}

static void name_topics(const struct training *training, struct model *model)
{
    const struct learner *learner = training->learner;
    model->topics_count = (uint32_t)learner->topics_count;
    for (size_t i = 0; i < learner->topics_count; i++) {
        double sum = 0;
        for (size_t k = 0; k < learner->samples_count; k++)
            if (takes_part(training, &learner->samples[k]))
                sum += (double)learner->samples[k].shares[i];
        memcpy(model->topics[i].uri, learner->topics[i], MODEL_URI_BYTES);
        model->topics[i].mean = (float)(sum / (double)training->articles);
    }
}

static bool learn_class(struct training *training, struct model *model, size_t class)
{
    const struct learner *learner = training->learner;
    size_t row = 0;
    for (size_t i = 0; i < learner->samples_count; i++)
        if (takes_part(training, &learner->samples[i]))
            training->labels[row++] = learner->samples[i].classes >> class & 1;
    if (!solver_run(training->solver, training->labels, learner->cost, training->weights))
        return false;
    keep_weights(training, model, class);
    keep_topics(training, model, class);
    if (learner->step)
        learner->step(learner->context);
    return true;
}

bool learn_model(const struct learner *learner, int fold_out, struct model *model)
{
    struct training training = {.learner = learner, .fold_out = fold_out};
    size_t buckets = (size_t)1 << learner->bits, stride = 1 + learner->classes_count;
    *model = (struct model){.bits = learner->bits,
                            .classes_count = (uint32_t)learner->classes_count,
                            .slope = 1,
                            .rows = calloc(buckets * stride, sizeof *model->rows)};
    bool good = model->rows && build(&training);
    for (size_t i = 0; i < buckets && good; i++)
        if (training.index[i])
            model->rows[i * stride] = rarity(&training, i);
    if (good)
        name_topics(&training, model);
    for (size_t i = 0; i < learner->classes_count && good; i++)
        good = learn_class(&training, model, i);
    model->articles = (uint32_t)training.articles;
    tear_down(&training);
    if (!good)
        model_deinit(model);
    return good;
}
