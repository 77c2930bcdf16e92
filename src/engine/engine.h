/* What commands of the program may see beyond the public interface: the article itself, after a
 * call. */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <copydesk/engine.h>
#include <stdbool.h>

struct desk_article;
struct arena;

/* The article of the last desk_engine_process, valid until the next call. Used by explain, bench
 * and the rulebook's own cases. */
const struct desk_article *engine_article(const desk_engine *engine);
/* The rulebook in use. */
const desk_rulebook *engine_rulebook(const desk_engine *engine);
/* The last record once more, with a body cut so that the record has about `bytes` bytes: what is
 * said about the part that is cut off goes too, and cleaning.removed names the rule
 * oversize.truncated. The raw record must still be there. Until the next call. Errors:
 * DESK_EARGUMENT when there is no enriched record or it cannot be made that small, DESK_EMEMORY. */
desk_status engine_truncate(desk_engine *engine, size_t bytes, desk_slice *json);
/* Whether the articles that follow keep what was decided about each block of a page
 * (article.trace); off at first. */
void engine_set_trace(desk_engine *engine, bool wanted);
/* The working memory, for counting heap allocations. */
const struct arena *engine_arena(const desk_engine *engine);
/* Nanoseconds (or any unit of `clock`) spent per stage since the engine was made; only kept when a
 * clock was given. The engine itself never reads a clock. */
void engine_set_clock(desk_engine *engine, unsigned long long (*clock)(void));
const unsigned long long *engine_stage_times(const desk_engine *engine);
/* The stages that times are kept for: the built-in ones in the order of the stage table, then those
 * that were loaded. */
size_t engine_stage_count(const desk_engine *engine);
const char *engine_stage_name(const desk_engine *engine, size_t index);

#endif
