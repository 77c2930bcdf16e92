/* Labels of charsets and what HTML declares. Source: Encoding Standard, "Names and labels"
 * (encoding.spec.whatwg.org); the right-hand names are the ones iconv knows. */
#include "base/slice.h"
#include "text/charset.h"

struct charset_label {
    const char *label, *name;
};

static const struct charset_label LABELS[] = {{"utf-8", "UTF-8"},
                                              {"utf8", "UTF-8"},
                                              {"unicode-1-1-utf-8", "UTF-8"},
                                              {"utf-16", "UTF-16LE"},
                                              {"utf-16le", "UTF-16LE"},
                                              {"utf-16be", "UTF-16BE"},
                                              {"unicode", "UTF-16LE"},
                                              {"windows-1252", "WINDOWS-1252"},
                                              {"cp1252", "WINDOWS-1252"},
                                              {"x-cp1252", "WINDOWS-1252"},
                                              {"iso-8859-1", "WINDOWS-1252"},
                                              {"iso8859-1", "WINDOWS-1252"},
                                              {"iso_8859-1", "WINDOWS-1252"},
                                              {"iso88591", "WINDOWS-1252"},
                                              {"latin1", "WINDOWS-1252"},
                                              {"latin-1", "WINDOWS-1252"},
                                              {"l1", "WINDOWS-1252"},
                                              {"ascii", "WINDOWS-1252"},
                                              {"us-ascii", "WINDOWS-1252"},
                                              {"ansi_x3.4-1968", "WINDOWS-1252"},
                                              {"iso-8859-2", "ISO-8859-2"},
                                              {"iso8859-2", "ISO-8859-2"},
                                              {"latin2", "ISO-8859-2"},
                                              {"iso-8859-3", "ISO-8859-3"},
                                              {"iso-8859-4", "ISO-8859-4"},
                                              {"iso-8859-5", "ISO-8859-5"},
                                              {"iso-8859-6", "ISO-8859-6"},
                                              {"iso-8859-7", "ISO-8859-7"},
                                              {"greek", "ISO-8859-7"},
                                              {"iso-8859-8", "ISO-8859-8"},
                                              {"iso-8859-8-i", "ISO-8859-8"},
                                              {"hebrew", "ISO-8859-8"},
                                              {"iso-8859-9", "WINDOWS-1254"},
                                              {"latin5", "WINDOWS-1254"},
                                              {"iso-8859-10", "ISO-8859-10"},
                                              {"iso-8859-13", "ISO-8859-13"},
                                              {"iso-8859-14", "ISO-8859-14"},
                                              {"iso-8859-15", "ISO-8859-15"},
                                              {"latin9", "ISO-8859-15"},
                                              {"latin-9", "ISO-8859-15"},
                                              {"iso-8859-16", "ISO-8859-16"},
                                              {"windows-1250", "WINDOWS-1250"},
                                              {"cp1250", "WINDOWS-1250"},
                                              {"windows-1251", "WINDOWS-1251"},
                                              {"cp1251", "WINDOWS-1251"},
                                              {"x-cp1251", "WINDOWS-1251"},
                                              {"windows-1253", "WINDOWS-1253"},
                                              {"windows-1254", "WINDOWS-1254"},
                                              {"windows-1255", "WINDOWS-1255"},
                                              {"windows-1256", "WINDOWS-1256"},
                                              {"cp1256", "WINDOWS-1256"},
                                              {"windows-1257", "WINDOWS-1257"},
                                              {"windows-1258", "WINDOWS-1258"},
                                              {"windows-874", "CP874"},
                                              {"tis-620", "CP874"},
                                              {"iso-8859-11", "CP874"},
                                              {"koi8-r", "KOI8-R"},
                                              {"koi8", "KOI8-R"},
                                              {"koi8-u", "KOI8-U"},
                                              {"macintosh", "MACINTOSH"},
                                              {"x-mac-roman", "MACINTOSH"},
                                              {"x-mac-cyrillic", "MAC-CYRILLIC"},
                                              {"ibm866", "IBM866"},
                                              {"cp866", "IBM866"},
                                              {"gb2312", "GB18030"},
                                              {"gbk", "GB18030"},
                                              {"gb18030", "GB18030"},
                                              {"x-gbk", "GB18030"},
                                              {"chinese", "GB18030"},
                                              {"big5", "BIG5-HKSCS"},
                                              {"big5-hkscs", "BIG5-HKSCS"},
                                              {"cn-big5", "BIG5-HKSCS"},
                                              {"euc-jp", "EUC-JP"},
                                              {"x-euc-jp", "EUC-JP"},
                                              {"shift_jis", "CP932"},
                                              {"shift-jis", "CP932"},
                                              {"sjis", "CP932"},
                                              {"x-sjis", "CP932"},
                                              {"windows-31j", "CP932"},
                                              {"ms932", "CP932"},
                                              {"iso-2022-jp", "ISO-2022-JP"},
                                              {"euc-kr", "UHC"},
                                              {"ks_c_5601-1987", "UHC"},
                                              {"korean", "UHC"},
                                              {"ksc5601", "UHC"},
                                              {"windows-949", "UHC"},
                                              {"uhc", "UHC"},
                                              {"mac-cyrillic", "MAC-CYRILLIC"},
                                              {"maccyrillic", "MAC-CYRILLIC"},
                                              {"viscii", "VISCII"},
                                              {"tcvn", "TCVN"},
                                              {"utf-32le", "UTF-32LE"},
                                              {"utf-32be", "UTF-32BE"},
                                              {"utf-32", "UTF-32LE"},
                                              {"hz-gb-2312", "GB18030"},
                                              {"euc-tw", "EUC-TW"},
                                              {"iso-2022-kr", "ISO-2022-KR"},
                                              {"iso-2022-cn", "ISO-2022-CN"}};

