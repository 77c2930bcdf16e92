/* Lanes together: start, signals, rulebook reload, graceful stop. */
#ifndef KAFKA_RUNNER_H
#define KAFKA_RUNNER_H

#include <copydesk/copydesk.h>

#include "config/config.h"
#include "kafka/lane.h"

struct backfill;

struct runner_options {
    const struct config *config;
    desk_rulebook *rulebook; /* the runner takes its own reference */
    void (*on_enriched)(void *context, const desk_result *result,
                        const rd_kafka_message_t *message);
    /* Called once before any record, with the monitor page's URL; not when http.listen is off.
     * NULL: nobody asks. */
    void (*on_listening)(void *context, const char *url);
    void *context;
    /* Asked five times a second; true: drain and stop. NULL: only signals stop it. */
    bool (*should_stop)(void *context, const struct metrics *metrics);
    bool is_quiet; /* only warnings are logged */
    struct backfill
        *backfill; /* opened; the run ends when it is done. NULL: only the above end it */
    /* Called once at the end, with what was committed; NULL: nobody asks. */
    void (*on_end)(void *context, struct metrics *metrics);
};

/* Runs until SIGTERM or SIGINT (drain; a second one aborts), should_stop, or the failure of all
 * hope. SIGHUP reloads the rulebook. Returns an exit code of commands.h: 0, 2 or 3; messages are
 * logged. Signals are blocked in the calling thread meanwhile. */
int runner_run(const struct runner_options *options);

#endif
