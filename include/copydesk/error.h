/* Errors as values: what failed, how a host must react, where, and a text for people.
 *
 * Functions return a desk_status (0 is good) and fill a desk_error when one is given. The first
 * error wins: it is nearest the cause. The struct never owns memory.
 *
 *     desk_error err = DESK_ERROR_INIT;
 *     if (desk_engine_process(engine, &record, &result, &err) != DESK_OK)
 *         fprintf(stderr, "%s: %s\n", desk_status_code(err.status), err.message);
 */
#ifndef COPYDESK_ERROR_H
#define COPYDESK_ERROR_H

#include <copydesk/export.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers are stable and never reused. The text code of each (desk_status_code) is what Kafka
 * headers, metrics and the documentation show. */
typedef enum desk_status {
    DESK_OK = 0,
    /* the host's fault or the machine's */
    DESK_ENOMEM = -1,    /* out-of-memory */
    DESK_EARGUMENT = -2, /* invalid-argument */
    DESK_EIO = -3,       /* io */
    /* the record's fault */
    DESK_EINPUT_SIZE = -10,  /* input-too-large */
    DESK_EOUTPUT_SIZE = -11, /* output-too-large */
    DESK_EMEMORY = -12,      /* memory-limit */
    DESK_EWORK = -13,        /* work-limit */
    DESK_EDEPTH = -14,       /* too-deep */
    DESK_EMATCH = -15,       /* match-limit */
    DESK_EEMPTY = -20,       /* empty-value */
    DESK_EJSON = -21,        /* invalid-json */
    DESK_EUTF8 = -22,        /* invalid-utf8 */
    DESK_EESCAPE = -23,      /* invalid-escape */
    DESK_ESURROGATE = -24,   /* lone-surrogate */
    DESK_ECONTROL = -25,     /* control-character */
    DESK_EDUPLICATE = -26,   /* duplicate-key */
    DESK_ETYPE = -27,        /* wrong-type */
    DESK_EBINARY = -28,      /* binary-input */
    DESK_ENOTEXT = -29,      /* no-text */
    DESK_ECHARSET = -30,     /* invalid-charset */
    DESK_ESTAGE = -31,       /* rejected-by-stage */
    DESK_ERECORD_SIZE = -32, /* record-too-large: cannot be produced to Kafka */
    /* the operator's files */
    DESK_ERULEBOOK = -40, /* invalid-rulebook */
    DESK_ECONFIG = -41,   /* invalid-configuration */
    DESK_EMODEL = -42     /* invalid-model */
} desk_status;

/* What a host does about it. */
typedef enum desk_error_class {
    DESK_CLASS_NONE = 0,
    DESK_CLASS_RECORD = 1, /* publish the record as rejected and go on */
    DESK_CLASS_RETRY = 2,  /* the same batch again, later */
    DESK_CLASS_ABORT = 3,  /* abort the transaction and rewind */
    DESK_CLASS_FATAL = 4   /* stop */
} desk_error_class;

#define DESK_NO_OFFSET          ((size_t)-1)
#define DESK_ERROR_STAGE_SIZE   24
#define DESK_ERROR_MESSAGE_SIZE 464

typedef struct desk_error {
    desk_status status;
    desk_error_class error_class;
    size_t offset;                         /* byte offset in the input, or DESK_NO_OFFSET */
    char stage[DESK_ERROR_STAGE_SIZE];     /* stage that failed, "" when none */
    char message[DESK_ERROR_MESSAGE_SIZE]; /* for people, UTF-8, one line, never a secret */
} desk_error;

#define DESK_ERROR_INIT                                                                            \
    {                                                                                              \
        DESK_OK, DESK_CLASS_NONE, DESK_NO_OFFSET, {0},                                             \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/* Returns the stable text code of a status, for example "invalid-json"; "ok" for DESK_OK, "unknown"
 * for a number that is not in the list. Owner    static text, never freed Threads  safe from any
 * thread */
DESK_API const char *desk_status_code(desk_status status);

/* Returns the class that belongs to a status.
 * Threads  safe from any thread */
DESK_API desk_error_class desk_status_class(desk_status status);

#ifdef __cplusplus
}
#endif

#endif
