/* Log lines on stderr: logfmt (time=... level=... msg="..." key=value) or one JSON object a line.
 * Never a secret: callers pass only what may be shown, and what a library says is searched for the
 * configuration's secrets. Safe from any thread; one write per line. */
#ifndef OPS_LOG_H
#define OPS_LOG_H

#include <stddef.h>

#include "config/config.h"

struct log_settings {
    enum config_log_format format;
    enum config_log_level level;
    const struct config_list *secrets; /* never written, whoever passes them; NULL: none */
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
/* The one macro: C has no other list literals. */
#define LOG_FIELDS(...) ((const struct log_field[]){__VA_ARGS__, {NULL, NULL, 0}})

#endif
