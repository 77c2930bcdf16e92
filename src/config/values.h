/* Values as written in the configuration: variables, durations, sizes. */
#ifndef CONFIG_VALUES_H
#define CONFIG_VALUES_H

#include <copydesk/slice.h>
#include <stdbool.h>

/* Expands ${VAR}, ${VAR:-default} and ${file:PATH} (the file's text without its last line end).
 * Returns a heap string, or NULL with what is wrong in `error` (at most error_size bytes). */
char *value_expand(desk_slice text, char *error, size_t error_size);
/* "100ms", "5s", "2m", "1h"; a bare number is milliseconds. */
bool value_duration(const char *text, long long *ms);
/* "16MiB", "64kB", "1GB", "512" bytes. */
bool value_size(const char *text, long long *bytes);
/* "0.1": millionths. */
bool value_share(const char *text, long long *millionths);
bool value_integer(const char *text, long long *number);

#endif
