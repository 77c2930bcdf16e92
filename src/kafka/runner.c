/* The main thread waits for signals and watches the lanes. */
#include "kafka/runner.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/heap.h"
#include "engine/stage_table.h"
#include "kafka/backfill.h"
#include "kafka/instance.h"
#include "kafka/lane_parts.h"
#include "kafka/memory.h"
#include "kafka/serve.h"
#include "kafka/shadow.h"
#include "kafka/topics.h"
#include "stage/stages.h"

enum {
    WATCH_MS = 200,
    BACKFILL_ASK_MS = 10000,
    RUNNER_DONE = 0,
    RUNNER_USAGE = 2,
    RUNNER_FAILED = 3
};

struct runner {
    const struct runner_options *options;
    struct lane_shared shared;
    struct instance instance;
    struct lane *lanes;
    size_t lanes_count;
    struct serve serve;
    const char *stages[STAGE_COUNT + STAGES_LOADED_MAX]; /* names, for the metrics */
    char loaded_names[STAGES_LOADED_MAX][STAGE_NAME_MAX + 1];
    struct log_repeats repeats;
    long long started_ms;
    sigset_t signals;
};

static void say(const struct runner *runner, enum config_log_level level, const char *message,
                const char *reason)
{
    log_write(&runner->shared.log, level, message, LOG_FIELDS(log_text("reason", reason)));
}

/* --- start --------------------------------------------------------------------------------- */

static bool check_version(const struct runner *runner)
{
    if (runner->options->config->delivery != DELIVERY_EXACTLY_ONCE ||
        rd_kafka_version() >= LIBRDKAFKA_EXACTLY_ONCE_MIN)
        return true;
    say(runner, LOG_ERROR,
        "exactly-once needs librdkafka 2.0.2 or newer: older ones can lose records in "
        "transactions; set delivery: "
        "at-least-once or upgrade",
        rd_kafka_version_str());
    return false;
}

static bool make_lanes(struct runner *runner)
{
    const struct config *config = runner->options->config;
    runner->lanes_count = (size_t)config->lanes;
    runner->lanes = calloc(runner->lanes_count, sizeof *runner->lanes);
    if (!runner->lanes)
        return false;
    for (size_t i = 0; i < runner->lanes_count; i++) {
        struct lane *lane = &runner->lanes[i];
        lane->head.log = &runner->shared.log;
        lane->shared = &runner->shared;
        lane->metrics = &runner->shared.metrics.lanes[i];
        lane->index = (unsigned)i;
        snprintf(lane->transactional_id, sizeof lane->transactional_id, "%.90s-%.190s-%u",
                 config->input_group, runner->instance.name, (unsigned)i);
    }
    return true;
}

static bool start_lanes(struct runner *runner)
{
    for (size_t i = 0; i < runner->lanes_count; i++) {
        int code = pthread_create(&runner->lanes[i].thread, NULL, lane_run, &runner->lanes[i]);
        if (!code)
            continue;
        say(runner, LOG_ERROR, "a thread could not be started", strerror(code));
        atomic_store(&runner->shared.stop, LANE_ABORT);
        runner->lanes_count = i;
        return false;
    }
    return true;
}

/* --- reload -------------------------------------------------------------------------------- */

static void reload_shadow(struct runner *runner)
{
    char error[CLIENT_ERROR_SIZE];
    if (!shadow_reload(runner->shared.shadow, error))
        say(runner, LOG_ERROR, "the shadow's new rulebook was refused; the old one stays", error);
}

static void reload(struct runner *runner)
{
    const char *folder = config_rulebook_folder(runner->options->config);
    desk_rulebook *fresh = NULL;
    desk_error err = DESK_ERROR_INIT;
    desk_status status = folder ? desk_rulebook_load_folder(folder, &fresh, &err)
                                : desk_rulebook_load_builtin(&fresh, &err);
    if (status != DESK_OK) {
        atomic_fetch_add(&runner->shared.metrics.reloads_refused, 1);
        atomic_store(&runner->shared.metrics.is_reload_refused, true);
        say(runner, LOG_ERROR, "the new rulebook was refused; the old one stays", err.message);
        return;
    }
    pthread_mutex_lock(&runner->shared.lock);
    desk_rulebook *old = runner->shared.rulebook;
    runner->shared.rulebook = fresh;
    atomic_fetch_add(&runner->shared.generation, 1);
    pthread_mutex_unlock(&runner->shared.lock);
    log_write(&runner->shared.log, LOG_INFO, "rulebook reloaded",
              LOG_FIELDS(log_text("digest", desk_rulebook_digest(fresh))));
    desk_rulebook_release(old);
    heap_trim();
    metrics_set_rulebook(&runner->shared.metrics, desk_rulebook_digest(fresh));
    atomic_fetch_add(&runner->shared.metrics.reloads, 1);
    atomic_store(&runner->shared.metrics.is_reload_refused, false);
}

