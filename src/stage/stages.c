/* Opening, running and judging loaded stages. */
#include "stage/stages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "article/article.h"
#include "base/error.h"
#include "base/tell.h"
#include "base/sized.h"
#include "base/slice.h"
#include "engine/stage_table.h"
#include "stage/child.h"
#include "stage/loader.h"
#include "stage/moment.h"
#include "stage/stage_config.h"

/* A stage that takes a second for an article is broken or hangs: the engine itself takes less than
 * a millisecond. A child may have to load models first. */
static const int64_t TIMEOUT_MS = 1000, START_TIMEOUT_MS = 30000;

static const char CREATOR[] = "stage:";

struct member {
    char name[STAGE_NAME_MAX + 1];
    char creator[sizeof CREATOR + STAGE_NAME_MAX];
    size_t after; /* index of the built-in stage it follows */
    int64_t timeout_ms;
    struct loaded_stage loaded;
    void *state;         /* of the loaded one */
    bool was_opened;     /* it has a state, or tried to make one: it is to be closed */
    struct child *child; /* NULL: it is a loaded one */
};

struct stages {
    desk_logger logger;
    void *crash_stack; /* of the thread that runs the stages */
    bool is_attached;
    size_t subject; /* index of the built-in subject stage */
    size_t count;
    struct member members[];
};

/* --- opening ------------------------------------------------------------------------------- */

static desk_status read_option(const desk_stage_option *first, size_t index, desk_stage_option *out,
                               desk_error *err)
{
    *out = (desk_stage_option)DESK_STAGE_OPTION_INIT;
    const char *at = (const char *)first + index * first->size;
    enum sized sized = sized_read(out, sizeof(size_t), at);
    int ways = (out->path != NULL) + (out->functions != NULL) + (out->command != NULL);
    if (sized == SIZED_NEWER)
        return error_set(err, DESK_EARGUMENT,
                         "desk_stage_option %zu has a field set that this library does not know",
                         index);
    if (sized == SIZED_UNSET || ways != 1 || (out->command && !out->command[0]))
        return error_set(err, DESK_EARGUMENT,
                         "desk_stage_option %zu: set exactly one of path, functions and command",
                         index);
    return DESK_OK;
}

static desk_status find_after(const desk_stage_option *option, size_t *after, desk_error *err)
{
    const char *name = option->after ? option->after : "fingerprint";
    *after = stage_table_find(name);
    if (*after + 1 < STAGE_COUNT)
        return DESK_OK;
    return error_set(err, DESK_ESTAGELOAD,
                     "after: '%.40s' is no stage that another one can follow; they are decode to "
                     "fingerprint",
                     name);
}

static desk_status name_member(struct member *member, const desk_stage_option *option,
                               desk_error *err)
{
    const char *name = option->name ? option->name : member->loaded.description.name;
    if (!loader_is_name(name))
        return error_set(
            err, DESK_ESTAGELOAD,
            "'%.60s' cannot be a stage's name: 1 to %d of a-z, 0-9 and '-' are allowed",
            name ? name : "", STAGE_NAME_MAX);
    if (stage_table_find(name) < STAGE_COUNT)
        return error_set(err, DESK_ESTAGELOAD, "'%s' is the name of a built-in stage", name);
    snprintf(member->name, sizeof member->name, "%s", name);
    snprintf(member->creator, sizeof member->creator, "%s%s", CREATOR, name);
    return DESK_OK;
}

/* A mistake that the stage noted is nearer the cause than the status it returned. */
static desk_status open_state(struct member *member, desk_slice json, desk_error *err)
{
    const desk_stage *functions = &member->loaded.functions;
    desk_stage_config *config = stage_config_open(json, err);
    desk_error own = DESK_ERROR_INIT;
    if (!config)
        return DESK_ECONFIG;
    stage_config_check_keys(config, member->loaded.description.config_keys);
    member->was_opened = true;
    desk_status status = functions->open ? functions->open(config, &member->state, &own) : DESK_OK;
    const char *mistake = stage_config_mistake(config);
    if (mistake)
        status = error_set(err, DESK_ECONFIG, "config: %s", mistake);
    else if (status != DESK_OK)
        status = error_set(err, status == DESK_ENOMEM ? DESK_ENOMEM : DESK_ESTAGELOAD, "%s",
                           own.message[0] ? own.message : "the stage could not be opened");
    stage_config_close(config);
    return status;
}

