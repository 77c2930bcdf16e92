/* The name of this process in transactional.id. */
#ifndef KAFKA_INSTANCE_H
#define KAFKA_INSTANCE_H

#include "config/config.h"

enum { INSTANCE_SIZE = 200, INSTANCE_ERROR_SIZE = 512 };

struct instance {
    char name[INSTANCE_SIZE];
    int lock; /* descriptor of the lock file; -1 when the name was given */
};

/* `auto`: host name and the lowest slot whose lock file is free, so that two processes of one group
 * on one host never fence each other and a restart takes the slot of the process that died. */
bool instance_open(const struct config *config, struct instance *instance,
                   char error[INSTANCE_ERROR_SIZE]);
void instance_close(struct instance *instance);

#endif
