/* How good a classification is: precision, recall and F1 of each class, their mean, a confusion
 * matrix and a reliability table. */
#ifndef COMMANDS_FIGURES_H
#define COMMANDS_FIGURES_H

#include <stdio.h>

#include "commands/labelled.h"

/* In place of a class: the answer was a topic that no label names; there was no answer. */
enum { FIGURES_OTHER = MODEL_CLASSES_MAX, FIGURES_NONE, FIGURES_COLUMNS, FIGURES_BINS = 10 };

struct figures {
    const struct labelled *labelled;                      /* names of the classes */
    size_t confusion[MODEL_CLASSES_MAX][FIGURES_COLUMNS]; /* [truth][answer] */
    struct {
        size_t count, right;
        double confidence; /* summed */
    } bins[FIGURES_BINS];
    size_t count, right;
};

/* Counts one answer: a class, FIGURES_OTHER or FIGURES_NONE, with its confidence. */
void figures_add(struct figures *figures, uint64_t truth, size_t answer, double confidence);
void figures_print(const struct figures *figures, FILE *out);

#endif
