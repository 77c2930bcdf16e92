/* What the process keeps to itself. */
#ifndef COMMANDS_PROTECT_H
#define COMMANDS_PROTECT_H

#include "config/config.h"

/* No core dump and no debugger, unless the configuration allows it: memory holds the secrets. */
void protect_memory(const struct config *config);

#endif
