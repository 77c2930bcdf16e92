/* Several threads over one rulebook: the rulebook is shared, each thread has an engine of its own.
 *
 * The threads take turns at a list of articles; each result goes to its article's slot, copied,
 * because it belongs to the engine only until the thread's next article. */
#include <copydesk/copydesk.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, ARTICLES = 400, TEXT_SIZE = 128, SUBJECT_SIZE = 32 };

struct worker {
    desk_rulebook *rulebook;
    int first;                      /* of its articles: every THREADS-th one */
    char (*texts)[TEXT_SIZE];       /* all articles, shared, read only */
    char (*subjects)[SUBJECT_SIZE]; /* all results, each written by one thread */
    desk_error err;
};

static void *work(void *argument)
{
    struct worker *worker = (struct worker *)argument;
    desk_engine *engine = NULL;
    desk_result result = DESK_RESULT_INIT;
    if (desk_engine_new(worker->rulebook, NULL, &engine, &worker->err) != DESK_OK)
        return NULL;
    for (int i = worker->first; i < ARTICLES; i += THREADS) {
        desk_record record = desk_record_of(worker->texts[i], strlen(worker->texts[i]));
        if (desk_engine_process(engine, &record, &result, &worker->err) != DESK_OK)
            break;
        snprintf(worker->subjects[i], SUBJECT_SIZE, "%.*s", (int)result.top_subject.len,
                 result.top_subject.len ? result.top_subject.data : "");
    }
    desk_engine_free(engine);
    return NULL;
}

static void write_articles(char texts[ARTICLES][TEXT_SIZE])
{
    static const char *const beginnings[] = {
        "The striker scored twice and the team won the match",
        "The army shelled the town and soldiers died in battle",
        "The central bank raised interest rates on inflation"};
    for (int i = 0; i < ARTICLES; i++)
        snprintf(texts[i], TEXT_SIZE, "%s on day %d of the year, officials said.",
                 beginnings[i % 3], i);
}

static int run(struct worker *workers)
{
    pthread_t threads[THREADS];
    int started = 0, failures = 0;
    while (started < THREADS && !pthread_create(&threads[started], NULL, work, &workers[started]))
        started++;
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
        if (workers[i].err.status != DESK_OK) {
            fprintf(stderr, "thread %d: %s\n", i, workers[i].err.message);
            failures++;
        }
    }
    return failures + (THREADS - started);
}

int main(void)
{
    static char texts[ARTICLES][TEXT_SIZE], subjects[ARTICLES][SUBJECT_SIZE];
    struct worker workers[THREADS];
    desk_rulebook *rulebook = NULL;
    desk_error err = DESK_ERROR_INIT;
    if (desk_rulebook_load_builtin(&rulebook, &err) != DESK_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    write_articles(texts);
    for (int i = 0; i < THREADS; i++) {
        struct worker worker = {rulebook, i, texts, subjects, DESK_ERROR_INIT};
        workers[i] = worker;
    }
    int failures = run(workers);
    for (int i = 0; i < 3; i++)
        printf("%s: %s\n", subjects[i], texts[i]);
    for (int i = 3; i < ARTICLES; i++)
        failures += strcmp(subjects[i], subjects[i % 3]) != 0;
    printf("%d articles, %d threads, %d differ\n", ARTICLES, THREADS, failures);
    desk_rulebook_release(rulebook);
    return failures != 0;
}
