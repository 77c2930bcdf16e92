/* Loading a rulebook for a host: which files it has, and whom its mistakes are told to.
 *
 * Files come in layers, built-in below folder below memory; of one path the highest layer's holds.
 */
#include "rulebook/rulebook.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/tell.h"
#include "base/sized.h"
#include "base/slice.h"
#include "yaml/yaml.h"

/* Longer paths would be cut in messages. */
enum { PATH_BYTES_MAX = 255 };

enum layer { LAYER_BUILTIN, LAYER_FOLDER, LAYER_MEMORY };

struct layered {
    desk_rulebook_file file;
    enum layer layer;
};

struct stack {
    struct layered *items;
    size_t count;
};

static int by_path_and_layer(const void *a, const void *b)
{
    const struct layered *x = a, *y = b;
    int order = slice_compare(x->file.path, y->file.path);
    return order ? order : (x->layer < y->layer) - (x->layer > y->layer);
}

static bool push(struct stack *stack, enum layer layer, const desk_rulebook_file *files,
                 size_t count)
{
    if (!count)
        return true;
    size_t wanted = stack->count + count;
    if (wanted < count || wanted > SIZE_MAX / sizeof *stack->items)
        return false;
    struct layered *items = realloc(stack->items, wanted * sizeof *items);
    if (!items)
        return false;
    for (size_t i = 0; i < count; i++)
        items[stack->count + i] = (struct layered){files[i], layer};
    stack->items = items;
    stack->count = wanted;
    return true;
}

/* The files that hold, sorted by path; items is to be freed. */
static desk_status flatten(struct stack *stack, struct rulebook_files *files, desk_error *err)
{
    desk_rulebook_file *items = calloc(stack->count + 1, sizeof *items);
    size_t count = 0;
    if (!items)
        return error_set(err, DESK_ENOMEM, "out of memory loading the rulebook");
    if (stack->count)
        qsort(stack->items, stack->count, sizeof *stack->items, by_path_and_layer);
    for (size_t i = 0; i < stack->count; i++) {
        const struct layered *item = &stack->items[i];
        if (!count || !slice_equal(items[count - 1].path, item->file.path)) {
            items[count++] = item->file;
        } else if (item->layer == stack->items[i - 1].layer) {
            free(items);
            return error_set(err, DESK_EARGUMENT, "the rulebook's file %.*s is given twice",
                             (int)item->file.path.len, item->file.path.data);
        }
    }
    *files = (struct rulebook_files){items, count};
    return DESK_OK;
}

static desk_status check_file(const desk_rulebook_file *file, size_t index, desk_error *err)
{
    if (!file->path.data || !file->path.len || (!file->content.data && file->content.len))
        return error_set(err, DESK_EARGUMENT,
                         "file %zu of the rulebook has no path, or a content without data (NULL)",
                         index);
    if (file->path.len > PATH_BYTES_MAX || file->path.data[0] == '/' ||
        memchr(file->path.data, '\0', file->path.len))
        return error_set(err, DESK_EARGUMENT,
                         "file %zu of the rulebook: a path is relative to the rulebook, without a "
                         "NUL, and has at most %d bytes",
                         index, PATH_BYTES_MAX);
    return DESK_OK;
}

static desk_status push_memory(struct stack *stack, const desk_rulebook_options *options,
                               desk_error *err)
{
    if (options->files_count && !options->files)
        return error_set(err, DESK_EARGUMENT, "the rulebook's files are NULL, their number is %zu",
                         options->files_count);
    for (size_t i = 0; i < options->files_count; i++) {
        desk_status status = check_file(&options->files[i], i, err);
        if (status != DESK_OK)
            return status;
    }
    return push(stack, LAYER_MEMORY, options->files, options->files_count)
               ? DESK_OK
               : error_set(err, DESK_ENOMEM, "out of memory loading the rulebook");
}

static void tell(const desk_logger *logger, const struct mistakes *mistakes)
{
    for (size_t i = 0; i < mistakes->count; i++) {
        desk_error event = DESK_ERROR_INIT;
        const struct mistake *mistake = &mistakes->items[i];
        rulebook_mistake(mistake, "", &event);
        tell_event(logger, mistake->is_warning ? DESK_LOG_WARNING : DESK_LOG_ERROR, &event);
    }
}

