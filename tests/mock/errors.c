/* Errors that a real broker does not give on demand, one row each: a lane works against the mock
 * cluster, the request of the row is answered with the row's error, and the lane must go the row's
 * way, lose nothing, and stop cleanly on SIGTERM.
 *
 * The mock shows data of aborted transactions and forgets the offsets of TxnOffsetCommit, so
 * records may come twice here: losses are counted, doubles are not (see scene.h).
 *
 * A row is a process of its own, as it is ended by a signal; a few run at a time, since most of a
 * row's time is waiting for the mock's group to form. Arguments: parts of names of rows to run. */
#include <copydesk/copydesk.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kafka/audit.h"
#include "scene.h"

enum {
    AT_ONCE = 14,       /* rows that run at the same time */
    FIRST = 200,        /* records that are through before the error comes */
    SECOND = 400,       /* and those that meet it */
    DEADLINE_MS = 40000 /* of a row; a rebuild and a join of the mock take 10 s */
};

/* Kafka protocol guide, "Api Keys". */
enum request {
    PRODUCE = 0,
    FETCH = 1,
    OFFSET_COMMIT = 8,
    OFFSET_FETCH = 9,
    FIND_COORDINATOR = 10,
    JOIN_GROUP = 11,
    HEARTBEAT = 12,
    SYNC_GROUP = 14,
    INIT_PRODUCER_ID = 22,
    ADD_PARTITIONS = 24,
    ADD_OFFSETS = 25,
    END_TXN = 26,
    TXN_OFFSET_COMMIT = 28
};

enum when {
    AT_WORK,  /* once the first records are committed */
    AT_START, /* before the lane makes its clients */
    STOP,     /* no error: SIGTERM while the group forms */
    STOP_OPEN /* no error: SIGTERM with a transaction open */
};

enum way {
    IN_PLACE, /* tried again: no abort, no rewind, no new clients */
    EITHER,   /* in place or by an abort: whether another batch was under way is chance */
    ABORT,    /* the transaction is aborted, the lane reads it again, with the same clients */
    REBUILD,  /* new clients, from the committed offsets */
    REJOIN,   /* the group is joined again; whether a transaction was open is chance */
    GIVE_UP   /* exit code 3, with a reason */
};

struct row {
    const char *name;
    enum request request;
    rd_kafka_resp_err_t error;
    unsigned times;
    enum way way;
    enum when when;
    int delay_ms; /* the answer comes that late */
    struct scene_settings settings;
    const char *says; /* what the log must hold; NULL: anything */
    void (*on_enriched)(void *context, const desk_result *result,
                        const rd_kafka_message_t *message);
    bool is_concluded; /* one delivery report is only concluded by the library */
    bool is_purged;    /* one delivery report says that the record was purged */
    unsigned skips;    /* each n-th record is dropped by a stage, and the audit counts them */
};

#define ERR(name) RD_KAFKA_RESP_ERR_##name

static const char AT_LEAST_ONCE[] = "delivery: at-least-once\n";
static const char ONE_EACH[] = "  producer: {batch.num.messages: 1, linger.ms: 0}\n";

/* --- faults inside ------------------------------------------------------------------------- */

static unsigned enriched_count; /* by the one lane of the process, in its thread */

/* Slower than max.poll.interval.ms, once. */
static void be_slow(void *context, const desk_result *result, const rd_kafka_message_t *message)
{
    (void)context;
    (void)result;
    (void)message;
    if (++enriched_count == FIRST / 2)
        nanosleep(&(struct timespec){8, 0}, NULL);
}

/* A fault of the program: the lane's place in the partition goes back, so that its ledger holds
 * more records than offsets. */
static void misplace(void *context, const desk_result *result, const rd_kafka_message_t *message)
{
    (void)context;
    (void)result;
    if (++enriched_count >= FIRST / 2)
        ((rd_kafka_message_t *)(size_t)message)->offset -= 1000;
}

/* What librdkafka reports of a record whose batch failed while a later one was stored: success, and
 * no offset. The mock checks sequences, so that it cannot be brought about; the linker puts this
 * callback before the lane's (--wrap). */
static bool wants_conclusion, wants_purge;
static unsigned reports_count;
static void (*take_report)(rd_kafka_t *, const rd_kafka_message_t *, void *);

