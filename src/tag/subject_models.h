/* Joining what the lexicon and the models say about a text's topics. docs/models.md explains the
 * formula and how its constants were chosen. */
#ifndef TAG_SUBJECT_MODELS_H
#define TAG_SUBJECT_MODELS_H

#include "tag/model.h"
#include "tag/scoring.h"

struct desk_article;
struct subject;

/* Which model spoke for a topic more than the lexicon did. */
struct model_vote {
    const struct model *model; /* NULL: none, the topic is the lexicon's */
    size_t view;               /* index into model_votes.views */
    size_t class;
};

struct model_votes {
    const struct models *models;
    const struct lexicon *lexicon;
    struct feature_list features;
    struct model_view *views; /* of each model of the rulebook */
    struct model_vote *votes; /* of each topic; NULL when no model is for the language */
};

/* Changes the confidences that scoring_decide gave by what the models for the article's language
 * say, and notes in `votes` which topics are theirs. `has_lexicon`: there is a lexicon for the
 * language, so that its silence says something.
 * Owner    the article's arena
 * Errors   false when that is full */
bool subject_models_join(struct model_votes *votes, struct desk_article *article,
                         struct topic_score *scores, bool has_lexicon);

/* Adds the heaviest words and pairs of the topic's model as evidence. False when out of memory. */
bool subject_models_evidence(const struct model_votes *votes, struct desk_article *article,
                             uint16_t topic, struct subject *subject);

#endif