static desk_status open_child(struct member *member, const desk_stage_option *option,
                              const desk_logger *logger, desk_error *err)
{
    struct child_options options = {.name = member->name,
                                    .command = option->command,
                                    .folder = option->folder,
                                    .config = option->config,
                                    .timeout_ms = member->timeout_ms,
                                    .start_timeout_ms = option->start_timeout_ms > 0
                                                            ? option->start_timeout_ms
                                                            : START_TIMEOUT_MS,
                                    .logger = *logger};
    return child_open(&options, &member->child, err);
}

static desk_status load(struct member *member, const desk_stage_option *option, desk_error *err)
{
    if (option->path)
        return loader_open(option->path, &member->loaded, err);
    if (option->functions)
        return loader_adopt("the host's stage", option->functions, &member->loaded, err);
    return DESK_OK;
}

static desk_status open_member(struct stages *stages, const desk_stage_option *option,
                               desk_error *err)
{
    struct member *member = &stages->members[stages->count];
    desk_status status = find_after(option, &member->after, err);
    member->timeout_ms = option->timeout_ms > 0 ? option->timeout_ms : TIMEOUT_MS;
    if (status == DESK_OK)
        status = load(member, option, err);
    if (status == DESK_OK)
        status = name_member(member, option, err);
    for (size_t i = 0; status == DESK_OK && i < stages->count; i++)
        if (!strcmp(stages->members[i].name, member->name))
            status = error_set(err, DESK_ESTAGELOAD,
                               "two stages are called %s: give one another name", member->name);
    stages->count++; /* from here on it is closed with the others */
    if (status == DESK_OK)
        status = option->command ? open_child(member, option, &stages->logger, err)
                                 : open_state(member, option->config, err);
    if (status != DESK_OK && err && !err->stage[0])
        memcpy(err->stage, member->name, sizeof member->name);
    return status;
}

desk_status stages_open(const desk_stage_option *options, size_t count, const desk_logger *logger,
                        struct stages **stages, desk_error *err)
{
    *stages = NULL;
    if (!count)
        return DESK_OK;
    if (!options || count > STAGES_LOADED_MAX)
        return error_set(err, DESK_EARGUMENT, "at most %d stages can be loaded", STAGES_LOADED_MAX);
    struct stages *made = calloc(1, sizeof *made + count * sizeof made->members[0]);
    if (!made)
        return error_set(err, DESK_ENOMEM, "out of memory for the stages");
    made->logger = *logger;
    made->subject = stage_table_find("subject");
    made->crash_stack = malloc(MOMENT_STACK_SIZE);
    desk_status status = DESK_OK;
    for (size_t i = 0; status == DESK_OK && i < count; i++) {
        desk_stage_option option;
        status = read_option(options, i, &option, err);
        if (status == DESK_OK)
            status = open_member(made, &option, err);
    }
    if (status == DESK_OK)
        *stages = made;
    else
        stages_close(made);
    return status;
}

void stages_close(struct stages *stages)
{
    for (size_t i = 0; stages && i < stages->count; i++) {
        struct member *member = &stages->members[i];
        child_close(member->child);
        if (member->was_opened && member->loaded.functions.close)
            member->loaded.functions.close(member->state);
        loader_close(&member->loaded);
    }
    if (stages) {
        moment_detach(stages->crash_stack);
        free(stages->crash_stack);
    }
    free(stages);
}

size_t stages_count(const struct stages *stages)
{
    return stages ? stages->count : 0;
}

const char *stages_name(const struct stages *stages, size_t index)
{
    return stages->members[index].name;
}

desk_status stages_find_name(const desk_stage_option *option, char name[STAGE_NAME_MAX + 1],
                             desk_error *err)
{
    struct member member = {.after = 0};
    desk_status status = load(&member, option, err);
    if (status == DESK_OK)
        status = name_member(&member, option, err);
    memcpy(name, member.name, sizeof member.name);
    loader_close(&member.loaded);
    return status;
}

