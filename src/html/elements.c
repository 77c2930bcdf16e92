/* Looking an element up by name: first letter, then the few names that begin with it. */
#include "html/elements.h"

#include "base/slice.h"

#define ELEMENT_ROW(id, name, flags) {name, sizeof(name) - 1, flags},
const struct element_info ELEMENT_INFO[ELEMENT_COUNT] = {ELEMENTS(ELEMENT_ROW)};
#undef ELEMENT_ROW

/* First element of each letter; the list is in the order of the alphabet. */
static const uint8_t FIRST[27] = {
    ELEMENT_A,     ELEMENT_B,     ELEMENT_CANVAS, ELEMENT_DD,  ELEMENT_EM,  ELEMENT_FIELDSET,
    ELEMENT_H1,    ELEMENT_H1,    ELEMENT_I,      ELEMENT_KBD, ELEMENT_KBD, ELEMENT_LABEL,
    ELEMENT_MAIN,  ELEMENT_NAV,   ELEMENT_OBJECT, ELEMENT_P,   ELEMENT_Q,   ELEMENT_RB,
    ELEMENT_S,     ELEMENT_TABLE, ELEMENT_U,      ELEMENT_VAR, ELEMENT_WBR, ELEMENT_XMP,
    ELEMENT_COUNT, ELEMENT_COUNT, ELEMENT_COUNT};

enum element element_by_name(desk_slice name)
{
    char lower[sizeof ELEMENT_INFO[0].name];
    if (name.len == 0 || name.len >= sizeof lower || !ascii_is_alpha(name.data[0]))
        return ELEMENT_NONE;
    for (size_t i = 0; i < name.len; i++)
        lower[i] = ascii_lower(name.data[i]);
    unsigned letter = (unsigned)(lower[0] - 'a');
    for (unsigned i = FIRST[letter]; i < FIRST[letter + 1]; i++)
        if (ELEMENT_INFO[i].len == name.len && memcmp(ELEMENT_INFO[i].name, lower, name.len) == 0)
            return (enum element)i;
    return ELEMENT_NONE;
}
