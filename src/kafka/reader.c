/* Reading stretches: manual assignment, one message at a time, done at the end offset or the end of
 * the partition. */
#include "kafka/reader.h"

#include <inttypes.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kafka/refusal.h"

enum { REQUEST_MS = 20000, POLL_MS = 100, SILENCE_MS = 60000 };

static const char TOPIC_WORDS[] = "topic ";

static void on_error(rd_kafka_t *client, int err, const char *reason, void *opaque)
{
    struct reader *reader = opaque;
    (void)client;
    refusal_note(&reader->note, err, client_reason(&reader->head, reason));
    /* "all brokers down" comes last and says least. */
    if (err != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || !reader->reason[0])
        snprintf(reader->reason, sizeof reader->reason, "%s", reason);
}

bool reader_open(struct reader *reader, const struct config *config, enum client_side side,
                 char error[CLIENT_ERROR_SIZE])
{
    *reader = (struct reader){.settings = {(enum config_log_format)config->log_format, LOG_ERROR,
                                           &config->secrets, NULL}};
    reader->head.log = &reader->settings;
    reader->config = config;
    struct client_options options = {.config = config, .opaque = reader, .on_error = on_error};
    reader->client = client_new(side, &options, error);
    if (reader->client)
        rd_kafka_poll_set_consumer(reader->client);
    return reader->client != NULL;
}

void reader_close(struct reader *reader)
{
    if (reader->client) {
        rd_kafka_assign(reader->client, NULL);
        rd_kafka_consumer_close(reader->client);
        rd_kafka_destroy(reader->client);
    }
    free(reader->parts);
    *reader = (struct reader){.client = NULL};
}

/* --- stretches ----------------------------------------------------------------------------- */

