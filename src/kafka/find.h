/* Finding one record: a raw one by its coordinates, and what was published of it. */
#ifndef KAFKA_FIND_H
#define KAFKA_FIND_H

#include <copydesk/slice.h>

#include "kafka/reader.h"

/* The raw record at the coordinates, for the caller to destroy; NULL with the reason when it is not
 * there (expired, compacted, aborted, not written yet) or cannot be read. `reader` must stay open
 * while the message is held. */
rd_kafka_message_t *find_raw_record(struct reader *reader, const struct coordinates *raw,
                                    char error[CLIENT_ERROR_SIZE]);

/* What was published of a raw record. */
struct published {
    struct coordinates at;
    bool is_found, is_rejected, is_null;
    bool is_skipped; /* it is the note of a record that a stage dropped */
    char *value;     /* heap, value_len bytes */
    size_t value_len;
    char code[64], version[32], rulebook[64]; /* of headers; rejected: code and version */
};

/* Looks through output and rejected topics, from records of the raw one's time on, then from the
 * start. False when they cannot be read; not found is no error. */
bool find_published(const struct config *config, const rd_kafka_message_t *raw,
                    struct published *out, char error[CLIENT_ERROR_SIZE]);
void published_free(struct published *published);

#endif
