/* Reads the pack that pack.c wrote and the assembler included. */
#include "rulebook/rulebook.h"

#include <stdlib.h>

#include "base/slice.h"

extern const char desk_builtin_rulebook_start[];
extern const char desk_builtin_rulebook_end[];

enum { BUILTIN_FILES_MAX = 512 };

static size_t read_length(const char **p)
{
    size_t len = 0;
    while (ascii_is_digit(**p))
        len = len * 10 + (size_t)(*(*p)++ - '0');
    return len;
}

struct rulebook_files rulebook_unpack(const char *start, const char *end)
{
    struct rulebook_files files = {NULL, 0};
    desk_rulebook_file *items = calloc(BUILTIN_FILES_MAX, sizeof *items);
    if (!items)
        return files;
    const char *p = start;
    while (p < end && files.count < BUILTIN_FILES_MAX) {
        size_t len = read_length(&p);
        const char *path = ++p;
        while (*p != '\n')
            p++;
        if (p == path)
            break;
        items[files.count].path = slice_of(path, (size_t)(p - path));
        items[files.count].content = slice_of(p + 1, len);
        files.count++;
        p += 1 + len + 1;
    }
    files.items = items;
    return files;
}

struct rulebook_files rulebook_builtin(void)
{
    return rulebook_unpack(desk_builtin_rulebook_start, desk_builtin_rulebook_end);
}
