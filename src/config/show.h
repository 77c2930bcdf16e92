/* What the configuration prints of itself: the effective values, a starter file, its JSON Schema.
 */
#ifndef CONFIG_SHOW_H
#define CONFIG_SHOW_H

#include <stdio.h>

#include "config/config.h"

/* The effective configuration as YAML that can be read again, each value with where it comes from
 * as a comment; secrets are replaced. */
void config_show(const struct config *config, FILE *out);
/* A commented file to start from: what everybody sets, then every other key with its default. */
void config_show_starter(FILE *out);
/* JSON Schema (draft 2020-12) of the file, for editors. */
void config_show_schema(FILE *out);

#endif
