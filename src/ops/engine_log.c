/* From the library's logger to ours. */
#include "ops/engine_log.h"

static void take(void *context, desk_log_level level, const desk_error *event)
{
    log_write(context, level == DESK_LOG_ERROR ? LOG_ERROR : LOG_WARN,
              event->stage[0] ? "a stage says" : "the engine says",
              LOG_FIELDS(log_text("stage", event->stage), log_text("text", event->message)));
}

desk_logger engine_logger(const struct log_settings *settings)
{
    return (desk_logger){take, (void *)(size_t)settings, DESK_LOG_WARNING};
}