static void report(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque)
{
    rd_kafka_message_t changed = *message;
    bool is_chosen =
        (wants_conclusion || wants_purge) && !message->err && ++reports_count == FIRST / 2;
    if (is_chosen && wants_conclusion)
        changed.offset = RD_KAFKA_OFFSET_INVALID;
    if (is_chosen && wants_purge)
        changed.err = RD_KAFKA_RESP_ERR__PURGE_QUEUE;
    take_report(producer, &changed, opaque);
}

void __real_rd_kafka_conf_set_dr_msg_cb(rd_kafka_conf_t *conf,
                                        void (*callback)(rd_kafka_t *, const rd_kafka_message_t *,
                                                         void *));
void __wrap_rd_kafka_conf_set_dr_msg_cb(rd_kafka_conf_t *conf,
                                        void (*callback)(rd_kafka_t *, const rd_kafka_message_t *,
                                                         void *));
void __wrap_rd_kafka_conf_set_dr_msg_cb(rd_kafka_conf_t *conf,
                                        void (*callback)(rd_kafka_t *, const rd_kafka_message_t *,
                                                         void *))
{
    take_report = callback;
    __real_rd_kafka_conf_set_dr_msg_cb(conf, report);
}

/* No stage of ours drops a record; those that people load may. */
static unsigned skips, judged_count;

desk_status __real_desk_engine_process(desk_engine *engine, const desk_record *record,
                                       desk_result *result, desk_error *err);
desk_status __wrap_desk_engine_process(desk_engine *engine, const desk_record *record,
                                       desk_result *result, desk_error *err);
desk_status __wrap_desk_engine_process(desk_engine *engine, const desk_record *record,
                                       desk_result *result, desk_error *err)
{
    desk_status status = __real_desk_engine_process(engine, record, result, err);
    if (status == DESK_OK && skips && ++judged_count % skips == 0) {
        result->outcome = DESK_SKIPPED;
        snprintf(result->error.message, sizeof result->error.message, "an advertisement");
        snprintf(result->error.stage, sizeof result->error.stage, "own");
    }
    return status;
}

/* --- rows ---------------------------------------------------------------------------------- */

#include "rows.h"

/* --- one row ------------------------------------------------------------------------------- */

struct play {
    const struct row *row;
    struct scene scene;
    long long until_ms;
    bool is_pushed, is_over;
    const char *fault; /* NULL: none */
};

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int32_t broker_of(const struct row *row)
{
    return row->request == FETCH ? SCENE_INPUT : SCENE_OUTPUT;
}

/* What the lane asks for before it has its clients is answered by any broker. */
static bool is_for_all(const struct row *row)
{
    return row->request == FIND_COORDINATOR || row->request == INIT_PRODUCER_ID;
}

/* The broker's own stack, as it can be asked how much of it is left. */
static void push(struct play *play)
{
    const struct row *row = play->row;
    rd_kafka_mock_cluster_t *cluster = play->scene.cluster;
    play->is_pushed = true;
    for (unsigned i = 0; i < row->times; i++)
        if (is_for_all(row))
            rd_kafka_mock_push_request_errors(cluster, (int16_t)row->request, 1, row->error);
        else
            rd_kafka_mock_broker_push_request_error_rtts(
                cluster, broker_of(row), (int16_t)row->request, 1, row->error, row->delay_ms);
}

/* What happens before the lane has its clients cannot be asked: the look at the topics takes some
 * of it, as its producer wants an id too. */
static bool is_used_up(const struct play *play)
{
    const struct row *row = play->row;
    size_t left = 0;
    return is_for_all(row) || !row->times ||
           (!rd_kafka_mock_broker_error_stack_cnt(play->scene.cluster, broker_of(row),
                                                  (int16_t)row->request, &left) &&
            !left);
}

static unsigned long long rebalances(const unsigned long long *counts)
{
    return counts[METRIC_ASSIGNED] + counts[METRIC_REVOKED] + counts[METRIC_LOST] +
           counts[METRIC_REBALANCE_FAILED];
}

