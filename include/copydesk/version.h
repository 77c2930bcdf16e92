/* The version of libcopydesk, at compile time and at run time. */
#ifndef COPYDESK_VERSION_H
#define COPYDESK_VERSION_H

#include <copydesk/export.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DESK_VERSION_MAJOR 0
#define DESK_VERSION_MINOR 1
#define DESK_VERSION_PATCH 0

/* Returns the version of the library that is linked, for example "0.1.0".
 * Owner    static text, never freed
 * Threads  safe from any thread */
DESK_API const char *desk_version(void);

#ifdef __cplusplus
}
#endif

#endif
