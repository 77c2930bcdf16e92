/* What tests of the clean module share: the built-in rulebook and an arena. */
#ifndef UNIT_CLEAN_FIXTURE_H
#define UNIT_CLEAN_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/slice.h"
#include "rulebook/rulebook.h"

struct fixture {
    struct arena arena;
    desk_rulebook *rulebook;
};

static inline int fixture_open(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    desk_error err;
    if (!fixture || desk_rulebook_load_builtin(&fixture->rulebook, &err) != DESK_OK)
        return -1;
    arena_init(&fixture->arena, (size_t)64 << 20, (size_t)1 << 20);
    *state = fixture;
    return 0;
}

static inline int fixture_close(void **state)
{
    struct fixture *fixture = *state;
    arena_deinit(&fixture->arena);
    desk_rulebook_release(fixture->rulebook);
    free(fixture);
    return 0;
}

#endif