/* What a refusal of `topic` (NULL: it is about no topic) is repaired by; a reader only reads. */
static void say_refusal(const struct reader *reader, const char *topic, rd_kafka_resp_err_t err,
                        char error[CLIENT_ERROR_SIZE])
{
    char resource[TOPIC_SIZE + 16];
    struct refusal refusal = {err, topic, reader->note.reason};
    snprintf(resource, sizeof resource, "topic %s", topic ? topic : "");
    if (topic && err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        refusal_name(reader->config, "READ", resource, error);
    else
        refusal_explain(reader->config, &refusal, error);
}

static bool say(struct reader *reader, const char *what, rd_kafka_resp_err_t err,
                char error[CLIENT_ERROR_SIZE])
{
    bool is_silent = err == RD_KAFKA_RESP_ERR__TRANSPORT || err == RD_KAFKA_RESP_ERR__TIMED_OUT ||
                     err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
    rd_kafka_consumer_poll(reader->client, 0); /* serves on_error */
    if (refusal_is(err) || reader->note.err) {
        const char *topic =
            strncmp(what, TOPIC_WORDS, strlen(TOPIC_WORDS)) ? NULL : what + strlen(TOPIC_WORDS);
        say_refusal(reader, topic, refusal_is(err) ? err : reader->note.err, error);
        return false;
    }
    snprintf(error, CLIENT_ERROR_SIZE, "%s: %s%s%s%s%s", what, rd_kafka_err2str(err),
             is_silent && reader->reason[0] ? " (" : "", is_silent ? reader->reason : "",
             is_silent && reader->reason[0] ? ")" : "",
             is_silent
                 ? ": check that -c names the configuration, kafka.bootstrap.servers, that the "
                   "cluster runs, and security.protocol"
                 : "");
    return false;
}

bool reader_add_partition(struct reader *reader, const char *topic, int32_t partition,
                          char error[CLIENT_ERROR_SIZE])
{
    struct reader_part part = {.partition = partition};
    char what[TOPIC_SIZE + 64];
    snprintf(part.topic, sizeof part.topic, "%s", topic);
    snprintf(what, sizeof what, "offsets of %s [%" PRId32 "]", topic, partition);
    rd_kafka_resp_err_t err = rd_kafka_query_watermark_offsets(reader->client, topic, partition,
                                                               &part.low, &part.high, REQUEST_MS);
    if (err)
        return say(reader, what, err, error);
    part.from = part.low;
    part.to = part.high;
    if (reader->count == reader->capacity) {
        size_t wanted = reader->capacity ? 2 * reader->capacity : 16;
        struct reader_part *grown = realloc(reader->parts, wanted * sizeof *grown);
        if (!grown)
            return say(reader, what, RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE, error);
        reader->parts = grown;
        reader->capacity = wanted;
    }
    reader->parts[reader->count++] = part;
    return true;
}

bool reader_add_topic(struct reader *reader, const char *topic, char error[CLIENT_ERROR_SIZE])
{
    const struct rd_kafka_metadata *metadata = NULL;
    char what[TOPIC_SIZE + 16];
    snprintf(what, sizeof what, "%s%s", TOPIC_WORDS, topic);
    rd_kafka_topic_t *handle = rd_kafka_topic_new(reader->client, topic, NULL);
    if (!handle)
        return say(reader, what, rd_kafka_last_error(), error);
    struct client_question question = {handle, REQUEST_MS, &reader->note};
    rd_kafka_resp_err_t err = client_metadata(reader->client, &question, &metadata);
    if (!err)
        err = metadata->topic_cnt == 1 ? metadata->topics[0].err
                                       : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    bool good = err ? say(reader, what, err, error) : true;
    for (int i = 0; good && i < metadata->topics[0].partition_cnt; i++)
        good = reader_add_partition(reader, topic, i, error);
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    rd_kafka_topic_destroy(handle);
    return good;
}

bool reader_add_matching(struct reader *reader, const char *name, char error[CLIENT_ERROR_SIZE])
{
    const struct rd_kafka_metadata *metadata = NULL;
    regex_t pattern;
    if (name[0] != '^')
        return reader_add_topic(reader, name, error);
    if (regcomp(&pattern, name, REG_EXTENDED | REG_NOSUB)) {
        snprintf(error, CLIENT_ERROR_SIZE, "input.topics: '%.200s' is no pattern", name);
        return false;
    }
    struct client_question question = {NULL, REQUEST_MS, &reader->note};
    rd_kafka_resp_err_t err = client_metadata(reader->client, &question, &metadata);
    bool good = err ? say(reader, "the list of topics", err, error) : true;
    for (int i = 0; good && i < metadata->topic_cnt; i++)
        if (!regexec(&pattern, metadata->topics[i].topic, 0, NULL, 0))
            good = reader_add_topic(reader, metadata->topics[i].topic, error);
    if (metadata)
        rd_kafka_metadata_destroy(metadata);
    regfree(&pattern);
    return good;
}

static rd_kafka_topic_partition_list_t *list_of(const struct reader *reader)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)reader->count);
    for (size_t i = 0; i < reader->count; i++)
        rd_kafka_topic_partition_list_add(list, reader->parts[i].topic, reader->parts[i].partition);
    return list;
}

