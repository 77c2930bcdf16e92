/* The list of statuses with their codes and classes, and how an error value is filled. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct status_row {
    desk_status status;
    desk_error_class error_class;
    const char *code;
};

static const struct status_row STATUS_ROWS[] = {
    {DESK_OK, DESK_CLASS_NONE, "ok"},
    {DESK_ENOMEM, DESK_CLASS_FATAL, "out-of-memory"},
    {DESK_EARGUMENT, DESK_CLASS_FATAL, "invalid-argument"},
    {DESK_EIO, DESK_CLASS_FATAL, "io"},
    {DESK_EINPUT_SIZE, DESK_CLASS_RECORD, "input-too-large"},
    {DESK_EOUTPUT_SIZE, DESK_CLASS_RECORD, "output-too-large"},
    {DESK_EMEMORY, DESK_CLASS_RECORD, "memory-limit"},
    {DESK_EWORK, DESK_CLASS_RECORD, "work-limit"},
    {DESK_EDEPTH, DESK_CLASS_RECORD, "too-deep"},
    {DESK_EMATCH, DESK_CLASS_RECORD, "match-limit"},
    {DESK_EEMPTY, DESK_CLASS_RECORD, "empty-value"},
    {DESK_EJSON, DESK_CLASS_RECORD, "invalid-json"},
    {DESK_EUTF8, DESK_CLASS_RECORD, "invalid-utf8"},
    {DESK_EESCAPE, DESK_CLASS_RECORD, "invalid-escape"},
    {DESK_ESURROGATE, DESK_CLASS_RECORD, "lone-surrogate"},
    {DESK_ECONTROL, DESK_CLASS_RECORD, "control-character"},
    {DESK_EDUPLICATE, DESK_CLASS_RECORD, "duplicate-key"},
    {DESK_ETYPE, DESK_CLASS_RECORD, "wrong-type"},
    {DESK_EBINARY, DESK_CLASS_RECORD, "binary-input"},
    {DESK_ENOTEXT, DESK_CLASS_RECORD, "no-text"},
    {DESK_ECHARSET, DESK_CLASS_RECORD, "invalid-charset"},
    {DESK_ESTAGE, DESK_CLASS_RECORD, "rejected-by-stage"},
    {DESK_ERECORD_SIZE, DESK_CLASS_RECORD, "record-too-large"},
    {DESK_ETIMEOUT, DESK_CLASS_RECORD, "stage-timeout"},
    {DESK_ECHILD, DESK_CLASS_RECORD, "stage-failed"},
    {DESK_ERULEBOOK, DESK_CLASS_FATAL, "invalid-rulebook"},
    {DESK_ECONFIG, DESK_CLASS_FATAL, "invalid-configuration"},
    {DESK_EMODEL, DESK_CLASS_FATAL, "invalid-model"},
    {DESK_ESTAGELOAD, DESK_CLASS_FATAL, "invalid-stage"},
};

static const struct status_row *find_row(desk_status status)
{
    for (size_t i = 0; i < sizeof STATUS_ROWS / sizeof STATUS_ROWS[0]; i++)
        if (STATUS_ROWS[i].status == status)
            return &STATUS_ROWS[i];
    return NULL;
}

const char *desk_status_code(desk_status status)
{
    const struct status_row *row = find_row(status);
    return row ? row->code : "unknown";
}

desk_error_class desk_status_class(desk_status status)
{
    const struct status_row *row = find_row(status);
    return row ? row->error_class : DESK_CLASS_FATAL;
}

static desk_status fill(desk_error *err, desk_status status, size_t offset, const char *format,
                        va_list arguments)
{
    if (!err || err->status != DESK_OK)
        return status;
    err->status = status;
    err->error_class = desk_status_class(status);
    err->offset = offset;
    err->stage[0] = '\0';
    err->file[0] = '\0';
    err->line = err->column = 0;
    vsnprintf(err->message, sizeof err->message, format, arguments);
    return status;
}

desk_status error_set(desk_error *err, desk_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    desk_status result = fill(err, status, DESK_NO_OFFSET, format, arguments);
    va_end(arguments);
    return result;
}

desk_status error_at(desk_error *err, desk_status status, size_t offset, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    desk_status result = fill(err, status, offset, format, arguments);
    va_end(arguments);
    return result;
}

void error_place(desk_error *err, const char *file, size_t line, size_t column)
{
    if (!err)
        return;
    snprintf(err->file, sizeof err->file, "%s", file);
    err->line = line < UINT32_MAX ? (uint32_t)line : UINT32_MAX;
    err->column = column < UINT32_MAX ? (uint32_t)column : UINT32_MAX;
}
