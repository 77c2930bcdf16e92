/* What an engine and its loaded stages have to say, as lines of the log. */
#ifndef OPS_ENGINE_LOG_H
#define OPS_ENGINE_LOG_H

#include <copydesk/log.h>

#include "ops/log.h"

/* Warnings and errors; `settings` outlive the engine that gets the logger. */
desk_logger engine_logger(const struct log_settings *settings);

#endif