static desk_status compile(const struct rulebook_files *files, const desk_logger *logger,
                           desk_rulebook **rulebook, desk_error *err)
{
    struct mistakes mistakes = {0};
    desk_status status = rulebook_compile(files, &mistakes, rulebook, err);
    tell(logger, &mistakes);
    mistakes_free(&mistakes);
    return status;
}

/* What is below the memory's files. Only `folder` owns what its items point at. */
struct sources {
    struct rulebook_files builtin, folder;
};

static desk_status compile_layers(const desk_rulebook_options *options,
                                  const struct sources *sources, desk_rulebook **rulebook,
                                  desk_error *err)
{
    struct stack stack = {NULL, 0};
    struct rulebook_files files = {NULL, 0};
    desk_status status = DESK_OK;
    if (!push(&stack, LAYER_BUILTIN, sources->builtin.items, sources->builtin.count) ||
        !push(&stack, LAYER_FOLDER, sources->folder.items, sources->folder.count))
        status = error_set(err, DESK_ENOMEM, "out of memory loading the rulebook");
    if (status == DESK_OK)
        status = push_memory(&stack, options, err);
    if (status == DESK_OK)
        status = flatten(&stack, &files, err);
    if (status == DESK_OK)
        status = compile(&files, &options->logger, rulebook, err);
    free((desk_rulebook_file *)(size_t)files.items);
    free(stack.items);
    return status;
}

static desk_status load(const desk_rulebook_options *options, desk_rulebook **rulebook,
                        desk_error *err)
{
    struct sources sources = {{NULL, 0}, {NULL, 0}};
    desk_status status = DESK_OK;
    if (options->is_extension || (!options->folder && !options->files_count && !options->files)) {
        sources.builtin = rulebook_builtin();
        if (!sources.builtin.items)
            return error_set(err, DESK_ENOMEM, "out of memory loading the built-in rulebook");
    }
    if (options->folder)
        status = rulebook_files_read(options->folder, &sources.folder, err);
    if (status == DESK_OK)
        status = compile_layers(options, &sources, rulebook, err);
    rulebook_files_free(&sources.folder);
    free((desk_rulebook_file *)(size_t)sources.builtin.items);
    return status;
}

/* What the struct of the first release had. */
static const size_t OPTIONS_SIZE_MIN =
    offsetof(desk_rulebook_options, logger) + sizeof(desk_logger);

desk_status desk_rulebook_load(const desk_rulebook_options *options, desk_rulebook **rulebook,
                               desk_error *err)
{
    desk_rulebook_options known = DESK_RULEBOOK_OPTIONS_INIT;
    if (!rulebook)
        return error_set(err, DESK_EARGUMENT, "desk_rulebook_load: rulebook must not be NULL");
    *rulebook = NULL;
    enum sized sized = options ? sized_read(&known, OPTIONS_SIZE_MIN, options) : SIZED_OK;
    if (sized != SIZED_OK)
        return sized_error(sized, "desk_rulebook_options", err);
    return load(&known, rulebook, err);
}

desk_status desk_rulebook_load_builtin(desk_rulebook **rulebook, desk_error *err)
{
    return desk_rulebook_load(NULL, rulebook, err);
}

desk_status desk_rulebook_load_folder(const char *folder, desk_rulebook **rulebook, desk_error *err)
{
    desk_rulebook_options options = DESK_RULEBOOK_OPTIONS_INIT;
    options.folder = folder ? folder : ""; /* which is refused: NULL would be the built-in one */
    return desk_rulebook_load(&options, rulebook, err);
}

desk_status desk_rulebook_load_memory(const desk_rulebook_file *files, size_t files_count,
                                      desk_rulebook **rulebook, desk_error *err)
{
    static const desk_rulebook_file none = {{NULL, 0}, {NULL, 0}};
    desk_rulebook_options options = DESK_RULEBOOK_OPTIONS_INIT;
    options.files = files || files_count ? files : &none;
    options.files_count = files_count;
    return desk_rulebook_load(&options, rulebook, err);
}
