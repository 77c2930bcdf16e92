/** @file
 * The version of libcopydesk, at compile time and at run time, and that of its binary interface.
 *
 * The major number of the interface is the library's soname (libcopydesk.so.0): it grows when a
 * program would have to be compiled anew. The minor one grows when something is added, so a library
 * serves every program built for its major and no newer minor. Programs that are linked get the
 * major from the dynamic linker; those that load the library at run time ask desk_abi_check.
 */
#ifndef COPYDESK_VERSION_H
#define COPYDESK_VERSION_H

#include <copydesk/error.h>
#include <copydesk/export.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DESK_VERSION_MAJOR 0 /**< of the release */
#define DESK_VERSION_MINOR 1 /**< of the release */
#define DESK_VERSION_PATCH 0 /**< of the release */

#define DESK_ABI_MAJOR 0 /**< of the binary interface: the soname */
#define DESK_ABI_MINOR 1 /**< of the binary interface: grows with each addition */

/** The binary interface that a program is compiled for: major * 65536 + minor. */
#define DESK_ABI ((uint32_t)DESK_ABI_MAJOR << 16 | DESK_ABI_MINOR)

/** Returns the version of the library that is linked, for example "0.1.0".
 *
 * @owner static text, never freed
 * @threads safe from any thread */
DESK_API const char *desk_version(void);

/** Says whether the library at hand serves a program.
 *
 * @param built_for  DESK_ABI, as the program's compiler saw it
 * @param[out] err  says which of the two is too old; may be NULL
 * @errors DESK_EARGUMENT (it does not)
 * @threads safe from any thread */
DESK_API DESK_NODISCARD desk_status desk_abi_check(uint32_t built_for, desk_error *err);

#ifdef __cplusplus
}
#endif

#endif
