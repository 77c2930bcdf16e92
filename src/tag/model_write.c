/* Writing a model's file: the layout of tag/model_format.h, byte by byte. */
#include "tag/model.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/slice.h"
#include "tag/model_format.h"

static void put(unsigned char *at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (unsigned char)(value >> 8 * i);
}

static void put_float(unsigned char *at, float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    put(at, bits, 4);
}

static void put_header(unsigned char *data, const struct model *model, size_t size)
{
    memcpy(data + MODEL_AT_MAGIC, MODEL_MAGIC, 8);
    put(data + MODEL_AT_VERSION, MODEL_VERSION, 4);
    put(data + MODEL_AT_CLASSES, model->classes_count, 4);
    put(data + MODEL_AT_SIZE, size, 8);
    put(data + MODEL_AT_KIND, features_kind(), 8);
    put(data + MODEL_AT_TOPICS, model->topics_count, 4);
    put(data + MODEL_AT_BITS, model->bits, 4);
    put(data + MODEL_AT_ARTICLES, model->articles, 4);
    put_float(data + MODEL_AT_SLOPE, model->slope);
    put_float(data + MODEL_AT_OFFSET, model->offset);
    put_float(data + MODEL_AT_RIVALRY, model->rivalry);
    memcpy(data + MODEL_AT_LANGUAGES, model->languages, strlen(model->languages));
}

static void put_topic(unsigned char *at, const struct model_topic *topic, size_t classes)
{
    memcpy(at, topic->uri, strlen(topic->uri));
    put_float(at + MODEL_URI_BYTES, topic->mean);
    for (size_t i = 0; i < classes; i++)
        put_float(at + MODEL_TOPIC_BYTES + 4 * i, topic->weights[i]);
}

desk_slice model_write(const struct model *model)
{
    size_t weights = ((size_t)1 << model->bits) * (1 + model->classes_count);
    size_t topic_bytes = MODEL_TOPIC_BYTES + 4 * (size_t)model->classes_count;
    size_t size = MODEL_HEADER_BYTES + model->classes_count * (size_t)MODEL_CLASS_BYTES +
                  model->topics_count * topic_bytes + 2 * weights;
    unsigned char *data = calloc(size, 1);
    if (!data)
        return slice_of(NULL, 0);
    put_header(data, model, size);
    unsigned char *at = data + MODEL_HEADER_BYTES;
    for (size_t i = 0; i < model->classes_count; i++, at += MODEL_CLASS_BYTES) {
        memcpy(at, model->classes[i].uri, strlen(model->classes[i].uri));
        put_float(at + MODEL_URI_BYTES, model->classes[i].scale);
        put_float(at + MODEL_URI_BYTES + 4, model->classes[i].bias);
    }
    for (size_t i = 0; i < model->topics_count; i++, at += topic_bytes)
        put_topic(at, &model->topics[i], model->classes_count);
    for (size_t i = 0; i < weights; i++)
        put(at + 2 * i, (uint16_t)model->rows[i], 2);
    put(data + MODEL_AT_CHECKSUM, XXH3_64bits(data + MODEL_AT_KIND, size - MODEL_AT_KIND), 8);
    return slice_of((char *)data, size);
}
