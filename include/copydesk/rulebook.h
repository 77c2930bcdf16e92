/** @file
 * The rulebook: everything editable that decides cleaning and tagging, compiled once, immutable
 * after.
 *
 * One rulebook serves any number of engines on any number of threads. It is reference counted: an
 * engine keeps its rulebook alive, so a reload may drop the old one at once. What stands in its
 * files: docs/rulebook.md.
 *
 * @code
 * desk_rulebook *rulebook = NULL;
 * if (desk_rulebook_load_builtin(&rulebook, &err) != DESK_OK) ...
 * desk_rulebook_release(rulebook);
 * @endcode
 */
#ifndef COPYDESK_RULEBOOK_H
#define COPYDESK_RULEBOOK_H

#include <copydesk/error.h>
#include <copydesk/log.h>
#include <copydesk/slice.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A compiled rulebook; opaque. */
typedef struct desk_rulebook desk_rulebook;

/** One file of a rulebook held in memory. This struct never grows. */
typedef struct desk_rulebook_file {
    desk_slice path;    /**< relative to the rulebook, '/' between folders: "residue/fr.yaml" */
    desk_slice content; /**< its bytes; a text is UTF-8 */
} desk_rulebook_file;

/** Which files a rulebook has. With neither folder nor files it is the built-in one. */
typedef struct desk_rulebook_options {
    size_t size;        /**< sizeof(desk_rulebook_options) */
    const char *folder; /**< all *.yaml, *.csv, *.tsv, *.model below it; or NULL */
    const desk_rulebook_file
        *files;         /**< or NULL; one takes the place of the folder's of its path */
    size_t files_count; /**< of files */
    int is_extension;   /**< not 0: what folder and files lack comes from the built-in rulebook */
    desk_logger logger; /**< hears of every mistake and warning, with its place */
} desk_rulebook_options;

/** What desk_rulebook_options start from: the built-in rulebook, silent. */
#define DESK_RULEBOOK_OPTIONS_INIT                                                                 \
    {                                                                                              \
        sizeof(desk_rulebook_options), 0, 0, 0, 0,                                                 \
        {                                                                                          \
            0, 0, DESK_LOG_ERROR                                                                   \
        }                                                                                          \
    }

/** Compiles a rulebook.
 *
 * @param options  borrowed for the call, with all it points at; NULL: the built-in rulebook
 * @param[out] rulebook  the caller's, who calls desk_rulebook_release; NULL on an error
 * @param[out] err  the first mistake with file, line and column; may be NULL
 * @errors DESK_EIO (the folder or a file cannot be read), DESK_ERULEBOOK (the message starts with
 * file:line:column), DESK_EMODEL, DESK_EARGUMENT (a path twice, absolute or missing), DESK_ENOMEM
 * @threads safe from any thread */
DESK_API DESK_NODISCARD desk_status desk_rulebook_load(const desk_rulebook_options *options,
                                                       desk_rulebook **rulebook, desk_error *err);

/** Compiles the rulebook that is built into the library: desk_rulebook_load without options. */
DESK_API DESK_NODISCARD desk_status desk_rulebook_load_builtin(desk_rulebook **rulebook,
                                                               desk_error *err);

/** Compiles the rulebook in a folder: desk_rulebook_load with a folder alone. */
DESK_API DESK_NODISCARD desk_status desk_rulebook_load_folder(const char *folder,
                                                              desk_rulebook **rulebook,
                                                              desk_error *err);

/** Compiles a rulebook from files in memory: desk_rulebook_load with files alone. */
DESK_API DESK_NODISCARD desk_status desk_rulebook_load_memory(const desk_rulebook_file *files,
                                                              size_t files_count,
                                                              desk_rulebook **rulebook,
                                                              desk_error *err);

/** Takes another reference.
 *
 * @return its argument, which may be NULL
 * @threads safe from any thread that has a reference */
DESK_API desk_rulebook *desk_rulebook_retain(desk_rulebook *rulebook);

/** Gives a reference back; the last one frees the rulebook. NULL is allowed.
 *
 * @threads safe from any thread */
DESK_API void desk_rulebook_release(desk_rulebook *rulebook);

/** Returns the digest that every enriched record carries: XXH3-128 (https://xxhash.com) over the
 * paths and contents of all files in path order.
 *
 * @return 32 hex digits; "" for NULL
 * @owner the rulebook's, as long as it lives
 * @threads safe from any thread */
DESK_API const char *desk_rulebook_digest(const desk_rulebook *rulebook);

#ifdef __cplusplus
}
#endif

#endif
