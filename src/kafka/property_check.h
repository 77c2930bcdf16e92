/* Whether the librdkafka that is linked knows the properties a person has set, and takes their
 * values. */
#ifndef KAFKA_PROPERTY_CHECK_H
#define KAFKA_PROPERTY_CHECK_H

#include "config/config.h"

struct mistakes;

/* Adds a mistake for each property that is unknown (with the nearest known name) or has a value
 * that is not accepted, and a warning for one that does nothing on the side it is set for. */
void property_check(const struct config *config, struct mistakes *mistakes);

#endif
