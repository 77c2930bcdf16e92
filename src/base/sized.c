/* Copying structs of two sizes. */
#include "base/sized.h"

#include <copydesk/version.h>
#include <string.h>

#include "base/error.h"

static size_t size_of(const void *sized)
{
    size_t size;
    memcpy(&size, sized, sizeof size);
    return size;
}

static bool is_zero(const char *p, const char *end)
{
    while (p < end && !*p)
        p++;
    return p == end;
}

enum sized sized_read(void *known, size_t size_min, const void *given)
{
    size_t size = size_of(given), size_known = size_of(known);
    if (size < size_min || size > SIZED_BYTES_MAX)
        return SIZED_UNSET;
    if (size > size_known && !is_zero((const char *)given + size_known, (const char *)given + size))
        return SIZED_NEWER;
    size_t shared = size < size_known ? size : size_known;
    memcpy((char *)known + sizeof size, (const char *)given + sizeof size, shared - sizeof size);
    return SIZED_OK;
}

desk_status sized_error(enum sized sized, const char *name, desk_error *err)
{
    if (sized == SIZED_UNSET)
        return error_set(err, DESK_EARGUMENT,
                         "%s is not filled in: start from the _INIT macro beside it", name);
    return error_set(err, DESK_EARGUMENT,
                     "%s has a field set that libcopydesk %s does not know: the program was built "
                     "for a newer one",
                     name, desk_version());
}

bool sized_write(void *given, const void *known)
{
    size_t size = size_of(given), size_known = size_of(known);
    if (size < sizeof size || size > SIZED_BYTES_MAX)
        return false;
    size_t shared = size < size_known ? size : size_known;
    memcpy((char *)given + sizeof size, (const char *)known + sizeof size, shared - sizeof size);
    memset((char *)given + shared, 0, size - shared);
    return true;
}
