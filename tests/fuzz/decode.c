/* JSON records: what our strict reader takes is JSON for Jansson too, and what Jansson refuses is
 * rejected. */
#include <jansson.h>
#include <string.h>

#include "base/slice.h"
#include "fuzz.h"

static desk_engine *engine;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_engines(&engine, 1, (size_t)32 << 20);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    json_error_t error;
    record.value = fuzz_slice(data, size);
    record.format = DESK_FORMAT_JSON;
    fuzz_check(desk_engine_process(engine, &record, &result, NULL) == DESK_OK,
               "every record is judged");
    /* A byte order mark before JSON may be ignored (RFC 8259, section 8.1): ours does, Jansson does
     * not. */
    if (size >= 3 && !memcmp(data, "\xEF\xBB\xBF", 3)) {
        data += 3;
        size -= 3;
    }
    json_t *judged =
        json_loadb((const char *)data, size, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (result.outcome == DESK_ENRICHED)
        fuzz_check(json_is_object(judged) || error.position < 0 ||
                       json_error_code(&error) == json_error_numeric_overflow,
                   "what is taken is JSON");
    json_decref(judged);
    return 0;
}
