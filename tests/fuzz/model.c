/* A model's file of any content is read or refused with a reason, and what is read can be looked
 * through. The checksum is put right first, half of the time, so that the checks behind it are
 * reached. */
#include <string.h>
#include <xxhash.h>

#include "base/slice.h"
#include "fuzz.h"
#include "tag/model.h"
#include "tag/model_format.h"

static void repair(char *data, size_t size)
{
    uint64_t checksum = XXH3_64bits(data + MODEL_AT_KIND, size - MODEL_AT_KIND);
    for (size_t i = 0; i < 8; i++) {
        data[MODEL_AT_SIZE + i] = (char)(size >> 8 * i);
        data[MODEL_AT_CHECKSUM + i] = (char)(checksum >> 8 * i);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct model model;
    char reason[160] = "";
    if (!size)
        return 0;
    char *copy = malloc(size);
    if (!copy)
        return 0;
    memcpy(copy, data, size);
    if (size >= MODEL_HEADER_BYTES && data[size - 1] & 1)
        repair(copy, size);
    if (model_read(&model, "models/fuzz.model", slice_of(copy, size), reason)) {
        struct feature features[2] = {{.hash = 1, .words = 1, .count = 1, .value = 1},
                                      {.hash = size, .words = 1, .count = 1, .value = 1}};
        struct feature_list list = {features, 2};
        static const float shares[MODEL_TOPICS_MAX] = {0.5F};
        struct model_sight sight = {&list, shares};
        struct model_view view;
        model_look(&model, &sight, &view);
        fuzz_check(view.norm >= 0, "the length of the features is no negative number");
        model_deinit(&model);
    } else {
        fuzz_check(reason[0] != '\0', "a refused model has its reason");
    }
    free(copy);
    return 0;
}
