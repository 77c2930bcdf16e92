/* Doctypes: name, PUBLIC and SYSTEM with their quoted texts; anything else is malformed. */
#include "html/doctype.h"

#include "base/slice.h"

/* Where reading stands. */
struct reader {
    desk_slice text;
    size_t at;
    bool is_unfinished;
};

static void skip_space(struct reader *reader)
{
    while (reader->at < reader->text.len && ascii_is_space(reader->text.data[reader->at]))
        reader->at++;
}

static bool at_end(const struct reader *reader)
{
    return reader->at >= reader->text.len;
}

/* A quoted text into *out. False when there is none or it is not closed: what there is of an
 * unclosed one is kept, as the standard does. */
static bool read_quoted(struct reader *reader, desk_slice *out)
{
    skip_space(reader);
    if (at_end(reader))
        return false;
    char quote = reader->text.data[reader->at];
    if (quote != '"' && quote != '\'')
        return false;
    size_t from = reader->at + 1, end = slice_find_byte(reader->text, quote, from);
    bool is_closed = end != DESK_SLICE_NONE;
    *out = slice_sub(reader->text, from, is_closed ? end : reader->text.len);
    reader->at = is_closed ? end + 1 : reader->text.len;
    return is_closed;
}

static bool takes_word(struct reader *reader, const char *word)
{
    desk_slice wanted = slice_from_cstr(word);
    bool is_there =
        slice_starts_nocase(slice_sub(reader->text, reader->at, reader->text.len), wanted);
    reader->at += is_there ? wanted.len : 0;
    return is_there;
}

/* Public and system identifier after the name; false when they are malformed. */
static bool read_identifiers(struct reader *reader, struct html_doctype *doctype)
{
    bool is_public = takes_word(reader, "public");
    if (!is_public && !takes_word(reader, "system"))
        return false;
    if (is_public) {
        if (!read_quoted(reader, &doctype->public_id))
            return false;
        skip_space(reader);
        if (at_end(reader))
            return true;
    }
    if (!read_quoted(reader, &doctype->system_id))
        return false;
    skip_space(reader);
    /* What follows is an error without effect, even when it has no end. */
    reader->is_unfinished = reader->is_unfinished && at_end(reader);
    return true;
}

struct html_doctype html_doctype_read(desk_slice text, bool is_unfinished)
{
    struct reader reader = {text, 0, is_unfinished};
    struct html_doctype doctype = {.force_quirks = true};
    skip_space(&reader);
    if (at_end(&reader))
        return doctype;
    size_t from = reader.at;
    while (!at_end(&reader) && !ascii_is_space(text.data[reader.at]))
        reader.at++;
    doctype.name = slice_sub(text, from, reader.at);
    skip_space(&reader);
    bool is_good = at_end(&reader) || read_identifiers(&reader, &doctype);
    doctype.force_quirks = !is_good || reader.is_unfinished;
    return doctype;
}

bool html_doctype_is_quirky(const struct html_doctype *doctype)
{
    static const char *const starts[] = {"-//W3C//DTD HTML 3", "-//W3C//DTD HTML 4.0 Frameset//",
                                         "-//W3C//DTD HTML 4.0 Transitional//", "-//IETF//DTD HTML",
                                         "-//W3O//DTD W3 HTML"};
    if (doctype->force_quirks || !slice_equal_nocase(doctype->name, slice_from_cstr("html")))
        return true;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        if (slice_starts_nocase(doctype->public_id, slice_from_cstr(starts[i])))
            return true;
    return !doctype->system_id.data &&
           (slice_starts_nocase(doctype->public_id,
                                slice_from_cstr("-//W3C//DTD HTML 4.01 Frameset//")) ||
            slice_starts_nocase(doctype->public_id,
                                slice_from_cstr("-//W3C//DTD HTML 4.01 Transitional//")));
}
