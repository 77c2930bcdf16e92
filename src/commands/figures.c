/* Counting and printing figures. */
#include "commands/figures.h"

void figures_add(struct figures *figures, uint64_t truth, size_t answer, double confidence)
{
    bool is_right = answer < MODEL_CLASSES_MAX && truth >> answer & 1;
    size_t bin = (size_t)(confidence * FIGURES_BINS);
    figures->confusion[is_right ? answer : labelled_first(truth)][answer]++;
    figures->count++;
    figures->right += is_right;
    if (answer == FIGURES_NONE)
        return;
    bin = bin < FIGURES_BINS ? bin : FIGURES_BINS - 1;
    figures->bins[bin].count++;
    figures->bins[bin].right += is_right;
    figures->bins[bin].confidence += confidence;
}

static double ratio(size_t part, size_t whole)
{
    return whole ? (double)part / (double)whole : 0;
}

static void print_classes(const struct figures *figures, FILE *out)
{
    size_t classes = figures->labelled->classes_count;
    double sums[3] = {0, 0, 0};
    fprintf(out, "%-24s %9s %9s %9s %9s\n", "class", "articles", "precision", "recall", "F1");
    for (size_t i = 0; i < classes; i++) {
        size_t wanted = 0, given = 0, hit = figures->confusion[i][i];
        for (size_t k = 0; k < FIGURES_COLUMNS; k++)
            wanted += figures->confusion[i][k];
        for (size_t k = 0; k < classes; k++)
            given += figures->confusion[k][i];
        double row[] = {ratio(hit, given), ratio(hit, wanted), ratio(2 * hit, given + wanted)};
        fprintf(out, "%-24s %9zu %9.3f %9.3f %9.3f\n", figures->labelled->classes[i], wanted,
                row[0], row[1], row[2]);
        for (size_t k = 0; k < 3; k++)
            sums[k] += row[k] / (double)classes;
    }
    fprintf(out, "%-24s %9zu %9.3f %9.3f %9.3f\n", "macro", figures->count, sums[0], sums[1],
            sums[2]);
}

static void print_confusion(const struct figures *figures, FILE *out)
{
    size_t classes = figures->labelled->classes_count;
    fprintf(out, "\nconfusion: a row is the label, a column the answer\n%-27s", "");
    for (size_t k = 0; k < classes; k++)
        fprintf(out, " %5zu", k + 1);
    fprintf(out, " %5s %5s\n", "other", "none");
    for (size_t i = 0; i < classes; i++) {
        fprintf(out, "%2zu %-24s", i + 1, figures->labelled->classes[i]);
        for (size_t k = 0; k < classes; k++)
            fprintf(out, " %5zu", figures->confusion[i][k]);
        fprintf(out, " %5zu %5zu\n", figures->confusion[i][FIGURES_OTHER],
                figures->confusion[i][FIGURES_NONE]);
    }
}

static void print_reliability(const struct figures *figures, FILE *out)
{
    fprintf(out, "\nreliability: %9s %15s %9s\n", "answers", "mean confidence", "right");
    for (size_t i = 0; i < FIGURES_BINS; i++)
        if (figures->bins[i].count)
            fprintf(out, "%.1f to %.1f   %9zu %15.2f %9.2f\n", (double)i / FIGURES_BINS,
                    (double)(i + 1) / FIGURES_BINS, figures->bins[i].count,
                    figures->bins[i].confidence / (double)figures->bins[i].count,
                    ratio(figures->bins[i].right, figures->bins[i].count));
}

void figures_print(const struct figures *figures, FILE *out)
{
    fprintf(out, "accuracy %.4f, %zu of %zu\n\n", ratio(figures->right, figures->count),
            figures->right, figures->count);
    print_classes(figures, out);
    print_confusion(figures, out);
    print_reliability(figures, out);
}
