/* Every key of the configuration in one table: docs/configuration.md, `copydesk check` and the
 * reader all go by it. */
#ifndef CONFIG_SCHEMA_H
#define CONFIG_SCHEMA_H

#include <stddef.h>

enum config_type {
    TYPE_TEXT,
    TYPE_LIST,
    TYPE_INTEGER,
    TYPE_DURATION,
    TYPE_SIZE,
    TYPE_SHARE,
    TYPE_WORD
};

struct config_word {
    const char *name;
    long long value;
};

struct config_row {
    const char *path; /* "section.key" */
    enum config_type type;
    size_t slot;         /* offset in struct config */
    const char *initial; /* default as written in the file; NULL: none */
    long long min, max;  /* of numbers; durations in ms, sizes in bytes, shares in millionths */
    const struct config_word *words;
    const char *help;
};

enum { CONFIG_ROWS_MAX = 128 };

/* Ends with a row whose path is NULL. */
extern const struct config_row CONFIG_ROWS[];

#endif
