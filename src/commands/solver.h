/* Linear classification by liblinear, behind a face of our own: its header takes the plain names
 * `model`, `problem` and `train`. */
#ifndef COMMANDS_SOLVER_H
#define COMMANDS_SOLVER_H

#include <stdbool.h>
#include <stddef.h>

struct solver;

/* Rows of sparse numbers, to be filled one after the other: room for `rows` rows and `cells` cells,
 * features 1..features. A constant feature is added to each row. NULL when out of memory. */
struct solver *solver_open(size_t rows, size_t cells, int features);
void solver_close(struct solver *solver);

/* Adds a cell to the current row, features rising. */
void solver_add(struct solver *solver, int feature, double value);
/* Divides the row as it is by its length; cells added behind it stay as they are. */
void solver_normalise_row(struct solver *solver);
/* Starts the next row. */
void solver_end_row(struct solver *solver);

/* Separates rows whose label is true from the others; `cost` is C. Writes features + 1 weights, the
 * last one of the constant. False when out of memory. */
bool solver_run(struct solver *solver, const bool *labels, double cost, double *weights);

#endif
