/* Reading models with every field checked, and looking at articles through them. */
#include "tag/model.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"
#include "tag/lexicon.h"
#include "tag/model_format.h"
#include "yaml/yaml.h"

enum { REASON_BYTES = 160 };

static bool refuse(char *reason, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(char *reason, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, REASON_BYTES, format, arguments);
    va_end(arguments);
    return false;
}

/* --- reading ------------------------------------------------------------------------------- */

static uint64_t get(const char *at, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)(unsigned char)at[i] << 8 * i;
    return value;
}

static float get_float(const char *at)
{
    uint32_t bits = (uint32_t)get(at, 4);
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Text padded with NUL: printable ASCII, at least one byte, the padding clean. */
static bool get_text(const char *at, size_t size, char *text)
{
    size_t len = strnlen(at, size);
    if (!len || len == size)
        return false;
    for (size_t i = 0; i < size; i++)
        if (i < len ? at[i] < 0x20 || at[i] > 0x7E : at[i] != '\0')
            return false;
    memcpy(text, at, size);
    return true;
}

/* What can be told apart before the sizes are trusted: foreign, other version, cut short, damaged.
 */
static bool check_frame(desk_slice content, char *reason)
{
    if (content.len < 8 || memcmp(content.data, MODEL_MAGIC, 8) != 0)
        return refuse(reason, "this is no model of copydesk train; its first bytes are others");
    if (content.len < MODEL_HEADER_BYTES)
        return refuse(reason, "the file is cut short: %zu bytes, the header alone has %d",
                      content.len, MODEL_HEADER_BYTES);
    uint64_t version = get(content.data + MODEL_AT_VERSION, 4);
    if (version != MODEL_VERSION)
        return refuse(reason, "format version %llu; this program reads version %d: train it again",
                      (unsigned long long)version, MODEL_VERSION);
    uint64_t size = get(content.data + MODEL_AT_SIZE, 8);
    if (size != content.len)
        return refuse(reason,
                      "the file has %zu bytes, its header says %llu: copy or train it again",
                      content.len, (unsigned long long)size);
    if (get(content.data + MODEL_AT_CHECKSUM, 8) !=
        XXH3_64bits(content.data + MODEL_AT_KIND, content.len - MODEL_AT_KIND))
        return refuse(reason, "the checksum does not match: the file is damaged");
    if (get(content.data + MODEL_AT_KIND, 8) != features_kind())
        return refuse(reason, "it was trained by a copydesk that cuts words in another way: train "
                              "it again with this version");
    return true;
}

static bool read_header(struct model *model, desk_slice content, char *reason)
{
    const char *data = content.data;
    uint64_t classes = get(data + MODEL_AT_CLASSES, 4), bits = get(data + MODEL_AT_BITS, 4);
    if (classes < 1 || classes > MODEL_CLASSES_MAX)
        return refuse(reason, "%llu classes; a model has 1 to %d", (unsigned long long)classes,
                      MODEL_CLASSES_MAX);
    if (bits < MODEL_BITS_MIN || bits > MODEL_BITS_MAX)
        return refuse(reason, "2^%llu buckets; a model has 2^%d to 2^%d", (unsigned long long)bits,
                      MODEL_BITS_MIN, MODEL_BITS_MAX);
    uint64_t topics = get(data + MODEL_AT_TOPICS, 4);
    if (topics > MODEL_TOPICS_MAX)
        return refuse(reason, "%llu topics of the lexicon; a model has at most %d",
                      (unsigned long long)topics, MODEL_TOPICS_MAX);
    size_t size = MODEL_HEADER_BYTES + (size_t)classes * MODEL_CLASS_BYTES +
                  (size_t)topics * (MODEL_TOPIC_BYTES + 4 * (size_t)classes) +
                  2 * ((size_t)1 << bits) * (1 + (size_t)classes);
    if (size != content.len)
        return refuse(reason, "%zu bytes do not fit its classes and buckets, which need %zu",
                      content.len, size);
    model->classes_count = (uint32_t)classes;
    model->topics_count = (uint32_t)topics;
    model->bits = (uint32_t)bits;
    model->articles = (uint32_t)get(data + MODEL_AT_ARTICLES, 4);
    model->slope = get_float(data + MODEL_AT_SLOPE);
    model->offset = get_float(data + MODEL_AT_OFFSET);
    model->rivalry = get_float(data + MODEL_AT_RIVALRY);
    if (!isfinite(model->slope) || !isfinite(model->offset) || model->slope <= 0 ||
        !isfinite(model->rivalry) || model->rivalry < 0)
        return refuse(reason, "its calibration is no three numbers with a slope above 0 and a "
                              "rivalry of at least 0");
    if (!get_text(data + MODEL_AT_LANGUAGES, MODEL_LANGUAGES_BYTES, model->languages))
        return refuse(reason, "it does not say for which languages it is");
    return true;
}

static bool read_classes(struct model *model, const char *at, char *reason)
{
    for (size_t i = 0; i < model->classes_count; i++, at += MODEL_CLASS_BYTES) {
        struct model_class *class = &model->classes[i];
        class->scale = get_float(at + MODEL_URI_BYTES);
        class->bias = get_float(at + MODEL_URI_BYTES + 4);
        class->topic = TOPIC_NONE;
        if (!get_text(at, MODEL_URI_BYTES, class->uri))
            return refuse(reason, "class %zu has no URI", i + 1);
        if (!isfinite(class->scale) || !isfinite(class->bias) || class->scale < 0)
            return refuse(reason, "class %zu (%s) has no usable scale", i + 1, class->uri);
        for (size_t k = 0; k < i; k++)
            if (!strcmp(model->classes[k].uri, class->uri))
                return refuse(reason, "class %s stands in it twice", class->uri);
    }
    return true;
}

static bool read_topics(struct model *model, const char *at, char *reason)
{
    for (size_t i = 0; i < model->topics_count; i++, at += 4 * model->classes_count) {
        struct model_topic *topic = &model->topics[i];
        topic->mean = get_float(at + MODEL_URI_BYTES);
        topic->topic = TOPIC_NONE;
        if (!get_text(at, MODEL_URI_BYTES, topic->uri))
            return refuse(reason, "topic %zu of the lexicon has no URI", i + 1);
        at += MODEL_TOPIC_BYTES;
        bool is_usable = isfinite(topic->mean);
        for (size_t k = 0; k < model->classes_count; k++) {
            topic->weights[k] = get_float(at + 4 * k);
            is_usable = is_usable && isfinite(topic->weights[k]);
        }
        if (!is_usable)
            return refuse(reason, "topic %s of the lexicon has no usable weights", topic->uri);
    }
    return true;
}

static bool read_rows(struct model *model, const char *at, char *reason)
{
    size_t count = ((size_t)1 << model->bits) * (1 + model->classes_count);
    model->rows = malloc(count * sizeof *model->rows);
    if (!model->rows)
        return refuse(reason, "out of memory");
    for (size_t i = 0; i < count; i++, at += 2)
        model->rows[i] = (int16_t)(uint16_t)get(at, 2);
    for (size_t i = 0; i < count; i += 1 + model->classes_count)
        if (model->rows[i] < 0)
            return refuse(reason, "a feature has a rarity below 0");
    return true;
}

static bool read_name(struct model *model, const char *path, char *reason)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    size_t len = strlen(name), ending = sizeof ".model" - 1;
    if (len <= ending || len - ending >= MODEL_NAME_BYTES)
        return refuse(reason, "the file's name must have 1 to %d bytes before .model",
                      MODEL_NAME_BYTES - 1);
    snprintf(model->creator, sizeof model->creator, "model:%.*s", (int)(len - ending), name);
    return true;
}

