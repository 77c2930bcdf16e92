/* Which published records a person wants to see. Headers decide where they can; a value is only
 * read for a subject that is not the record's first, and then only if it names it at all. */
#ifndef KAFKA_TAP_FILTER_H
#define KAFKA_TAP_FILTER_H

#include <copydesk/slice.h>
#include <librdkafka/rdkafka.h>
#include <stdbool.h>

struct tap_filter {
    const char *subject;  /* "medtop:16000000", "16000000", or a name; NULL: any, as below */
    const char *language; /* "zh" takes "zh-Hant" too */
    const char *source;   /* a registrable domain */
    const char *code;     /* of rejected records */
};

enum { TAP_URI_SIZE = 64 };

/* The URI that a person means by a subject: digits stand for a Media Topic, what has a colon is
 * one. False: it is a name. */
bool tap_subject_uri(const char *subject, char uri[TAP_URI_SIZE]);
/* The last value of a header; empty when there is none. Borrowed from the message. */
desk_slice tap_header(const rd_kafka_message_t *message, const char *name);
bool tap_matches(const struct tap_filter *filter, const rd_kafka_message_t *message);
/* Whether an enriched record lists a subject, as `tap_filter.subject` names it. */
bool tap_has_subject(desk_slice json, const char *subject);

#endif
