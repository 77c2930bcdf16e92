/* The visible text of pages by our tree, for tests/html/check: one JSON string a line in, one out.
 *
 * The first line out names the elements that begin and end a line, and those that are not shown, so
 * that the judge reads its own tree by the same lists. A break between lines is U+0001; the judge
 * folds white space on both sides. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "html/tree.h"

struct output {
    char *data;
    size_t len, capacity;
};

static void put(struct output *out, const char *data, size_t len)
{
    if (out->len + len > out->capacity) {
        out->capacity = 2 * (out->len + len) + 64;
        out->data = realloc(out->data, out->capacity);
        if (!out->data)
            abort();
    }
    for (size_t i = 0; i < len; i++)
        if (data[i]) /* a NUL in the text of a page counts as nothing */
            out->data[out->len++] = data[i];
}

static void put_node(struct arena *arena, const struct tree *tree, uint32_t index,
                     struct output *out)
{
    const struct tree_node *node = &tree->nodes[index];
    unsigned flags = ELEMENT_INFO[node->element].flags;
    bool is_line = flags & ELEMENT_BLOCK || node->element == ELEMENT_BR;
    if (node->is_text) {
        desk_slice text = node->text;
        if (html_decode(arena, &text, (enum text_mode)node->mode))
            put(out, text.data, text.len);
        return;
    }
    if (index && flags & ELEMENT_HIDDEN)
        return;
    if (is_line)
        put(out, "\1", 1);
    for (uint32_t child = index + 1; child < node->end; child = tree->nodes[child].end)
        put_node(arena, tree, child, out);
    if (is_line)
        put(out, "\1", 1);
}

static void print_elements(void)
{
    json_t *lines = json_array(), *hidden = json_array();
    for (size_t i = 1; i < ELEMENT_COUNT; i++) {
        unsigned flags = ELEMENT_INFO[i].flags;
        if (flags & ELEMENT_BLOCK || i == ELEMENT_BR)
            json_array_append_new(lines, json_string(ELEMENT_INFO[i].name));
        if (flags & ELEMENT_HIDDEN)
            json_array_append_new(hidden, json_string(ELEMENT_INFO[i].name));
    }
    json_t *both = json_pack("{s:o,s:o}", "lines", lines, "hidden", hidden);
    json_dumpf(both, stdout, JSON_COMPACT);
    putchar('\n');
    json_decref(both);
}

static bool print_page(struct arena *arena, const char *line)
{
    struct tree tree;
    struct output out = {NULL, 0, 0};
    json_t *page = json_loads(line, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    bool good =
        json_is_string(page) &&
        tree_build(arena, slice_of(json_string_value(page), json_string_length(page)), &tree);
    if (good)
        put_node(arena, &tree, 0, &out);
    json_t *text = json_stringn(out.data ? out.data : "", out.len);
    json_dumpf(text, stdout, JSON_ENCODE_ANY);
    putchar('\n');
    json_decref(text);
    json_decref(page);
    free(out.data);
    arena_reset(arena);
    return good;
}

int main(void)
{
    struct arena arena;
    char *line = NULL;
    size_t capacity = 0;
    bool good = true;
    arena_init(&arena, (size_t)1 << 30, (size_t)1 << 20);
    print_elements();
    while (getline(&line, &capacity, stdin) > 0)
        good &= print_page(&arena, line);
    free(line);
    arena_deinit(&arena);
    return good ? 0 : 1;
}
