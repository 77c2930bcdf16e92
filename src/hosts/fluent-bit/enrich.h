/* One record of Fluent Bit through the engine: a msgpack map in, a msgpack map out. Knows nothing
 * of Fluent Bit, so that it can be tested without.
 *
 * The map is the article, with the keys of docs/record.md (title, text, url ...). An enriched
 * article replaces it; a rejected one stays and gets the key "rejected" {code, reason, stage}. */
#ifndef HOSTS_FLUENT_BIT_ENRICH_H
#define HOSTS_FLUENT_BIT_ENRICH_H

#include <copydesk/copydesk.h>
#include <msgpack.h>
#include <stdbool.h>

/* Packs exactly one map into `out`. False: out of memory, or the map has more than JSON can say
 * (keys that are no text, text that is no UTF-8); nothing useful is in `out` then. The engine's
 * thread only. */
bool enrich_record(desk_engine *engine, const msgpack_object *map, msgpack_sbuffer *out);

#endif
