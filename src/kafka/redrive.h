/* Rejected records back to their raw topic, exactly once.
 *
 * A redriven record carries copydesk.redrive.of (the rejected record's coordinates) and
 * copydesk.redrive.count; that header, found in the raw topic itself, is the only memory of what
 * was redriven already: running the same redrive again does nothing, and one that was killed goes
 * on where its last transaction was committed. The transactional.id <group>-redrive fences a second
 * redrive that runs at the same time.
 */
#ifndef KAFKA_REDRIVE_H
#define KAFKA_REDRIVE_H

#include "kafka/reader.h"

struct redrive_filter {
    const char *code, *stage; /* of copydesk.error.*; NULL: any */
    const char *topic;        /* the raw topic; NULL: any */
    const char *source; /* a domain: the value holds a URL of it or of a subdomain; NULL: any */
    int64_t since_ms, until_ms; /* of the record's timestamp; DESK_NO_TIME: any */
    long long times_max;        /* a record that was redriven so often stays */
};

struct redrive_options {
    struct redrive_filter filter;
    const char
        *from;       /* a topic of rejected records, if routes make several; NULL: rejected.topic */
    bool is_execute; /* else nothing is written */
    long long rate;  /* records a second; 0: no limit */
    void (*progress)(void *context, int64_t done, int64_t total);
    void *context;
};

/* A rejected record that passes the filter. */
struct redrive_candidate {
    int32_t partition; /* of the rejected topic */
    int64_t offset;
    uint32_t raw_part; /* index in redrive.raw.parts */
    bool is_done;      /* it is in the raw topic again already */
};

struct redrive {
    struct client_head head; /* first: the producer's callbacks find it through the opaque */
    const struct config *config;
    struct redrive_options options;
    struct reader rejected, raw;
    rd_kafka_t *producer;
    struct redrive_candidate *candidates; /* sorted by partition, offset */
    size_t count, capacity;
    uint64_t read, matched, exhausted, done_before, redriven, gone, foreign;
    int64_t bytes;
    char gone_text[CLIENT_ERROR_SIZE]; /* about the first record whose value is gone */
    unsigned delivery_failures, unproven_deliveries;
};

/* Connects; when executing, fences other redrives first. False with the reason. */
bool redrive_open(struct redrive *redrive, const struct config *config,
                  const struct redrive_options *options, char error[CLIENT_ERROR_SIZE]);
/* Finds what is to be redriven: the counts are filled in. */
bool redrive_plan(struct redrive *redrive, char error[CLIENT_ERROR_SIZE]);
/* Does it, in transactions of a second at most. On false all that was committed stays; calling
 * again with a new struct redrive goes on. */
bool redrive_execute(struct redrive *redrive, char error[CLIENT_ERROR_SIZE]);
void redrive_close(struct redrive *redrive);

#endif
