/* dlopen, and the checks that let old and new stages meet old and new hosts: what cannot work is
 * refused with both versions, what can is cut to what both know. */
#include "stage/loader.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/sized.h"
#include "stage/turn.h"

/* Later versions of the symbol that are looked for, only to say that a stage is too new. */
enum { ABI_KNOWN_MAX = 32 };

/* Up to and with process: what a stage cannot do without. */
static const uint32_t SIZE_MIN = offsetof(desk_stage, process) + sizeof(void (*)(void));

int loader_is_name(const char *name)
{
    size_t len = name ? strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") : 0;
    return len && !name[len] && len <= STAGE_NAME_MAX && name[0] != '-';
}

/* --- what a stage is ----------------------------------------------------------------------- */

static desk_status take_functions(const char *where, const desk_stage *given, desk_stage *known,
                                  desk_error *err)
{
    if (given->abi != DESK_STAGE_ABI)
        return error_set(err, DESK_ESTAGELOAD,
                         "%s: the stage has version %u of the interface, this copydesk has %d: %s",
                         where, (unsigned)given->abi, DESK_STAGE_ABI,
                         given->abi > DESK_STAGE_ABI ? "use a newer copydesk, or build the stage "
                                                       "with this one's headers"
                                                     : "build the stage with this one's headers");
    if (given->size < SIZE_MIN || given->size > SIZED_BYTES_MAX)
        return error_set(err, DESK_ESTAGELOAD,
                         "%s: desk_stage_v1.size is %u; it has to be sizeof(desk_stage)", where,
                         (unsigned)given->size);
    memset(known, 0, sizeof *known);
    memcpy(known, given, given->size < sizeof *known ? given->size : sizeof *known);
    if (known->describe && known->process)
        return DESK_OK;
    return error_set(err, DESK_ESTAGELOAD, "%s: desk_stage_v1 has no function %s", where,
                     known->describe ? "process" : "describe");
}

static desk_status take_description(const char *where, struct loaded_stage *stage, desk_error *err)
{
    static const size_t size_min = offsetof(desk_stage_description, name) + sizeof(char *);
    const desk_stage_description *given = stage->functions.describe();
    stage->description = (desk_stage_description){.size = sizeof stage->description};
    enum sized sized = given ? sized_read(&stage->description, size_min, given) : SIZED_UNSET;
    if (sized == SIZED_UNSET)
        return error_set(err, DESK_ESTAGELOAD,
                         "%s: describe() gives no description whose size is "
                         "sizeof(desk_stage_description)",
                         where);
    if (sized == SIZED_NEWER)
        return error_set(
            err, DESK_ESTAGELOAD,
            "%s: the stage's description says what this copydesk does not know: it was "
            "built for a newer one",
            where);
    if (loader_is_name(stage->description.name))
        return DESK_OK;
    return error_set(
        err, DESK_ESTAGELOAD,
        "%s: '%.60s' cannot be a stage's name: 1 to %d of a-z, 0-9 and '-' are allowed", where,
        stage->description.name ? stage->description.name : "", STAGE_NAME_MAX);
}

desk_status loader_adopt(const char *where, const desk_stage *given, struct loaded_stage *stage,
                         desk_error *err)
{
    desk_status status = take_functions(where, given, &stage->functions, err);
    return status == DESK_OK ? take_description(where, stage, err) : status;
}

/* --- the file ------------------------------------------------------------------------------ */

static desk_status no_symbol(const char *path, void *handle, desk_error *err)
{
    for (int abi = DESK_STAGE_ABI + 1; abi <= ABI_KNOWN_MAX; abi++) {
        char name[32];
        snprintf(name, sizeof name, "desk_stage_v%d", abi);
        if (dlsym(handle, name))
            return error_set(err, DESK_ESTAGELOAD,
                             "%s: the stage needs version %d of the interface, this copydesk has "
                             "%d: use a newer copydesk, or build the stage with this one's headers",
                             path, abi, DESK_STAGE_ABI);
    }
    return error_set(
        err, DESK_ESTAGELOAD,
        "%s: no stage of copydesk: it does not define desk_stage_v%d (a C++ file needs "
        "extern \"C\", a build with hidden symbols DESK_API)",
        path, DESK_STAGE_ABI);
}

/* The dynamic linker names the file itself, and what is missing. */
static desk_status not_loaded(const char *path, desk_error *err)
{
    const char *text = dlerror();
    const char *hint = "";
    if (text && strstr(text, "undefined symbol: desk_"))
        hint = ": the stage was built for a newer copydesk";
    else if (text && strstr(text, "undefined symbol"))
        hint = ": link the library that has it into the stage";
    return error_set(err, DESK_ESTAGELOAD, "%s%s", text ? text : path, hint);
}

/* A name without a slash would be searched for in the system's folders. */
static void *open_file(const char *path)
{
    char here[4096];
    if (strchr(path, '/') || snprintf(here, sizeof here, "./%s", path) >= (int)sizeof here)
        return dlopen(path, RTLD_NOW | RTLD_LOCAL);
    return dlopen(here, RTLD_NOW | RTLD_LOCAL);
}

desk_status loader_open(const char *path, struct loaded_stage *stage, desk_error *err)
{
    void *handle = open_file(path);
    *stage = (struct loaded_stage){.handle = handle};
    if (!handle)
        return not_loaded(path, err);
    const desk_stage *given = dlsym(handle, "desk_stage_v1");
    desk_status status =
        given ? loader_adopt(path, given, stage, err) : no_symbol(path, handle, err);
    if (status != DESK_OK)
        loader_close(stage);
    return status;
}

void loader_close(struct loaded_stage *stage)
{
    if (stage->handle)
        dlclose(stage->handle);
    *stage = (struct loaded_stage){.handle = NULL};
}
