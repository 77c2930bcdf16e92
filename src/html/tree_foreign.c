/* SVG and MathML inside HTML: their tags nest by name alone, until a tag of HTML text breaks out.
 * Source: HTML Standard, "The rules for parsing tokens in foreign content". */
#include "base/slice.h"
#include "html/tree_builder.h"

static bool is_one_of(desk_slice name, const char *const *names)
{
    for (; *names; names++)
        if (slice_equal_nocase(name, slice_from_cstr(*names)))
            return true;
    return false;
}

static desk_slice attribute(const struct html_token *token, const char *name)
{
    for (size_t i = 0; i < token->attributes_count; i++)
        if (slice_equal_nocase(token->attributes[i].name, slice_from_cstr(name)))
            return token->attributes[i].value;
    return slice_of(NULL, 0);
}

/* What a foreign element lets in, by its name. */
static unsigned flags_of(const struct html_token *token, bool is_math)
{
    static const char *const text_points[] = {"mi", "mo", "mn", "ms", "mtext", NULL};
    static const char *const html_points[] = {"foreignObject", "desc", "title", NULL};
    unsigned flags = OPEN_FOREIGN | (is_math ? OPEN_MATH : 0u);
    if (is_math && is_one_of(token->name, text_points))
        return flags | OPEN_TEXT_POINT | OPEN_SCOPE | OPEN_SPECIAL;
    if (!is_math && is_one_of(token->name, html_points))
        return flags | OPEN_HTML_POINT | OPEN_SCOPE | OPEN_SPECIAL;
    if (is_math && slice_equal_nocase(token->name, slice_from_cstr("annotation-xml"))) {
        desk_slice encoding = attribute(token, "encoding");
        bool is_html = slice_equal_nocase(encoding, slice_from_cstr("text/html")) ||
                       slice_equal_nocase(encoding, slice_from_cstr("application/xhtml+xml"));
        return flags | OPEN_SCOPE | OPEN_SPECIAL | (is_html ? OPEN_HTML_POINT : 0u);
    }
    return flags;
}

static bool breaks_out(const struct html_token *token)
{
    if (token->element != ELEMENT_FONT)
        return ELEMENT_INFO[token->element].flags & ELEMENT_BREAKOUT;
    return attribute(token, "color").data || attribute(token, "face").data ||
           attribute(token, "size").data;
}

/* Closes SVG and MathML up to the HTML around it, or to where it holds HTML. */
static void leave(struct builder *builder)
{
    const struct open_element *top;
    while ((top = builder_top(builder))->flags & OPEN_FOREIGN &&
           !(top->flags & (OPEN_TEXT_POINT | OPEN_HTML_POINT)))
        builder_close_to(builder, builder->depth - 1);
}

void tree_foreign_open(struct builder *builder, const struct html_token *token, bool is_math)
{
    if (token->is_self_closing)
        builder_add(builder, token);
    else
        builder_push(builder, token, flags_of(token, is_math));
}

bool tree_foreign_start(struct builder *builder, const struct html_token *token)
{
    static const char *const glyphs[] = {"mglyph", "malignmark", NULL};
    const struct open_element *top = builder_top(builder);
    bool is_math = top->flags & OPEN_MATH;
    desk_slice name = slice_of(top->name, top->name_len);
    if (!(top->flags & OPEN_FOREIGN) || top->flags & OPEN_HTML_POINT ||
        (top->flags & OPEN_TEXT_POINT && !is_one_of(token->name, glyphs)))
        return false;
    if (is_math && token->element == ELEMENT_SVG &&
        slice_equal_nocase(name, slice_from_cstr("annotation-xml"))) {
        is_math = false;
    } else if (breaks_out(token)) {
        leave(builder);
        return false;
    }
    tree_foreign_open(builder, token, is_math);
    return true;
}

bool tree_foreign_end(struct builder *builder, const struct html_token *token)
{
    if (!(builder_top(builder)->flags & OPEN_FOREIGN))
        return false;
    if (token->element == ELEMENT_BR || token->element == ELEMENT_P) {
        leave(builder);
        return false;
    }
    size_t last = builder->depth > SEARCH_MAX ? builder->depth - SEARCH_MAX : 1;
    for (size_t i = builder->depth; i-- > last;) {
        const struct open_element *open = &builder->stack[i];
        builder->tree->steps++;
        if (!(open->flags & OPEN_FOREIGN))
            return false;
        if (slice_equal_nocase(slice_of(open->name, open->name_len), token->name)) {
            builder_close_to(builder, i);
            return true;
        }
    }
    return true;
}
