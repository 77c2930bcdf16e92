/* What is measured of a block from the blocks around it; a part of page_measure. */
#ifndef CLEAN_PAGE_AROUND_H
#define CLEAN_PAGE_AROUND_H

#include "clean/page_features.h"

/* The features of runs, kin, repetition, distance and neighbours; the others are there already.
 * False at the memory limit. */
bool page_measure_around(const struct page *page, struct page_features *features);

#endif