/* --- one turn ------------------------------------------------------------------------------ */

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* A status that a stage returned. Those that say that the machine is at fault stop the host; all
 * others reject the article, under their own code where that is one for records. */
static desk_status judge_status(const struct desk_article *article, desk_status status,
                                const desk_error *own, desk_error *err)
{
    const char *text = own->message[0] ? own->message : article->turn->fault;
    bool is_code = desk_status_class(status) == DESK_CLASS_RECORD;
    if (status == DESK_ENOMEM || status == DESK_EIO)
        return error_set(err, status, "%.400s",
                         *text ? text : "the stage has no memory, or cannot reach what it needs");
    if (status == DESK_EMEMORY && !*text)
        return article_memory_error(err);
    if (status == DESK_EWORK && !*text)
        return article_work_error(err);
    if (!*text)
        return error_set(err, is_code ? status : DESK_ECHILD,
                         "the stage failed with status %s (%d) and does not say why",
                         desk_status_code(status), (int)status);
    return error_set(err, is_code ? status : DESK_ECHILD, "%.400s", text);
}

static desk_status judge(const struct member *member, struct desk_article *article, int64_t took_ms,
                         desk_error *err)
{
    const struct stage_turn *turn = article->turn;
    if (!member->child && took_ms > member->timeout_ms) /* a child keeps its own time */
        return error_set(err, DESK_ETIMEOUT,
                         "the stage took %lld ms for the article; its timeout is %lld ms",
                         (long long)took_ms, (long long)member->timeout_ms);
    if (turn->verdict != TURN_KEEP) {
        article->is_dropped = turn->verdict == TURN_DROP;
        return error_set(err, DESK_ESTAGE, "%s",
                         turn->reason[0] ? turn->reason : "the stage gives no reason");
    }
    return turn_finish_tags(article) ? DESK_OK : article_memory_error(err);
}

static desk_status call(struct member *member, struct desk_article *article, desk_error *err)
{
    if (member->child)
        return child_process(member->child, article, err);
    moment_enter(member->name, article);
    desk_status status = member->loaded.functions.process(member->state, article, err);
    moment_leave();
    return status;
}

/* What a stage gave that could not be taken, and that it did not care about. */
static void log_fault(const struct stages *stages, const struct member *member,
                      const struct stage_turn *turn)
{
    if (turn->fault[0])
        tell_text(&stages->logger, DESK_LOG_WARNING, member->name, "%s", turn->fault);
}

static desk_status take_turn(const struct stages *stages, struct member *member,
                             struct desk_article *article, const struct lexicon *lexicon,
                             desk_error *err)
{
    desk_error own = DESK_ERROR_INIT;
    struct stage_turn turn = {.creator = slice_from_cstr(member->creator), .lexicon = lexicon};
    turn.reason[0] = turn.fault[0] = '\0';
    article->turn = &turn;
    int64_t started_ms = now_ms();
    desk_status status = call(member, article, &own);
    if (status != DESK_OK)
        status = judge_status(article, status, &own, err);
    else
        status = judge(member, article, now_ms() - started_ms, err);
    if (status == DESK_OK)
        log_fault(stages, member, &turn);
    article->turn = NULL;
    return status;
}

desk_status stages_run(struct stages *stages, size_t after, struct desk_article *article,
                       const struct stages_run *run, desk_error *err)
{
    desk_status status = DESK_OK;
    if (!stages->is_attached) {
        moment_attach(stages->crash_stack);
        stages->is_attached = true;
    }
    if (after == stages->subject && !tags_bring_back(article))
        return article_memory_error(err);
    for (size_t i = 0; i < stages->count && status == DESK_OK; i++) {
        struct member *member = &stages->members[i];
        if (member->after != after)
            continue;
        unsigned long long started = run->clock ? run->clock() : 0;
        status = take_turn(stages, member, article, run->lexicon, err);
        if (run->clock)
            run->times[i] += run->clock() - started;
        if (status != DESK_OK)
            memcpy(err->stage, member->name, sizeof member->name);
    }
    if (after + 1 == stages->subject)
        tags_set_aside(article);
    return status;
}
