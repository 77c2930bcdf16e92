/* Nodes and the stack of open elements.
 *
 * A regular page creates its nodes in document order, so a node is one append and the end of its
 * subtree is known when it closes. Two things break that order: text fostered out of a table, and
 * formatting closed through blocks. The first of them gives all nodes links to their neighbours,
 * which are kept from then on; at the end the nodes are put in order once. Both ways are linear. */
#include "html/tree_builder.h"

#include "base/slice.h"

enum { STACK_FIRST = 64, ADOPTIONS_MAX = 8 };

/* Pages have a node for 15 to 50 bytes: most find room for all at once, and no page much too much.
 */
enum { BYTES_A_NODE = 24, NODES_FIRST_MIN = 64, NODES_FIRST_MAX = 1 << 16 };

/* --- nodes --------------------------------------------------------------------------------- */

static size_t first_capacity(const struct builder *builder)
{
    size_t guess = builder->tokenizer->input.len / BYTES_A_NODE;
    return guess < NODES_FIRST_MIN   ? NODES_FIRST_MIN
           : guess > NODES_FIRST_MAX ? NODES_FIRST_MAX
                                     : guess;
}

static bool grow_nodes(struct builder *builder)
{
    struct tree *tree = builder->tree;
    size_t wanted = tree->capacity ? tree->capacity * 2 : first_capacity(builder);
    struct tree_node *grown =
        wanted > UINT32_MAX / 2
            ? NULL
            : arena_grow(builder->arena, tree->nodes, tree->capacity * sizeof *grown,
                         wanted * sizeof *grown, _Alignof(struct tree_node));
    if (!grown) {
        builder->failed = true;
        return false;
    }
    tree->nodes = grown;
    tree->capacity = wanted;
    return true;
}

static bool grow_links(struct builder *builder)
{
    size_t old = builder->links_capacity, wanted = builder->tree->capacity;
    struct node_links *grown = arena_grow(builder->arena, builder->links, old * sizeof *grown,
                                          wanted * sizeof *grown, _Alignof(struct node_links));
    if (!grown) {
        builder->failed = true;
        return false;
    }
    builder->links = grown;
    builder->links_capacity = wanted;
    return true;
}

static void link_last(struct builder *builder, uint32_t parent, uint32_t child)
{
    struct node_links *links = builder->links;
    uint32_t last = links[parent].last;
    links[child].previous = last;
    links[child].next = 0;
    *(last ? &links[last].next : &links[parent].first) = child;
    links[parent].last = child;
    builder->tree->nodes[child].parent = parent;
}

static void link_before(struct builder *builder, uint32_t next, uint32_t child)
{
    struct node_links *links = builder->links;
    uint32_t parent = builder->tree->nodes[next].parent, previous = links[next].previous;
    links[child].previous = previous;
    links[child].next = next;
    links[next].previous = child;
    *(previous ? &links[previous].next : &links[parent].first) = child;
    builder->tree->nodes[child].parent = parent;
}

static void unlink_node(struct builder *builder, uint32_t child)
{
    struct node_links *links = builder->links, *own = &links[child];
    uint32_t parent = builder->tree->nodes[child].parent;
    *(own->previous ? &links[own->previous].next : &links[parent].first) = own->next;
    *(own->next ? &links[own->next].previous : &links[parent].last) = own->previous;
}

/* From here on the order of creation is not the order of the document. */
static bool start_links(struct builder *builder)
{
    if (builder->links)
        return true;
    if (!grow_links(builder))
        return false;
    memset(builder->links, 0, builder->tree->count * sizeof *builder->links);
    for (uint32_t i = 1; i < builder->tree->count; i++)
        link_last(builder, builder->tree->nodes[i].parent, i);
    return true;
}

/* A node without a place yet; 0 at the memory limit. */
static uint32_t new_node(struct builder *builder)
{
    struct tree *tree = builder->tree;
    if (tree->count == tree->capacity && !grow_nodes(builder))
        return 0;
    if (builder->links && builder->links_capacity < tree->capacity && !grow_links(builder))
        return 0;
    uint32_t index = (uint32_t)tree->count++;
    if (builder->links)
        builder->links[index] = (struct node_links){0, 0, 0, 0};
    return index;
}

