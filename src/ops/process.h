/* Memory, CPU time and files of this process, from /proc, under the names that Prometheus' client
 * libraries use. */
#ifndef OPS_PROCESS_H
#define OPS_PROCESS_H

#include "ops/exposition.h"

/* What cannot be read is left out. */
void process_collect(struct exposition *page);

#endif
