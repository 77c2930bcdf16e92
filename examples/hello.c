#include <copydesk/copydesk.h>
#include <stdio.h>

int main(void)
{
    desk_rulebook *rules = NULL;
    desk_engine *engine = NULL;
    desk_result result = DESK_RESULT_INIT;
    desk_record record = desk_record_of("<h1>Rain</h1><p>The storm flooded Paris.", 40);
    if (!desk_rulebook_load_builtin(&rules, NULL) && !desk_engine_new(rules, NULL, &engine, NULL) &&
        !desk_engine_process(engine, &record, &result, NULL))
        printf("%.*s\n", (int)result.json.len, result.json.data);
    desk_engine_free(engine);
    desk_rulebook_release(rules);
}