bool model_read(struct model *model, const char *path, desk_slice content, char reason[160])
{
    *model = (struct model){.rows = NULL};
    bool good = check_frame(content, reason) && read_name(model, path, reason) &&
                read_header(model, content, reason);
    const char *classes = content.data + MODEL_HEADER_BYTES;
    const char *topics = classes + (good ? model->classes_count : 0) * (size_t)MODEL_CLASS_BYTES;
    size_t topic_bytes = MODEL_TOPIC_BYTES + 4 * (size_t)model->classes_count;
    good = good && read_classes(model, classes, reason) && read_topics(model, topics, reason) &&
           read_rows(model, topics + model->topics_count * topic_bytes, reason);
    if (!good)
        model_deinit(model);
    return good;
}

void model_deinit(struct model *model)
{
    free(model->rows);
    model->rows = NULL;
}

/* --- looking ------------------------------------------------------------------------------- */

bool model_is_for(const struct model *model, desk_slice language)
{
    size_t len = 0;
    while (len < language.len && language.data[len] != '-')
        len++;
    for (const char *at = model->languages; len && *at;) {
        size_t word = strcspn(at, " ");
        if (word == len && !memcmp(at, language.data, len))
            return true;
        at += word + strspn(at + word, " ");
    }
    return false;
}

static const int16_t *row_of(const struct model *model, const struct feature *feature)
{
    return model->rows +
           (size_t)feature_bucket(feature->hash, model->bits) * (1 + model->classes_count);
}

float model_topic_share(const struct lexicon *lexicon, const struct topic_score *scores,
                        uint16_t topic)
{
    double sum = 0;
    for (size_t i = 0; i < lexicon->topics_count; i++)
        if (lexicon->topics[i].broader == TOPIC_NONE)
            sum += fmax(scores[i].score, 0);
    bool is_known = topic < lexicon->topics_count && sum > 0;
    return is_known ? (float)(fmax(scores[topic].score, 0) / sum) : 0;
}

