/* The built-in rulebook for all tests of a group: cmocka's group setup and teardown. Included
 * behind cmocka.h. */
#ifndef UNIT_BUILTIN_RULEBOOK_H
#define UNIT_BUILTIN_RULEBOOK_H

#include <copydesk/copydesk.h>

static desk_rulebook *rulebook;

static int setup(void **state)
{
    (void)state;
    return desk_rulebook_load_builtin(&rulebook, NULL) == DESK_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    desk_rulebook_release(rulebook);
    return 0;
}

#endif
