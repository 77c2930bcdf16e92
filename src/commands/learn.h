/* Learning a subject model: features of labelled articles in, weights out. liblinear (Fan et al.,
 * JMLR 9, 2008) does the optimisation: one L2-regularised squared-hinge classifier a class, by its
 * trust region Newton method, which draws no random numbers. */
#ifndef COMMANDS_LEARN_H
#define COMMANDS_LEARN_H

#include "commands/labelled.h"
#include "tag/model.h"

/* One article's features, of which `at` is not used. */
struct sample {
    struct feature_list features;
    uint64_t classes;
    unsigned fold;
    float shares[MODEL_TOPICS_MAX]; /* the lexicon's, by the learner's topics */
};

struct learner {
    struct sample *samples;
    size_t samples_count, classes_count;
    uint32_t bits;                   /* 2^bits buckets */
    unsigned count_min;              /* a feature must stand in so many articles */
    double cost;                     /* C: higher fits the labels closer */
    double lexicon;                  /* how much a share counts beside the words; 0: not at all */
    char (*topics)[MODEL_URI_BYTES]; /* top-level topics of the lexicon */
    size_t topics_count;             /* 0 where the lexicon does not count */
    void (*step)(void *context);     /* called after each class */
    void *context;
};

/* Instead of a fold: none is left out. */
enum { FOLD_NONE = -1 };

/* Spreads the samples of each class evenly over the folds, in the order of the lines. */
void learn_fold(struct learner *learner, unsigned folds);

/* Trains on all samples but those of one fold. URIs, creator, languages and calibration are not
 * set.
 * Owner    model_deinit
 * Errors   false when out of memory */
bool learn_model(const struct learner *learner, int fold_out, struct model *model);

/* A decision, the highest one of another class, and whether its class was right. */
struct judged {
    double decision, rival;
    bool is_right;
};

/* Sets slope, offset and rivalry to the line from both decisions to log-odds that makes the labels
 * likeliest (Platt 1999, with his smoothed targets; learn_calibration.c). Where labels don't
 * exclude each other the rivalry is 0. */
void learn_calibration(const struct judged *judged, size_t count, struct model *model);

#endif
