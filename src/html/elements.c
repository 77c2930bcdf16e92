/* Looking an element up by name: one multiplication, one comparison. */
#include "html/elements.h"

#include "html/tag_name.h"

#define ELEMENT_ROW(id, name, flags) {name, sizeof(name) - 1, flags},
const struct element_info ELEMENT_INFO[ELEMENT_COUNT] = {ELEMENTS(ELEMENT_ROW)};
#undef ELEMENT_ROW

/* The first byte of the name as the highest one, so that the table is the same on all machines. */
static uint64_t number_of(uint64_t key, size_t len)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    key = __builtin_bswap64(key);
#endif
    return len && len < TAG_KEY_BYTES ? key >> 8 * (TAG_KEY_BYTES - len) : key;
}

enum element element_by_name(desk_slice name, uint64_t key)
{
    uint64_t number = number_of(key, name.len) ^ (uint64_t)name.len << 56;
    enum element element =
        (enum element)ELEMENT_SLOTS[number * ELEMENT_MULTIPLIER >> ELEMENT_SLOTS_SHIFT];
    const struct element_info *info = &ELEMENT_INFO[element];
    return tag_name_is(name, key, info->name, info->len) ? element : ELEMENT_NONE;
}
