/* Reading, processing and writing batches. */
#include "filter/pipeline.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Batches a worker: one in work, one waiting for its turn to be written or to be taken. */
enum { BATCHES_A_WORKER = 2 };

struct pipeline {
    const struct pipeline_options *options;
    struct files *files;
    struct batch *batches; /* a ring; batch i has all numbers that are i modulo count */
    size_t batches_count;
    struct pipeline_result result;
    /* Of several workers, under the lock: numbers of batches that were read, taken, written. */
    pthread_mutex_t lock;
    pthread_cond_t read_more, moved;
    uint64_t read, taken, written;
    bool is_closed; /* nothing more is read */
};

struct worker {
    struct pipeline *pipeline;
    desk_engine *engine;
    pthread_t thread;
    bool is_running;
};

static void fail(struct pipeline_result *result, enum pipeline_status status, const char *reason)
{
    if (result->status != PIPELINE_DONE)
        return;
    result->status = status;
    snprintf(result->reason, sizeof result->reason, "%s", reason);
}

/* --- one batch ----------------------------------------------------------------------------- */

/* What an item takes of the batch's memory. */
static size_t item_bytes(const struct item *item)
{
    size_t bytes = item->record.value.len + item->record.url.len + item->reason.len;
    for (size_t i = 0; i < item->record.headers_count; i++)
        bytes += sizeof item->record.headers[i] + item->record.headers[i].name.len +
                 item->record.headers[i].value.len;
    return bytes;
}

/* Returns what ended it: INTAKE_ITEM when it is full. */
static enum intake_status read_batch(struct pipeline *pipeline, struct batch *batch)
{
    enum flush_when flush = pipeline->options->flush;
    size_t records_max = flush == FLUSH_LINE ? 1 : BATCH_RECORDS;
    batch_reset(batch);
    while (batch->count < records_max && batch->bytes < BATCH_BYTES) {
        struct item *item = &batch->items[batch->count];
        bool may_wait = !batch->count || flush == FLUSH_FULL;
        enum intake_status status = files_next(pipeline->files, &batch->arena, may_wait, item);
        if (status != INTAKE_ITEM)
            return status;
        batch->bytes += item_bytes(item);
        batch->count++;
    }
    return INTAKE_ITEM;
}

static const char *write_error(int code)
{
    return code == EPIPE ? "its reader has closed it" : strerror(code);
}

/* Messages may be lost: who closed stderr does not want them. False: *reason says why. */
static bool write_batch(const struct pipeline_options *options, struct batch *batch,
                        char reason[DESK_ERROR_MESSAGE_SIZE])
{
    const char *name = "stdout";
    bool good = sink_write(&batch->out, options->out_fd);
    if (good && options->form.is_elsewhere) {
        name = "the file of rejected records";
        good = sink_write(&batch->refused, options->refused_fd);
    }
    if (!good)
        snprintf(reason, DESK_ERROR_MESSAGE_SIZE, "%s: %s", name, write_error(errno));
    if (!sink_write(&batch->messages, options->messages_fd))
        batch->messages.len = 0;
    return good;
}

/* What was processed before a failure is written, too. */
static void finish_batch(struct pipeline *pipeline, struct batch *batch, bool is_processed)
{
    char reason[DESK_ERROR_MESSAGE_SIZE];
    struct pipeline_result *result = &pipeline->result;
    if (!write_batch(pipeline->options, batch, reason))
        fail(result, PIPELINE_WRITE_FAILED, reason);
    else
        result->rejected += batch->rejected;
    if (!is_processed)
        fail(result, PIPELINE_ENGINE_FAILED, batch->err.message);
}

/* --- one engine ---------------------------------------------------------------------------- */

static void run_alone(struct pipeline *pipeline, desk_engine *engine)
{
    struct batch *batch = &pipeline->batches[0];
    for (;;) {
        enum intake_status status = read_batch(pipeline, batch);
        finish_batch(pipeline, batch, batch_process(batch, engine, &pipeline->options->form));
        if (status == INTAKE_FAILED)
            fail(&pipeline->result, PIPELINE_READ_FAILED, pipeline->files->intake.reason);
        if (status == INTAKE_FAILED || status == INTAKE_END ||
            pipeline->result.status != PIPELINE_DONE)
            return;
    }
}

/* --- several ------------------------------------------------------------------------------- */

static bool has_failed(const struct pipeline *pipeline)
{
    return pipeline->result.status != PIPELINE_DONE;
}

/* The next batch that was read; NULL at the end and after a failure. */
static struct batch *take_batch(struct pipeline *pipeline, uint64_t *number)
{
    struct batch *batch = NULL;
    pthread_mutex_lock(&pipeline->lock);
    while (!has_failed(pipeline) && pipeline->taken == pipeline->read && !pipeline->is_closed)
        pthread_cond_wait(&pipeline->read_more, &pipeline->lock);
    if (!has_failed(pipeline) && pipeline->taken < pipeline->read) {
        *number = pipeline->taken++;
        batch = &pipeline->batches[*number % pipeline->batches_count];
    }
    pthread_mutex_unlock(&pipeline->lock);
    return batch;
}