static bool has_gone_its_way(const struct row *row, const unsigned long long *counts)
{
    switch (row->way) {
    case IN_PLACE:
        return !counts[METRIC_ABORTS] && !counts[METRIC_REWINDS] && !counts[METRIC_REBUILDS];
    case EITHER:
        return !counts[METRIC_REBUILDS];
    case ABORT:
        return counts[METRIC_ABORTS] && counts[METRIC_REWINDS] && !counts[METRIC_REBUILDS];
    case REBUILD:
        return counts[METRIC_REBUILDS] > 0;
    case REJOIN:
        return rebalances(counts) > 2 && !counts[METRIC_REBUILDS];
    case GIVE_UP:
        break;
    }
    return false;
}

static bool is_done(const struct play *play, const struct metrics *metrics)
{
    unsigned long long counts[METRIC_COUNT];
    for (enum metric metric = 0; metric < METRIC_COUNT; metric++)
        counts[metric] = scene_count(metrics, metric);
    return scene_is_all_committed(&play->scene, metrics) && is_used_up(play) &&
           has_gone_its_way(play->row, counts);
}

static void stop(struct play *play)
{
    play->is_over = true;
    kill(getpid(), SIGTERM);
}

static bool is_stopped_early(const struct row *row)
{
    return row->when == STOP || row->when == STOP_OPEN;
}

/* Runs in the runner's thread, five times a second. */
static void step(void *context, const struct metrics *metrics)
{
    struct play *play = context;
    if (play->is_over)
        return;
    const struct row *row = play->row;
    if (row->when == STOP || (row->when == STOP_OPEN && scene_count(metrics, METRIC_IN) >= FIRST)) {
        stop(play);
    } else if (!play->is_pushed && !is_stopped_early(row) &&
               scene_count(metrics, METRIC_COMMITTED_RECORDS) >= FIRST) {
        push(play);
        if (!scene_produce(&play->scene, SECOND))
            play->fault = "the raw records could not be produced";
    } else if (play->is_pushed && is_done(play, metrics)) {
        stop(play);
    }
    if (now_ms() > play->until_ms) {
        play->fault = "not done in time";
        stop(play);
    }
}

static bool log_holds(const char *path, const char *text)
{
    static char log[1 << 20];
    FILE *file = fopen(path, "r");
    size_t len = file ? fread(log, 1, sizeof log - 1, file) : 0;
    log[len] = '\0';
    if (file)
        fclose(file);
    return strstr(log, text) != NULL;
}

static int run(struct play *play)
{
    play->until_ms = now_ms() + DEADLINE_MS;
    play->is_over = false;
    return scene_run(&play->scene);
}

/* Whoever gave up, or was stopped early, loses nothing: once the cause is gone a second run brings
 * the rest. */
static void run_again(struct play *play)
{
    static const struct row calm = {.way = IN_PLACE, .when = AT_START};
    const struct row *row = play->row;
    rd_kafka_mock_clear_request_errors(play->scene.cluster, (int16_t)row->request);
    play->row = &calm;
    play->scene.on_enriched = NULL;
    play->is_pushed = true;
    if (run(play))
        play->fault = "the second run did not end with 0";
    play->row = row;
}

static const char *judge(const struct play *play, int code, const char *log_path)
{
    const struct row *row = play->row;
    if (play->fault)
        return play->fault;
    if (code != (row->way == GIVE_UP ? 3 : 0))
        return "another exit code than expected";
    if (row->way != GIVE_UP && !is_stopped_early(row) && !has_gone_its_way(row, play->scene.counts))
        return "another way than expected";
    if (row->says && !log_holds(log_path, row->says))
        return "the log does not say why";
    return NULL;
}

/* The audit finds each dropped record by its note. */
static const char *audit_skipped(const struct scene *scene)
{
    char error[CLIENT_ERROR_SIZE] = "";
    struct audit audit;
    struct audit_options options = {.since_ms = DESK_NO_TIME, .until_ms = DESK_NO_TIME};
    const char *fault = "the audit failed";
    if (audit_open(&audit, scene->config, &options, error) && audit_run(&audit, error)) {
        unsigned long long found = 0;
        for (size_t i = 0; i < audit.raw.count; i++)
            found += audit.parts[i].skipped;
        fault = audit_has_faults(&audit)           ? "the audit finds faults"
                : found != scene->produced / skips ? "the audit misses dropped records"
                                                   : NULL;
    } else {
        fprintf(stderr, "audit: %s\n", error);
    }
    audit_close(&audit);
    return fault;
}

