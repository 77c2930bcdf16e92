/* The path of a node, as a person would write it to find the place in the page's source. Only made
 * for `copydesk explain`, so it may take its time. */
#include "clean/page_path.h"

#include <string.h>

#include "base/slice.h"

enum {
    STEPS_MAX = 6,      /* what a line can hold */
    NAME_BYTES_MAX = 40 /* of a class or id: generated ones are long and say nothing */
};

struct path {
    char *out;
    size_t len, room;
};

static void add(struct path *path, desk_slice text)
{
    size_t len = text.len < path->room - path->len ? text.len : path->room - path->len;
    memcpy(path->out + path->len, text.data, len);
    path->len += len;
}

static desk_slice first_word(desk_slice value)
{
    value = slice_trim(value);
    size_t end = 0;
    while (end < value.len && (unsigned char)value.data[end] > ' ')
        end++;
    return slice_sub(value, 0, end);
}

static void add_step(struct path *path, const struct tree_node *node)
{
    desk_slice id = first_word(tree_attribute(node, ATTRIBUTE_ID));
    desk_slice class = first_word(tree_attribute(node, ATTRIBUTE_CLASS));
    const char *name = ELEMENT_INFO[node->element].name;
    add(path, slice_from_cstr(path->len ? " > " : ""));
    add(path, slice_from_cstr(*name ? name : "?"));
    if (class.len && class.len <= NAME_BYTES_MAX) {
        add(path, slice_from_cstr("."));
        add(path, class);
    } else if (id.len && id.len <= NAME_BYTES_MAX) {
        add(path, slice_from_cstr("#"));
        add(path, id);
    }
}

desk_slice page_path(const struct page *page, uint32_t node)
{
    uint32_t steps[STEPS_MAX];
    size_t count = 0;
    for (; node && count < STEPS_MAX; node = page->tree.nodes[node].parent)
        steps[count++] = node;
    struct path path = {.room = count * (2 * NAME_BYTES_MAX)};
    path.out = count ? arena_alloc(page->arena, path.room, 1) : NULL;
    if (!path.out)
        return slice_of(NULL, 0);
    while (count)
        add_step(&path, &page->tree.nodes[steps[--count]]);
    return slice_of(path.out, path.len);
}
