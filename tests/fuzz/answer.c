/* Answers of children: whatever comes, the article ends enriched, rejected or dropped, and an
 * enriched one is one line of JSON whose subjects are in order. */
#include <jansson.h>
#include <string.h>

#include "base/slice.h"
#include "fuzz.h"
#include "stage/answer.h"

static desk_engine *engine;
static desk_slice answer;

static const desk_stage_description *describe(void)
{
    static const desk_stage_description is = {sizeof is, "fuzz", NULL, NULL, NULL};
    return &is;
}

static desk_status process(void *state, desk_article *article, desk_error *err)
{
    bool is_readable;
    (void)state;
    return answer_take(answer, 1, article, &is_readable, err);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const desk_stage stage = {DESK_STAGE_ABI, sizeof stage, describe, NULL, process, NULL};
    desk_stage_option option = DESK_STAGE_OPTION_INIT;
    desk_engine_options options = DESK_ENGINE_OPTIONS_INIT;
    desk_rulebook *rulebook = NULL;
    (void)argc;
    (void)argv;
    option.functions = &stage;
    options.stages = &option;
    options.stages_count = 1;
    options.memory_bytes_max = (size_t)32 << 20;
    fuzz_check(desk_rulebook_load_builtin(&rulebook, NULL) == DESK_OK &&
                   desk_engine_new(rulebook, &options, &engine, NULL) == DESK_OK,
               "an engine is made");
    desk_rulebook_release(rulebook);
    return 0;
}

static void judge(const desk_result *result)
{
    json_error_t error;
    json_t *record = json_loadb(result->json.data, result->json.len,
                                JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    fuzz_check(json_is_object(record) || json_error_code(&error) == json_error_numeric_overflow ||
                   json_error_code(&error) == json_error_stack_overflow,
               "the record is JSON");
    fuzz_check(!memchr(result->json.data, '\n', result->json.len), "the record is one line");
    json_t *subjects = json_object_get(record, "subjects");
    for (size_t i = 1; i < json_array_size(subjects); i++)
        fuzz_check(
            json_number_value(json_object_get(json_array_get(subjects, i - 1), "confidence")) >=
                json_number_value(json_object_get(json_array_get(subjects, i), "confidence")),
            "subjects are in order");
    json_decref(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value =
        slice_from_cstr("{\"title\":\"Caf\xC3\xA9s of Larsund\",\"text\":\"The war went on "
                        "in the caf\xC3\xA9s of Larsund.\",\"more\":1}");
    answer = fuzz_slice(data, size);
    fuzz_check(desk_engine_process(engine, &record, &result, NULL) == DESK_OK,
               "every answer is judged");
    if (result.outcome == DESK_ENRICHED)
        judge(&result);
    else
        fuzz_check(result.error.message[0] && result.error.stage[0], "a rejection has a reason");
    return 0;
}
