/* Looking an element up by name: one multiplication, one comparison. */
#include "html/elements.h"

#include "base/slice.h"

#define ELEMENT_ROW(id, name, flags) {name, sizeof(name) - 1, flags},
const struct element_info ELEMENT_INFO[ELEMENT_COUNT] = {ELEMENTS(ELEMENT_ROW)};
#undef ELEMENT_ROW

enum { KEY_BYTES = 8, LOWER_CASE = 0x20 };

enum element element_by_name(desk_slice name)
{
    uint64_t key = 0;
    /* Setting one bit makes a capital small and leaves digits alone. */
    for (size_t i = 0; i < name.len && i < KEY_BYTES; i++)
        key = key << 8 | (unsigned char)(name.data[i] | LOWER_CASE);
    key ^= (uint64_t)name.len << 56;
    enum element element =
        (enum element)ELEMENT_SLOTS[key * ELEMENT_MULTIPLIER >> ELEMENT_SLOTS_SHIFT];
    desk_slice known = slice_of(ELEMENT_INFO[element].name, ELEMENT_INFO[element].len);
    return slice_equal_nocase(name, known) ? element : ELEMENT_NONE;
}
