/* Which article a loaded stage is working on in this thread, for the case that it crashes: a signal
 * handler writes topic, partition and offset (or the URL) to stderr before the process ends. */
#ifndef STAGE_MOMENT_H
#define STAGE_MOMENT_H

#include <copydesk/slice.h>
#include <stdbool.h>

struct desk_article;

/* Around each call of a stage. Cost nothing but two stores. `stage` and the article live until
 * moment_leave. */
void moment_enter(const char *stage, const struct desk_article *article);
void moment_leave(void);

/* From now on the process says which article it crashed on: for programs, not for libraries, once
 * and before threads are started. Lines are logfmt or JSON. */
void moment_watch(bool is_json);

/* A stack of its own for the handler in this thread, so that a stage that has used up its stack is
 * told, too; nothing happens when moment_watch was not called or the thread has one already. The
 * memory has MOMENT_STACK_SIZE bytes and is given back by moment_detach. */
enum { MOMENT_STACK_SIZE = 32768 };
void moment_attach(void *memory);
void moment_detach(const void *memory);

#endif
