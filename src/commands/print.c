/* Printing for people. */
#include "commands/print.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/slice.h"
#include "text/utf8.h"
#include "yaml/yaml.h"

void print_mistakes(const struct mistakes *mistakes, FILE *out)
{
    for (size_t i = 0; i < mistakes->count; i++) {
        const struct mistake *m = &mistakes->items[i];
        if (m->line)
            fprintf(out, "%s:%zu:%zu: %s%s\n", m->file, m->line, m->column,
                    m->is_warning ? "warning: " : "", m->text);
        else
            fprintf(out, "%s: %s%s\n", m->file, m->is_warning ? "warning: " : "", m->text);
    }
}

bool print_wants_colour(FILE *out)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
    return isatty(fileno(out)) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

const char *print_noun(unsigned long long count, const char *one, const char *many)
{
    return count == 1 ? one : many;
}

const char *print_ink(enum ink ink, bool colour)
{
    static const char *const codes[] = {"\033[0m",  "\033[1m",  "\033[2m",  "\033[31;9m",
                                        "\033[32m", "\033[34m", "\033[33m", "\033[36m",
                                        "\033[35m", "\033[4m"};
    return colour ? codes[ink] : "";
}

void print_safe(FILE *out, desk_slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool is_c1 = c == 0xC2 && i + 1 < text.len && (unsigned char)text.data[i + 1] < 0xA0;
        if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F || is_c1) {
            fputs("\xEF\xBF\xBD", out);
            i += is_c1;
        } else {
            fputc(c, out);
        }
    }
}

void print_json_text(FILE *out, desk_slice text)
{
    fputc('"', out);
    while (text.len) {
        size_t valid = utf8_valid_prefix(text.data, text.len);
        for (size_t i = 0; i < valid; i++) {
            unsigned char c = (unsigned char)text.data[i];
            if (c == '"' || c == '\\')
                fprintf(out, "\\%c", c);
            else if (c < 0x20)
                fprintf(out, "\\u%04x", c);
            else
                fputc(c, out);
        }
        if (valid < text.len)
            fputs("\xEF\xBF\xBD", out);
        valid += valid < text.len;
        text = slice_of(text.data + valid, text.len - valid);
    }
    fputc('"', out);
}
