/* Log-odds of the model, which has looked at the lexicon's shares or else gets a part of its
 * confidence added; then the tree of topics is put in order again. */
#include "tag/subject_models.h"

#include <math.h>

#include "article/article.h"
#include "base/slice.h"
#include "tag/lexicon.h"

/* Found by cross-validation on four labelled sets (tests/eval/models): from 5 to 10 the accuracy
 * stays within half a point. */
static const double LEXICON_LOG_ODDS = 7;
/* A lexicon that knows the language and says nothing of a topic speaks a little against it. */
static const double LEXICON_CENTRE = 0.3;
/* Both see the same words, so their sum is surer than it should be. */
static const double TEMPER = 0.6;
/* A model that is sure leaves less room for the topics it was not taught. */
static const double OTHERS_LEFT = 0.1;
/* Every article it learned from had one of its topics: where it takes one for likelier than a draw
 * among them, the others come behind it. */
static const double OTHERS_BEHIND = 0.9;
/* Below it a topic is no subject by the model's word, unless it is the surest of all. */
static const double CONFIDENCE_MIN = 0.3;
/* More features than this explain nothing to a person. */
enum { EVIDENCE_MAX = 12 };

/* --- joining ------------------------------------------------------------------------------- */

struct joint {
    struct model_votes *votes;
    struct topic_score *scores;
    bool has_lexicon;
    double surest;   /* highest probability that a model gave */
    double chance;   /* probability of one of its classes drawn by chance */
    bool *is_taught; /* per topic: some model has it as a class */
};

static double probability(double log_odds)
{
    return 1 / (1 + exp(-log_odds));
}

static void join_class(struct joint *joint, size_t view, size_t class)
{
    const struct model *model = &joint->votes->models->items[view];
    uint16_t topic = model->classes[class].topic;
    double lexicon = joint->scores[topic].confidence;
    double own = model_log_odds(model, &joint->votes->views[view], class);
    double both = own;
    if (joint->has_lexicon && !model->topics_count)
        both = TEMPER * (own + LEXICON_LOG_ODDS * (lexicon - LEXICON_CENTRE));
    struct model_vote *vote = &joint->votes->votes[topic];
    /* Of two models that know the topic the surer one counts. */
    if (vote->model &&
        model_log_odds(vote->model, &joint->votes->views[vote->view], vote->class) >= own)
        return;
    joint->is_taught[topic] = true;
    if (probability(own) >= lexicon)
        *vote = (struct model_vote){model, view, class};
    joint->scores[topic].confidence = probability(both);
    joint->surest = fmax(joint->surest, probability(own));
    joint->chance = fmax(joint->chance, 1.0 / model->classes_count);
}

/* What the model leaves of its own classes: all that have a chance, or else the likeliest. */
static void drop_unlikely(struct joint *joint)
{
    size_t count = joint->votes->lexicon->topics_count;
    double best = 0;
    for (size_t i = 0; i < count; i++)
        best = fmax(best, joint->is_taught[i] ? joint->scores[i].confidence : 0);
    for (size_t i = 0; i < count; i++)
        if (joint->is_taught[i] && joint->scores[i].confidence < fmin(best, CONFIDENCE_MIN))
            joint->scores[i].confidence = 0;
}

/* Topics that no model was taught give way to a sure model; narrower ones stay within their broader
 * one; a broader one is at least as sure as what a model says of a narrower one. */
static void put_in_order(struct joint *joint)
{
    const struct lexicon *lexicon = joint->votes->lexicon;
    double left = 1 - (1 - OTHERS_LEFT) * joint->surest;
    double most = joint->surest < joint->chance ? 1 : OTHERS_BEHIND * joint->surest;
    for (size_t i = lexicon->topics_count; i-- > 0;) {
        uint16_t broader = lexicon->topics[i].broader;
        if (broader == TOPIC_NONE || !joint->is_taught[i] ||
            joint->scores[i].confidence <= joint->scores[broader].confidence)
            continue;
        joint->scores[broader].confidence = joint->scores[i].confidence;
        joint->votes->votes[broader] = joint->votes->votes[i];
        joint->is_taught[broader] = true;
    }
    for (size_t i = 0; i < lexicon->topics_count; i++) {
        uint16_t broader = lexicon->topics[i].broader;
        struct topic_score *score = &joint->scores[i];
        if (broader == TOPIC_NONE && !joint->is_taught[i])
            score->confidence = fmin(score->confidence * left, most);
        if (broader != TOPIC_NONE)
            score->confidence = fmin(score->confidence, joint->scores[broader].confidence);
        score->confidence = floor(1000 * score->confidence + 0.5) / 1000;
        if (score->confidence < lexicon->scoring.confidence_min)
            score->confidence = 0;
    }
}

