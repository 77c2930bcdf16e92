/* The rulebook: everything editable that decides cleaning and tagging, compiled once, immutable
 * after.
 *
 * One rulebook serves any number of engines on any number of threads. It is reference counted: an
 * engine keeps its rulebook alive, so a reload may drop the old one at once.
 *
 *     desk_rulebook *rulebook = NULL;
 *     if (desk_rulebook_load_builtin(&rulebook, &err) != DESK_OK) ...
 *     desk_rulebook_release(rulebook);
 */
#ifndef COPYDESK_RULEBOOK_H
#define COPYDESK_RULEBOOK_H

#include <copydesk/error.h>
#include <copydesk/slice.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct desk_rulebook desk_rulebook;

/* One file of a rulebook held in memory. */
typedef struct desk_rulebook_file {
    desk_slice
        path; /* relative to the rulebook, '/' between folders, for example "residue/fr.yaml" */
    desk_slice content;
} desk_rulebook_file;

/* Compiles the rulebook that is built into the library.
 * Owner    *rulebook belongs to the caller, who calls desk_rulebook_release
 * Errors   DESK_ENOMEM, DESK_ERULEBOOK; *rulebook is NULL then
 * Threads  safe from any thread */
DESK_API DESK_NODISCARD desk_status desk_rulebook_load_builtin(desk_rulebook **rulebook,
                                                               desk_error *err);

/* Compiles the rulebook in a folder (all files below it that the rulebook format names).
 * Owner    as above; the folder is not needed afterwards
 * Errors   DESK_EIO (folder or file cannot be read), DESK_ERULEBOOK (message starts with
 *          file:line:column), DESK_EMODEL, DESK_ENOMEM
 * Threads  safe from any thread */
DESK_API DESK_NODISCARD desk_status desk_rulebook_load_folder(const char *folder,
                                                              desk_rulebook **rulebook,
                                                              desk_error *err);

/* Compiles a rulebook from files in memory; contents are copied where they are kept.
 * Errors   as desk_rulebook_load_folder, without DESK_EIO */
DESK_API DESK_NODISCARD desk_status desk_rulebook_load_memory(const desk_rulebook_file *files,
                                                              size_t files_count,
                                                              desk_rulebook **rulebook,
                                                              desk_error *err);

/* Takes another reference; returns its argument.
 * Threads  safe from any thread */
DESK_API desk_rulebook *desk_rulebook_retain(desk_rulebook *rulebook);

/* Gives a reference back; the last one frees the rulebook. NULL is allowed.
 * Threads  safe from any thread */
DESK_API void desk_rulebook_release(desk_rulebook *rulebook);

/* Returns the digest that every enriched record carries: XXH3-128 over the paths and contents of
 * all files in path order, 32 hex digits. Owner    the rulebook's Source   https://xxhash.com, Yann
 * Collet: XXH3 128 bits */
DESK_API const char *desk_rulebook_digest(const desk_rulebook *rulebook);

#ifdef __cplusplus
}
#endif

#endif
