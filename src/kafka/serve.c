/* From the configuration to the server, and who may see articles. */
#include "kafka/serve.h"

#include <stdio.h>
#include <string.h>

#include "base/slice.h"
#include "kafka/lane.h"

/* Articles are other people's text, and may be under embargo: unless told otherwise they are shown
 * only to who is on this machine or has credentials. */
static const char *why_no_articles(const struct config *config, const char *address)
{
    if (config->http_articles == ARTICLES_OFF)
        return "Articles are switched off: http.articles is off.";
    if (config->http_articles == ARTICLES_AUTO && !http_is_loopback(address) &&
        !config->http_user && !config->http_token)
        return "Articles are not shown where everybody can see them: set http.token, or http.user "
               "and http.password, or http.articles: on.";
    return NULL;
}

static void open_articles(struct serve *serve, struct lane_shared *shared, const char *address)
{
    char about[512];
    const char *reason = why_no_articles(shared->config, address);
    if (!reason)
        serve->spotlight = shared->spotlight = spotlight_open(shared, serve->http);
    if (!reason && !serve->spotlight)
        reason = "Articles are not shown: there was no memory for it, see the log.";
    /* Reasons are ours and need no escaping. */
    int len = snprintf(about, sizeof about, "{\"articles\":\"%s\",\"reason\":\"%s\"}",
                       reason ? "off" : "on", reason ? reason : "");
    http_publish(serve->http, HTTP_EVENT_ABOUT, slice_of(about, (size_t)len));
}

static void say_listening(const struct lane_shared *shared, const char *address)
{
    const struct config *config = shared->config;
    const char *scheme = config->http_certificate ? "https" : "http";
    size_t asked = strlen(config->http_listen);
    if (strncmp(address, config->http_listen, asked) && asked > 2 &&
        strcmp(config->http_listen + asked - 2, ":0"))
        log_write(&shared->log, LOG_WARN,
                  "the port of http.listen is taken by another process; a free one is used",
                  LOG_FIELDS(log_text("reason", config->http_listen), log_text(scheme, address)));
    if (!http_is_loopback(address) && !config->http_user && !config->http_token)
        log_write(&shared->log, LOG_WARN,
                  "/metrics and the monitor page are open to other machines: set http.token, or "
                  "http.user and http.password",
                  LOG_FIELDS(log_text("reason", address)));
    log_write(&shared->log, LOG_INFO, "listening", LOG_FIELDS(log_text(scheme, address)));
}

bool serve_open(struct serve *serve, struct lane_shared *shared)
{
    char address[HTTP_ADDRESS_SIZE], error[HTTP_ERROR_SIZE];
    const struct config *config = shared->config;
    struct http_options options = {.listen = config->http_listen,
                                   .certificate = config->http_certificate,
                                   .key = config->http_key,
                                   .user = config->http_user,
                                   .password = config->http_password,
                                   .token = config->http_token,
                                   .connections_max = (unsigned)config->http_connections};
    *serve = (struct serve){.http = NULL};
    if (!strcmp(config->http_listen, "off"))
        return true;
    serve->http = http_open(&options, &shared->metrics, address, error);
    if (!serve->http) {
        log_write(&shared->log, LOG_ERROR, "the HTTP server could not be started",
                  LOG_FIELDS(log_text("reason", error)));
        return false;
    }
    snprintf(serve->url, sizeof serve->url, "%s://%s/", config->http_certificate ? "https" : "http",
             address);
    say_listening(shared, address);
    open_articles(serve, shared, address);
    return true;
}

void serve_close(struct serve *serve)
{
    spotlight_close(serve->spotlight);
    http_close(serve->http);
}
