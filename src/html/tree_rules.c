/* What each tag ends and where it goes: the insertion modes of the HTML Standard, told from the
 * open elements instead of kept beside them. */
#include "base/slice.h"
#include "html/tree_builder.h"

static bool has_flag(enum element element, unsigned flag)
{
    return ELEMENT_INFO[element].flags & flag;
}

static enum element top_element(const struct builder *builder)
{
    return (enum element)builder_top(builder)->element;
}

static bool is_heading(enum element element)
{
    return element >= ELEMENT_H1 && element <= ELEMENT_H6;
}

static void close_top(struct builder *builder, enum element element)
{
    if (builder->depth > 1 && top_element(builder) == element)
        builder_close_to(builder, builder->depth - 1);
}

/* Ends elements that need no end tag, except one kind. */
static void close_implied(struct builder *builder, enum element except)
{
    while (builder->depth > 1 && top_element(builder) != except &&
           has_flag(top_element(builder), ELEMENT_IMPLIED_END))
        builder_close_to(builder, builder->depth - 1);
}

static void close_p(struct builder *builder)
{
    builder_close(builder, ELEMENT_P, SCOPE_BUTTON);
}

/* --- page, head and body ------------------------------------------------------------------- */

static bool belongs_to_head(enum element element)
{
    switch (element) {
    case ELEMENT_BASE:
    case ELEMENT_BASEFONT:
    case ELEMENT_BGSOUND:
    case ELEMENT_LINK:
    case ELEMENT_META:
    case ELEMENT_NOFRAMES:
    case ELEMENT_NOSCRIPT:
    case ELEMENT_SCRIPT:
    case ELEMENT_STYLE:
    case ELEMENT_TEMPLATE:
    case ELEMENT_TITLE:
        return true;
    default:
        return false;
    }
}

/* html, head, body and frameset count once, and only before any content. */
static void start_page_part(struct builder *builder, const struct html_token *token)
{
    enum element element = token->element;
    bool is_late = builder->has_content || builder->open_counts[ELEMENT_TEMPLATE];
    if (element == ELEMENT_HTML) {
        if (!builder->has_html && builder->depth == 1 && !is_late)
            builder_push(builder, token, 0);
        builder->has_html = true;
        return;
    }
    if (element == ELEMENT_HEAD) {
        if (!builder->has_head && !is_late)
            builder_push(builder, token, 0);
        builder->has_head = true;
        return;
    }
    close_top(builder, ELEMENT_HEAD);
    if (!is_late)
        builder_push(builder, token, 0);
    builder->has_content = builder->has_head = true;
}

/* Anything but a head's elements ends it. */
static void leave_head(struct builder *builder, enum element element)
{
    if (builder->has_content || belongs_to_head(element) || builder->open_counts[ELEMENT_TEMPLATE])
        return;
    close_top(builder, ELEMENT_HEAD);
    builder->has_content = true;
}

/* --- tables -------------------------------------------------------------------------------- */

static bool is_table_part(enum element element)
{
    switch (element) {
    case ELEMENT_CAPTION:
    case ELEMENT_COL:
    case ELEMENT_COLGROUP:
    case ELEMENT_TBODY:
    case ELEMENT_TD:
    case ELEMENT_TFOOT:
    case ELEMENT_TH:
    case ELEMENT_THEAD:
    case ELEMENT_TR:
        return true;
    default:
        return false;
    }
}

/* Whether a part of a table may stand directly in an open element. */
static bool may_hold(enum element outer, enum element part)
{
    if (outer == ELEMENT_TABLE)
        return true;
    bool is_body = outer == ELEMENT_TBODY || outer == ELEMENT_THEAD || outer == ELEMENT_TFOOT;
    bool is_cell = part == ELEMENT_TD || part == ELEMENT_TH;
    if (is_cell)
        return is_body || outer == ELEMENT_TR;
    if (part == ELEMENT_COL)
        return outer == ELEMENT_COLGROUP;
    return part == ELEMENT_TR && is_body;
}

/* A part of a table ends what is open up to where it belongs; without a table it is ignored. */
static void start_table_part(struct builder *builder, const struct html_token *token)
{
    bool is_column = token->element == ELEMENT_COL || token->element == ELEMENT_COLGROUP;
    bool in_select = builder_top(builder)->flags & OPEN_IN_SELECT;
    if (!builder_find(builder, ELEMENT_TABLE, SCOPE_TABLE) || (is_column && in_select))
        return;
    while (!may_hold(top_element(builder), token->element))
        builder_close_to(builder, builder->depth - 1);
    if (token->element == ELEMENT_COL)
        builder_add(builder, token);
    else
        builder_push(builder, token, 0);
}