static bool look(struct model_votes *votes, struct desk_article *article)
{
    const struct token_table *tokens = tokens_of(article);
    struct arena *arena = article->arena;
    votes->views = ARENA_ARRAY(arena, struct model_view, votes->models->count);
    votes->votes = ARENA_ARRAY(arena, struct model_vote, votes->lexicon->topics_count + 1);
    return tokens && votes->views && votes->votes &&
           features_collect(article, tokens, &votes->features);
}

/* A model that knows the lexicon's topics sees the shares that the lexicon gives them. */
static void look_through(struct joint *joint, size_t view)
{
    struct model_votes *votes = joint->votes;
    const struct model *model = &votes->models->items[view];
    float shares[MODEL_TOPICS_MAX];
    for (size_t i = 0; i < model->topics_count; i++)
        shares[i] = model_topic_share(votes->lexicon, joint->scores, model->topics[i].topic);
    struct model_sight sight = {&votes->features, joint->has_lexicon ? shares : NULL};
    model_look(model, &sight, &votes->views[view]);
}

static bool has_model(const struct models *models, desk_slice language)
{
    for (size_t i = 0; i < models->count; i++)
        if (model_is_for(&models->items[i], language))
            return true;
    return false;
}

bool subject_models_join(struct model_votes *votes, struct desk_article *article,
                         struct topic_score *scores, bool has_lexicon)
{
    if (!has_model(votes->models, article->language))
        return true;
    struct joint joint = {.votes = votes, .scores = scores, .has_lexicon = has_lexicon};
    joint.is_taught = ARENA_ARRAY(article->arena, bool, votes->lexicon->topics_count + 1);
    if (!joint.is_taught || !look(votes, article))
        return false;
    for (size_t i = 0; i < votes->models->count; i++) {
        const struct model *model = &votes->models->items[i];
        if (!model_is_for(model, article->language))
            continue;
        look_through(&joint, i);
        for (size_t k = 0; votes->views[i].norm > 0 && k < model->classes_count; k++)
            join_class(&joint, i, k);
    }
    drop_unlikely(&joint);
    put_in_order(&joint);
    return true;
}

/* --- evidence ------------------------------------------------------------------------------ */

struct heavy {
    double weight;
    const struct feature *feature;
};

/* Keeps the heaviest, heaviest first; of equals the earlier one. */
static size_t keep(struct heavy *kept, size_t count, struct heavy found)
{
    size_t at = count;
    while (at > 0 && kept[at - 1].weight < found.weight)
        at--;
    if (at == EVIDENCE_MAX)
        return count;
    size_t end = count < EVIDENCE_MAX ? count++ : EVIDENCE_MAX - 1;
    for (; end > at; end--)
        kept[end] = kept[end - 1];
    kept[at] = found;
    return count;
}

bool subject_models_evidence(const struct model_votes *votes, struct desk_article *article,
                             uint16_t topic, struct subject *subject)
{
    const struct model_vote *vote = &votes->votes[topic];
    const struct token *tokens = tokens_of(article)->items;
    struct heavy kept[EVIDENCE_MAX];
    size_t count = 0;
    for (size_t i = 0; i < votes->features.count; i++) {
        const struct feature *feature = &votes->features.items[i];
        double weight = model_share(vote->model, &votes->views[vote->view], feature, vote->class);
        if (weight > 0)
            count = keep(kept, count, (struct heavy){weight, feature});
    }
    for (size_t i = 0; i < count; i++) {
        struct evidence *evidence = article_add_evidence(article->arena, &subject->evidence);
        if (!evidence)
            return false;
        /* Thousandths, as confidences have. */
        double weight = floor(1000 * kept[i].weight + 0.5) / 1000;
        const struct token *first = &tokens[kept[i].feature->at],
                           *last = first + kept[i].feature->words - 1;
        desk_slice text = article_field_text(article, (enum article_field)first->field);
        *evidence =
            (struct evidence){.rule = slice_from_cstr(vote->model->classes[vote->class].uri),
                              .text = slice_sub(text, first->start, last->start + last->len),
                              .field = (enum article_field)first->field,
                              .offset = first->start,
                              .weight = weight,
                              .term_weight = weight,
                              .count = (size_t)kept[i].feature->count};
    }
    return true;
}
