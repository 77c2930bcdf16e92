/* Labels of charsets. Source: Encoding Standard, "Names and labels" (encoding.spec.whatwg.org),
 * with a few more that feeds use. The names are ours: those of charset_tables.c, or what iconv
 * knows as the charset that the standard means (Shift_JIS as Microsoft's, GB2312 as GB18030, EUC-KR
 * as windows-949). */
#include "base/slice.h"
#include "text/charset.h"

struct charset_row {
    const char *name;
    const char *labels; /* lower case, a space after each */
};

static const struct charset_row ROWS[] = {
    {"UTF-8", "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 "},
    {"UTF-16LE", "utf-16le utf-16 csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff "},
    {"UTF-16BE", "utf-16be unicodefffe "},
    {"UTF-32LE", "utf-32le utf-32 "},
    {"UTF-32BE", "utf-32be "},
    {"WINDOWS-1252",
     "windows-1252 ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 "
     "iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 latin-1 us-ascii x-cp1252 "},
    {"WINDOWS-1250", "windows-1250 cp1250 x-cp1250 "},
    {"WINDOWS-1251", "windows-1251 cp1251 x-cp1251 "},
    {"WINDOWS-1253", "windows-1253 cp1253 x-cp1253 "},
    {"WINDOWS-1254",
     "windows-1254 cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 "
     "iso_8859-9:1989 l5 latin5 x-cp1254 "},
    {"WINDOWS-1255", "windows-1255 cp1255 x-cp1255 "},
    {"WINDOWS-1256", "windows-1256 cp1256 x-cp1256 "},
    {"WINDOWS-1257", "windows-1257 cp1257 x-cp1257 "},
    {"WINDOWS-1258", "windows-1258 cp1258 x-cp1258 "},
    {"WINDOWS-874", "windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 "},
    {"ISO-8859-2",
     "iso-8859-2 csisolatin2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2 "},
    {"ISO-8859-3",
     "iso-8859-3 csisolatin3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3 "},
    {"ISO-8859-4",
     "iso-8859-4 csisolatin4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4 "},
    {"ISO-8859-5",
     "iso-8859-5 csisolatincyrillic cyrillic iso-ir-144 iso8859-5 iso88595 iso_8859-5 "
     "iso_8859-5:1988 "},
    {"ISO-8859-6",
     "iso-8859-6 arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e "
     "iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 "},
    {"ISO-8859-7",
     "iso-8859-7 csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso8859-7 iso88597 "
     "iso_8859-7 iso_8859-7:1987 sun_eu_greek "},
    {"ISO-8859-8",
     "iso-8859-8 csiso88598e csisolatinhebrew hebrew iso-8859-8-e iso-ir-138 iso8859-8 iso88598 "
     "iso_8859-8 iso_8859-8:1988 visual iso-8859-8-i csiso88598i logical "},
    {"ISO-8859-10", "iso-8859-10 csisolatin6 iso-ir-157 iso8859-10 iso885910 l6 latin6 "},
    {"ISO-8859-13", "iso-8859-13 iso8859-13 iso885913 "},
    {"ISO-8859-14", "iso-8859-14 iso8859-14 iso885914 "},
    {"ISO-8859-15", "iso-8859-15 csisolatin9 iso8859-15 iso885915 iso_8859-15 l9 latin9 latin-9 "},
    {"ISO-8859-16", "iso-8859-16 "},
    {"KOI8-R", "koi8-r cskoi8r koi koi8 koi8_r "},
    {"KOI8-U", "koi8-u koi8-ru "},
    {"IBM866", "ibm866 866 cp866 csibm866 "},
    {"MACINTOSH", "macintosh csmacintosh mac x-mac-roman "},
    {"MAC-CYRILLIC", "x-mac-cyrillic x-mac-ukrainian mac-cyrillic maccyrillic "},
    {"GB18030",
     "gbk chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk gb18030 "},
    {"BIG5-HKSCS", "big5 big5-hkscs cn-big5 csbig5 x-x-big5 "},
    {"CP932", "shift_jis csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis cp932 "},
    {"EUC-JP-MS", "euc-jp cseucpkdfmtjapanese x-euc-jp "},
    {"ISO-2022-JP", "iso-2022-jp csiso2022jp "},
    {"UHC", "euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 "
            "ksc_5601 windows-949 uhc cp949 "},
    {"EUC-TW", "euc-tw "},
    {"ISO-2022-KR", "iso-2022-kr csiso2022kr "},
    {"ISO-2022-CN", "iso-2022-cn "},
    {"TCVN", "tcvn "},
    {"VISCII", "viscii "}};

enum { LABEL_BYTES_MAX = 32 };

const char *charset_by_label(desk_slice label)
{
    char lower[LABEL_BYTES_MAX];
    label = slice_trim(label);
    if (!label.len || label.len + 1 >= sizeof lower ||
        slice_find_byte(label, ' ', 0) != DESK_SLICE_NONE)
        return NULL;
    for (size_t i = 0; i < label.len; i++)
        lower[i] = ascii_lower(label.data[i]);
    lower[label.len] = ' ';
    desk_slice wanted = slice_of(lower, label.len + 1);
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        desk_slice labels = slice_from_cstr(ROWS[i].labels);
        for (size_t from = 0; from < labels.len; from = slice_find_byte(labels, ' ', from) + 1)
            if (slice_starts(slice_sub(labels, from, labels.len), wanted))
                return ROWS[i].name;
    }
    return NULL;
}
