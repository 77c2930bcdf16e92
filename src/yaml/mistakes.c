/* The list of mistakes: grows on the heap, keeps its own copies of names and texts. */
#include "yaml/yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than this in one run helps nobody, and keeps a hostile file from filling the memory. */
enum { MISTAKES_MAX = 1000 };

static char *format_text(const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, arguments);
    char *text = len < 0 ? NULL : malloc((size_t)len + 1);
    if (text)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

static bool make_room(struct mistakes *mistakes)
{
    if (mistakes->count < mistakes->capacity)
        return true;
    size_t wanted = mistakes->capacity ? mistakes->capacity * 2 : 16;
    struct mistake *items = realloc(mistakes->items, wanted * sizeof *items);
    if (!items)
        return false;
    mistakes->items = items;
    mistakes->capacity = wanted;
    return true;
}

static void add(struct mistakes *mistakes, const char *file, size_t line, size_t column,
                bool is_warning, char *text)
{
    if (!is_warning)
        mistakes->errors++;
    char *name = strdup(file);
    bool has_room = mistakes->count < MISTAKES_MAX;
    if (!name || !text || (has_room && !make_room(mistakes)))
        mistakes_no_memory(mistakes);
    if (!name || !text || mistakes->count >= mistakes->capacity || !has_room) {
        free(name);
        free(text);
        return;
    }
    mistakes->items[mistakes->count++] = (struct mistake){name, line, column, text, is_warning};
}

void mistakes_no_memory(struct mistakes *mistakes)
{
    mistakes->no_memory = true;
    mistakes->errors++;
}

void mistakes_add(struct mistakes *mistakes, const char *file, size_t line, size_t column,
                  bool is_warning, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(mistakes, file, line, column, is_warning, format_text(format, arguments));
    va_end(arguments);
}

static size_t file_rank(const struct mistakes *mistakes, const char *file)
{
    size_t i = 0;
    while (strcmp(mistakes->items[i].file, file))
        i++;
    return i;
}

struct ranked {
    struct mistake mistake;
    size_t file, index;
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->file != b->file)
        return a->file < b->file ? -1 : 1;
    if (a->mistake.line != b->mistake.line)
        return a->mistake.line < b->mistake.line ? -1 : 1;
    if (a->mistake.column != b->mistake.column)
        return a->mistake.column < b->mistake.column ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

void mistakes_sort(struct mistakes *mistakes)
{
    struct ranked *ranked = malloc((mistakes->count + 1) * sizeof *ranked);
    for (size_t i = 0; ranked && i < mistakes->count; i++)
        ranked[i] =
            (struct ranked){mistakes->items[i], file_rank(mistakes, mistakes->items[i].file), i};
    if (ranked)
        qsort(ranked, mistakes->count, sizeof *ranked, compare_ranked);
    for (size_t i = 0; ranked && i < mistakes->count; i++)
        mistakes->items[i] = ranked[i].mistake;
    free(ranked);
}

void mistakes_free(struct mistakes *mistakes)
{
    for (size_t i = 0; i < mistakes->count; i++) {
        free(mistakes->items[i].file);
        free(mistakes->items[i].text);
    }
    free(mistakes->items);
    *mistakes = (struct mistakes){0};
}
