/* The only file that includes liblinear's header. */
#include "commands/solver.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>

/* How close to the optimum; closer changes no decision. */
static const double PRECISION = 0.001;

struct solver {
    struct problem problem;
    struct feature_node *nodes;
    size_t used, row; /* nodes written; where the current row starts */
    int features;
};

static void keep_silent(const char *text)
{
    (void)text;
}

struct solver *solver_open(size_t rows, size_t cells, int features)
{
    struct solver *solver = calloc(1, sizeof *solver);
    if (!solver)
        return NULL;
    solver->features = features;
    solver->problem.n = features + 1;
    solver->problem.bias = 1;
    solver->problem.x = calloc(rows + 1, sizeof(struct feature_node *));
    solver->problem.y = calloc(rows + 1, sizeof *solver->problem.y);
    solver->nodes = calloc(cells + 2 * rows + 1, sizeof *solver->nodes);
    if (solver->problem.x && solver->problem.y && solver->nodes)
        return solver;
    solver_close(solver);
    return NULL;
}

void solver_close(struct solver *solver)
{
    if (!solver)
        return;
    free(solver->problem.x);
    free(solver->problem.y);
    free(solver->nodes);
    free(solver);
}

void solver_add(struct solver *solver, int feature, double value)
{
    solver->nodes[solver->used++] = (struct feature_node){feature, value};
}

void solver_normalise_row(struct solver *solver)
{
    double squares = 0;
    for (size_t i = solver->row; i < solver->used; i++)
        squares += solver->nodes[i].value * solver->nodes[i].value;
    for (size_t i = solver->row; i < solver->used; i++)
        solver->nodes[i].value /= sqrt(squares);
}

void solver_end_row(struct solver *solver)
{
    solver->nodes[solver->used++] =
        (struct feature_node){solver->features + 1, solver->problem.bias};
    solver->nodes[solver->used++] = (struct feature_node){-1, 0};
    solver->problem.x[solver->problem.l++] = solver->nodes + solver->row;
    solver->row = solver->used;
}

bool solver_run(struct solver *solver, const bool *labels, double cost, double *weights)
{
    struct parameter parameter = {.solver_type = L2R_L2LOSS_SVC, .eps = PRECISION, .C = cost};
    for (int i = 0; i < solver->problem.l; i++)
        solver->problem.y[i] = labels[i] ? 1 : -1;
    set_print_string_function(keep_silent);
    struct model *model = train(&solver->problem, &parameter);
    if (!model)
        return false;
    /* liblinear's weights are for the label that it met first, or, where all rows have the same
     * one, for that. */
    double sign = model->label[0] == 1 ? 1 : -1;
    for (int i = 0; i <= solver->features; i++)
        weights[i] = sign * model->w[i];
    free_and_destroy_model(&model);
    return true;
}
