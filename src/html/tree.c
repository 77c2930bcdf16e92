/* Building the tree: a stack of open elements, and the few rules by which a tag closes others. */
#include "html/tree.h"

#include "base/slice.h"

struct builder {
    struct arena *arena;
    struct tree *tree;
    uint32_t stack[TREE_DEPTH_MAX];
    size_t depth;    /* open elements; stack[0] is the root */
    size_t too_deep; /* start tags dropped beyond the limit whose end tags are still to come */
    bool failed;
};

/* --- nodes --------------------------------------------------------------------------------- */

static uint32_t add_node(struct builder *builder)
{
    struct tree *tree = builder->tree;
    if (tree->count == tree->capacity) {
        size_t wanted = tree->capacity ? tree->capacity * 2 : 1024;
        struct tree_node *grown =
            wanted > UINT32_MAX / 2
                ? NULL
                : arena_grow(builder->arena, tree->nodes, tree->capacity * sizeof *grown,
                             wanted * sizeof *grown, _Alignof(struct tree_node));
        if (!grown) {
            builder->failed = true;
            return 0;
        }
        tree->nodes = grown;
        tree->capacity = wanted;
    }
    uint32_t index = (uint32_t)tree->count++;
    uint32_t parent = builder->depth ? builder->stack[builder->depth - 1] : 0;
    tree->nodes[index] =
        (struct tree_node){.parent = parent, .end = index + 1, .depth = (uint16_t)builder->depth};
    return index;
}

static enum element open_element(const struct builder *builder, size_t at)
{
    return (enum element)builder->tree->nodes[builder->stack[at]].element;
}

/* Closes open elements until `depth` are left. */
static void close_to(struct builder *builder, size_t depth)
{
    while (builder->depth > depth && builder->depth > 1) {
        builder->depth--;
        builder->tree->nodes[builder->stack[builder->depth]].end = (uint32_t)builder->tree->count;
    }
}

/* --- closing ------------------------------------------------------------------------------- */

static bool has_flag(enum element element, unsigned flag)
{
    return ELEMENT_INFO[element].flags & flag;
}

/* The innermost open element that is one of `wanted` (ends with ELEMENT_NONE), not looking beyond
 * one of `stops` or a scope; 0 when there is none. */
static size_t find_open(const struct builder *builder, const enum element *wanted,
                        const enum element *stops, bool in_scope)
{
    for (size_t i = builder->depth; i-- > 1;) {
        enum element element = open_element(builder, i);
        for (const enum element *w = wanted; *w != ELEMENT_NONE; w++)
            if (element == *w)
                return i;
        for (const enum element *s = stops; s && *s != ELEMENT_NONE; s++)
            if (element == *s)
                return 0;
        if (in_scope && has_flag(element, ELEMENT_SCOPE))
            return 0;
    }
    return 0;
}

static void close_open(struct builder *builder, const enum element *wanted,
                       const enum element *stops, bool in_scope)
{
    size_t at = find_open(builder, wanted, stops, in_scope);
    if (at)
        close_to(builder, at);
}

#define LIST(...)                                                                                  \
    (const enum element[])                                                                         \
    {                                                                                              \
        __VA_ARGS__, ELEMENT_NONE                                                                  \
    }

/* Table parts close what stands between them and their table. */
static void close_table_part(struct builder *builder, enum element element)
{
    const enum element *stop = LIST(ELEMENT_TABLE, ELEMENT_TEMPLATE);
    switch (element) {
    case ELEMENT_TD:
    case ELEMENT_TH:
        close_open(builder, LIST(ELEMENT_TD, ELEMENT_TH),
                   LIST(ELEMENT_TR, ELEMENT_TABLE, ELEMENT_TEMPLATE), false);
        break;
    case ELEMENT_TR:
        close_open(builder, LIST(ELEMENT_TR), stop, false);
        close_open(builder, LIST(ELEMENT_CAPTION, ELEMENT_COLGROUP), stop, false);
        break;
    case ELEMENT_THEAD:
    case ELEMENT_TBODY:
    case ELEMENT_TFOOT:
        close_open(builder, LIST(ELEMENT_THEAD, ELEMENT_TBODY, ELEMENT_TFOOT), stop, false);
        close_open(builder, LIST(ELEMENT_TR), stop, false);
        close_open(builder, LIST(ELEMENT_CAPTION, ELEMENT_COLGROUP), stop, false);
        break;
    default:
        break;
    }
}

