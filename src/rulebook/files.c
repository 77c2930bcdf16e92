/* The files of a rulebook: found in a list, or read from a folder. */
#include "rulebook/rulebook.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/slice.h"

/* A rulebook far above these is a wrong folder (a home directory, say), not a rulebook. */
enum { FILES_MAX = 10000, FOLDER_DEPTH_MAX = 8 };
static const size_t FILE_BYTES_MAX = (size_t)1 << 30;

const desk_rulebook_file *rulebook_file(const struct rulebook_files *files, const char *path)
{
    for (size_t i = 0; i < files->count; i++)
        if (slice_is(files->items[i].path, path))
            return &files->items[i];
    return NULL;
}

const desk_rulebook_file *rulebook_next(const struct rulebook_files *files, const char *folder,
                                        const char *extension, size_t *index)
{
    desk_slice prefix = slice_from_cstr(folder), suffix = slice_from_cstr(extension);
    for (; *index < files->count; (*index)++) {
        desk_slice path = files->items[*index].path;
        if (slice_starts(path, prefix) && path.len > prefix.len && path.data[prefix.len] == '/' &&
            slice_ends(path, suffix))
            return &files->items[(*index)++];
    }
    return NULL;
}

struct reader {
    const char *root;
    desk_rulebook_file *items;
    size_t count, capacity;
    desk_error *err;
};

static bool has_known_extension(const char *name)
{
    static const char *const known[] = {".yaml", ".csv", ".tsv", ".model"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (slice_ends(slice_from_cstr(name), slice_from_cstr(known[i])))
            return true;
    return false;
}

static char *read_content(const char *path, size_t size, desk_error *err)
{
    FILE *file = fopen(path, "rb");
    char *data = file ? malloc(size + 1) : NULL;
    if (!file || !data || fread(data, 1, size, file) != size) {
        error_set(err, DESK_EIO, "%s: cannot be read: %s", path, strerror(errno));
        free(data);
        data = NULL;
    }
    if (file)
        fclose(file);
    return data;
}

static desk_status add_file(struct reader *reader, const char *path, size_t size)
{
    if (reader->count == reader->capacity) {
        size_t wanted = reader->capacity ? reader->capacity * 2 : 64;
        desk_rulebook_file *items = realloc(reader->items, wanted * sizeof *items);
        if (!items)
            return error_set(reader->err, DESK_ENOMEM, "out of memory reading the rulebook");
        reader->items = items;
        reader->capacity = wanted;
    }
    if (reader->count >= FILES_MAX || size > FILE_BYTES_MAX)
        return error_set(reader->err, DESK_ERULEBOOK,
                         "%s: a rulebook has at most %d files of 1 GiB; is this the right folder?",
                         path, FILES_MAX);
    char *name = strdup(path + strlen(reader->root) + 1);
    char *content = name ? read_content(path, size, reader->err) : NULL;
    if (!content) {
        free(name);
        return DESK_EIO;
    }
    reader->items[reader->count++] =
        (desk_rulebook_file){slice_from_cstr(name), slice_of(content, size)};
    return DESK_OK;
}

static desk_status read_folder(struct reader *reader, const char *folder, int depth);

static desk_status read_entry(struct reader *reader, const char *folder, const char *name,
                              int depth)
{
    char path[4096];
    struct stat info;
    if (snprintf(path, sizeof path, "%s/%s", folder, name) >= (int)sizeof path)
        return error_set(reader->err, DESK_EIO, "%s: the path is too long", folder);
    if (stat(path, &info))
        return error_set(reader->err, DESK_EIO, "%s: %s", path, strerror(errno));
    if (S_ISDIR(info.st_mode) && depth < FOLDER_DEPTH_MAX)
        return read_folder(reader, path, depth + 1);
    if (S_ISREG(info.st_mode) && has_known_extension(name))
        return add_file(reader, path, (size_t)info.st_size);
    return DESK_OK;
}

static desk_status read_folder(struct reader *reader, const char *folder, int depth)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return error_set(reader->err, DESK_EIO, "%s: the folder cannot be read: %s", folder,
                         strerror(errno));
    desk_status status = DESK_OK;
    struct dirent *entry;
    while (status == DESK_OK && (entry = readdir(dir)))
        if (entry->d_name[0] != '.')
            status = read_entry(reader, folder, entry->d_name, depth);
    closedir(dir);
    return status;
}

static int by_path(const void *a, const void *b)
{
    return slice_compare(((const desk_rulebook_file *)a)->path,
                         ((const desk_rulebook_file *)b)->path);
}

desk_status rulebook_files_read(const char *folder, struct rulebook_files *files, desk_error *err)
{
    char root[4096];
    size_t len = strlen(folder);
    while (len > 1 && folder[len - 1] == '/')
        len--;
    *files = (struct rulebook_files){NULL, 0};
    if (len == 0 || len >= sizeof root)
        return error_set(err, DESK_EIO, "the rulebook folder has no usable name");
    memcpy(root, folder, len);
    root[len] = '\0';
    struct reader reader = {.root = root, .err = err};
    desk_status status = read_folder(&reader, root, 0);
    if (reader.count)
        qsort(reader.items, reader.count, sizeof *reader.items, by_path);
    files->items = reader.items;
    files->count = reader.count;
    if (status == DESK_OK && reader.count == 0)
        status =
            error_set(err, DESK_ERULEBOOK,
                      "%s: no rulebook files (*.yaml, *.csv, *.tsv, *.model) in this folder", root);
    if (status != DESK_OK)
        rulebook_files_free(files);
    return status;
}

void rulebook_files_free(struct rulebook_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free((char *)(size_t)files->items[i].path.data);
        free((char *)(size_t)files->items[i].content.data);
    }
    free((desk_rulebook_file *)(size_t)files->items);
    *files = (struct rulebook_files){NULL, 0};
}
