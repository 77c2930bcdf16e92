/* Looking an attribute up by name: one multiplication, one comparison. */
#include "html/attributes.h"

#include "html/tag_name.h"

_Static_assert(ATTRIBUTE_COUNT <= 32, "a set of attributes is 32 bits");

struct known_name {
    char name[12];
    uint8_t len;
};

#define KNOWN_NAME(id, name) {name, sizeof(name) - 1},
static const struct known_name NAMES[ATTRIBUTE_COUNT] = {{"", 0}, ATTRIBUTES(KNOWN_NAME)};
#undef KNOWN_NAME

enum attribute attribute_by_name(desk_slice name, uint64_t key)
{
    uint64_t slot = tag_number(key, name.len) * ATTRIBUTE_MULTIPLIER >> ATTRIBUTE_SLOTS_SHIFT;
    enum attribute candidate = (enum attribute)ATTRIBUTE_SLOTS[slot];
    const struct known_name *known = &NAMES[candidate];
    return tag_name_is(name, key, known->name, known->len) ? candidate : ATTRIBUTE_OTHER;
}
