/** @file
 * What the library has to say beside its results: it never prints, it calls the host back.
 *
 * @code
 * static void print(void *context, desk_log_level level, const desk_error *event)
 * {
 *     fprintf(context, "%s: %s\n", desk_log_level_name(level), event->message);
 * }
 * options.logger = (desk_logger){print, stderr, DESK_LOG_WARNING};
 * @endcode
 */
#ifndef COPYDESK_LOG_H
#define COPYDESK_LOG_H

#include <copydesk/error.h>
#include <copydesk/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How much an event matters. */
typedef enum desk_log_level {
    DESK_LOG_ERROR = 0,   /**< every mistake of a rulebook, not only the first */
    DESK_LOG_WARNING = 1, /**< what is probably not meant; what a stage complains of */
    DESK_LOG_INFO = 2,    /**< each record that is rejected or skipped, and why */
    DESK_LOG_DEBUG = 3    /**< what was taken out of an article that is rejected */
} desk_log_level;

/** Receives one event. It may not call the engine or rulebook that it comes from.
 *
 * @owner *event lives until the function returns
 * @threads called by the thread that called the library; engines of several threads that share one
 * context call it at the same time */
typedef void (*desk_log_function)(void *context, desk_log_level level, const desk_error *event);

/** Where events go. All zero: nowhere. This struct never grows. */
typedef struct desk_logger {
    desk_log_function function; /**< or NULL */
    void *context;              /**< given back to function */
    desk_log_level level;       /**< the least important level that is wanted */
} desk_logger;

/** Returns "error", "warning", "info" or "debug"; "unknown" for another number.
 *
 * @owner static text, never freed
 * @threads safe from any thread */
DESK_API const char *desk_log_level_name(desk_log_level level);

#ifdef __cplusplus
}
#endif

#endif
