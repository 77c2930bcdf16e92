/* The queue, the thread, the comparison of one record, the totals. */
#include "kafka/shadow.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <xxhash.h>

#include "base/slice.h"
#include "kafka/coordinates.h"
#include "kafka/produce.h"
#include "kafka/raw_record.h"
#include "kafka/shadow_compare.h"
#include "ops/engine_log.h"

/* Bounds of the queue, whichever is reached first. */
enum { JOBS_MAX = 256, FLUSH_MS = 2000, LOWEST_PRIORITY = 19 };

/* A sampled record: copies in one heap block. */
struct job {
    struct coordinates at;
    int64_t timestamp_ms;
    desk_outcome outcome;
    desk_slice value, content_type, json; /* json: of the main rulebook, or the rejection's code */
    bool is_null;
    size_t bytes;
    char data[];
};

struct shadow {
    struct client_head head; /* first: the client's callbacks find it through the opaque */
    const struct config *config;
    rd_kafka_t *producer;
    desk_engine *engine; /* of the thread */
    pthread_t thread;
    pthread_mutex_t lock; /* for all below, up to the counters */
    pthread_cond_t wake;
    struct job *jobs[JOBS_MAX];
    size_t first, count, bytes;
    desk_rulebook *fresh; /* taken by the thread before its next record; NULL: none */
    bool is_stopping;
    atomic_ullong compared, different, dropped, failed, undelivered;
    atomic_ullong kinds[SHADOW_KINDS];
};

/* --- queue --------------------------------------------------------------------------------- */

static bool is_sampled(const struct shadow *shadow, const rd_kafka_message_t *message)
{
    char text[COORDINATES_SIZE];
    size_t len = coordinates_print(rd_kafka_topic_name(message->rkt), message->partition,
                                   message->offset, text);
    return (long long)(XXH3_64bits(text, len) % 1000000) < shadow->config->shadow_sample;
}

static desk_slice put(struct job *job, size_t *used, desk_slice text)
{
    char *at = job->data + *used;
    if (text.len)
        memcpy(at, text.data, text.len);
    *used += text.len;
    return slice_of(at, text.len);
}

static struct job *make_job(const rd_kafka_message_t *message, const desk_result *result)
{
    desk_record record = raw_record(message);
    desk_slice main = result->outcome == DESK_ENRICHED ? result->json
                      : result->outcome == DESK_REJECTED
                          ? slice_from_cstr(desk_status_code(result->error.status))
                          : slice_of(NULL, 0);
    size_t bytes = record.value.len + record.content_type.len + main.len, used = 0;
    struct job *job = bytes <= SHADOW_QUEUE_BYTES ? malloc(sizeof *job + bytes) : NULL;
    if (!job)
        return NULL;
    job->bytes = bytes;
    job->at.partition = message->partition;
    job->at.offset = message->offset;
    snprintf(job->at.topic, sizeof job->at.topic, "%s", rd_kafka_topic_name(message->rkt));
    job->timestamp_ms = record.timestamp_ms;
    job->outcome = result->outcome;
    job->is_null = record.is_null;
    job->value = put(job, &used, record.value);
    job->content_type = put(job, &used, record.content_type);
    job->json = put(job, &used, main);
    return job;
}

void shadow_offer(struct shadow *shadow, const rd_kafka_message_t *message,
                  const desk_result *result)
{
    if (!shadow || result->outcome == DESK_PASSED || !is_sampled(shadow, message))
        return;
    struct job *job = make_job(message, result);
    bool is_taken = false;
    pthread_mutex_lock(&shadow->lock);
    if (job && shadow->count < JOBS_MAX && shadow->bytes + job->bytes <= SHADOW_QUEUE_BYTES) {
        shadow->jobs[(shadow->first + shadow->count++) % JOBS_MAX] = job;
        shadow->bytes += job->bytes;
        is_taken = true;
        pthread_cond_signal(&shadow->wake);
    }
    pthread_mutex_unlock(&shadow->lock);
    if (is_taken)
        return;
    atomic_fetch_add(&shadow->dropped, 1);
    free(job);
}

/* The next job, or NULL to stop; *fresh gets a rulebook to change to. */
static struct job *take_job(struct shadow *shadow, desk_rulebook **fresh)
{
    struct job *job = NULL;
    pthread_mutex_lock(&shadow->lock);
    while (!shadow->count && !shadow->is_stopping)
        pthread_cond_wait(&shadow->wake, &shadow->lock);
    if (!shadow->is_stopping) {
        job = shadow->jobs[shadow->first];
        shadow->first = (shadow->first + 1) % JOBS_MAX;
        shadow->count--;
        shadow->bytes -= job->bytes;
        *fresh = shadow->fresh;
        shadow->fresh = NULL;
    }
    pthread_mutex_unlock(&shadow->lock);
    return job;
}

