/* The whole engine: any bytes give an enriched record or a reason; the record is valid UTF-8 and
 * JSON by an independent parser, its quotes stand where they say, and a second engine gives the
 * same bytes. The first byte chooses the format. */
#include <jansson.h>
#include <string.h>

#include "base/slice.h"
#include "fuzz.h"
#include "text/utf8.h"

/* Bytes of the code points from..from+count of valid UTF-8; NULL data when it is shorter. */
static desk_slice points(desk_slice text, json_int_t from, json_int_t count)
{
    size_t at = 0, start;
    for (; from > 0 && at < text.len; from--)
        do
            at++;
        while (at < text.len && ((unsigned char)text.data[at] & 0xC0) == 0x80);
    start = at;
    for (; count > 0 && at < text.len; count--)
        do
            at++;
        while (at < text.len && ((unsigned char)text.data[at] & 0xC0) == 0x80);
    return from || count ? slice_of(NULL, 0) : slice_sub(text, start, at);
}

static desk_slice text_of(json_t *object, const char *key)
{
    json_t *value = json_object_get(object, key);
    return slice_of(json_string_value(value), json_string_length(value));
}

static void check_quotes(json_t *record)
{
    size_t index;
    json_t *quote;
    desk_slice body = text_of(record, "body");
    json_array_foreach(json_object_get(record, "quotes"), index, quote)
    {
        desk_slice at = points(body, json_integer_value(json_object_get(quote, "offset")),
                               json_integer_value(json_object_get(quote, "length")));
        fuzz_check(slice_equal(at, text_of(quote, "text")), "a quote stands where it says");
    }
}

static void check_dates(json_t *record)
{
    size_t index;
    json_t *date;
    desk_slice body = text_of(record, "body");
    json_array_foreach(json_object_get(record, "dates"), index, date)
    {
        desk_slice text = text_of(date, "text");
        json_int_t count = 0;
        for (size_t i = 0; i < text.len; i++)
            count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
        desk_slice at = points(body, json_integer_value(json_object_get(date, "offset")), count);
        fuzz_check(slice_equal(at, text), "a date stands where it says");
    }
}

static void check_record(desk_slice json)
{
    json_error_t error;
    json_t *record = json_loadb(json.data, json.len, JSON_REJECT_DUPLICATES, &error);
    fuzz_check(json_is_object(record), "the record is JSON");
    fuzz_check(utf8_is_valid(json), "the record is UTF-8");
    fuzz_check(slice_is(text_of(record, "schema"), "copydesk/article/1"),
               "the record has a schema");
    check_quotes(record);
    check_dates(record);
    json_decref(record);
}

static desk_result process(desk_engine *engine, const uint8_t *data, size_t size)
{
    desk_record record = DESK_RECORD_INIT;
    desk_result result = DESK_RESULT_INIT;
    record.value = fuzz_slice(data + 1, size - 1);
    record.format = (desk_format)(data[0] % 4);
    record.crawled_ms = data[0] & 4 ? 1700000000000 : DESK_NO_TIME;
    fuzz_check(desk_engine_process(engine, &record, &result, NULL) == DESK_OK,
               "every record is judged");
    return result;
}

static desk_engine *engines[2];

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_engines(engines, 2, (size_t)64 << 20);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size)
        return 0;
    desk_result a = process(engines[0], data, size), b = process(engines[1], data, size);
    fuzz_check(a.outcome == b.outcome && slice_equal(a.json, b.json), "the same bytes twice");
    if (a.outcome == DESK_ENRICHED)
        check_record(a.json);
    else
        fuzz_check(a.outcome == DESK_REJECTED && a.error.message[0] && a.error.stage[0],
                   "a rejected record has its reason");
    return 0;
}