static void reload_all(struct runner *runner)
{
    reload(runner);
    reload_shadow(runner);
}

/* --- watching ------------------------------------------------------------------------------ */

static bool is_any_running(const struct runner *runner)
{
    for (size_t i = 0; i < runner->lanes_count; i++)
        if (atomic_load(&runner->lanes[i].metrics->is_running))
            return true;
    return false;
}

static const struct lane *failed_lane(const struct runner *runner)
{
    for (size_t i = 0; i < runner->lanes_count; i++)
        if (atomic_load(&runner->lanes[i].has_failed))
            return &runner->lanes[i];
    return NULL;
}

static void say_failed(const struct runner *runner, const struct lane *lane)
{
    log_write(&runner->shared.log, LOG_ERROR, "a lane failed for good",
              LOG_FIELDS(log_number("lane", lane->index), log_text("reason", lane->failure)));
}

static void drain(struct runner *runner, const char *why)
{
    atomic_store(&runner->shared.metrics.is_draining, true);
    atomic_store(&runner->shared.stop, LANE_DRAIN);
    say(runner, LOG_INFO, "stopping: no more polls, committing what is open", why);
}

/* The next signal, or 0 after WATCH_MS. */
static int next_signal(const struct runner *runner)
{
    struct timespec wait = {0, WATCH_MS * 1000000L};
    int number = sigtimedwait(&runner->signals, NULL, &wait);
    log_flush(&runner->shared.log, false);
    return number > 0 ? number : 0;
}

static int watch(struct runner *runner)
{
    int code = RUNNER_DONE;
    while (atomic_load(&runner->shared.stop) == LANE_RUN) {
        int number = next_signal(runner);
        const struct lane *failed = failed_lane(runner);
        if (number == SIGHUP)
            reload_all(runner);
        else if (number)
            drain(runner, number == SIGINT ? "SIGINT" : "SIGTERM");
        else if (failed) {
            say_failed(runner, failed);
            code = RUNNER_FAILED;
            drain(runner, "a lane failed");
        } else if (runner->options->should_stop &&
                   runner->options->should_stop(runner->options->context, &runner->shared.metrics))
            drain(runner, "done");
        else if (runner->options->backfill &&
                 backfill_look(runner->options->backfill) == BACKFILL_DONE)
            drain(runner, "the backfill is done");
    }
    return code;
}

/* The ledger of what this process committed; no line for a process that never started. */
static void say_end(const struct runner *runner, int code)
{
    struct ledger sum = {0};
    size_t count;
    struct metrics *metrics = (struct metrics *)(size_t)&runner->shared.metrics;
    if (!runner->started_ms)
        return;
    struct ledger_row *rows = ledger_table_copy(&metrics->ledgers, &count);
    for (size_t i = 0; i < count; i++)
        ledger_add(&sum, &rows[i].ledger);
    free(rows);
    log_write(&runner->shared.log, code == RUNNER_DONE ? LOG_INFO : LOG_ERROR, "stopped",
              LOG_FIELDS(log_text("reason", code == RUNNER_DONE ? "everything read is committed"
                                                                : "see the errors above"),
                         log_number("exit_code", code), log_number("in", (long long)sum.in),
                         log_number("enriched", (long long)sum.enriched),
                         log_number("rejected", (long long)sum.rejected),
                         log_number("passed", (long long)sum.passed),
                         log_number("skipped", (long long)sum.skipped),
                         log_number("partitions", (long long)count),
                         log_number("seconds", (lane_now_ms() - runner->started_ms) / 1000)));
}

