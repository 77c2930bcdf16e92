/* libcurl asks, Jansson reads. */
#include "commands/top_source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

/* A process's page has some 40 KB, with thousands of partitions a few MB. */
enum { ANSWER_BYTES_MAX = 32 << 20, CONNECT_MS = 1000, ANSWER_MS = 2000 };

/* --- asking -------------------------------------------------------------------------------- */

struct answer {
    char *data;
    size_t len, capacity;
};

static size_t take(char *data, size_t size, size_t count, void *context)
{
    struct answer *answer = context;
    size_t len = size * count;
    if (answer->len + len > ANSWER_BYTES_MAX)
        return 0;
    if (answer->len + len > answer->capacity) {
        size_t wanted = 2 * (answer->len + len);
        char *grown = realloc(answer->data, wanted);
        if (!grown)
            return 0;
        answer->data = grown;
        answer->capacity = wanted;
    }
    memcpy(answer->data + answer->len, data, len);
    answer->len += len;
    return len;
}

bool top_source_open(struct top_source *source, const struct config *config)
{
    *source = (struct top_source){.config = config};
    if (curl_global_init(CURL_GLOBAL_DEFAULT))
        return false;
    source->curl = curl_easy_init();
    return source->curl != NULL;
}

void top_source_close(struct top_source *source)
{
    for (size_t i = 0; i < source->count; i++) {
        json_decref(source->processes[i].now);
        json_decref(source->processes[i].before);
    }
    if (source->curl)
        curl_easy_cleanup(source->curl);
    curl_global_cleanup();
}

bool top_source_add(struct top_source *source, const char *where)
{
    const char *scheme = source->config->http_certificate ? "https://" : "http://";
    if (source->count == TOP_PROCESSES_MAX)
        return false;
    struct top_process *process = &source->processes[source->count];
    *process = (struct top_process){.now = NULL};
    size_t len = strlen(where);
    while (len && where[len - 1] == '/')
        len--;
    int written = snprintf(process->url, sizeof process->url, "%s%.*s/status",
                           strstr(where, "://") ? "" : scheme, (int)len, where);
    if (written < 0 || (size_t)written >= sizeof process->url)
        return false;
    source->count++;
    return true;
}

/* Credentials as configured: our own processes ask for them. */
static void set_options(const struct top_source *source, const char *url, struct answer *answer)
{
    const struct config *config = source->config;
    CURL *curl = source->curl;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)ANSWER_MS);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    if (config->http_token) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER);
        curl_easy_setopt(curl, CURLOPT_XOAUTH2_BEARER, config->http_token);
    } else if (config->http_user) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(curl, CURLOPT_USERNAME, config->http_user);
        curl_easy_setopt(curl, CURLOPT_PASSWORD, config->http_password);
    }
    if (config->http_certificate) /* a certificate of one's own is its own authority */
        curl_easy_setopt(curl, CURLOPT_CAINFO, config->http_certificate);
}

static void keep(struct top_process *process, json_t *status)
{
    json_decref(process->before);
    process->before = process->now;
    process->now = status;
}

static void ask(struct top_source *source, struct top_process *process)
{
    struct answer answer = {NULL, 0, 0};
    char reason[CURL_ERROR_SIZE] = "";
    set_options(source, process->url, &answer);
    curl_easy_setopt(source->curl, CURLOPT_ERRORBUFFER, reason);
    CURLcode code = curl_easy_perform(source->curl);
    curl_easy_setopt(source->curl, CURLOPT_ERRORBUFFER, NULL);
    process->error[0] = '\0';
    if (code != CURLE_OK) {
        snprintf(process->error, sizeof process->error, "%s",
                 reason[0] ? reason : curl_easy_strerror(code));
        keep(process, NULL);
    } else {
        json_t *status = json_loadb(answer.data, answer.len, 0, NULL);
        if (!json_is_object(json_object_get(status, "metrics")))
            snprintf(process->error, sizeof process->error, "this is no status of copydesk");
        keep(process, status);
    }
    free(answer.data);
}

void top_source_ask(struct top_source *source)
{
    for (size_t i = 0; i < source->count; i++)
        ask(source, &source->processes[i]);
}

/* --- sums ---------------------------------------------------------------------------------- */

static const json_t *samples_of(const json_t *status, const char *family)
{
    return json_object_get(json_object_get(status, "metrics"), family);
}

static bool has_label(const json_t *sample, const char *label, const char *value)
{
    const char *text =
        label ? json_string_value(json_object_get(json_object_get(sample, "labels"), label)) : NULL;
    return !label || (text && !strcmp(text, value));
}

double top_sum(const json_t *status, const char *family, const char *label, const char *value)
{
    double sum = 0;
    size_t i;
    json_t *sample;
    json_array_foreach(samples_of(status, family), i, sample)
    {
        const json_t *number = json_object_get(sample, "value");
        if (has_label(sample, label, value))
            sum += json_number_value(number ? number : json_object_get(sample, "count"));
    }
    return sum;
}

/* Seconds between a process's two answers; 0 when there are not two. */
static double seconds_between(const struct top_process *process)
{
    if (!process->now || !process->before)
        return 0;
    return (json_number_value(json_object_get(process->now, "time_ms")) -
            json_number_value(json_object_get(process->before, "time_ms"))) /
           1000;
}

double top_rate(const struct top_source *source, const char *family, const char *label,
                const char *value)
{
    double rate = 0;
    for (size_t i = 0; i < source->count; i++) {
        const struct top_process *process = &source->processes[i];
        double seconds = seconds_between(process);
        double grown = top_sum(process->now, family, label, value) -
                       top_sum(process->before, family, label, value);
        if (seconds > 0 && grown > 0)
            rate += grown / seconds;
    }
    return rate;
}

/* --- histograms ---------------------------------------------------------------------------- */

/* A cumulative count of a histogram's first sample; `bucket` beyond its buckets: all. */
static double below(const json_t *status, const char *family, size_t bucket, double *bound)
{
    const json_t *sample = json_array_get(samples_of(status, family), 0);
    const json_t *pair = json_array_get(json_object_get(sample, "buckets"), bucket);
    if (!pair)
        return json_number_value(json_object_get(sample, "count"));
    *bound = json_number_value(json_array_get(pair, 0));
    return json_number_value(json_array_get(pair, 1));
}

/* All processes' counts of a bucket, since the last answer or the start. */
static double counted(const struct top_source *source, const char *family, size_t bucket,
                      bool is_recent, double *bound)
{
    double sum = 0, ignored;
    for (size_t i = 0; i < source->count; i++) {
        const struct top_process *process = &source->processes[i];
        sum += below(process->now, family, bucket, bound);
        if (is_recent)
            sum -= below(process->before, family, bucket, &ignored);
    }
    return sum;
}

double top_quantile(const struct top_source *source, const char *family, double share)
{
    enum { BEYOND = 1000, BUCKETS_MAX = 64 };
    double bound = -1;
    bool is_recent = counted(source, family, BEYOND, true, &bound) > 0;
    double all = counted(source, family, BEYOND, is_recent, &bound);
    if (all <= 0)
        return -1;
    for (size_t bucket = 0; bucket < BUCKETS_MAX; bucket++)
        if (counted(source, family, bucket, is_recent, &bound) >= share * all)
            return bound;
    return bound;
}