static bool is_table_part(enum element element)
{
    return element == ELEMENT_TABLE || element == ELEMENT_TBODY || element == ELEMENT_THEAD ||
           element == ELEMENT_TFOOT || element == ELEMENT_TR;
}

/* Places a node where a table's misplaced content goes: before the table, or at the end of a
 * template that stands nearer. */
static void foster(struct builder *builder, uint32_t child)
{
    for (size_t i = builder->depth; i-- > 1;) {
        const struct open_element *open = &builder->stack[i];
        if (open->element == ELEMENT_TEMPLATE) {
            link_last(builder, open->node, child);
            return;
        }
        if (open->element == ELEMENT_TABLE) {
            link_before(builder, open->node, child);
            return;
        }
    }
    link_last(builder, 0, child);
}

/* Gives a node its place: in the current element, or fostered. */
static void place(struct builder *builder, uint32_t index)
{
    struct tree_node *node = &builder->tree->nodes[index];
    size_t depth = builder->depth < TREE_DEPTH_MAX ? builder->depth : TREE_DEPTH_MAX;
    node->depth = (uint16_t)depth;
    node->end = index + 1;
    if (!builder->links) {
        node->parent = builder->stack[depth - 1].node;
    } else if (builder->fosters && is_table_part((enum element)builder_top(builder)->element)) {
        foster(builder, index);
    } else {
        link_last(builder, builder_top(builder)->node, index);
    }
}

static uint32_t add_node(struct builder *builder)
{
    if (builder->fosters && is_table_part((enum element)builder_top(builder)->element) &&
        !start_links(builder))
        return 0;
    return new_node(builder);
}

uint32_t builder_add(struct builder *builder, const struct html_token *token)
{
    uint32_t index = add_node(builder);
    if (!index)
        return 0;
    struct tree_node *node = &builder->tree->nodes[index];
    node->text = slice_of(NULL, 0);
    node->attributes = token->attributes;
    node->attributes_count = (uint32_t)token->attributes_count;
    node->known = token->known;
    node->element = (uint8_t)token->element;
    node->mode = 0;
    node->is_text = false;
    if (token->attributes_count)
        tokenizer_take_attributes(builder->tokenizer);
    place(builder, index);
    return index;
}

void builder_text(struct builder *builder, const struct html_token *token)
{
    uint32_t index = token->text.len ? add_node(builder) : 0;
    if (!index)
        return;
    struct tree_node *node = &builder->tree->nodes[index];
    *node = (struct tree_node){.text = token->text, .mode = (uint8_t)token->mode, .is_text = true};
    place(builder, index);
}

/* --- the stack ----------------------------------------------------------------------------- */

static bool grow_stack(struct builder *builder)
{
    size_t old = builder->stack_capacity, wanted = old ? old * 2 : STACK_FIRST;
    struct open_element *grown = arena_grow(builder->arena, builder->stack, old * sizeof *grown,
                                            wanted * sizeof *grown, _Alignof(struct open_element));
    if (!grown) {
        builder->failed = true;
        return false;
    }
    builder->stack = grown;
    builder->stack_capacity = wanted;
    return true;
}

void builder_push(struct builder *builder, const struct html_token *token, unsigned flags)
{
    uint32_t index = builder_add(builder, token);
    if (!index || (builder->depth == builder->stack_capacity && !grow_stack(builder)))
        return;
    unsigned inherited = builder_top(builder)->flags & (OPEN_IN_TABLE | OPEN_IN_SELECT);
    bool is_foreign = flags & OPEN_FOREIGN;
    enum element element = is_foreign ? ELEMENT_NONE : token->element;
    unsigned known = is_foreign ? 0 : ELEMENT_INFO[element].flags;
    switch (element) {
    case ELEMENT_TABLE:
    case ELEMENT_TBODY:
    case ELEMENT_THEAD:
    case ELEMENT_TFOOT:
    case ELEMENT_TR:
    case ELEMENT_COLGROUP:
        inherited = OPEN_IN_TABLE;
        break;
    case ELEMENT_TD:
    case ELEMENT_TH:
    case ELEMENT_CAPTION:
    case ELEMENT_TEMPLATE:
        inherited = 0;
        break;
    case ELEMENT_SELECT:
        inherited = OPEN_IN_SELECT;
        break;
    default:
        break;
    }
    flags |= inherited | (known & ELEMENT_SCOPE ? OPEN_SCOPE : 0u) |
             (known & ELEMENT_SPECIAL ? OPEN_SPECIAL : 0u);
    builder->stack[builder->depth++] = (struct open_element){
        token->name.data, (uint32_t)token->name.len, index, (uint16_t)flags, (uint8_t)element};
    builder->open_counts[element]++;
}

