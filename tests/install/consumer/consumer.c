/* A program outside the tree: stdin through the engine to stdout. Compiles as C and as C++. */
#include <copydesk/copydesk.h>
#include <stdio.h>

int main(void)
{
    static char input[65536];
    desk_rulebook *rulebook = NULL;
    desk_engine *engine = NULL;
    desk_error err = DESK_ERROR_INIT;
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value.data = input;
    record.value.len = fread(input, 1, sizeof input, stdin);
    if (desk_rulebook_load_builtin(&rulebook, &err) != DESK_OK ||
        desk_engine_new(rulebook, NULL, &engine, &err) != DESK_OK ||
        desk_engine_process(engine, &record, &result, &err) != DESK_OK) {
        fprintf(stderr, "%s\n", err.message);
        return 1;
    }
    if (result.outcome == DESK_ENRICHED)
        printf("%.*s\n", (int)result.json.len, result.json.data);
    else
        printf("%s: %s\n", desk_status_code(result.error.status), result.error.message);
    desk_engine_free(engine);
    desk_rulebook_release(rulebook);
    return 0;
}
