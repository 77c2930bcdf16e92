/* Reading page.model and summing its trees. */
#include "clean/page_model.h"

#include <stdlib.h>

#include "base/slice.h"
#include "clean/page_lanes.h"
#include "rulebook/rulebook.h"
#include "yaml/yaml.h"

enum {
    SPLITS_MAX = 6,
    LEAVES_MAX = 64,
    LEAF_MAX = 100000,
    TREES_MAX = 20000 /* times LEAF_MAX fits an int32_t */,
    WORD_BYTES_MAX = 60
};

struct model_tree {
    struct lane_split splits[SPLITS_MAX];
    uint8_t count;
    int32_t leaves[LEAVES_MAX];
};

struct pagemodel {
    struct model_tree *trees;
    size_t count, capacity;
    int32_t bias;
};

_Static_assert((int)FEATURE_LANES == (int)LANES, "a group of blocks is what one look takes");
_Static_assert(FEATURE_COUNT <= UINT8_MAX, "features are numbered by one byte");

/* --- reading ------------------------------------------------------------------------------- */

struct reader {
    struct mistakes *mistakes;
    desk_slice line;
    size_t number; /* of the line, from 1 */
    size_t at;     /* in the line */
};

static bool wrong(struct reader *reader, const char *text)
{
    mistakes_add(reader->mistakes, "page.model", reader->number, reader->at + 1, false,
                 "%s; the file is written by tests/eval/train_page_model", text);
    return false;
}

/* The next word of the line; empty at its end. */
static desk_slice next_word(struct reader *reader)
{
    desk_slice line = reader->line;
    while (reader->at < line.len && ascii_is_space(line.data[reader->at]))
        reader->at++;
    size_t from = reader->at;
    while (reader->at < line.len && !ascii_is_space(line.data[reader->at]))
        reader->at++;
    return slice_sub(line, from, reader->at);
}

static bool read_number(desk_slice word, int32_t limit, int32_t *number)
{
    size_t i = word.len && word.data[0] == '-';
    int32_t value = 0;
    if (i == word.len)
        return false;
    for (; i < word.len; i++) {
        if (!ascii_is_digit(word.data[i]) || value > limit)
            return false;
        value = value * 10 + (word.data[i] - '0');
    }
    *number = word.data[0] == '-' ? -value : value;
    return value <= limit;
}

static bool read_split(struct reader *reader, desk_slice word, struct model_tree *tree)
{
    size_t sign = slice_find_byte(word, '>', 0);
    int32_t border = 0;
    if (sign == DESK_SLICE_NONE || tree->count == SPLITS_MAX ||
        !read_number(slice_sub(word, sign + 1, word.len), UINT8_MAX, &border) || border < 0)
        return wrong(reader, "a split is FEATURE>VALUE with a value of 0 to 255, at most 6 a tree");
    for (size_t i = 0; i < FEATURE_COUNT; i++)
        if (slice_is(slice_sub(word, 0, sign), FEATURE_NAMES[i])) {
            struct lane_split *split = &tree->splits[tree->count++];
            split->at = (uint16_t)(i * FEATURE_LANES);
            memset(split->borders, border, sizeof split->borders);
            return true;
        }
    return wrong(reader, "there is no feature of this name");
}

static struct model_tree *add_tree(struct pagemodel *model)
{
    if (model->count == TREES_MAX)
        return NULL;
    if (model->count == model->capacity) {
        size_t wanted = model->capacity ? 2 * model->capacity : 64;
        struct model_tree *grown = realloc(model->trees, wanted * sizeof *grown);
        if (!grown)
            return NULL;
        model->trees = grown;
        model->capacity = wanted;
    }
    struct model_tree *tree = &model->trees[model->count++];
    *tree = (struct model_tree){.count = 0};
    return tree;
}

static bool read_tree(struct reader *reader, struct pagemodel *model)
{
    struct model_tree *tree = add_tree(model);
    if (!tree && model->count == TREES_MAX)
        return wrong(reader, "there are more trees than 20000");
    if (!tree) {
        mistakes_no_memory(reader->mistakes);
        return false;
    }
    desk_slice word;
    while ((word = next_word(reader)).len && !slice_is(word, "|"))
        if (!read_split(reader, word, tree))
            return false;
    size_t leaves = 0;
    while ((word = next_word(reader)).len)
        if (leaves == LEAVES_MAX || !read_number(word, LEAF_MAX, &tree->leaves[leaves++]))
            return wrong(reader, "a leaf is a number, at most 64 a tree");
    return (tree->count && leaves == (size_t)1 << tree->count) ||
           wrong(reader, "a tree of N splits has 2 to the N leaves after its |");
}

static bool read_line(struct reader *reader, struct pagemodel *model)
{
    reader->at = 0;
    desk_slice word = next_word(reader);
    if (!word.len || word.data[0] == '#')
        return true;
    if (slice_is(word, "tree"))
        return read_tree(reader, model);
    if (slice_is(word, "bias"))
        return read_number(next_word(reader), LEAF_MAX, &model->bias) ||
               wrong(reader, "the bias is missing or no number");
    return wrong(reader, "a line begins with bias, tree or #");
}

void *pagemodel_compile(const struct rulebook_files *files, struct mistakes *mistakes)
{
    const desk_rulebook_file *file = rulebook_file(files, "page.model");
    struct pagemodel *model = calloc(1, sizeof *model);
    struct reader reader = {.mistakes = mistakes};
    if (!model || !file)
        return model;
    for (size_t at = 0; at < file->content.len;) {
        size_t end = slice_find_byte(file->content, '\n', at);
        end = end == DESK_SLICE_NONE ? file->content.len : end;
        reader.line = slice_sub(file->content, at, end);
        reader.number++;
        if (!read_line(&reader, model))
            return model;
        at = end + 1;
    }
    return model;
}

void pagemodel_free(void *part)
{
    struct pagemodel *model = part;
    if (model)
        free(model->trees);
    free(model);
}

bool pagemodel_is_set(const struct pagemodel *model)
{
    return model->count > 0;
}

/* --- scoring ------------------------------------------------------------------------------- */

/* The sums of a group of blocks. The leaf of each block is found by one bit a split, of all the
 * group's blocks at once; places behind the last block hold zeros and are summed in vain. */
static void score_group(const struct pagemodel *model, const uint8_t *values,
                        int32_t sums[FEATURE_LANES])
{
    for (size_t lane = 0; lane < FEATURE_LANES; lane++)
        sums[lane] = model->bias;
    for (size_t t = 0; t < model->count; t++) {
        const struct model_tree *tree = &model->trees[t];
        uint8_t leaf[FEATURE_LANES];
        lanes_leaves(tree->splits, tree->count, values, leaf);
        for (size_t lane = 0; lane < FEATURE_LANES; lane++)
            sums[lane] += tree->leaves[leaf[lane]];
    }
}

void pagemodel_score(const struct pagemodel *model, struct page *page,
                     const struct page_features *features)
{
    int32_t sums[FEATURE_LANES];
    for (size_t i = 0; i < features->count; i++) {
        if (i % FEATURE_LANES == 0)
            score_group(model, feature_row(features, i), sums);
        page->blocks[i].score = sums[i % FEATURE_LANES];
    }
}