/* --- one record ---------------------------------------------------------------------------- */

static void publish(struct shadow *shadow, const struct job *job, json_t *differences)
{
    char at[COORDINATES_SIZE];
    coordinates_print(job->at.topic, job->at.partition, job->at.offset, at);
    json_t *root = json_object();
    json_object_set_new(root, "schema", json_string("copydesk/shadow/1"));
    json_object_set_new(root, "record", json_string(at));
    json_object_set_new(root, "version", json_string(desk_version()));
    json_object_set_new(root, "rulebook", json_string(shadow->config->shadow_rulebook));
    json_object_set(root, "differences", differences);
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    struct outgoing out = {.topic = shadow->config->shadow_topic,
                           .partition = RD_KAFKA_PARTITION_UA,
                           .has_key = true,
                           .has_value = true,
                           .key = slice_from_cstr(at),
                           .value = slice_from_cstr(text ? text : "")};
    if (!text || produce_outgoing(shadow->producer, &out))
        atomic_fetch_add(&shadow->undelivered, 1);
    free(text);
    rd_kafka_poll(shadow->producer, 0);
}

/* One side enriched, the other not, or rejected for another reason. */
static json_t *outcome_difference(const struct job *job, const desk_result *result,
                                  unsigned long long counts[SHADOW_KINDS])
{
    const char *after =
        result->outcome == DESK_REJECTED ? desk_status_code(result->error.status) : "enriched";
    desk_slice before = job->outcome == DESK_REJECTED ? job->json : slice_from_cstr("enriched");
    json_t *list = json_array();
    if (slice_is(before, after))
        return list;
    json_t *difference = json_pack("{s:s, s:s, s:s#, s:s}", "field", "outcome", "kind", "outcome",
                                   "before", before.data, (int)before.len, "after", after);
    json_array_append_new(list, difference);
    counts[SHADOW_OUTCOME]++;
    return list;
}

static void compare(struct shadow *shadow, const struct job *job)
{
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    unsigned long long counts[SHADOW_KINDS] = {0};
    record.value = job->value;
    record.is_null = job->is_null;
    record.content_type = job->content_type;
    record.topic = slice_from_cstr(job->at.topic);
    record.partition = job->at.partition;
    record.offset = job->at.offset;
    record.timestamp_ms = job->timestamp_ms;
    json_t *list = NULL;
    if (desk_engine_process(shadow->engine, &record, &result, NULL) == DESK_OK)
        list = job->outcome == DESK_ENRICHED && result.outcome == DESK_ENRICHED
                   ? shadow_differences(job->json, result.json, counts)
                   : outcome_difference(job, &result, counts);
    if (!list) {
        atomic_fetch_add(&shadow->failed, 1);
        return;
    }
    atomic_fetch_add(&shadow->compared, 1);
    if (json_array_size(list)) {
        atomic_fetch_add(&shadow->different, 1);
        for (size_t kind = 0; kind < SHADOW_KINDS; kind++)
            atomic_fetch_add(&shadow->kinds[kind], counts[kind]);
        publish(shadow, job, list);
    }
    json_decref(list);
}

/* --- thread -------------------------------------------------------------------------------- */

static void change_rulebook(struct shadow *shadow, desk_rulebook *fresh)
{
    if (!fresh)
        return;
    if (desk_engine_set_rulebook(shadow->engine, fresh, NULL) != DESK_OK)
        log_write(shadow->head.log, LOG_WARN, "the shadow's new rulebook could not be taken", NULL);
    desk_rulebook_release(fresh);
}

static void *work(void *argument)
{
    struct shadow *shadow = argument;
    desk_rulebook *fresh = NULL;
    struct job *job;
    /* On Linux 0 names the calling thread. Without the call the thread is only less polite. */
    setpriority(PRIO_PROCESS, 0, LOWEST_PRIORITY);
    while ((job = take_job(shadow, &fresh))) {
        change_rulebook(shadow, fresh);
        fresh = NULL;
        compare(shadow, job);
        free(job);
    }
    return NULL;
}

static void on_delivery(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque)
{
    struct shadow *shadow = opaque;
    (void)producer;
    if (message->err)
        atomic_fetch_add(&shadow->undelivered, 1);
}

/* --- life ---------------------------------------------------------------------------------- */

