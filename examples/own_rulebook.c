/* A rule of one's own over the built-in rulebook, from memory, and a logger that says what is wrong
 * with the rule, and why an article was rejected. */
#include <copydesk/copydesk.h>
#include <stdio.h>
#include <string.h>

/* Takes lines out that say this outlet's promise. The first draft has a mistake in its third line.
 */
static const char DRAFT[] = "rules:\n"
                            "  - id: own.promise\n"
                            "    were: line\n"
                            "    starts: [our promise to you]\n";
static const char RULES[] = "rules:\n"
                            "  - id: own.promise\n"
                            "    where: line\n"
                            "    starts: [our promise to you]\n"
                            "    match: [\"Our promise to you: the news, and nothing else.\"]\n"
                            "    keep: [\"She kept our promise to you.\"]\n";

static const char ARTICLE[] = "<html><body><article><p>Our promise to you: we report, you read, "
                              "and that is all there is.</p></article></body></html>";

static void print(void *context, desk_log_level level, const desk_error *event)
{
    fprintf((FILE *)context, "%s: %s\n", desk_log_level_name(level), event->message);
}

static desk_rulebook *load(const char *rules)
{
    desk_rulebook_options options = DESK_RULEBOOK_OPTIONS_INIT;
    desk_rulebook_file file = {{"residue/own.yaml", 16}, {rules, strlen(rules)}};
    desk_rulebook *rulebook = NULL;
    desk_error err = DESK_ERROR_INIT;
    options.files = &file;
    options.files_count = 1;
    options.is_extension = 1; /* the built-in files hold, too */
    options.logger.function = print;
    options.logger.context = stdout;
    if (desk_rulebook_load(&options, &rulebook, &err) != DESK_OK)
        printf("refused: %s, line %u of %s\n", desk_status_code(err.status), err.line, err.file);
    return rulebook;
}

static int process(desk_rulebook *rulebook)
{
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    desk_engine *engine = NULL;
    desk_record record = desk_record_of(ARTICLE, sizeof ARTICLE - 1);
    desk_result result = DESK_RESULT_INIT;
    desk_error err = DESK_ERROR_INIT;
    options.logger.function = print;
    options.logger.context = stdout;
    options.logger.level = DESK_LOG_DEBUG; /* what was taken out as well */
    if (desk_engine_new(rulebook, &options, &engine, &err) != DESK_OK ||
        desk_engine_process(engine, &record, &result, &err) != DESK_OK) {
        fprintf(stderr, "%s\n", err.message);
        desk_engine_free(engine);
        return 1;
    }
    if (result.outcome == DESK_REJECTED)
        printf("rejected: %s, by the stage %s\n", desk_status_code(result.error.status),
               result.error.stage);
    desk_engine_free(engine);
    return 0;
}

int main(void)
{
    desk_rulebook *draft = load(DRAFT);
    desk_rulebook *rulebook = load(RULES);
    int code = draft || !rulebook || process(rulebook);
    desk_rulebook_release(draft);
    desk_rulebook_release(rulebook);
    return code;
}