/* The highest decision and the one behind it, for the rivalry of classes. */
static void rank(const struct model *model, struct model_view *view)
{
    view->best = 0;
    for (size_t k = 1; k < model->classes_count; k++)
        if (view->decisions[k] > view->decisions[view->best])
            view->best = k;
    size_t second = view->best ? 0 : model->classes_count > 1;
    for (size_t k = 0; k < model->classes_count; k++)
        if (k != view->best && view->decisions[k] > view->decisions[second])
            second = k;
    view->second = view->decisions[second];
}

static float share_decision(const struct model *model, const float *shares, size_t class)
{
    float sum = 0;
    for (size_t i = 0; shares && i < model->topics_count; i++)
        sum += model->topics[i].weights[class] * (shares[i] - model->topics[i].mean);
    return sum;
}

void model_look(const struct model *model, const struct model_sight *sight, struct model_view *view)
{
    const struct feature_list *features = sight->features;
    float sums[MODEL_CLASSES_MAX] = {0}, squares = 0;
    for (size_t i = 0; i < features->count; i++) {
        const int16_t *row = row_of(model, &features->items[i]);
        if (!row[0])
            continue;
        float value = features->items[i].value, weighted = value * (float)row[0];
        squares += weighted * weighted;
        for (size_t k = 0; k < model->classes_count; k++)
            sums[k] += value * (float)row[1 + k];
    }
    view->norm = sqrtf(squares) * MODEL_RARITY_UNIT;
    for (size_t k = 0; k < model->classes_count; k++)
        view->decisions[k] = model->classes[k].bias +
                             (view->norm > 0 ? sums[k] * model->classes[k].scale / view->norm : 0) +
                             share_decision(model, sight->shares, k);
    rank(model, view);
}

double model_log_odds(const struct model *model, const struct model_view *view, size_t class)
{
    float rival = class == view->best ? view->second : view->decisions[view->best];
    return (double)model->slope * (double)view->decisions[class] + (double)model->offset -
           (double)model->rivalry * (double)rival;
}

double model_share(const struct model *model, const struct model_view *view,
                   const struct feature *feature, size_t class)
{
    if (view->norm <= 0)
        return 0;
    const int16_t *row = row_of(model, feature);
    return row[0] ? (double)(model->slope * feature->value * (float)row[1 + class] *
                             model->classes[class].scale / view->norm)
                  : 0;
}

/* --- the rulebook's part ------------------------------------------------------------------- */

void *models_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    struct models *models = calloc(1, sizeof *models);
    size_t count = 0, index = 0;
    const desk_rulebook_file *file;
    while (rulebook_next(files, "models", ".model", &index))
        count++;
    if (models)
        models->items = calloc(count + 1, sizeof *models->items);
    if (!models || !models->items) {
        free(models);
        return NULL;
    }
    for (index = 0; (file = rulebook_next(files, "models", ".model", &index));) {
        char path[4096], reason[REASON_BYTES];
        snprintf(path, sizeof path, "%.*s", (int)file->path.len, file->path.data);
        if (model_read(&models->items[models->count], path, file->content, reason))
            models->count++;
        else
            mistakes_add(mistakes, path, 0, 0, false, "%s", reason);
    }
    return models;
}

void models_free(void *part)
{
    struct models *models = part;
    if (!models)
        return;
    for (size_t i = 0; i < models->count; i++)
        model_deinit(&models->items[i]);
    free(models->items);
    free(models);
}

/* A topic that topics.yaml does not know has no share. */
static void resolve_topics(struct model *model, const struct lexicon *lexicon)
{
    for (size_t i = 0; i < model->topics_count; i++)
        model->topics[i].topic = lexicon_topic(lexicon, slice_from_cstr(model->topics[i].uri));
}

void models_resolve(struct models *models, const struct lexicon *lexicon, struct mistakes *mistakes)
{
    for (size_t i = 0; i < models->count; i++) {
        struct model *model = &models->items[i];
        resolve_topics(model, lexicon);
        for (size_t k = 0; k < model->classes_count; k++) {
            struct model_class *class = &model->classes[k];
            class->topic = lexicon_topic(lexicon, slice_from_cstr(class->uri));
            if (class->topic != TOPIC_NONE)
                continue;
            char path[MODEL_NAME_BYTES + 32];
            snprintf(path, sizeof path, "models/%s.model", model->creator + strlen("model:"));
            mistakes_add(mistakes, path, 0, 0, false,
                         "its class %s is no topic of subjects/topics.yaml: add it there",
                         class->uri);
        }
    }
}
