/* Looking an attribute up by name: its length and a letter leave one candidate. */
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

static enum attribute candidate_of_four(char first)
{
    switch (first) {
    case 'h':
        return ATTRIBUTE_HREF;
    case 'l':
        return ATTRIBUTE_LANG;
    case 'n':
        return ATTRIBUTE_NAME;
    case 't':
        return ATTRIBUTE_TYPE;
    default:
        return ATTRIBUTE_ROLE;
    }
}

static enum attribute candidate_of_eight(desk_slice name, char first)
{
    if (first == 'd')
        return ATTRIBUTE_DATETIME;
    if (first == 'p')
        return ATTRIBUTE_PROPERTY;
    return ascii_lower(name.data[4]) == 'p' ? ATTRIBUTE_ITEMPROP : ATTRIBUTE_ITEMTYPE;
}

static enum attribute candidate_of(desk_slice name)
{
    char first = name.len ? ascii_lower(name.data[0]) : 0;
    switch (name.len) {
    case 2:
        return ATTRIBUTE_ID;
    case 3:
        return first == 'r' ? ATTRIBUTE_REL : ATTRIBUTE_SRC;
    case 4:
        return candidate_of_four(first);
    case 5:
        return first == 'c' ? ATTRIBUTE_CLASS : first == 's' ? ATTRIBUTE_STYLE : ATTRIBUTE_TITLE;
    case 6:
        return ATTRIBUTE_HIDDEN;
    case 7:
        return ATTRIBUTE_CONTENT;
    case 8:
        return candidate_of_eight(name, first);
    case 9:
        return ATTRIBUTE_ITEMSCOPE;
    case 10:
        return ATTRIBUTE_HTTP_EQUIV;
    case 11:
        return ATTRIBUTE_ARIA_HIDDEN;
    default:
        return ATTRIBUTE_OTHER;
    }
}

enum attribute attribute_by_name(desk_slice name, uint64_t key)
{
    enum attribute candidate = candidate_of(name);
    const struct known_name *known = &NAMES[candidate];
    return tag_name_is(name, key, known->name, known->len) ? candidate : ATTRIBUTE_OTHER;
}
