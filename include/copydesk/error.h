/** @file
 * Errors as values: what failed, how a host must react, where, and a text for people.
 *
 * Functions return a desk_status (0 is good) and fill a desk_error when one is given; it may be
 * NULL. The first error wins: it is nearest the cause. One that holds an error already is left as
 * it is, so set it to DESK_ERROR_INIT before the next call. The struct never owns memory.
 *
 * @code
 * desk_error err = DESK_ERROR_INIT;
 * if (desk_engine_process(engine, &record, &result, &err) != DESK_OK)
 *     fprintf(stderr, "%s: %s\n", desk_status_code(err.status), err.message);
 * @endcode
 */
#ifndef COPYDESK_ERROR_H
#define COPYDESK_ERROR_H

#include <copydesk/export.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What failed. Numbers are stable and never reused. The text code of each (desk_status_code) is
 * what Kafka headers, metrics and the documentation show (docs/errors.md). */
typedef enum desk_status {
    DESK_OK = 0, /**< nothing */

    /* The host's fault or the machine's. */
    DESK_ENOMEM = -1,    /**< out-of-memory */
    DESK_EARGUMENT = -2, /**< invalid-argument */
    DESK_EIO = -3,       /**< io */

    /* The record's fault. */
    DESK_EINPUT_SIZE = -10,  /**< input-too-large */
    DESK_EOUTPUT_SIZE = -11, /**< output-too-large */
    DESK_EMEMORY = -12,      /**< memory-limit */
    DESK_EWORK = -13,        /**< work-limit */
    DESK_EDEPTH = -14,       /**< too-deep */
    DESK_EMATCH = -15,       /**< match-limit */
    DESK_EEMPTY = -20,       /**< empty-value */
    DESK_EJSON = -21,        /**< invalid-json */
    DESK_EUTF8 = -22,        /**< invalid-utf8 */
    DESK_EESCAPE = -23,      /**< invalid-escape */
    DESK_ESURROGATE = -24,   /**< lone-surrogate */
    DESK_ECONTROL = -25,     /**< control-character */
    DESK_EDUPLICATE = -26,   /**< duplicate-key */
    DESK_ETYPE = -27,        /**< wrong-type */
    DESK_EBINARY = -28,      /**< binary-input */
    DESK_ENOTEXT = -29,      /**< no-text */
    DESK_ECHARSET = -30,     /**< invalid-charset */
    DESK_ESTAGE = -31,       /**< rejected-by-stage */
    DESK_ERECORD_SIZE = -32, /**< record-too-large: cannot be produced to Kafka */
    DESK_ETIMEOUT = -33,     /**< stage-timeout: a loaded stage took too long */
    DESK_ECHILD = -34,       /**< stage-failed: a loaded stage gave nothing that can be used */

    /* The operator's files. */
    DESK_ERULEBOOK = -40, /**< invalid-rulebook */
    DESK_ECONFIG = -41,   /**< invalid-configuration */
    DESK_EMODEL = -42,    /**< invalid-model */
    DESK_ESTAGELOAD = -43 /**< invalid-stage */
} desk_status;

/** What a host does about it. */
typedef enum desk_error_class {
    DESK_CLASS_NONE = 0,   /**< nothing is wrong */
    DESK_CLASS_RECORD = 1, /**< publish the record as rejected and go on */
    DESK_CLASS_RETRY = 2,  /**< the same batch again, later */
    DESK_CLASS_ABORT = 3,  /**< abort the transaction and rewind */
    DESK_CLASS_FATAL = 4   /**< stop */
} desk_error_class;

#define DESK_NO_OFFSET          ((size_t)-1) /**< an offset that is not known */
#define DESK_ERROR_STAGE_SIZE   24           /**< bytes of desk_error.stage, with the NUL */
#define DESK_ERROR_FILE_SIZE    128          /**< bytes of desk_error.file, with the NUL */
#define DESK_ERROR_MESSAGE_SIZE 464          /**< bytes of desk_error.message, with the NUL */

/** One error, or one event of a logger. This struct never grows. */
typedef struct desk_error {
    desk_status status;                    /**< DESK_OK when there is none */
    desk_error_class error_class;          /**< that of the status */
    size_t offset;                         /**< bytes into the raw value, or DESK_NO_OFFSET */
    char stage[DESK_ERROR_STAGE_SIZE];     /**< stage that failed, "" when none */
    char file[DESK_ERROR_FILE_SIZE];       /**< of the rulebook, cut when longer; "" when none */
    uint32_t line;                         /**< of the file, from 1; 0: all of it */
    uint32_t column;                       /**< of the line, from 1, in bytes; 0: all of it */
    char message[DESK_ERROR_MESSAGE_SIZE]; /**< for people, UTF-8, one line, never a secret */
} desk_error;

/** No error: what a desk_error starts from. */
#define DESK_ERROR_INIT                                                                            \
    {                                                                                              \
        DESK_OK, DESK_CLASS_NONE, DESK_NO_OFFSET, {0}, {0}, 0, 0,                                  \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/** Returns the stable text code of a status.
 *
 * @return for example "invalid-json"; "ok" for DESK_OK; "unknown" for a number not in the list
 * @owner static text, never freed
 * @threads safe from any thread */
DESK_API const char *desk_status_code(desk_status status);

/** Returns the class that belongs to a status; DESK_CLASS_FATAL for a number not in the list.
 *
 * @threads safe from any thread */
DESK_API desk_error_class desk_status_class(desk_status status);

#ifdef __cplusplus
}
#endif

#endif