/* Waits for the lanes to finish, within the bound; a second signal aborts the transactions. */
static int finish(struct runner *runner, int code)
{
    long long until = lane_now_ms() + runner->options->config->shutdown_ms;
    bool is_aborted = false;
    while (is_any_running(runner)) {
        int number = next_signal(runner);
        if ((number == SIGTERM || number == SIGINT) && !is_aborted) {
            say(runner, LOG_WARN, "stopping now: open transactions are aborted", "second signal");
            atomic_store(&runner->shared.stop, LANE_ABORT);
            is_aborted = true;
            until = lane_now_ms() + 5000;
        }
        if (lane_now_ms() > until && !is_aborted) {
            say(runner, LOG_ERROR,
                "the stop took longer than shutdown.timeout; open transactions are aborted",
                "timeout");
            atomic_store(&runner->shared.stop, LANE_ABORT);
            is_aborted = true;
            until = lane_now_ms() + 5000;
        } else if (lane_now_ms() > until) {
            say(runner, LOG_ERROR,
                "the brokers do not answer; leaving without them: the next start frees the "
                "transactions",
                "timeout");
            say_end(runner, RUNNER_FAILED);
            log_flush(&runner->shared.log, true);
            _exit(RUNNER_FAILED);
        }
    }
    for (size_t i = 0; i < runner->lanes_count; i++)
        pthread_join(runner->lanes[i].thread, NULL);
    /* One may fail in its last commit. */
    const struct lane *failed = failed_lane(runner);
    if (failed && code == RUNNER_DONE) {
        say_failed(runner, failed);
        code = RUNNER_FAILED;
    }
    return is_aborted ? RUNNER_FAILED : code;
}

/* --- whole --------------------------------------------------------------------------------- */

static void block_signals(struct runner *runner, sigset_t *old)
{
    sigemptyset(&runner->signals);
    sigaddset(&runner->signals, SIGTERM);
    sigaddset(&runner->signals, SIGINT);
    sigaddset(&runner->signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &runner->signals, old);
    signal(SIGPIPE, SIG_IGN);
}

static void collect_shadow(struct exposition *page, void *context)
{
    const struct runner *runner = context;
    shadow_collect(page, runner->shared.shadow);
}

static const char *delivery_name(const struct config *config)
{
    return config->delivery == DELIVERY_EXACTLY_ONCE ? "exactly-once" : "at-least-once";
}

static bool has_name_before(const struct runner *runner, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (!strcmp(runner->loaded_names[i], runner->loaded_names[index]))
            return true;
    return false;
}

/* Shared objects are loaded for it, so that one that cannot be is refused before anything else. */
static bool name_stages(struct runner *runner)
{
    const struct config *config = runner->options->config;
    desk_error err = DESK_ERROR_INIT;
    for (size_t i = 0; i < config->stages_count; i++)
        if (stages_find_name(&config->stage_options[i], runner->loaded_names[i], &err) != DESK_OK) {
            say(runner, LOG_ERROR, "a stage cannot be loaded", err.message);
            return false;
        } else if (has_name_before(runner, i)) {
            say(runner, LOG_ERROR, "two stages have the same name; set name for one of them",
                runner->loaded_names[i]);
            return false;
        }
    return true;
}

static bool make_metrics(struct runner *runner)
{
    const struct config *config = runner->options->config;
    struct metrics *metrics = &runner->shared.metrics;
    struct metrics_options options = {(size_t)config->lanes, config->stuck_after_ms,
                                      config->silence_least_ms, config->silence_learn_ms};
    if (!metrics_init(metrics, &options))
        return false;
    for (size_t i = 0; i < STAGE_COUNT; i++)
        runner->stages[i] = STAGES[i]->name;
    for (size_t i = 0; i < config->stages_count; i++)
        runner->stages[STAGE_COUNT + i] = runner->loaded_names[i];
    metrics->info = (struct metrics_info){
        runner->instance.name,  config->input_group, delivery_name(config),
        rd_kafka_version_str(), runner->stages,      STAGE_COUNT + config->stages_count};
    metrics->collect_more = collect_shadow;
    metrics->collect_context = runner;
    metrics_set_rulebook(metrics, desk_rulebook_digest(runner->shared.rulebook));
    return true;
}

