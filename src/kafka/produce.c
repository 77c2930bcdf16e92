/* The array form of producev: the variadic macros need extensions of C. */
#include "kafka/produce.h"

/* NULL when absent, "" when empty. */
static void *bytes_of(bool is_there, desk_slice bytes)
{
    if (!is_there)
        return NULL;
    return (void *)(size_t)(bytes.len ? bytes.data : "");
}

rd_kafka_resp_err_t produce_outgoing(rd_kafka_t *producer, const struct outgoing *out)
{
    rd_kafka_vu_t parts[8] = {
        {.vtype = RD_KAFKA_VTYPE_TOPIC, .u.cstr = out->topic},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = out->partition},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_KEY,
         .u.mem = {bytes_of(out->has_key, out->key), out->has_key ? out->key.len : 0}},
        {.vtype = RD_KAFKA_VTYPE_VALUE,
         .u.mem = {bytes_of(out->has_value, out->value), out->has_value ? out->value.len : 0}},
        {.vtype = RD_KAFKA_VTYPE_TIMESTAMP, .u.i64 = out->timestamp},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = out->opaque}};
    size_t count = 7;
    if (out->headers)
        parts[count++] =
            (rd_kafka_vu_t){.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = out->headers};
    rd_kafka_error_t *error = rd_kafka_produceva(producer, parts, count);
    rd_kafka_resp_err_t err = error ? rd_kafka_error_code(error) : RD_KAFKA_RESP_ERR_NO_ERROR;
    if (error)
        rd_kafka_error_destroy(error);
    return err;
}

bool produce_is_unproven(const rd_kafka_message_t *report)
{
    return !report->err && report->offset < 0;
}