static bool is_hidden_input(const struct html_token *token)
{
    for (size_t i = 0; i < token->attributes_count; i++)
        if (token->attributes[i].known == ATTRIBUTE_TYPE)
            return slice_equal_nocase(token->attributes[i].value, slice_from_cstr("hidden"));
    return false;
}

/* Tags between a table and its cells that are not fostered; false for all others. */
static bool start_in_table(struct builder *builder, const struct html_token *token)
{
    switch (token->element) {
    case ELEMENT_TABLE:
        builder_close(builder, ELEMENT_TABLE, SCOPE_TABLE);
        return false;
    case ELEMENT_STYLE:
    case ELEMENT_SCRIPT:
        builder_push(builder, token, 0);
        return true;
    case ELEMENT_TEMPLATE:
        builder_push(builder, token, 0);
        return true;
    case ELEMENT_INPUT:
        if (!is_hidden_input(token))
            return false;
        builder_add(builder, token);
        return true;
    case ELEMENT_FORM:
        if (!builder->form && !builder->open_counts[ELEMENT_TEMPLATE])
            builder->form = builder_add(builder, token);
        return true;
    default:
        return false;
    }
}

/* --- select -------------------------------------------------------------------------------- */

/* Nothing but options; input and textarea end the select. False when the tag is still to be read.
 */
static bool start_in_select(struct builder *builder, const struct html_token *token)
{
    switch (token->element) {
    case ELEMENT_OPTION:
        close_top(builder, ELEMENT_OPTION);
        builder_push(builder, token, 0);
        return true;
    case ELEMENT_OPTGROUP:
    case ELEMENT_HR:
        close_top(builder, ELEMENT_OPTION);
        close_top(builder, ELEMENT_OPTGROUP);
        if (token->element == ELEMENT_HR)
            builder_add(builder, token);
        else
            builder_push(builder, token, 0);
        return true;
    case ELEMENT_SELECT:
        builder_close(builder, ELEMENT_SELECT, SCOPE_ALL);
        return true;
    case ELEMENT_INPUT:
    case ELEMENT_KEYGEN:
    case ELEMENT_TEXTAREA:
        builder_close(builder, ELEMENT_SELECT, SCOPE_ALL);
        return false;
    case ELEMENT_SCRIPT:
    case ELEMENT_TEMPLATE:
        builder_push(builder, token, 0);
        return true;
    default:
        tokenizer_set_raw(builder->tokenizer, RAW_NONE, slice_of(NULL, 0));
        return true;
    }
}

static void end_in_select(struct builder *builder, enum element element)
{
    if (element == ELEMENT_OPTION) {
        close_top(builder, ELEMENT_OPTION);
    } else if (element == ELEMENT_SELECT) {
        builder_close(builder, ELEMENT_SELECT, SCOPE_ALL);
    } else if (element == ELEMENT_OPTGROUP) {
        if (builder->depth > 2 && builder->stack[builder->depth - 2].element == ELEMENT_OPTGROUP)
            close_top(builder, ELEMENT_OPTION);
        close_top(builder, ELEMENT_OPTGROUP);
    }
}

/* --- start tags in the body ---------------------------------------------------------------- */

/* An item ends the one before it, unless a list or another block stands between. */
static void close_item(struct builder *builder, enum element element)
{
    enum element other = element == ELEMENT_DT   ? ELEMENT_DD
                         : element == ELEMENT_DD ? ELEMENT_DT
                                                 : ELEMENT_LI;
    if (!builder->open_counts[element] && !builder->open_counts[other])
        return;
    size_t last = builder->depth > SEARCH_MAX ? builder->depth - SEARCH_MAX : 1;
    for (size_t i = builder->depth; i-- > last;) {
        const struct open_element *open = &builder->stack[i];
        builder->tree->steps++;
        if (open->element == element || open->element == other) {
            builder_close_to(builder, i);
            return;
        }
        if (open->flags & OPEN_SPECIAL && open->element != ELEMENT_ADDRESS &&
            open->element != ELEMENT_DIV && open->element != ELEMENT_P)
            return;
    }
}

static void start_form(struct builder *builder, const struct html_token *token)
{
    bool in_template = builder->open_counts[ELEMENT_TEMPLATE];
    if (builder->form && !in_template)
        return;
    close_p(builder);
    builder_push(builder, token, 0);
    if (!in_template && !builder->failed)
        builder->form = builder_top(builder)->node;
}