static void pop(struct builder *builder)
{
    const struct open_element *open = builder_top(builder);
    builder->open_counts[open->element]--;
    builder->depth--;
    /* Beyond the limit of depth a node holds nothing; its content follows it. */
    if (!builder->links && builder->depth < TREE_DEPTH_MAX)
        builder->tree->nodes[open->node].end = (uint32_t)builder->tree->count;
}

void builder_close_to(struct builder *builder, size_t depth)
{
    while (builder->depth > depth && builder->depth > 1)
        pop(builder);
    while (builder_top(builder)->flags & OPEN_FLOW_ENDED)
        pop(builder);
}

void builder_end_flow(struct builder *builder, size_t at)
{
    struct open_element *open = &builder->stack[at];
    if (at + 1 == builder->depth) {
        builder_close_to(builder, at);
        return;
    }
    builder->open_counts[open->element]--;
    builder->open_counts[ELEMENT_NONE]++;
    open->element = ELEMENT_NONE;
    open->name_len = 0;
    open->flags = (uint16_t)((open->flags & (OPEN_IN_TABLE | OPEN_IN_SELECT)) | OPEN_FLOW_ENDED);
}

static bool stops(const struct open_element *open, enum scope scope)
{
    switch (scope) {
    case SCOPE_ALL:
        return false;
    case SCOPE_BUTTON:
        return open->flags & OPEN_SCOPE || open->element == ELEMENT_BUTTON;
    case SCOPE_LIST:
        return open->flags & OPEN_SCOPE || open->element == ELEMENT_OL ||
               open->element == ELEMENT_UL;
    case SCOPE_TABLE:
        return open->element == ELEMENT_TABLE || open->element == ELEMENT_TEMPLATE ||
               open->element == ELEMENT_HTML;
    default:
        return open->flags & OPEN_SCOPE;
    }
}

size_t builder_find(struct builder *builder, enum element element, enum scope scope)
{
    if (!builder->open_counts[element])
        return 0;
    size_t last = builder->depth > SEARCH_MAX ? builder->depth - SEARCH_MAX : 1;
    for (size_t i = builder->depth; i-- > last;) {
        builder->tree->steps++;
        if (builder->stack[i].element == element)
            return i;
        if (stops(&builder->stack[i], scope))
            return 0;
    }
    return 0;
}

bool builder_close(struct builder *builder, enum element element, enum scope scope)
{
    size_t at = builder_find(builder, element, scope);
    if (at)
        builder_close_to(builder, at);
    return at;
}

/* --- formatting closed through blocks ------------------------------------------------------ */

/* A copy of an element, which takes over all children of `block` and becomes its only child. */
static uint32_t wrap_children(struct builder *builder, uint32_t original, uint32_t block)
{
    uint32_t copy = new_node(builder);
    if (!copy)
        return 0;
    struct node_links *links = builder->links;
    builder->tree->nodes[copy] = builder->tree->nodes[original];
    links[copy].first = links[block].first;
    links[copy].last = links[block].last;
    for (uint32_t child = links[copy].first; child; child = links[child].next) {
        builder->tree->nodes[child].parent = copy;
        builder->tree->steps++;
    }
    links[block].first = links[block].last = 0;
    link_last(builder, block, copy);
    return copy;
}

