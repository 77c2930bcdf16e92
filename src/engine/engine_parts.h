/* What the files of the engine share. */
#ifndef ENGINE_ENGINE_PARTS_H
#define ENGINE_ENGINE_PARTS_H

#include "engine/engine.h"

struct desk_article *engine_parts_article(desk_engine *engine);
/* Runs the encode stage once more. */
desk_status engine_parts_encode(desk_engine *engine);

#endif
