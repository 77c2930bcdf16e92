/* The attributes that the cleaning asks for, by number: names are told apart once, when a tag is
 * read. */
#ifndef HTML_ATTRIBUTES_H
#define HTML_ATTRIBUTES_H

#include <copydesk/slice.h>
#include <stdint.h>

/* clang-format off */
/* In the order of the alphabet; a change needs a new attributes_table.c. */
#define ATTRIBUTES(X) \
    X(ARIA_HIDDEN, "aria-hidden") X(CLASS, "class") X(CONTENT, "content") X(DATETIME, "datetime") \
    X(HIDDEN, "hidden") X(HREF, "href") X(HTTP_EQUIV, "http-equiv") X(ID, "id") \
    X(ITEMPROP, "itemprop") X(ITEMSCOPE, "itemscope") X(ITEMTYPE, "itemtype") X(LANG, "lang") \
    X(NAME, "name") X(PROPERTY, "property") X(REL, "rel") X(ROLE, "role") X(SRC, "src") \
    X(STYLE, "style") X(TITLE, "title") X(TYPE, "type")
/* clang-format on */
#define ATTRIBUTE_ENUM(id, name) ATTRIBUTE_##id,
enum attribute { ATTRIBUTE_OTHER, ATTRIBUTES(ATTRIBUTE_ENUM) ATTRIBUTE_COUNT };
#undef ATTRIBUTE_ENUM

/* Sets of attributes are bits of 32. */
static inline uint32_t attribute_bit(enum attribute attribute)
{
    return (uint32_t)1 << attribute;
}

/* Where a name's number leads; see generate_attributes.py. */
enum { ATTRIBUTE_SLOTS_COUNT = 64, ATTRIBUTE_SLOTS_SHIFT = 64 - 6 };
extern const uint64_t ATTRIBUTE_MULTIPLIER;
extern const uint8_t ATTRIBUTE_SLOTS[ATTRIBUTE_SLOTS_COUNT];

/* ATTRIBUTE_OTHER when the name is none of the list. ASCII case does not matter. `key` is the
 * name's tag_key (html/tag_name.h). */
enum attribute attribute_by_name(desk_slice name, uint64_t key);

#endif
