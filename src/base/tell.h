/* Telling the host something through its logger. */
#ifndef BASE_TELL_H
#define BASE_TELL_H

#include <copydesk/log.h>
#include <stdbool.h>

/* Whether an event of this level would be heard: to be asked before one is put together. */
static inline bool tell_wants(const desk_logger *logger, desk_log_level level)
{
    return logger->function && level <= logger->level;
}

/* Hands an event over as it is. */
void tell_event(const desk_logger *logger, desk_log_level level, const desk_error *event);

/* The same from a stage's name, which may be "", and a text, of which control characters become
 * spaces: an event is one line. */
void tell_text(const desk_logger *logger, desk_log_level level, const char *stage,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
