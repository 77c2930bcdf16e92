/* Writing metrics: Prometheus text for /metrics, JSON for /status. The same calls make both, so
 * that names and values agree.
 *
 *     struct exposition page;
 *     exposition_begin(&page, out, EXPOSITION_TEXT);
 *     exposition_family(&page, FAMILY_RECORDS_IN);
 *     exposition_count(&page, LABELS({"lane", "0"}), 12);
 *     exposition_end(&page);
 */
#ifndef OPS_EXPOSITION_H
#define OPS_EXPOSITION_H

#include <stdbool.h>
#include <stdio.h>

#include "ops/catalogue.h"
#include "ops/histogram.h"

enum exposition_form { EXPOSITION_TEXT, EXPOSITION_JSON };

struct exposition {
    FILE *out;
    enum exposition_form form;
    bool has_family, has_sample;
    const char *name; /* of the open family */
};

struct label {
    const char *name, *value; /* any text; values are escaped */
};

/* Ends the list. The one macro: C has no other list literals. */
#define LABELS(...) ((const struct label[]){__VA_ARGS__, {NULL, NULL}})

void exposition_begin(struct exposition *page, FILE *out, enum exposition_form form);
/* Opens a family; its samples follow. */
void exposition_family(struct exposition *page, enum family family);
/* One sample; `labels` NULL: none. */
void exposition_count(struct exposition *page, const struct label *labels,
                      unsigned long long value);
void exposition_value(struct exposition *page, const struct label *labels, double value);
void exposition_histogram(struct exposition *page, const struct label *labels,
                          const struct histogram_scale *scale, const struct histogram_sum *sum);
void exposition_end(struct exposition *page);

#endif
