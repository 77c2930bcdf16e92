/* What the readers share. */
#include "filter/intake.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/slice.h"

enum { REASON_BYTES_MAX = 320 };

void intake_open(struct intake *intake, struct input *input)
{
    window_init(&intake->window, input);
    intake->scanned = 0;
    intake->to_skip = 0;
    intake->is_skipping = intake->is_searching = false;
}

void intake_close(struct intake *intake)
{
    window_deinit(&intake->window);
    window_init(&intake->window, NULL);
}

void intake_begin(struct intake *intake, struct item *item)
{
    *item = (struct item){
        .record = intake->defaults, .number = ++intake->records, .offset = NO_POSITION};
}

enum intake_status intake_refuse(struct item *item, struct arena *arena, const char *code,
                                 const char *format, ...)
{
    char text[REASON_BYTES_MAX];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    /* Archives and their servers have a word in it: nothing that a terminal obeys. */
    for (char *p = text; *p; p++)
        if ((unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7F)
            *p = '?';
    item->refusal = code;
    item->reason = arena_copy(arena, slice_from_cstr(text));
    item->record.value = slice_of(NULL, 0);
    return INTAKE_ITEM;
}

enum intake_status intake_fail(struct intake *intake, const char *reason)
{
    snprintf(intake->reason, sizeof intake->reason, "%s", reason);
    return INTAKE_FAILED;
}