/* Moves a block out of the formatting element around it, behind that, in what holds both. */
static void move_out(struct builder *builder, size_t formatting, uint32_t block)
{
    const struct open_element *around = &builder->stack[formatting - 1];
    unlink_node(builder, block);
    if (builder->fosters && is_table_part((enum element)around->element))
        foster(builder, block);
    else
        link_last(builder, around->node, block);
}

/* The outermost block inside the open element at `from`, or 0. */
static size_t find_block(struct builder *builder, size_t from)
{
    for (size_t i = from + 1; i < builder->depth; i++) {
        builder->tree->steps++;
        if (builder->stack[i].flags & OPEN_SPECIAL)
            return i;
    }
    return 0;
}

/* One round: the block leaves the element, its content gets a copy of it, which is open above the
 * block. What was open between element and block is closed. */
static bool adopt_block(struct builder *builder, size_t at, size_t block_at)
{
    struct open_element formatting = builder->stack[at], block = builder->stack[block_at];
    if (!start_links(builder))
        return false;
    move_out(builder, at, block.node);
    uint32_t copy = wrap_children(builder, formatting.node, block.node);
    if (!copy)
        return false;
    for (size_t i = at + 1; i < block_at; i++)
        builder->open_counts[builder->stack[i].element]--;
    builder->stack[at] = block;
    builder->stack[at + 1] = formatting;
    builder->stack[at + 1].node = copy;
    memmove(&builder->stack[at + 2], &builder->stack[block_at + 1],
            (builder->depth - block_at - 1) * sizeof *builder->stack);
    builder->depth -= block_at - at - 1;
    return true;
}

void builder_adopt(struct builder *builder, enum element element)
{
    for (int round = 0; round < ADOPTIONS_MAX && !builder->failed; round++) {
        size_t at = builder_find(builder, element, SCOPE_DEFAULT);
        if (!at)
            return;
        size_t block = find_block(builder, at);
        if (!block) {
            builder_close_to(builder, at);
            return;
        }
        if (!adopt_block(builder, at, block))
            return;
    }
}

/* --- beginning and end --------------------------------------------------------------------- */

bool builder_open(struct builder *builder)
{
    if (!grow_nodes(builder) || !grow_stack(builder))
        return false;
    builder->tree->nodes[0] = (struct tree_node){.end = 1};
    builder->tree->count = 1;
    builder->stack[0] = (struct open_element){0};
    builder->depth = 1;
    return true;
}

/* The node behind `index` in document order, or 0. */
static uint32_t next_in_order(const struct builder *builder, uint32_t index)
{
    const struct node_links *links = builder->links;
    if (links[index].first)
        return links[index].first;
    while (index && !links[index].next)
        index = builder->tree->nodes[index].parent;
    return links[index].next;
}

/* Copies the nodes into document order. Each old node's `previous` becomes its new index. */
static bool put_in_order(struct builder *builder)
{
    struct tree *tree = builder->tree;
    struct tree_node *nodes =
        arena_alloc(builder->arena, tree->count * sizeof *nodes, _Alignof(struct tree_node));
    if (!nodes)
        return false;
    nodes[0] = tree->nodes[0];
    builder->links[0].previous = 0;
    uint32_t count = 1;
    for (uint32_t old = next_in_order(builder, 0); old; old = next_in_order(builder, old)) {
        struct tree_node *node = &nodes[count];
        *node = tree->nodes[old];
        node->parent = builder->links[node->parent].previous;
        if (nodes[node->parent].depth == TREE_DEPTH_MAX)
            node->parent = nodes[node->parent].parent;
        node->depth = (uint16_t)(nodes[node->parent].depth + 1);
        node->end = count + 1;
        builder->links[old].previous = count++;
    }
    for (uint32_t i = count; i-- > 1;)
        if (nodes[nodes[i].parent].end < nodes[i].end)
            nodes[nodes[i].parent].end = nodes[i].end;
    tree->nodes = nodes;
    tree->count = tree->capacity = count;
    return true;
}

bool builder_finish(struct builder *builder)
{
    if (builder->failed)
        return false;
    builder_close_to(builder, 1);
    builder->tree->nodes[0].end = (uint32_t)builder->tree->count;
    return !builder->links || put_in_order(builder);
}