static const char *play_out(struct play *play, const char *log_path)
{
    const struct row *row = play->row;
    struct scene *scene = &play->scene;
    if (!scene_open(scene, &row->settings) || !scene_produce(scene, FIRST))
        return "the scene could not be set";
    if (row->when == AT_START)
        push(play);
    int code = run(play);
    printf("%s: exit %d, aborts %llu, rewinds %llu, rebuilds %llu, rebalances %llu\n", row->name,
           code, scene->counts[METRIC_ABORTS], scene->counts[METRIC_REWINDS],
           scene->counts[METRIC_REBUILDS], rebalances(scene->counts));
    const char *fault = judge(play, code, log_path);
    if (!fault && (row->way == GIVE_UP || is_stopped_early(row)))
        run_again(play);
    if (!fault)
        fault = play->fault;
    if (!fault && scene_missing(scene) != 0)
        fault = "raw records are missing from the output";
    if (!fault && row->skips)
        fault = audit_skipped(scene);
    return fault;
}

static int play_row(const struct row *row, desk_rulebook *rulebook, const char *log_path)
{
    struct play play = {.row = row};
    play.scene.rulebook = rulebook;
    play.scene.step = step;
    play.scene.on_enriched = row->on_enriched;
    play.scene.context = &play;
    wants_conclusion = row->is_concluded;
    wants_purge = row->is_purged;
    skips = row->skips;
    const char *fault = play_out(&play, log_path);
    if (fault)
        printf("%s: %s\n", row->name, fault);
    scene_close(&play.scene);
    fflush(stdout);
    return fault != NULL;
}

/* --- all rows ------------------------------------------------------------------------------ */

struct child {
    pid_t pid;
    const struct row *row;
    char log_path[64];
};

/* Before the first thread of librdkafka: a child has only the thread that forked. */
static void start(struct child *child, const struct row *row, desk_rulebook *rulebook)
{
    child->row = row;
    snprintf(child->log_path, sizeof child->log_path, "/tmp/copydesk-mock-XXXXXX");
    int log = mkstemp(child->log_path);
    fflush(NULL);
    child->pid = fork();
    if (child->pid == 0) {
        dup2(log, STDERR_FILENO);
        int code = play_row(row, rulebook, child->log_path);
        desk_rulebook_release(rulebook);
        exit(code);
    }
    close(log);
}

static void print_log(const struct child *child)
{
    char line[4096];
    FILE *log = fopen(child->log_path, "r");
    while (log && fgets(line, sizeof line, log))
        printf("    %s", line);
    if (log)
        fclose(log);
}

/* Waits for one of them; 1 when it found a fault. */
static int finish_one(struct child *children, bool is_verbose)
{
    int status = 0;
    pid_t pid = wait(&status);
    for (size_t i = 0; i < AT_ONCE; i++) {
        if (children[i].pid != pid)
            continue;
        bool is_bad = !WIFEXITED(status) || WEXITSTATUS(status) != 0;
        if (is_bad)
            printf("%s: failed (wait status %d)\n", children[i].row->name, status);
        if (is_bad || is_verbose)
            print_log(&children[i]);
        unlink(children[i].log_path);
        children[i].pid = 0;
        return is_bad;
    }
    return 0;
}

static struct child *free_child(struct child *children)
{
    for (size_t i = 0; i < AT_ONCE; i++)
        if (!children[i].pid)
            return &children[i];
    return NULL;
}

static bool is_wanted(const struct row *row, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strstr(row->name, argv[i]))
            return true;
    return argc == 1;
}

int main(int argc, char **argv)
{
    struct child children[AT_ONCE] = {{0}};
    desk_rulebook *rulebook = NULL;
    int faults = 0, running = 0;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* one that comes early waits for the runner */
    if (desk_rulebook_load_builtin(&rulebook, NULL) != DESK_OK)
        return 1;
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        if (!is_wanted(&ROWS[i], argc, argv))
            continue;
        if (running == AT_ONCE) {
            faults += finish_one(children, argc > 1);
            running--;
        }
        start(free_child(children), &ROWS[i], rulebook);
        running++;
    }
    for (; running; running--)
        faults += finish_one(children, argc > 1);
    desk_rulebook_release(rulebook);
    printf("%d rows failed\n", faults);
    return faults != 0;
}
