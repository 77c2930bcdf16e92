/* Compiling files to one immutable object, its digest and its reference count. */
#include "rulebook/rulebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/error.h"
#include "base/slice.h"
#include "rulebook/parts.h"
#include "tag/model.h"
#include "text/utf8.h"
#include "yaml/yaml.h"

static void **part_slot(struct desk_rulebook *rulebook, const struct part *part)
{
    return (void **)(void *)((char *)rulebook + part->slot);
}

static void rulebook_free(struct desk_rulebook *rulebook)
{
    for (const struct part *part = RULEBOOK_PARTS; part->name; part++)
        part->free(*part_slot(rulebook, part));
    free(rulebook);
}

/* Paths and lengths are hashed too, so that moving a byte from one file to the next changes the
 * digest. */
static bool write_digest(const struct rulebook_files *files, char digest[33])
{
    XXH3_state_t *state = XXH3_createState();
    if (!state || XXH3_128bits_reset(state) == XXH_ERROR) {
        XXH3_freeState(state);
        return false;
    }
    for (size_t i = 0; i < files->count; i++) {
        const desk_rulebook_file *file = &files->items[i];
        char length[32];
        int digits = snprintf(length, sizeof length, "\n%zu\n", file->content.len);
        XXH3_128bits_update(state, file->path.data, file->path.len);
        XXH3_128bits_update(state, length, (size_t)digits);
        XXH3_128bits_update(state, file->content.data, file->content.len);
    }
    XXH128_hash_t hash = XXH3_128bits_digest(state);
    XXH3_freeState(state);
    snprintf(digest, 33, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
    return true;
}

/* A model's file is no text: it has no lines. */
static desk_status status_of(const struct mistake *mistake)
{
    bool is_model =
        !mistake->line && slice_ends(slice_from_cstr(mistake->file), slice_from_cstr(".model"));
    return is_model ? DESK_EMODEL : DESK_ERULEBOOK;
}

desk_status rulebook_mistake(const struct mistake *mistake, const char *more, desk_error *err)
{
    desk_status status = status_of(mistake);
    if (!mistake->line)
        error_set(err, status, "%s: %s%s", mistake->file, mistake->text, more);
    else
        error_set(err, status, "%s:%zu:%zu: %s%s", mistake->file, mistake->line, mistake->column,
                  mistake->text, more);
    error_place(err, mistake->file, mistake->line, mistake->column);
    return status;
}

static desk_status first_mistake(const struct mistakes *mistakes, desk_error *err)
{
    const char *more = mistakes->errors > 1 ? " (and more: run copydesk check)" : "";
    for (size_t i = 0; i < mistakes->count; i++)
        if (!mistakes->items[i].is_warning)
            return rulebook_mistake(&mistakes->items[i], more, err);
    return error_set(err, DESK_ERULEBOOK, "the rulebook has mistakes: run copydesk check");
}

/* Where the parts look for their files. */
static bool has_reader(desk_slice path)
{
    static const char *const files[] = {"calendar.yaml", "languages.yaml", "languages.model",
                                        "metadata.yaml", "page.yaml",      "page.model",
                                        "quoting.yaml",  "sources.csv",    "urls.yaml"};
    static const struct {
        const char *folder, *extension;
    } folders[] = {{"gazetteer/", ".csv"},
                   {"models/", ".model"},
                   {"residue/", ".yaml"},
                   {"subjects/", ".yaml"},
                   {"sources/", ".csv"}};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (slice_is(path, files[i]))
            return true;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (slice_starts(path, slice_from_cstr(folders[i].folder)) &&
            slice_ends(path, slice_from_cstr(folders[i].extension)))
            return true;
    return false;
}

/* Everything behind trusts the text of a rulebook to be UTF-8; only the models' files are none. */
static void check_file(const desk_rulebook_file *file, struct mistakes *mistakes)
{
    desk_slice content = file->content;
    size_t valid = utf8_valid_prefix(content.data, content.len), line = 1, start = 0;
    char name[256];
    snprintf(name, sizeof name, "%.*s", (int)(file->path.len < 255 ? file->path.len : 255),
             file->path.data);
    if (!has_reader(file->path))
        mistakes_add(mistakes, name, 0, 0, true,
                     "nothing reads this file: its path decides what it is, such as "
                     "residue/NAME.yaml or sources/NAME.csv (docs/rulebook.md)");
    if (valid == content.len || slice_ends(file->path, slice_from_cstr(".model")))
        return;
    for (size_t i = 0; i < valid; i++)
        if (content.data[i] == '\n') {
            line++;
            start = i + 1;
        }
    mistakes_add(mistakes, name, line, valid - start + 1, false, "this is not UTF-8");
}

static desk_status compile_parts(const struct rulebook_files *files, struct mistakes *mistakes,
                                 struct desk_rulebook *made, desk_error *err)
{
    for (size_t i = 0; i < files->count; i++)
        check_file(&files->items[i], mistakes);
    if (mistakes->errors)
        return DESK_OK; /* they are told by the caller */
    for (const struct part *part = RULEBOOK_PARTS; part->name; part++) {
        *part_slot(made, part) = part->compile(files, mistakes);
        if (!*part_slot(made, part) && mistakes->errors == 0)
            return error_set(err, DESK_ENOMEM, "out of memory compiling the rulebook's %s",
                             part->name);
    }
    return DESK_OK;
}

desk_status rulebook_compile(const struct rulebook_files *files, struct mistakes *mistakes,
                             struct desk_rulebook **rulebook, desk_error *err)
{
    *rulebook = NULL;
    struct desk_rulebook *made = calloc(1, sizeof *made);
    if (!made || !write_digest(files, made->digest)) {
        free(made);
        return error_set(err, DESK_ENOMEM, "out of memory compiling the rulebook");
    }
    atomic_init(&made->references, 1);
    desk_status status = compile_parts(files, mistakes, made, err);
    if (status == DESK_OK && !mistakes->errors)
        models_resolve(made->models, made->lexicon, mistakes);
    if (status == DESK_OK && mistakes->no_memory)
        status = error_set(err, DESK_ENOMEM, "out of memory compiling the rulebook");
    if (status == DESK_OK && mistakes->errors)
        status = first_mistake(mistakes, err);
    if (status != DESK_OK) {
        rulebook_free(made);
        return status;
    }
    *rulebook = made;
    return DESK_OK;
}

desk_rulebook *desk_rulebook_retain(desk_rulebook *rulebook)
{
    if (rulebook)
        atomic_fetch_add_explicit(&rulebook->references, 1, memory_order_relaxed);
    return rulebook;
}

void desk_rulebook_release(desk_rulebook *rulebook)
{
    if (rulebook && atomic_fetch_sub_explicit(&rulebook->references, 1, memory_order_acq_rel) == 1)
        rulebook_free(rulebook);
}

const char *desk_rulebook_digest(const desk_rulebook *rulebook)
{
    return rulebook ? rulebook->digest : "";
}
