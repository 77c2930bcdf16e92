/* From decisions to log-odds: a logistic regression on the decisions of the cross-validation.
 *
 * Platt's method has one line for all classes. A class is likelier than its own decision says where
 * no other comes near, and less likely where one does, so the highest decision of another class is
 * a second variable: on three labelled sets it takes a tenth off the log loss and halves the
 * distance between confidence and share of right answers (docs/models.md). */
#include "commands/learn.h"

#include <math.h>

/* Offset, slope, and the weight of the rival. */
enum { UNKNOWNS = 3, STEPS = 50 };

struct system {
    double gradient[UNKNOWNS];
    double hessian[UNKNOWNS][UNKNOWNS];
};

/* Newton's step. The matrix is positive definite, so elimination needs no pivot search. */
static void solve(struct system *system, size_t unknowns, double *step)
{
    for (size_t i = 0; i < unknowns; i++)
        for (size_t k = i + 1; k < unknowns; k++) {
            double factor = system->hessian[k][i] / system->hessian[i][i];
            for (size_t j = i; j < unknowns; j++)
                system->hessian[k][j] -= factor * system->hessian[i][j];
            system->gradient[k] -= factor * system->gradient[i];
        }
    for (size_t i = unknowns; i-- > 0;) {
        step[i] = system->gradient[i];
        for (size_t k = i + 1; k < unknowns; k++)
            step[i] -= system->hessian[i][k] * step[k];
        step[i] /= system->hessian[i][i];
    }
}

static void add(struct system *system, const double *x, double miss, double spread)
{
    for (size_t i = 0; i < UNKNOWNS; i++) {
        system->gradient[i] += miss * x[i];
        for (size_t k = 0; k < UNKNOWNS; k++)
            system->hessian[i][k] += spread * x[i] * x[k];
    }
}

/* The likelihood is concave, so a few dozen steps are plenty. The small number on the diagonal
 * keeps it from running away where the classes are separable. With two unknowns rivals do not
 * count. */
static void fit(const struct judged *judged, size_t count, size_t unknowns, double *line)
{
    double right = 0;
    for (size_t i = 0; i < count; i++)
        right += judged[i].is_right;
    double high = (right + 1) / (right + 2), low = 1 / ((double)count - right + 2);
    for (int step = 0; step < STEPS; step++) {
        struct system system = {.hessian = {{1e-6, 0, 0}, {0, 1e-6, 0}, {0, 0, 1e-6}}};
        double change[UNKNOWNS] = {0};
        for (size_t i = 0; i < count; i++) {
            const double x[UNKNOWNS] = {1, judged[i].decision, judged[i].rival};
            double log_odds = 0;
            for (size_t k = 0; k < unknowns; k++)
                log_odds += line[k] * x[k];
            double p = 1 / (1 + exp(-log_odds));
            add(&system, x, (judged[i].is_right ? high : low) - p, p * (1 - p));
        }
        solve(&system, unknowns, change);
        for (size_t k = 0; k < unknowns; k++)
            line[k] += change[k];
    }
}

static bool is_usable(const double *line)
{
    return isfinite(line[0]) && isfinite(line[1]) && isfinite(line[2]) && line[1] > 0 &&
           line[2] <= 0;
}

void learn_calibration(const struct judged *judged, size_t count, struct model *model)
{
    double line[UNKNOWNS] = {0, 1, 0};
    fit(judged, count, UNKNOWNS, line);
    if (!is_usable(line)) {
        line[0] = line[2] = 0;
        line[1] = 1;
        fit(judged, count, UNKNOWNS - 1, line);
    }
    bool is_good = is_usable(line);
    model->offset = is_good ? (float)line[0] : 0;
    model->slope = is_good ? (float)line[1] : 1;
    model->rivalry = is_good ? (float)-line[2] : 0;
}