bool reader_limit_by_time(struct reader *reader, int64_t ms, bool is_until,
                          char error[CLIENT_ERROR_SIZE])
{
    rd_kafka_topic_partition_list_t *list = list_of(reader);
    for (int i = 0; i < list->cnt; i++)
        list->elems[i].offset = ms;
    rd_kafka_resp_err_t err = rd_kafka_offsets_for_times(reader->client, list, REQUEST_MS);
    for (int i = 0; i < list->cnt && !err; i++) {
        struct reader_part *part = &reader->parts[i];
        int64_t offset = list->elems[i].offset;
        err = list->elems[i].err;
        if (offset < 0 || offset > part->high)
            offset = part->high;
        *(is_until ? &part->to : &part->from) = offset;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return err ? say(reader, "offsets of a time", err, error) : true;
}

int64_t reader_total(const struct reader *reader)
{
    int64_t total = 0;
    for (size_t i = 0; i < reader->count; i++)
        if (reader->parts[i].to > reader->parts[i].from)
            total += reader->parts[i].to - reader->parts[i].from;
    return total;
}

/* --- reading ------------------------------------------------------------------------------- */

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What a run holds beside the reader. */
struct run {
    struct reader *reader;
    reader_message *take;
    void *context;
    size_t open; /* stretches not done */
    size_t last; /* the one found last: messages come in runs */
    char *error;
    bool is_stopped, has_failed;
};

static bool assign_open(struct run *run)
{
    struct reader *reader = run->reader;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new((int)reader->count);
    for (size_t i = 0; i < reader->count; i++) {
        struct reader_part *part = &reader->parts[i];
        if (reader->is_following)
            part->to = INT64_MAX;
        part->is_done |= part->from >= part->to;
        if (part->is_done)
            continue;
        rd_kafka_topic_partition_list_add(list, part->topic, part->partition)->offset = part->from;
        run->open++;
    }
    rd_kafka_resp_err_t err =
        run->open ? rd_kafka_assign(reader->client, list) : RD_KAFKA_RESP_ERR_NO_ERROR;
    rd_kafka_topic_partition_list_destroy(list);
    return err ? say(reader, "assigning partitions", err, run->error) : true;
}

static struct reader_part *find_part(struct run *run, const rd_kafka_message_t *message)
{
    struct reader *reader = run->reader;
    const char *topic = message->rkt ? rd_kafka_topic_name(message->rkt) : "";
    for (size_t tried = 0; tried < reader->count; tried++) {
        size_t i = (run->last + tried) % reader->count;
        struct reader_part *part = &reader->parts[i];
        if (part->partition == message->partition && !strcmp(part->topic, topic)) {
            run->last = i;
            return part;
        }
    }
    return NULL;
}

/* A done stretch is no longer fetched. */
static void finish_part(struct run *run, struct reader_part *part)
{
    if (part->is_done)
        return;
    part->is_done = true;
    run->open--;
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, part->topic, part->partition);
    rd_kafka_error_t *error = rd_kafka_incremental_unassign(run->reader->client, list);
    if (error)
        rd_kafka_error_destroy(error);
    rd_kafka_topic_partition_list_destroy(list);
}

static void take_error(struct run *run, struct reader_part *part, const rd_kafka_message_t *message)
{
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && part) {
        /* A new leader may not know yet how far its predecessor was: the end comes once more. */
        if (message->offset >= part->to)
            finish_part(run, part);
        return;
    }
    if (message->err == RD_KAFKA_RESP_ERR__TRANSPORT ||
        message->err == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        return; /* the client connects again by itself; silence has its own bound */
    if (refusal_is(message->err))
        say_refusal(run->reader, part ? part->topic : NULL, message->err, run->error);
    else
        snprintf(run->error, CLIENT_ERROR_SIZE, "reading %s [%" PRId32 "] at %" PRId64 ": %s",
                 part ? part->topic : "a topic", message->partition, message->offset,
                 rd_kafka_message_errstr(message));
    run->has_failed = true;
}

static void take_one(struct run *run, const rd_kafka_message_t *message)
{
    struct reader_part *part = find_part(run, message);
    if (message->err) {
        take_error(run, part, message);
        return;
    }
    if (!part || part->is_done)
        return;
    enum reader_next next = READER_SKIP_PART;
    if (message->offset < part->to)
        next = run->take(run->context, (size_t)(part - run->reader->parts), message);
    run->is_stopped |= next == READER_STOP;
    if (next == READER_SKIP_PART || message->offset >= part->to - 1)
        finish_part(run, part);
}

bool reader_run(struct reader *reader, reader_message *take, bool (*idle)(void *context),
                void *context, char error[CLIENT_ERROR_SIZE])
{
    struct run run = {.reader = reader, .take = take, .context = context, .error = error};
    if (!assign_open(&run))
        return false;
    long long heard = now_ms(), told = heard;
    for (unsigned count = 0; run.open && !run.is_stopped && !run.has_failed; count++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(reader->client, POLL_MS);
        if (message)
            take_one(&run, message);
        /* The clock is read for a fraction of the messages: it costs as much as one of them. */
        if (!message || count % 256 == 0) {
            long long now = now_ms();
            heard = message ? now : heard;
            if (idle && now - told >= 100) {
                told = now;
                run.is_stopped |= idle(context);
            }
            if (now - heard > SILENCE_MS && !reader->is_following) {
                say(reader, "no broker answers", RD_KAFKA_RESP_ERR__TIMED_OUT, error);
                run.has_failed = true;
            }
        }
        if (message)
            rd_kafka_message_destroy(message);
    }
    rd_kafka_assign(reader->client, NULL);
    return !run.has_failed;
}
