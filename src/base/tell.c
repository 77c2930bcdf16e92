/* Events for the host's logger. */
#include "base/tell.h"

#include <stdarg.h>
#include <stdio.h>

const char *desk_log_level_name(desk_log_level level)
{
    static const char *const names[] = {"error", "warning", "info", "debug"};
    return (size_t)level < sizeof names / sizeof names[0] ? names[level] : "unknown";
}

void tell_event(const desk_logger *logger, desk_log_level level, const desk_error *event)
{
    if (tell_wants(logger, level))
        logger->function(logger->context, level, event);
}

void tell_text(const desk_logger *logger, desk_log_level level, const char *stage,
               const char *format, ...)
{
    if (!tell_wants(logger, level))
        return;
    desk_error event = DESK_ERROR_INIT;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(event.message, sizeof event.message, format, arguments);
    va_end(arguments);
    for (char *p = event.message; *p; p++)
        if ((unsigned char)*p < 0x20)
            *p = ' ';
    snprintf(event.stage, sizeof event.stage, "%s", stage);
    logger->function(logger->context, level, &event);
}
