/* Log lines on stderr: logfmt (time=... level=... msg="..." key=value) or one JSON object a line.
 * A line that does not fit is cut within a value and stays well-formed; a warning or error that
 * repeats itself is counted (log_repeats.h): "repeated":57 stands for 57 lines that differ from it
 * in numbers at most. Never a secret: callers pass only what may be shown, and what a library says
 * is searched for the configuration's secrets. Safe from any thread; one write per line. */
#ifndef OPS_LOG_H
#define OPS_LOG_H

#include <stddef.h>

#include "config/config.h"
#include "ops/log_repeats.h"

struct log_settings {
    enum config_log_format format;
    enum config_log_level level;
    const struct config_list *secrets; /* never written, whoever passes them; NULL: none */
    struct log_repeats *repeats;       /* NULL: every line is written */
};

/* One field: a name and text or a number. */
struct log_field {
    const char *name;
    const char *text; /* NULL: the number counts */
    long long number;
};

static inline struct log_field log_text(const char *name, const char *text)
{
    struct log_field field = {name, text ? text : "", 0};
    return field;
}

static inline struct log_field log_number(const char *name, long long number)
{
    struct log_field field = {name, NULL, number};
    return field;
}

/* `fields` ends with a field without name; NULL for none. */
void log_write(const struct log_settings *settings, enum config_log_level level,
               const char *message, const struct log_field *fields);
/* Writes what was held back for long enough, or (is_all, at the end) all of it. To be called now
 * and then. */
void log_flush(const struct log_settings *settings, bool is_all);
/* The one macro: C has no other list literals. */
#define LOG_FIELDS(...) ((const struct log_field[]){__VA_ARGS__, {NULL, NULL, 0}})

#endif
