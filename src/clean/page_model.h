/* The block model: from a block's features to how much it looks like the article.
 *
 * A sum of small decision trees. All splits of a level of a tree are the same, so that a tree is an
 * index of a few bits into its leaves. File page.model of the rulebook, written by
 * tests/eval/train_page_model:
 *
 *     bias BIAS
 *     tree FEATURE>VALUE ... | LEAF ...      1 to 6 splits, 2 to 64 leaves
 *
 * Bias and leaves are log-odds in thousandths, integers, so that a score is the same everywhere.
 * Lines that begin with # are comments. */
#ifndef CLEAN_PAGE_MODEL_H
#define CLEAN_PAGE_MODEL_H

#include "clean/page_features.h"

struct mistakes;
struct rulebook_files;
struct pagemodel;

void *pagemodel_compile(const struct rulebook_files *files, struct mistakes *mistakes);
void pagemodel_free(void *model);
/* False when the rulebook has no page.model: blocks are then chosen by hand rules. */
bool pagemodel_is_set(const struct pagemodel *model);
/* Fills blocks[].score with log-odds that the block belongs to the article. */
void pagemodel_score(const struct pagemodel *model, struct page *page,
                     const struct page_features *features);

#endif