/* What a start tag ends before its element begins. */
static void close_before(struct builder *builder, enum element element)
{
    switch (element) {
    case ELEMENT_LI:
    case ELEMENT_DD:
    case ELEMENT_DT:
        close_item(builder, element);
        break;
    case ELEMENT_BUTTON:
        builder_close(builder, ELEMENT_BUTTON, SCOPE_DEFAULT);
        break;
    case ELEMENT_A:
        builder_adopt(builder, ELEMENT_A);
        break;
    case ELEMENT_NOBR:
        builder_adopt(builder, ELEMENT_NOBR);
        break;
    case ELEMENT_OPTGROUP:
    case ELEMENT_OPTION:
        close_top(builder, ELEMENT_OPTION);
        break;
    case ELEMENT_RB:
    case ELEMENT_RTC:
        if (builder_find(builder, ELEMENT_RUBY, SCOPE_DEFAULT))
            close_implied(builder, ELEMENT_NONE);
        break;
    case ELEMENT_RP:
    case ELEMENT_RT:
        if (builder_find(builder, ELEMENT_RUBY, SCOPE_DEFAULT))
            close_implied(builder, ELEMENT_RTC);
        break;
    case ELEMENT_TABLE:
        if (!builder->is_quirky)
            close_p(builder);
        return;
    default:
        break;
    }
    if (has_flag(element, ELEMENT_CLOSES_P)) {
        close_p(builder);
        if (is_heading(element) && is_heading(top_element(builder)))
            builder_close_to(builder, builder->depth - 1);
    }
}

static void start_in_body(struct builder *builder, const struct html_token *token)
{
    enum element element = token->element;
    if (element == ELEMENT_FRAME)
        return;
    if (element == ELEMENT_FORM) {
        start_form(builder, token);
        return;
    }
    close_before(builder, element);
    if (element == ELEMENT_SVG || element == ELEMENT_MATH)
        tree_foreign_open(builder, token, element == ELEMENT_MATH);
    else if (has_flag(element, ELEMENT_VOID))
        builder_add(builder, token);
    else
        builder_push(builder, token, 0);
    builder->skips_newline =
        element == ELEMENT_PRE || element == ELEMENT_LISTING || element == ELEMENT_TEXTAREA;
}

void tree_start_tag(struct builder *builder, const struct html_token *token)
{
    enum element element = token->element;
    leave_head(builder, element == ELEMENT_HTML || element == ELEMENT_HEAD ||
                                element == ELEMENT_BODY || element == ELEMENT_FRAMESET
                            ? ELEMENT_TITLE
                            : element);
    if (tree_foreign_start(builder, token))
        return;
    if (top_element(builder) == ELEMENT_COLGROUP && element != ELEMENT_COL &&
        element != ELEMENT_TEMPLATE)
        close_top(builder, ELEMENT_COLGROUP);
    if (element == ELEMENT_HTML || element == ELEMENT_HEAD || element == ELEMENT_BODY ||
        element == ELEMENT_FRAMESET) {
        start_page_part(builder, token);
        return;
    }
    if (is_table_part(element)) {
        start_table_part(builder, token);
        return;
    }
    if (builder_top(builder)->flags & OPEN_IN_SELECT) {
        if (element == ELEMENT_TABLE && builder_find(builder, ELEMENT_TABLE, SCOPE_TABLE))
            builder_close(builder, ELEMENT_SELECT, SCOPE_ALL);
        else if (start_in_select(builder, token))
            return;
    }
    bool in_table = builder_top(builder)->flags & OPEN_IN_TABLE;
    if (in_table && start_in_table(builder, token))
        return;
    builder->fosters = builder_top(builder)->flags & OPEN_IN_TABLE;
    start_in_body(builder, token);
    builder->fosters = false;
}

/* --- end tags ------------------------------------------------------------------------------ */

/* An end tag without rules of its own: ends the nearest element of its name, if no block stands
 * between. */
static void end_other(struct builder *builder, const struct html_token *token)
{
    enum element element = token->element;
    size_t last = builder->depth > SEARCH_MAX ? builder->depth - SEARCH_MAX : 1;
    if (!builder->open_counts[element])
        return;
    for (size_t i = builder->depth; i-- > last;) {
        const struct open_element *open = &builder->stack[i];
        builder->tree->steps++;
        bool is_same = open->element == element && !(open->flags & OPEN_FOREIGN);
        if (is_same && element == ELEMENT_NONE)
            is_same = slice_equal_nocase(slice_of(open->name, open->name_len), token->name);
        if (is_same) {
            builder_close_to(builder, i);
            return;
        }
        if (open->flags & OPEN_SPECIAL)
            return;
    }
}

/* An empty element where an end tag asks for one: </br> and a stray </p>. */
static void add_empty(struct builder *builder, const struct html_token *token)
{
    struct html_token empty = *token;
    empty.attributes_count = empty.known = 0;
    empty.attributes = NULL;
    builder_add(builder, &empty);
}

static void end_heading(struct builder *builder)
{
    size_t innermost = 0;
    for (enum element heading = ELEMENT_H1; heading <= ELEMENT_H6; heading++) {
        size_t at = builder_find(builder, heading, SCOPE_DEFAULT);
        innermost = at > innermost ? at : innermost;
    }
    if (innermost)
        builder_close_to(builder, innermost);
}

