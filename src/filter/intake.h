/* Where the filter's records come from: lines, whole documents or a WARC archive.
 *
 * A reader gives one item after the other, each with all its bytes in the batch's arena. What
 * cannot be read as a record is an item, too, with a refusal: one item in is one line out. */
#ifndef FILTER_INTAKE_H
#define FILTER_INTAKE_H

#include <copydesk/record.h>

#include "base/arena.h"
#include "filter/window.h"

struct item {
    desk_record record;  /* slices in the arena */
    const char *refusal; /* error code, static text; NULL: the engine is to decide */
    desk_slice reason;   /* with a refusal */
    uint64_t number;     /* of the record, from 1 */
    uint64_t offset;     /* in the archive, decompressed; NO_POSITION: lines and documents */
};

#define NO_POSITION UINT64_MAX

enum intake_status {
    INTAKE_ITEM,
    INTAKE_WAIT, /* the next item is not there yet; only when may_wait is false */
    INTAKE_END,  /* or stopped: then nothing whole is left */
    INTAKE_FAILED
};

/* Of one kind of reader. `skipped` counts what is no record: other types in an archive. */
struct intake {
    enum intake_status (*next)(struct intake *intake, struct arena *arena, bool may_wait,
                               struct item *item);
    struct window window;
    desk_record defaults;    /* url, content type, crawl time, format of the options */
    size_t record_bytes_max; /* longer ones are refused */
    uint64_t records, skipped;
    char reason[INPUT_REASON_SIZE]; /* of INTAKE_FAILED */
    uint64_t left_bytes;            /* of an unfinished record when stopped */
    /* Of single kinds. */
    size_t scanned;    /* lines: no line end before this position of the window */
    bool is_skipping;  /* lines: to the end of a line that was refused; whole: done */
    bool is_searching; /* WARC: for the next record's first line */
    uint64_t to_skip;  /* WARC: bytes of a record that is no article */
};

/* Begins with another input, from its start; what was counted goes on. */
void intake_open(struct intake *intake, struct input *input);
/* Frees the window. */
void intake_close(struct intake *intake);

/* An item with the reader's defaults and its number; its slices are still the caller's. */
void intake_begin(struct intake *intake, struct item *item);
/* Makes the item a refused one. `format` as printf's; the text is put into the arena. */
enum intake_status intake_refuse(struct item *item, struct arena *arena, const char *code,
                                 const char *format, ...) __attribute__((format(printf, 4, 5)));
/* INTAKE_FAILED, with the reason. */
enum intake_status intake_fail(struct intake *intake, const char *reason);

/* One JSON object, or what defaults.format says, a line; CR before LF is dropped. */
enum intake_status lines_next(struct intake *intake, struct arena *arena, bool may_wait,
                              struct item *item);
/* All of the input is one record. */
enum intake_status whole_next(struct intake *intake, struct arena *arena, bool may_wait,
                              struct item *item);
/* Responses of a WARC file (ISO 28500) that were successful. */
enum intake_status warc_next(struct intake *intake, struct arena *arena, bool may_wait,
                             struct item *item);

#endif
