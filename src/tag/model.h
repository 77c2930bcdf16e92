/* Subject models: linear classifiers over hashed features, files models/NAME.model of the rulebook.
 *
 * A model gives each of its classes a decision, the sum of the weights of an article's features
 * over their length and of the lexicon's shares, and turns it into log-odds. `copydesk train`
 * writes models; docs/models.md has the format byte by byte. A file that is damaged, cut short, of
 * another version or not a model at all is refused with the reason.
 *
 * Weights are 16-bit integers laid out [bucket][1 + class], so that one cache line serves a
 * feature; the first of a row is the feature's rarity, 0 when training did not see it. */
#ifndef TAG_MODEL_H
#define TAG_MODEL_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

#include "tag/features.h"

struct lexicon;
struct topic_score;
struct mistakes;
struct rulebook_files;

enum {
    MODEL_VERSION = 3,
    MODEL_CLASSES_MAX = 64,
    MODEL_TOPICS_MAX = 32,
    MODEL_BITS_MIN = 8,
    MODEL_BITS_MAX = 22,
    MODEL_LANGUAGES_BYTES = 64, /* "en fr", with the NUL */
    MODEL_URI_BYTES = 64,
    MODEL_NAME_BYTES = 64
};

/* The rarity of a feature is kept in units of 1/2048. */
static const float MODEL_RARITY_UNIT = 1.0F / 2048;

struct model_class {
    char uri[MODEL_URI_BYTES];
    float scale; /* decision units of one weight unit */
    float bias;
    uint16_t topic; /* index in the lexicon's topics, set by models_resolve */
};

/* A top-level topic of which the model looks at the lexicon's share. */
struct model_topic {
    char uri[MODEL_URI_BYTES];
    float
        mean; /* of the articles it was trained on; without a lexicon it stands in for the share */
    float weights[MODEL_CLASSES_MAX]; /* decision units of a whole share, by class */
    uint16_t topic;                   /* index in the lexicon's topics, set by models_resolve */
};

struct model {
    char creator[MODEL_NAME_BYTES + 8];    /* "model:NAME" */
    char languages[MODEL_LANGUAGES_BYTES]; /* primary subtags, separated by one space */
    uint32_t bits;                         /* 2^bits buckets */
    uint32_t articles;                     /* it was trained on */
    uint32_t classes_count;
    struct model_class classes[MODEL_CLASSES_MAX];
    uint32_t topics_count; /* 0: the model looks at words alone */
    struct model_topic topics[MODEL_TOPICS_MAX];
    /* log-odds = slope * decision + offset - rivalry * the highest decision of another class */
    float slope, offset, rivalry;
    int16_t *rows; /* [2^bits][1 + classes_count] */
};

/* What a model makes of one article. */
struct model_view {
    float norm; /* length of the features; 0 when the model knows none of them */
    float decisions[MODEL_CLASSES_MAX];
    size_t best;  /* the class with the highest decision */
    float second; /* the highest decision of the others; with one class that class's own */
};

/* All models of a rulebook. */
struct models {
    struct model *items;
    size_t count;
};

/* Reads a model from the bytes of a file. `path` names it: "models/NAME.model".
 * Owner    model->rows is on the heap; model_deinit frees it
 * Errors   false, with one sentence in `reason` (of `reason_size` bytes) that says what is wrong */
bool model_read(struct model *model, const char *path, desk_slice content, char reason[160]);
void model_deinit(struct model *model);

/* The bytes of a model's file, on the heap; empty when out of memory (model_write.c). */
desk_slice model_write(const struct model *model);

/* Whether the model is for this language (BCP 47). */
bool model_is_for(const struct model *model, desk_slice language);

/* What the lexicon gives to a topic of the top level, as its share of what it gives to all of them,
 * 0..1. `scores` are those of scoring_decide. */
float model_topic_share(const struct lexicon *lexicon, const struct topic_score *scores,
                        uint16_t topic);

/* What a model looks at: the features, and by the index of model.topics the lexicon's shares, NULL
 * where there is no lexicon for the language. */
struct model_sight {
    const struct feature_list *features;
    const float *shares;
};

/* One pass over the features. Takes no memory. */
void model_look(const struct model *model, const struct model_sight *sight,
                struct model_view *view);

/* What speaks for a class, as log-odds: the surer another class is, the less. */
double model_log_odds(const struct model *model, const struct model_view *view, size_t class);
/* The part of it that one feature adds. */
double model_share(const struct model *model, const struct model_view *view,
                   const struct feature *feature, size_t class);

/* The rulebook's part. */
void *models_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void models_free(void *models);
/* Finds the topics of all classes; one that topics.yaml does not know is a mistake. */
void models_resolve(struct models *models, const struct lexicon *lexicon,
                    struct mistakes *mistakes);

#endif
