/* The curve from scores to confidence, and which topics stand. */
#include "tag/scoring.h"

#include <math.h>
#include <stddef.h>

#include "tag/lexicon.h"
#include "yaml/yaml.h"

/* --- constants ----------------------------------------------------------------------------- */

struct constant {
    const char *name;
    size_t offset;
    double standard, min, max;
};

#define CONSTANT(name, standard, min, max)                                                         \
    {                                                                                              \
#name, offsetof(struct scoring, name), standard, min, max                                  \
    }

/* The standard values are those of the built-in scoring.yaml, whose comments give their reasons. */
static const struct constant CONSTANTS[] = {
    CONSTANT(title, 2, 0, 100),           CONSTANT(description, 1.25, 0, 100),
    CONSTANT(lead, 1.5, 0, 100),          CONSTANT(lead_sentences, 3, 0, 1000),
    CONSTANT(power, 1.25, 0.1, 10),       CONSTANT(repeat, 1.25, 0, 10),
    CONSTANT(generality, 0.25, 0, 10),    CONSTANT(share_min, 0.3, 0, 1),
    CONSTANT(confidence_min, 0.1, 0, 1),  CONSTANT(subjects_max, 12, 1, 1000),
    CONSTANT(base, -2.1, -100, 100),      CONSTANT(by_score, 1.33, 0, 100),
    CONSTANT(by_length, 0.36, -100, 100), CONSTANT(by_share, 3.1, 0, 100),
};

enum { CONSTANTS_COUNT = sizeof CONSTANTS / sizeof CONSTANTS[0] };

static double *constant_of(struct scoring *scoring, const struct constant *constant)
{
    return (double *)(void *)((char *)scoring + constant->offset);
}

static void read_constants(struct scoring *scoring, struct yaml_node root)
{
    const char *names[CONSTANTS_COUNT + 2] = {NULL};
    for (size_t i = 0; i < CONSTANTS_COUNT; i++)
        names[i] = CONSTANTS[i].name;
    names[CONSTANTS_COUNT] = "priors";
    if (!yaml_is_set(root) || !yaml_check_keys(root, names))
        return;
    for (size_t i = 0; i < CONSTANTS_COUNT; i++)
        yaml_read_number(yaml_get(root, names[i]), CONSTANTS[i].min, CONSTANTS[i].max,
                         constant_of(scoring, &CONSTANTS[i]));
}

void scoring_read(struct scoring *scoring, struct yaml_node root)
{
    for (size_t i = 0; i < CONSTANTS_COUNT; i++)
        *constant_of(scoring, &CONSTANTS[i]) = CONSTANTS[i].standard;
    read_constants(scoring, root);
    for (unsigned count = 1; count <= REPEATS_MAX; count++)
        scoring->repeats[count] = pow(count, -scoring->repeat);
}

/* --- terms --------------------------------------------------------------------------------- */

double scoring_strength(const struct scoring *scoring, const struct lexicon_entry *entry)
{
    double weight = (double)entry->weight;
    double strength = copysign(pow(fabs(weight), scoring->power) / 2, weight);
    return strength * pow(entry->tops_count, -scoring->generality) / entry->twins_count;
}

double scoring_repeat(const struct scoring *scoring, unsigned count)
{
    return scoring->repeats[count < REPEATS_MAX ? count : REPEATS_MAX];
}

/* --- confidence ---------------------------------------------------------------------------- */

struct totals {
    double best; /* score of the strongest top-level topic */
    double sum;  /* of all of them */
};

static struct totals add_up(const struct lexicon *lexicon, struct topic_score *scores)
{
    struct totals totals = {0, 0};
    for (size_t i = 0; i < lexicon->topics_count; i++) {
        scores[i].score *= lexicon->priors[lexicon->topics[i].top];
        if (lexicon->topics[i].broader != TOPIC_NONE || scores[i].score <= 0)
            continue;
        totals.sum += scores[i].score;
        if (scores[i].score > totals.best)
            totals.best = scores[i].score;
    }
    return totals;
}

/* Grows with what was found and with its share of all that was found, shrinks with the length of
 * the text. */
static double confidence_of(const struct scoring *scoring, const struct topic_score *score,
                            const struct totals *totals, const struct scored_text *text)
{
    double share = score->score / (totals->sum + text->no_news);
    double argument = scoring->base + scoring->by_score * log1p(score->score) -
                      scoring->by_length * log1p((double)text->words) + scoring->by_share * share +
                      score->log_odds;
    return floor(1000 / (1 + exp(-argument)) + 0.5) / 1000;
}

/* Drops the least sure subjects until the limit holds. Narrower topics stand behind their broader
 * ones and are never surer, so the last of the least sure has nothing below it. */
static void limit(const struct lexicon *lexicon, struct topic_score *scores, size_t count)
{
    for (; (double)count > lexicon->scoring.subjects_max; count--) {
        size_t least = 0;
        double confidence = 2;
        for (size_t i = 0; i < lexicon->topics_count; i++)
            if (scores[i].confidence > 0 && scores[i].confidence <= confidence) {
                least = i;
                confidence = scores[i].confidence;
            }
        scores[least].confidence = 0;
    }
}

void scoring_decide(const struct lexicon *lexicon, struct topic_score *scores,
                    const struct scored_text *text)
{
    const struct scoring *scoring = &lexicon->scoring;
    struct totals totals = add_up(lexicon, scores);
    size_t count = 0;
    for (size_t i = 0; i < lexicon->topics_count; i++) {
        const struct topic *topic = &lexicon->topics[i];
        struct topic_score *score = &scores[i];
        score->confidence = 0;
        if (score->score <= 0 || totals.best <= text->no_news ||
            score->score < scoring->share_min * totals.best)
            continue;
        double confidence = confidence_of(scoring, score, &totals, text);
        if (topic->broader != TOPIC_NONE)
            confidence = fmin(confidence, scores[topic->broader].confidence);
        if (confidence < scoring->confidence_min)
            continue;
        score->confidence = confidence;
        count++;
    }
    limit(lexicon, scores, count);
}
