/* Looking an element up by name: one multiplication, one comparison. */
#include "html/elements.h"

#include "html/tag_name.h"

#define ELEMENT_ROW(id, name, flags) {name, sizeof(name) - 1, flags},
const struct element_info ELEMENT_INFO[ELEMENT_COUNT] = {ELEMENTS(ELEMENT_ROW)};
#undef ELEMENT_ROW

enum element element_by_name(desk_slice name, uint64_t key)
{
    uint64_t slot = tag_number(key, name.len) * ELEMENT_MULTIPLIER >> ELEMENT_SLOTS_SHIFT;
    enum element element = (enum element)ELEMENT_SLOTS[slot];
    const struct element_info *info = &ELEMENT_INFO[element];
    return tag_name_is(name, key, info->name, info->len) ? element : ELEMENT_NONE;
}