/* What a start tag ends before it opens. */
static void close_implied(struct builder *builder, enum element element)
{
    if (has_flag(element, ELEMENT_CLOSES_P))
        close_open(builder, LIST(ELEMENT_P), NULL, true);
    switch (element) {
    case ELEMENT_LI:
        close_open(builder, LIST(ELEMENT_LI),
                   LIST(ELEMENT_UL, ELEMENT_OL, ELEMENT_MENU, ELEMENT_BLOCKQUOTE, ELEMENT_SECTION),
                   true);
        break;
    case ELEMENT_DT:
    case ELEMENT_DD:
        close_open(builder, LIST(ELEMENT_DT, ELEMENT_DD), LIST(ELEMENT_DL), true);
        break;
    case ELEMENT_H1:
    case ELEMENT_H2:
    case ELEMENT_H3:
    case ELEMENT_H4:
    case ELEMENT_H5:
    case ELEMENT_H6: {
        enum element open = open_element(builder, builder->depth - 1);
        if (open >= ELEMENT_H1 && open <= ELEMENT_H6)
            close_to(builder, builder->depth - 1);
        break;
    }
    case ELEMENT_OPTION:
    case ELEMENT_OPTGROUP:
        close_open(builder, LIST(ELEMENT_OPTION), LIST(ELEMENT_SELECT), true);
        if (element == ELEMENT_OPTGROUP)
            close_open(builder, LIST(ELEMENT_OPTGROUP), LIST(ELEMENT_SELECT), true);
        break;
    case ELEMENT_A:
    case ELEMENT_BUTTON:
        /* A link in a link ends the first one; so does a block's worth of unclosed anchors. */
        if (open_element(builder, builder->depth - 1) == element)
            close_to(builder, builder->depth - 1);
        break;
    case ELEMENT_BODY:
    case ELEMENT_FRAMESET:
        close_open(builder, LIST(ELEMENT_HEAD), NULL, false);
        break;
    default:
        close_table_part(builder, element);
    }
}

/* Elements of the body end a head that was left open. */
static void close_head(struct builder *builder, enum element element)
{
    switch (element) {
    case ELEMENT_BASE:
    case ELEMENT_LINK:
    case ELEMENT_META:
    case ELEMENT_NOSCRIPT:
    case ELEMENT_SCRIPT:
    case ELEMENT_STYLE:
    case ELEMENT_TEMPLATE:
    case ELEMENT_TITLE:
    case ELEMENT_NOFRAMES:
    case ELEMENT_NONE:
        return;
    default:
        if (open_element(builder, builder->depth - 1) == ELEMENT_HEAD)
            close_to(builder, builder->depth - 1);
    }
}

/* --- tags ---------------------------------------------------------------------------------- */

static void start_tag(struct builder *builder, struct tokenizer *tokenizer,
                      const struct html_token *token)
{
    enum element element = token->element;
    close_head(builder, element);
    if ((element == ELEMENT_HTML || element == ELEMENT_BODY || element == ELEMENT_HEAD) &&
        find_open(builder, LIST(element), NULL, false))
        return;
    close_implied(builder, element);
    uint32_t index = add_node(builder);
    if (builder->failed)
        return;
    struct tree_node *node = &builder->tree->nodes[index];
    node->element = (uint8_t)element;
    node->attributes = token->attributes;
    node->attributes_count = (uint32_t)token->attributes_count;
    if (token->attributes_count)
        tokenizer_take_attributes(tokenizer);
    bool is_foreign = tokenizer->is_foreign || element == ELEMENT_SVG || element == ELEMENT_MATH;
    if (has_flag(element, ELEMENT_VOID) || (token->is_self_closing && is_foreign))
        return;
    if (builder->depth == TREE_DEPTH_MAX) {
        builder->too_deep++;
        return;
    }
    tokenizer->is_foreign = is_foreign;
    builder->stack[builder->depth++] = index;
}

/* The open element that an end tag closes, 0 for none. Names of unknown elements are compared as
 * text. */