/* Waits for this batch's turn and writes it. After a failure nothing more is written. */
static void hand_over(struct pipeline *pipeline, struct batch *batch, uint64_t number,
                      bool is_processed)
{
    pthread_mutex_lock(&pipeline->lock);
    while (pipeline->written != number)
        pthread_cond_wait(&pipeline->moved, &pipeline->lock);
    bool is_wanted = !has_failed(pipeline);
    pthread_mutex_unlock(&pipeline->lock);
    /* The result is written by whose turn it is; the reading thread looks at it under the lock. */
    struct pipeline turn = {.options = pipeline->options};
    if (is_wanted)
        finish_batch(&turn, batch, is_processed);
    pthread_mutex_lock(&pipeline->lock);
    pipeline->result.rejected += turn.result.rejected;
    if (has_failed(&turn)) {
        fail(&pipeline->result, turn.result.status, turn.result.reason);
        stopper_stop(pipeline->options->stopper);
    }
    pipeline->written++;
    pthread_cond_broadcast(&pipeline->moved);
    pthread_mutex_unlock(&pipeline->lock);
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct batch *batch;
    uint64_t number;
    while ((batch = take_batch(worker->pipeline, &number)))
        hand_over(worker->pipeline, batch, number,
                  batch_process(batch, worker->engine, &worker->pipeline->options->form));
    return NULL;
}

/* A batch that nobody has in hand; NULL after a failure. */
static struct batch *free_batch(struct pipeline *pipeline)
{
    struct batch *batch = NULL;
    pthread_mutex_lock(&pipeline->lock);
    while (pipeline->read - pipeline->written == pipeline->batches_count && !has_failed(pipeline))
        pthread_cond_wait(&pipeline->moved, &pipeline->lock);
    if (!has_failed(pipeline))
        batch = &pipeline->batches[pipeline->read % pipeline->batches_count];
    pthread_mutex_unlock(&pipeline->lock);
    return batch;
}

static void close_reading(struct pipeline *pipeline, enum intake_status status)
{
    pthread_mutex_lock(&pipeline->lock);
    if (status == INTAKE_FAILED)
        fail(&pipeline->result, PIPELINE_READ_FAILED, pipeline->files->intake.reason);
    pipeline->is_closed = true;
    pthread_cond_broadcast(&pipeline->read_more);
    pthread_mutex_unlock(&pipeline->lock);
}

/* A failure of reading is told after what was read before it is written. */
static enum intake_status read_all(struct pipeline *pipeline)
{
    enum intake_status status = INTAKE_ITEM;
    while (status == INTAKE_ITEM || status == INTAKE_WAIT) {
        struct batch *batch = free_batch(pipeline);
        if (!batch)
            return INTAKE_END;
        status = read_batch(pipeline, batch);
        pthread_mutex_lock(&pipeline->lock);
        pipeline->read++;
        pthread_cond_signal(&pipeline->read_more);
        pthread_mutex_unlock(&pipeline->lock);
    }
    return status;
}

static void drain(struct pipeline *pipeline)
{
    pthread_mutex_lock(&pipeline->lock);
    while (pipeline->written != pipeline->read && !has_failed(pipeline))
        pthread_cond_wait(&pipeline->moved, &pipeline->lock);
    pthread_mutex_unlock(&pipeline->lock);
}

static void run_together(struct pipeline *pipeline, struct worker *workers, size_t count)
{
    enum intake_status status = INTAKE_END;
    size_t running = 0;
    for (size_t i = 0; i < count; i++) {
        workers[i].is_running = pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0;
        running += workers[i].is_running;
    }
    if (running)
        status = read_all(pipeline);
    else
        fail(&pipeline->result, PIPELINE_NO_MEMORY, "no thread can be started");
    if (status == INTAKE_FAILED)
        drain(pipeline);
    close_reading(pipeline, status);
    for (size_t i = 0; i < count; i++)
        if (workers[i].is_running)
            pthread_join(workers[i].thread, NULL);
}

/* --- all ----------------------------------------------------------------------------------- */

static void run(struct pipeline *pipeline, desk_engine **engines, size_t count)
{
    struct worker *workers = calloc(count, sizeof *workers);
    pipeline->batches = calloc(pipeline->batches_count, sizeof *pipeline->batches);
    for (size_t i = 0; i < pipeline->batches_count && pipeline->batches; i++)
        batch_init(&pipeline->batches[i], pipeline->options->record_bytes_max);
    for (size_t i = 0; i < count && workers; i++)
        workers[i] = (struct worker){.pipeline = pipeline, .engine = engines[i]};
    if (!workers || !pipeline->batches)
        fail(&pipeline->result, PIPELINE_NO_MEMORY, "out of memory");
    else if (count == 1)
        run_alone(pipeline, engines[0]);
    else
        run_together(pipeline, workers, count);
    for (size_t i = 0; i < pipeline->batches_count && pipeline->batches; i++)
        batch_deinit(&pipeline->batches[i]);
    free(pipeline->batches);
    free(workers);
}

struct pipeline_result pipeline_run(const struct pipeline_options *options, struct files *files,
                                    desk_engine **engines, size_t engines_count)
{
    struct pipeline pipeline = {.options = options,
                                .files = files,
                                .batches_count =
                                    engines_count == 1 ? 1 : BATCHES_A_WORKER * engines_count,
                                .lock = PTHREAD_MUTEX_INITIALIZER,
                                .read_more = PTHREAD_COND_INITIALIZER,
                                .moved = PTHREAD_COND_INITIALIZER};
    run(&pipeline, engines, engines_count);
    files_close(files);
    return pipeline.result;
}
