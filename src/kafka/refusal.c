/* What to grant, by error code. Which operations a client needs: Apache Kafka, "Authorization and
 * ACLs", table of operations by protocol request; docs/security.md has the list. */
#include "kafka/refusal.h"

#include <stdio.h>
#include <string.h>

enum { NAME_SIZE = 320, TOPICS_SIZE = 400, SCRAM_NONCE_FIXED = 0x020601ff };

static const char *property(const struct config *config, const char *name)
{
    const struct config_properties *lists[] = {&config->kafka, &config->consumer,
                                               &config->producer};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (size_t j = 0; j < lists[i]->count; j++)
            if (!strcmp(lists[i]->items[j].name, name))
                return lists[i]->items[j].value;
    return NULL;
}

/* The principal as Kafka names it, where this side can know it. */
static void print_principal(const struct config *config, char out[NAME_SIZE])
{
    const char *user = property(config, "sasl.username");
    if (user)
        snprintf(out, NAME_SIZE, "User:%.250s", user);
    else if (property(config, "ssl.certificate.location") ||
             property(config, "ssl.keystore.location"))
        snprintf(out, NAME_SIZE, "the subject of the client's certificate");
    else
        snprintf(out, NAME_SIZE, "this client's principal");
}

static bool is_written(const struct config *config, const char *topic)
{
    return config_list_has(&config->targets_enriched, topic) ||
           config_list_has(&config->targets_rejected, topic) ||
           (config->shadow_topic && !strcmp(config->shadow_topic, topic));
}

/* A transaction's error does not say which of its topics was refused. */
static void print_output_topics(const struct config *config, char out[TOPICS_SIZE])
{
    if (strchr(config->output_topic, '{') || config->routes.count)
        snprintf(out, TOPICS_SIZE, "all of output.topics and routes and topic %.200s",
                 config->rejected_topic);
    else
        snprintf(out, TOPICS_SIZE, "topics %.180s and %.180s (one of them is refused)",
                 config->output_topic, config->rejected_topic);
}

bool refusal_is(rd_kafka_resp_err_t err)
{
    return err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED ||
           err == RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED ||
           err == RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED ||
           err == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED ||
           err == RD_KAFKA_RESP_ERR__AUTHENTICATION;
}

/* OpenSSL's words, as librdkafka hands them on: this side's judgement, or the broker's alert. The
 * code may be that of any lost connection. */
static bool is_certificate(const char *reason)
{
    return strstr(reason, "certificate") && (strstr(reason, "SSL") || strstr(reason, "broker's"));
}

void refusal_note(struct refusal_note *note, int err, const char *reason)
{
    bool is_tls = is_certificate(reason);
    if (note->err || (!is_tls && !refusal_is((rd_kafka_resp_err_t)err)))
        return;
    note->err = is_tls ? RD_KAFKA_RESP_ERR__SSL : (rd_kafka_resp_err_t)err;
    snprintf(note->reason, sizeof note->reason, "%s", reason);
}

void refusal_name(const struct config *config, const char *operation, const char *resource,
                  char text[REFUSAL_SIZE])
{
    char principal[NAME_SIZE];
    print_principal(config, principal);
    snprintf(text, REFUSAL_SIZE, "no permission: grant %s %s on %s", principal, operation,
             resource);
}

static void append(char text[REFUSAL_SIZE], const char *more)
{
    strncat(text, more, REFUSAL_SIZE - strlen(text) - 1);
}

static void explain_topic(const struct config *config, const char *topic, char text[REFUSAL_SIZE])
{
    char resource[TOPICS_SIZE + 16];
    if (topic)
        snprintf(resource, sizeof resource, "topic %s", topic);
    else
        print_output_topics(config, resource);
    refusal_name(config, topic && !is_written(config, topic) ? "READ" : "WRITE", resource, text);
}

/* librdkafka below 2.6.1 answers SCRAM with the client's nonce instead of the server's (its issue
 * 4895), which brokers with the fix of CVE-2024-56128 refuse like a wrong password. */
static void explain_login(const struct config *config, const char *reason, char text[REFUSAL_SIZE])
{
    const char *mechanism = property(config, "sasl.mechanism");
    if (!mechanism)
        mechanism = property(config, "sasl.mechanisms");
    snprintf(text, REFUSAL_SIZE,
             "the broker refuses the log-in (%.200s): check sasl.mechanism, sasl.username and "
             "sasl.password",
             reason);
    if (!mechanism || strncmp(mechanism, "SCRAM-", 6) || rd_kafka_version() >= SCRAM_NONCE_FIXED)
        return;
    append(text, "; if they are right: SCRAM of librdkafka ");
    append(text, rd_kafka_version_str());
    append(text, " (below 2.6.1, its issue 4895) is not accepted by Kafka 3.7.2, 3.8 and newer "
                 "(CVE-2024-56128): use sasl.mechanism: PLAIN inside TLS (security.protocol: "
                 "SASL_SSL), or a newer librdkafka");
}

void refusal_explain(const struct config *config, const struct refusal *refusal,
                     char text[REFUSAL_SIZE])
{
    char resource[TOPICS_SIZE];
    const char *reason =
        refusal->reason && *refusal->reason ? refusal->reason : rd_kafka_err2str(refusal->err);
    switch (refusal->err) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        explain_topic(config, refusal->topic, text);
        break;
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        snprintf(resource, sizeof resource, "group %.300s", config->input_group);
        refusal_name(config, "READ", resource, text);
        break;
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED:
        snprintf(resource, sizeof resource,
                 "transactional ids that start with '%.90s-' (pattern type PREFIXED)",
                 config->input_group);
        refusal_name(config, "WRITE and DESCRIBE", resource, text);
        break;
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        refusal_name(config, "IDEMPOTENT_WRITE", "the cluster, or WRITE on a topic it publishes to",
                     text);
        break;
    case RD_KAFKA_RESP_ERR__SSL:
        snprintf(text, REFUSAL_SIZE,
                 "TLS: %.320s: check bootstrap.servers, ssl.ca.location, the broker's certificate "
                 "and, if the broker asks for one, ssl.certificate.location and ssl.key.location",
                 reason);
        return;
    default:
        explain_login(config, reason, text);
        return;
    }
    append(text, " (");
    append(text, reason);
    append(text, ")");
}
