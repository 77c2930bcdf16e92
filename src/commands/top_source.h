/* What copydesk top looks at: /status of running processes, twice, for rates. */
#ifndef COMMANDS_TOP_SOURCE_H
#define COMMANDS_TOP_SOURCE_H

#include <curl/curl.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct config;

enum { TOP_PROCESSES_MAX = 32, TOP_ERROR_SIZE = 256, TOP_URL_SIZE = 256 };

struct top_process {
    char url[TOP_URL_SIZE];
    json_t *now, *before;       /* what /status said; NULL: nothing yet */
    char error[TOP_ERROR_SIZE]; /* empty: the last question was answered */
};

struct top_source {
    CURL *curl;
    const struct config *config; /* whose credentials are sent */
    struct top_process processes[TOP_PROCESSES_MAX];
    size_t count;
};

/* False when libcurl cannot be set up. */
bool top_source_open(struct top_source *source, const struct config *config);
void top_source_close(struct top_source *source);
/* Adds a process by HOST:PORT or URL; false when there are too many, or the text is too long. */
bool top_source_add(struct top_source *source, const char *where);
/* Asks all of them; each has two seconds. */
void top_source_ask(struct top_source *source);

/* The sum of a family's samples that have the label (NULL: all), over a process's last answer; a
 * histogram's samples count with their "count". */
double top_sum(const json_t *status, const char *family, const char *label, const char *value);
/* The same a second over all processes, from the last two answers. A counter that fell has begun
 * anew and counts as 0. */
double top_rate(const struct top_source *source, const char *family, const char *label,
                const char *value);
/* Seconds below which this share of a histogram lay between the last two answers, or (nothing
 * came) since the start; negative when there is nothing. The bucket's upper bound. */
double top_quantile(const struct top_source *source, const char *family, double share);

#endif
