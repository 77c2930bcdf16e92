/* Labelled articles for train and eval: one JSON object a line, an article as filter takes it with
 * its topics in "subject", a URI or a list of them. Of several any one is right. */
#ifndef COMMANDS_LABELLED_H
#define COMMANDS_LABELLED_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stdint.h>

#include "tag/model.h"

struct labelled_line {
    desk_slice value; /* the article */
    size_t number;    /* of the line in its file, from 1 */
    uint64_t classes; /* bit per class */
};

struct labelled {
    char *data;
    struct labelled_line *items;
    size_t count, capacity;
    char classes[MODEL_CLASSES_MAX][MODEL_URI_BYTES]; /* in the order of their URIs */
    size_t classes_count;
};

/* Reads a file, "-" is stdin. False after saying what is wrong, with file and line. */
bool labelled_read(struct labelled *labelled, const char *path);
void labelled_free(struct labelled *labelled);

/* The lowest class of a set that is not empty. */
size_t labelled_first(uint64_t classes);

#endif
