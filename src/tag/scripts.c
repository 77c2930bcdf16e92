/* Scripts by their main code point ranges (Unicode 15, Blocks.txt). */
#include "tag/scripts.h"

#include "base/slice.h"

struct script_range {
    uint32_t first, last;
    const char *name;
};

static const struct script_range SCRIPTS[SCRIPT_COUNT] = {
    {0x0041, 0x02AF, "Latin"},      {0x0370, 0x03FF, "Greek"},     {0x0400, 0x052F, "Cyrillic"},
    {0x0530, 0x058F, "Armenian"},   {0x0590, 0x05FF, "Hebrew"},    {0x0600, 0x077F, "Arabic"},
    {0x0900, 0x097F, "Devanagari"}, {0x0980, 0x09FF, "Bengali"},   {0x0A00, 0x0A7F, "Gurmukhi"},
    {0x0A80, 0x0AFF, "Gujarati"},   {0x0B80, 0x0BFF, "Tamil"},     {0x0C00, 0x0C7F, "Telugu"},
    {0x0C80, 0x0CFF, "Kannada"},    {0x0D00, 0x0D7F, "Malayalam"}, {0x0D80, 0x0DFF, "Sinhala"},
    {0x0E00, 0x0E7F, "Thai"},       {0x0E80, 0x0EFF, "Lao"},       {0x1000, 0x109F, "Myanmar"},
    {0x10A0, 0x10FF, "Georgian"},   {0x1200, 0x139F, "Ethiopic"},  {0x1780, 0x17FF, "Khmer"},
    {0x1E00, 0x1EFF, "Latin"},      {0x1F00, 0x1FFF, "Greek"},     {0x3040, 0x30FF, "Kana"},
    {0x3400, 0x9FFF, "Han"},        {0xAC00, 0xD7AF, "Hangul"},    {0xF900, 0xFAFF, "Han"}};

int script_of(uint32_t cp)
{
    if (cp < 0x2B0)
        return cp >= 'A' && cp != 0xD7 && cp != 0xF7 && !(cp > 'Z' && cp < 'a') &&
                       !(cp > 'z' && cp < 0xC0)
                   ? SCRIPT_LATIN
                   : -1;
    for (int i = 1; i < SCRIPT_COUNT; i++)
        if (cp >= SCRIPTS[i].first && cp <= SCRIPTS[i].last)
            return i;
    return -1;
}

int script_by_name(desk_slice name)
{
    for (int i = 0; i < SCRIPT_COUNT; i++)
        if (slice_is(name, SCRIPTS[i].name))
            return i;
    return -1;
}

int script_first(int range)
{
    return script_by_name(slice_from_cstr(SCRIPTS[range].name));
}