static size_t find_match(const struct builder *builder, const struct html_token *token)
{
    bool is_formatting =
        has_flag(token->element, ELEMENT_FORMATTING) || token->element == ELEMENT_NONE;
    for (size_t i = builder->depth; i-- > 1;) {
        const struct tree_node *node = &builder->tree->nodes[builder->stack[i]];
        if (node->element == token->element && !node->is_text && token->element != ELEMENT_NONE)
            return i;
        if (node->element == ELEMENT_NONE && token->element == ELEMENT_NONE)
            return i;
        if (is_formatting && has_flag((enum element)node->element, ELEMENT_BLOCK))
            return 0;
        if (has_flag((enum element)node->element, ELEMENT_SCOPE) &&
            token->element != ELEMENT_TABLE && token->element != ELEMENT_TR &&
            token->element != ELEMENT_TBODY && token->element != ELEMENT_THEAD &&
            token->element != ELEMENT_TFOOT && token->element != ELEMENT_BODY &&
            token->element != ELEMENT_HTML)
            return 0;
    }
    return 0;
}

static void end_tag(struct builder *builder, struct tokenizer *tokenizer,
                    const struct html_token *token)
{
    enum element element = token->element;
    if (element == ELEMENT_BR || element == ELEMENT_P) {
        static const enum element p[] = {ELEMENT_P, ELEMENT_NONE};
        if (element == ELEMENT_BR || !find_open(builder, p, NULL, true)) {
            uint32_t index =
                add_node(builder); /* </br> and a stray </p> are read as <br> and <p></p> */
            if (!builder->failed)
                builder->tree->nodes[index].element = (uint8_t)element;
            return;
        }
    }
    /* Text after </body> and </html> still belongs to the page. */
    if (element == ELEMENT_BODY || element == ELEMENT_HTML)
        return;
    if (builder->too_deep && builder->depth == TREE_DEPTH_MAX) {
        builder->too_deep--;
        return;
    }
    size_t at = find_match(builder, token);
    if (!at && element >= ELEMENT_H1 && element <= ELEMENT_H6)
        at = find_open(builder,
                       LIST(ELEMENT_H1, ELEMENT_H2, ELEMENT_H3, ELEMENT_H4, ELEMENT_H5, ELEMENT_H6),
                       NULL, true);
    if (!at)
        return;
    close_to(builder, at);
    if (element == ELEMENT_SVG || element == ELEMENT_MATH)
        tokenizer->is_foreign = false;
}

static void text(struct builder *builder, const struct html_token *token)
{
    uint32_t index = add_node(builder);
    if (builder->failed)
        return;
    struct tree_node *node = &builder->tree->nodes[index];
    node->is_text = true;
    node->text = token->text;
    node->mode = (uint8_t)token->mode;
}

bool tree_build(struct arena *arena, desk_slice input, struct tree *tree)
{
    struct tokenizer tokenizer;
    struct html_token token;
    struct builder *builder = ARENA_NEW(arena, struct builder);
    *tree = (struct tree){NULL, 0, 0};
    if (!builder)
        return false;
    builder->arena = arena;
    builder->tree = tree;
    builder->stack[0] = add_node(builder);
    builder->depth = 1;
    tokenizer_init(&tokenizer, input, arena);
    tokenizer.keep_comments = false;
    while (!builder->failed && tokenizer_next(&tokenizer, &token)) {
        if (token.type == HTML_START_TAG)
            start_tag(builder, &tokenizer, &token);
        else if (token.type == HTML_END_TAG)
            end_tag(builder, &tokenizer, &token);
        else if (token.type == HTML_TEXT)
            text(builder, &token);
    }
    if (builder->failed || tokenizer.out_of_memory)
        return false;
    close_to(builder, 1);
    tree->nodes[0].end = (uint32_t)tree->count;
    return true;
}

desk_slice tree_attribute(const struct tree_node *node, const char *name)
{
    desk_slice wanted = slice_from_cstr(name);
    for (size_t i = 0; i < node->attributes_count; i++)
        if (slice_equal_nocase(node->attributes[i].name, wanted))
            return node->attributes[i].value;
    return slice_of(NULL, 0);
}

desk_slice tree_value(struct arena *arena, const struct tree_node *node, const char *name)
{
    desk_slice value = tree_attribute(node, name);
    if (!value.data || !html_decode(arena, &value, TEXT_ATTRIBUTE))
        return slice_of(NULL, 0);
    return slice_trim(value);
}