static desk_rulebook *load(const struct config *config, char error[CLIENT_ERROR_SIZE])
{
    desk_rulebook *rulebook = NULL;
    desk_error err = DESK_ERROR_INIT;
    desk_status status = strcmp(config->shadow_rulebook, "builtin")
                             ? desk_rulebook_load_folder(config->shadow_rulebook, &rulebook, &err)
                             : desk_rulebook_load_builtin(&rulebook, &err);
    if (status != DESK_OK)
        snprintf(error, CLIENT_ERROR_SIZE, "shadow.rulebook: %s", err.message);
    return rulebook;
}

static bool make_engine(struct shadow *shadow, char error[CLIENT_ERROR_SIZE])
{
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    desk_error err = DESK_ERROR_INIT;
    desk_rulebook *rulebook = load(shadow->config, error);
    if (!rulebook)
        return false;
    config_engine_options(shadow->config, &options);
    options.logger = engine_logger(shadow->head.log);
    desk_status status = desk_engine_new(rulebook, &options, &shadow->engine, &err);
    desk_rulebook_release(rulebook);
    if (status != DESK_OK)
        snprintf(error, CLIENT_ERROR_SIZE, "shadow: %s", err.message);
    return status == DESK_OK;
}

static void free_shadow(struct shadow *shadow)
{
    if (shadow->producer)
        rd_kafka_destroy(shadow->producer);
    desk_engine_free(shadow->engine);
    desk_rulebook_release(shadow->fresh);
    for (size_t i = 0; i < shadow->count; i++)
        free(shadow->jobs[(shadow->first + i) % JOBS_MAX]);
    pthread_cond_destroy(&shadow->wake);
    pthread_mutex_destroy(&shadow->lock);
    free(shadow);
}

struct shadow *shadow_open(const struct config *config, const struct log_settings *log,
                           char error[CLIENT_ERROR_SIZE])
{
    error[0] = '\0';
    if (!config->shadow_rulebook)
        return NULL;
    struct shadow *shadow = calloc(1, sizeof *shadow);
    if (!shadow) {
        snprintf(error, CLIENT_ERROR_SIZE, "shadow: out of memory");
        return NULL;
    }
    shadow->head.log = log;
    shadow->config = config;
    pthread_mutex_init(&shadow->lock, NULL);
    pthread_cond_init(&shadow->wake, NULL);
    struct client_options options = {
        .config = config, .opaque = shadow, .on_delivery = on_delivery};
    bool good = make_engine(shadow, error);
    if (good)
        shadow->producer = client_new(CLIENT_PRODUCER, &options, error);
    if (shadow->producer) {
        int code = pthread_create(&shadow->thread, NULL, work, shadow);
        if (!code)
            return shadow;
        snprintf(error, CLIENT_ERROR_SIZE, "shadow: a thread could not be started: %s",
                 strerror(code));
    }
    free_shadow(shadow);
    return NULL;
}

void shadow_close(struct shadow *shadow)
{
    if (!shadow)
        return;
    pthread_mutex_lock(&shadow->lock);
    shadow->is_stopping = true;
    pthread_cond_signal(&shadow->wake);
    pthread_mutex_unlock(&shadow->lock);
    pthread_join(shadow->thread, NULL);
    rd_kafka_flush(shadow->producer, FLUSH_MS);
    rd_kafka_purge(shadow->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    free_shadow(shadow);
}

bool shadow_reload(struct shadow *shadow, char error[CLIENT_ERROR_SIZE])
{
    if (!shadow)
        return true;
    desk_rulebook *rulebook = load(shadow->config, error);
    if (!rulebook)
        return false;
    pthread_mutex_lock(&shadow->lock);
    desk_rulebook *old = shadow->fresh;
    shadow->fresh = rulebook;
    pthread_mutex_unlock(&shadow->lock);
    desk_rulebook_release(old);
    return true;
}

void shadow_collect(struct exposition *page, struct shadow *shadow)
{
    if (!shadow)
        return;
    const struct {
        const char *name;
        atomic_ullong *count;
    } outcomes[] = {{"compared", &shadow->compared},
                    {"different", &shadow->different},
                    {"dropped", &shadow->dropped},
                    {"failed", &shadow->failed},
                    {"undelivered", &shadow->undelivered}};
    exposition_family(page, FAMILY_SHADOW_RECORDS);
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        exposition_count(page, LABELS({"outcome", outcomes[i].name}),
                         atomic_load(outcomes[i].count));
    exposition_family(page, FAMILY_SHADOW_DIFFERENCES);
    for (enum shadow_kind kind = 0; kind < SHADOW_KINDS; kind++)
        exposition_count(page, LABELS({"kind", shadow_kind_name(kind)}),
                         atomic_load(&shadow->kinds[kind]));
}
