/* The most memory that `run` can take, by its configuration: docs/operate.md explains the sum and
 * tests/soak/run holds a process against it. */
#ifndef KAFKA_MEMORY_H
#define KAFKA_MEMORY_H

#include "kafka/client.h"

/* Program, built-in rulebook, threads and what libraries keep. A larger
 * rulebook comes on top. */
enum { MEMORY_BASE_BYTES = 64000000 };

struct memory_bound {
    long long fetched;  /* a lane: records read ahead, in bytes as all here */
    long long produced; /* a lane: records on their way out */
    long long engine;   /* a lane: work on one record, limits.memory */
    long long shadow;   /* queue and engine of the second rulebook; 0: there is none */
    long long page;     /* events of the monitor page, and its look at articles; 0: none */
    long long queues;   /* fetched and produced of all lanes, and the shadow's queue */
    long long total;    /* base, queues and engines */
};

/* Asks the library for the properties that hold, a person's or its defaults. False with the
 * reason. */
bool memory_bound(const struct config *config, struct memory_bound *bound,
                  char error[CLIENT_ERROR_SIZE]);

#endif
