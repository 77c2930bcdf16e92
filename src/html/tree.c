/* Building the tree from tokens: tags by tree_rules.c, text here. */
#include "html/tree.h"

#include "base/slice.h"
#include "html/doctype.h"
#include "html/tree_builder.h"

static bool is_space(desk_slice text)
{
    size_t i = 0;
    while (i < text.len && ascii_is_space(text.data[i]))
        i++;
    return i == text.len;
}

/* The first newline of <pre> and <textarea> only makes the source nicer. */
static desk_slice without_newline(desk_slice text)
{
    size_t taken = 0;
    if (text.len && text.data[0] == '\r')
        taken = 1;
    if (taken < text.len && text.data[taken] == '\n')
        taken++;
    return slice_sub(text, taken, text.len);
}

static void add_text(struct builder *builder, struct html_token *token)
{
    if (builder->skips_newline)
        token->text = without_newline(token->text);
    const struct open_element *top = builder_top(builder);
    bool matters = !builder->has_content || top->flags & OPEN_IN_TABLE;
    if (matters && token->mode == TEXT_DATA && !is_space(token->text)) {
        if (top->element == ELEMENT_COLGROUP || top->element == ELEMENT_HEAD)
            builder_close_to(builder, builder->depth - 1);
        builder->has_content = builder->has_content || !builder->open_counts[ELEMENT_TEMPLATE];
        builder->fosters = builder_top(builder)->flags & OPEN_IN_TABLE;
    }
    builder_text(builder, token);
    builder->fosters = false;
}

/* Only a doctype before all content counts. */
static void take_doctype(struct builder *builder, const struct html_token *token)
{
    struct html_doctype doctype = html_doctype_read(token->text, token->is_unfinished);
    if (builder->tree->count == 1)
        builder->is_quirky = html_doctype_is_quirky(&doctype);
}

static void take_token(struct builder *builder, struct html_token *token)
{
    if (token->type == HTML_TEXT) {
        add_text(builder, token);
        builder->skips_newline = false;
        return;
    }
    builder->skips_newline = false;
    if (token->type == HTML_START_TAG)
        tree_start_tag(builder, token);
    else if (token->type == HTML_END_TAG)
        tree_end_tag(builder, token);
    else if (token->type == HTML_DOCTYPE)
        take_doctype(builder, token);
}

/* Tells the tokenizer whether a tag's name may begin raw text, and whether CDATA is text. */
static void tell_tokenizer(struct builder *builder)
{
    unsigned flags = builder_top(builder)->flags;
    builder->tokenizer->has_cdata = flags & OPEN_FOREIGN;
    builder->tokenizer->is_foreign =
        flags & OPEN_FOREIGN && !(flags & (OPEN_TEXT_POINT | OPEN_HTML_POINT));
}

bool tree_build(struct arena *arena, desk_slice input, struct tree *tree)
{
    struct tokenizer tokenizer;
    struct html_token token;
    struct builder *builder = ARENA_NEW(arena, struct builder);
    *tree = (struct tree){NULL, 0, 0, 0};
    if (!builder)
        return false;
    builder->arena = arena;
    builder->tree = tree;
    builder->tokenizer = &tokenizer;
    builder->is_quirky = true;
    tokenizer_init(&tokenizer, input, arena);
    tokenizer.keep_comments = false;
    if (!builder_open(builder))
        return false;
    while (!builder->failed && tokenizer_next(&tokenizer, &token)) {
        tree->steps++;
        take_token(builder, &token);
        tell_tokenizer(builder);
    }
    return !tokenizer.out_of_memory && builder_finish(builder);
}

desk_slice tree_attribute(const struct tree_node *node, enum attribute attribute)
{
    if (tree_has(node, attribute))
        for (size_t i = 0; i < node->attributes_count; i++)
            if (node->attributes[i].known == attribute)
                return node->attributes[i].value;
    return slice_of(NULL, 0);
}

desk_slice tree_value(struct arena *arena, const struct tree_node *node, enum attribute attribute)
{
    desk_slice value = tree_attribute(node, attribute);
    if (!value.data || !html_decode(arena, &value, TEXT_ATTRIBUTE))
        return slice_of(NULL, 0);
    return slice_trim(value);
}