/* The end of a form ends the form alone: what is open inside stays open. */
static void end_form(struct builder *builder)
{
    if (builder->open_counts[ELEMENT_TEMPLATE]) {
        builder_close(builder, ELEMENT_FORM, SCOPE_DEFAULT);
        return;
    }
    uint32_t form = builder->form;
    size_t at = builder_find(builder, ELEMENT_FORM, SCOPE_DEFAULT);
    builder->form = 0;
    if (!form || !at || builder->stack[at].node != form)
        return;
    close_implied(builder, ELEMENT_NONE);
    builder_end_flow(builder, at);
}

static void end_in_body(struct builder *builder, const struct html_token *token)
{
    enum element element = token->element;
    switch (element) {
    case ELEMENT_P:
        if (!builder_close(builder, ELEMENT_P, SCOPE_BUTTON))
            add_empty(builder, token);
        break;
    case ELEMENT_BR:
        add_empty(builder, token);
        break;
    case ELEMENT_LI:
        builder_close(builder, ELEMENT_LI, SCOPE_LIST);
        break;
    case ELEMENT_FORM:
        end_form(builder);
        break;
    case ELEMENT_H1:
    case ELEMENT_H2:
    case ELEMENT_H3:
    case ELEMENT_H4:
    case ELEMENT_H5:
    case ELEMENT_H6:
        end_heading(builder);
        break;
    case ELEMENT_APPLET:
    case ELEMENT_BUTTON:
    case ELEMENT_MARQUEE:
    case ELEMENT_OBJECT:
        builder_close(builder, element, SCOPE_DEFAULT);
        break;
    case ELEMENT_PLAINTEXT:
    case ELEMENT_XMP:
    case ELEMENT_HR:
        end_other(builder, token);
        break;
    default:
        if (has_flag(element, ELEMENT_FORMATTING))
            builder_adopt(builder, element);
        else if (has_flag(element, ELEMENT_CLOSES_P))
            builder_close(builder, element, SCOPE_DEFAULT);
        else
            end_other(builder, token);
    }
}

/* The end of a row or body that was never written, because its cells stand directly in the table.
 */
static void end_unwritten(struct builder *builder, enum element element)
{
    size_t table = builder_find(builder, ELEMENT_TABLE, SCOPE_TABLE);
    size_t holder = table;
    if (!table || builder->depth == table + 1)
        return;
    enum element first = (enum element)builder->stack[table + 1].element;
    if (element == ELEMENT_TR &&
        (first == ELEMENT_TBODY || first == ELEMENT_THEAD || first == ELEMENT_TFOOT))
        first =
            (enum element)builder->stack[++holder + 1 < builder->depth ? holder + 1 : 0].element;
    if (first == ELEMENT_TD || first == ELEMENT_TH ||
        (first == ELEMENT_TR && element == ELEMENT_TBODY))
        builder_close_to(builder, holder + 1);
}

static void end_table_part(struct builder *builder, enum element element)
{
    if (!builder_close(builder, element, SCOPE_TABLE) &&
        (element == ELEMENT_TR || element == ELEMENT_TBODY))
        end_unwritten(builder, element);
}

/* End tags that hold wherever they stand; false for those of the body. */
static bool end_page_part(struct builder *builder, enum element element)
{
    switch (element) {
    case ELEMENT_HEAD:
        close_top(builder, ELEMENT_HEAD);
        return true;
    case ELEMENT_BODY: /* text behind </body> and </html> still belongs to the page */
    case ELEMENT_HTML:
    case ELEMENT_COL:
        return true;
    case ELEMENT_TEMPLATE:
        builder_close(builder, ELEMENT_TEMPLATE, SCOPE_ALL);
        return true;
    case ELEMENT_FRAMESET:
        close_top(builder, ELEMENT_FRAMESET);
        return true;
    default:
        if (element != ELEMENT_TABLE && !is_table_part(element))
            return false;
        end_table_part(builder, element);
        return true;
    }
}

void tree_end_tag(struct builder *builder, const struct html_token *token)
{
    enum element element = token->element;
    if (tree_foreign_end(builder, token))
        return;
    if (end_page_part(builder, element))
        return;
    if (top_element(builder) == ELEMENT_HEAD) {
        if (element != ELEMENT_BR && !belongs_to_head(element))
            return;
        if (element == ELEMENT_BR)
            leave_head(builder, element);
    }
    close_top(builder, ELEMENT_COLGROUP);
    if (builder_top(builder)->flags & OPEN_IN_SELECT) {
        end_in_select(builder, element);
        return;
    }
    builder->fosters = builder_top(builder)->flags & OPEN_IN_TABLE;
    end_in_body(builder, token);
    builder->fosters = false;
}