const char *charset_by_label(desk_slice label)
{
    label = slice_trim(label);
    for (size_t i = 0; i < sizeof LABELS / sizeof LABELS[0]; i++)
        if (slice_equal_nocase(label, slice_from_cstr(LABELS[i].label)))
            return LABELS[i].name;
    return NULL;
}

static size_t find_nocase(desk_slice text, const char *word, size_t from)
{
    desk_slice wanted = slice_from_cstr(word);
    for (size_t i = from; i + wanted.len <= text.len; i++)
        if (slice_starts_nocase(slice_sub(text, i, text.len), wanted))
            return i;
    return DESK_SLICE_NONE;
}

/* The value after "charset" and '=', quoted or not. */
static const char *charset_after(desk_slice text, size_t at)
{
    while (at < text.len && ascii_is_space(text.data[at]))
        at++;
    if (at >= text.len || text.data[at] != '=')
        return NULL;
    do
        at++;
    while (at < text.len &&
           (ascii_is_space(text.data[at]) || text.data[at] == '"' || text.data[at] == '\''));
    size_t end = at;
    while (end < text.len && !ascii_is_space(text.data[end]) &&
           !memchr("\"';>/,", text.data[end], 6))
        end++;
    return charset_by_label(slice_sub(text, at, end));
}

const char *charset_of_meta(desk_slice bytes)
{
    enum { PRESCAN_BYTES = 4096 };
    desk_slice head = slice_sub(bytes, 0, bytes.len < PRESCAN_BYTES ? bytes.len : PRESCAN_BYTES);
    for (size_t at = find_nocase(head, "<meta", 0); at != DESK_SLICE_NONE;
         at = find_nocase(head, "<meta", at + 5)) {
        size_t end = slice_find_byte(head, '>', at);
        desk_slice tag = slice_sub(head, at, end == DESK_SLICE_NONE ? head.len : end);
        size_t word = find_nocase(tag, "charset", 0);
        const char *name = word == DESK_SLICE_NONE ? NULL : charset_after(tag, word + 7);
        /* A page that could be read as ASCII this far cannot be UTF-16, whatever it says. */
        if (name)
            return strncmp(name, "UTF-16", 6) && strncmp(name, "UTF-32", 6) ? name : "UTF-8";
    }
    if (slice_starts(head, slice_from_cstr("<?xml"))) {
        size_t end = slice_find_byte(head, '>', 0);
        desk_slice tag = slice_sub(head, 0, end == DESK_SLICE_NONE ? head.len : end);
        size_t word = find_nocase(tag, "encoding", 0);
        return word == DESK_SLICE_NONE ? NULL : charset_after(tag, word + 8);
    }
    return NULL;
}
