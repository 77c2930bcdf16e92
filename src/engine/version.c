#include <copydesk/version.h>

#define TEXT_OF(x) #x
#define TEXT(x)    TEXT_OF(x)

const char *desk_version(void)
{
    return TEXT(DESK_VERSION_MAJOR) "." TEXT(DESK_VERSION_MINOR) "." TEXT(DESK_VERSION_PATCH);
}