static bool say_start(struct runner *runner)
{
    char error[CLIENT_ERROR_SIZE];
    const struct config *config = runner->options->config;
    struct memory_bound bound;
    if (!memory_bound(config, &bound, error)) {
        say(runner, LOG_ERROR, "cannot start", error);
        return false;
    }
    log_write(&runner->shared.log, LOG_INFO, "starting",
              LOG_FIELDS(log_text("version", desk_version()),
                         log_text("instance", runner->instance.name),
                         log_number("lanes", (long long)runner->lanes_count),
                         log_text("group", config->input_group),
                         log_text("delivery", delivery_name(config)),
                         log_text("rulebook", desk_rulebook_digest(runner->shared.rulebook)),
                         log_text("librdkafka", rd_kafka_version_str()),
                         log_number("memory_queues_mb", bound.queues / 1000000),
                         log_number("memory_bound_mb", bound.total / 1000000)));
    return true;
}

/* Before any lane is made: the backfill is done already, or a signal ends it. Brokers that do not
 * answer are left to the lanes. */
static bool backfill_is_over(struct runner *runner)
{
    enum backfill_state state;
    long long until = lane_now_ms() + BACKFILL_ASK_MS;
    while ((state = backfill_look(runner->options->backfill)) == BACKFILL_UNKNOWN &&
           lane_now_ms() < until) {
        int number = next_signal(runner);
        if (number == SIGTERM || number == SIGINT) {
            say(runner, LOG_INFO, "stopping before anything was read",
                number == SIGINT ? "SIGINT" : "SIGTERM");
            return true;
        }
    }
    if (state == BACKFILL_DONE)
        say(runner, LOG_INFO, "nothing to do", "the group has committed all of the backfill");
    return state == BACKFILL_DONE;
}

static int start_and_watch(struct runner *runner)
{
    char error[CLIENT_ERROR_SIZE];
    const struct config *config = runner->options->config;
    if (!check_version(runner))
        return RUNNER_USAGE;
    if (!instance_open(config, &runner->instance, error)) {
        say(runner, LOG_ERROR, "no instance name", error);
        return RUNNER_USAGE;
    }
    if (!topics_prepare(config, &runner->shared.log, error)) {
        say(runner, LOG_ERROR, "cannot start", error);
        return RUNNER_FAILED;
    }
    if (runner->options->backfill && backfill_is_over(runner))
        return RUNNER_DONE;
    runner->shared.shadow = shadow_open(config, &runner->shared.log, error);
    if (*error) {
        say(runner, LOG_ERROR, "the shadow could not be started", error);
        return RUNNER_USAGE;
    }
    if (!make_lanes(runner) || !serve_open(&runner->serve, &runner->shared) || !say_start(runner))
        return RUNNER_FAILED;
    if (runner->options->on_listening && runner->serve.http)
        runner->options->on_listening(runner->options->context, runner->serve.url);
    runner->started_ms = lane_now_ms();
    for (size_t i = 0; i < runner->lanes_count; i++)
        atomic_store(&runner->lanes[i].metrics->is_running, true);
    int code = start_lanes(runner) ? RUNNER_DONE : RUNNER_FAILED;
    int watched = watch(runner);
    return finish(runner, code ? code : watched);
}

int runner_run(const struct runner_options *options)
{
    struct runner runner = {.options = options, .instance = {.lock = -1}};
    sigset_t old;
    runner.shared.config = options->config;
    runner.shared.log = (struct log_settings){
        (enum config_log_format)options->config->log_format,
        options->is_quiet ? LOG_WARN : (enum config_log_level)options->config->log_level,
        &options->config->secrets, &runner.repeats};
    runner.shared.rulebook = desk_rulebook_retain(options->rulebook);
    runner.shared.backfill = options->backfill;
    runner.shared.on_enriched = options->on_enriched;
    runner.shared.on_enriched_context = options->context;
    runner.shared.instance = runner.instance.name;
    pthread_mutex_init(&runner.shared.lock, NULL);
    log_repeats_init(&runner.repeats);
    block_signals(&runner, &old);
    int code = !name_stages(&runner)    ? RUNNER_USAGE
               : !make_metrics(&runner) ? RUNNER_FAILED
                                        : start_and_watch(&runner);
    say_end(&runner, code);
    if (options->on_end && runner.shared.metrics.lanes)
        options->on_end(options->context, &runner.shared.metrics);
    serve_close(&runner.serve);
    shadow_close(runner.shared.shadow);
    instance_close(&runner.instance);
    desk_rulebook_release(runner.shared.rulebook);
    metrics_deinit(&runner.shared.metrics);
    log_flush(&runner.shared.log, true);
    log_repeats_deinit(&runner.repeats);
    pthread_mutex_destroy(&runner.shared.lock);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    free(runner.lanes);
    return code;
}
