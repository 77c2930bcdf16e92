/* What the library says of itself. */
#include <copydesk/version.h>

#include "base/error.h"

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

const char *desk_version(void)
{
    return TEXT(DESK_VERSION_MAJOR) "." TEXT(DESK_VERSION_MINOR) "." TEXT(DESK_VERSION_PATCH);
}

desk_status desk_abi_check(uint32_t built_for, desk_error *err)
{
    int major = (int)(built_for >> 16), minor = (int)(built_for & 0xFFFF);
    if (major == DESK_ABI_MAJOR && minor <= DESK_ABI_MINOR)
        return DESK_OK;
    const char *advice = major < DESK_ABI_MAJOR ? "build it anew" : "install a newer libcopydesk";
    return error_set(err, DESK_EARGUMENT,
                     "the program is built for interface %d.%d, libcopydesk %s has %d.%d: %s",
                     major, minor, desk_version(), DESK_ABI_MAJOR, DESK_ABI_MINOR, advice);
}
