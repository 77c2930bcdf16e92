/* The elements of HTML that matter for text, by number, with what the tree and the cleaning need to
 * know of each. */
#ifndef HTML_ELEMENTS_H
#define HTML_ELEMENTS_H

#include <copydesk/slice.h>
#include <stdint.h>

enum element_flags {
    ELEMENT_BLOCK = 1,       /* begins and ends a line */
    ELEMENT_VOID = 2,        /* has no content */
    ELEMENT_RAW = 4,         /* content is raw text up to the end tag */
    ELEMENT_RCDATA = 8,      /* the same with character references */
    ELEMENT_HIDDEN = 16,     /* content is not shown */
    ELEMENT_CLOSES_P = 32,   /* a start tag ends an open p */
    ELEMENT_FORMATTING = 64, /* may be misnested: an end tag does not close blocks */
    ELEMENT_SCOPE = 128      /* end tags inside do not reach what is outside */
};

/* One line an element: name, flags. The order is that of enum element. */
/* clang-format off */
#define ELEMENTS(X) \
    X(NONE, "", 0) \
    X(A, "a", ELEMENT_FORMATTING) X(ABBR, "abbr", 0) \
    X(ADDRESS, "address", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(AREA, "area", ELEMENT_VOID) \
    X(ARTICLE, "article", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(ASIDE, "aside", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(AUDIO, "audio", ELEMENT_HIDDEN) X(B, "b", ELEMENT_FORMATTING) X(BASE, "base", ELEMENT_VOID) \
    X(BIG, "big", ELEMENT_FORMATTING) X(BLOCKQUOTE, "blockquote", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(BODY, "body", ELEMENT_BLOCK) X(BR, "br", ELEMENT_VOID) X(BUTTON, "button", ELEMENT_SCOPE) \
    X(CANVAS, "canvas", ELEMENT_HIDDEN) X(CAPTION, "caption", ELEMENT_BLOCK | ELEMENT_SCOPE) \
    X(CENTER, "center", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(CITE, "cite", 0) X(CODE, "code", ELEMENT_FORMATTING) \
    X(COL, "col", ELEMENT_VOID) X(COLGROUP, "colgroup", 0) X(DD, "dd", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(DETAILS, "details", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(DIALOG, "dialog", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(DIV, "div", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(DL, "dl", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(DT, "dt", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(EM, "em", ELEMENT_FORMATTING) X(EMBED, "embed", ELEMENT_VOID) \
    X(FIELDSET, "fieldset", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(FIGCAPTION, "figcaption", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(FIGURE, "figure", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(FONT, "font", ELEMENT_FORMATTING) \
    X(FOOTER, "footer", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(FORM, "form", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(FRAME, "frame", ELEMENT_VOID) X(FRAMESET, "frameset", ELEMENT_BLOCK) \
    X(H1, "h1", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(H2, "h2", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(H3, "h3", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(H4, "h4", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(H5, "h5", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(H6, "h6", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(HEAD, "head", ELEMENT_HIDDEN) X(HEADER, "header", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(HGROUP, "hgroup", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(HR, "hr", ELEMENT_BLOCK | ELEMENT_VOID | ELEMENT_CLOSES_P) \
    X(HTML, "html", ELEMENT_BLOCK | ELEMENT_SCOPE) X(I, "i", ELEMENT_FORMATTING) \
    X(IFRAME, "iframe", ELEMENT_RAW | ELEMENT_HIDDEN) X(IMG, "img", ELEMENT_VOID) X(INPUT, "input", ELEMENT_VOID) \
    X(INS, "ins", 0) X(KBD, "kbd", 0) X(LABEL, "label", 0) X(LEGEND, "legend", ELEMENT_BLOCK) \
    X(LI, "li", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(LINK, "link", ELEMENT_VOID) \
    X(MAIN, "main", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(MAP, "map", 0) X(MARK, "mark", 0) X(MATH, "math", 0) \
    X(MENU, "menu", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(META, "meta", ELEMENT_VOID) \
    X(NAV, "nav", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(NOBR, "nobr", ELEMENT_FORMATTING) \
    X(NOEMBED, "noembed", ELEMENT_RAW | ELEMENT_HIDDEN) X(NOFRAMES, "noframes", ELEMENT_RAW | ELEMENT_HIDDEN) \
    X(NOSCRIPT, "noscript", ELEMENT_HIDDEN) X(OBJECT, "object", ELEMENT_SCOPE) \
    X(OL, "ol", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(OPTGROUP, "optgroup", 0) X(OPTION, "option", 0) \
    X(P, "p", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(PARAM, "param", ELEMENT_VOID) X(PICTURE, "picture", 0) \
    X(PLAINTEXT, "plaintext", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(PRE, "pre", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(Q, "q", 0) \
    X(RP, "rp", ELEMENT_HIDDEN) X(RT, "rt", ELEMENT_HIDDEN) X(RUBY, "ruby", 0) X(S, "s", ELEMENT_FORMATTING) \
    X(SAMP, "samp", 0) X(SCRIPT, "script", ELEMENT_RAW | ELEMENT_HIDDEN) \
    X(SECTION, "section", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(SELECT, "select", ELEMENT_HIDDEN) \
    X(SMALL, "small", ELEMENT_FORMATTING) X(SOURCE, "source", ELEMENT_VOID) X(SPAN, "span", 0) \
    X(STRIKE, "strike", ELEMENT_FORMATTING) X(STRONG, "strong", ELEMENT_FORMATTING) \
    X(STYLE, "style", ELEMENT_RAW | ELEMENT_HIDDEN) X(SUB, "sub", 0) \
    X(SUMMARY, "summary", ELEMENT_BLOCK | ELEMENT_CLOSES_P) X(SUP, "sup", 0) X(SVG, "svg", ELEMENT_HIDDEN) \
    X(TABLE, "table", ELEMENT_BLOCK | ELEMENT_CLOSES_P | ELEMENT_SCOPE) X(TBODY, "tbody", ELEMENT_BLOCK) \
    X(TD, "td", ELEMENT_BLOCK | ELEMENT_SCOPE) X(TEMPLATE, "template", ELEMENT_HIDDEN | ELEMENT_SCOPE) \
    X(TEXTAREA, "textarea", ELEMENT_RCDATA | ELEMENT_HIDDEN) X(TFOOT, "tfoot", ELEMENT_BLOCK) \
    X(TH, "th", ELEMENT_BLOCK | ELEMENT_SCOPE) X(THEAD, "thead", ELEMENT_BLOCK) X(TIME, "time", 0) \
    X(TITLE, "title", ELEMENT_RCDATA | ELEMENT_HIDDEN) X(TR, "tr", ELEMENT_BLOCK) X(TRACK, "track", ELEMENT_VOID) \
    X(TT, "tt", ELEMENT_FORMATTING) X(U, "u", ELEMENT_FORMATTING) X(UL, "ul", ELEMENT_BLOCK | ELEMENT_CLOSES_P) \
    X(VAR, "var", 0) X(VIDEO, "video", ELEMENT_HIDDEN) X(WBR, "wbr", ELEMENT_VOID) X(XMP, "xmp", ELEMENT_RAW | ELEMENT_BLOCK)

/* clang-format on */
#define ELEMENT_ENUM(id, name, flags) ELEMENT_##id,
enum element { ELEMENTS(ELEMENT_ENUM) ELEMENT_COUNT };
#undef ELEMENT_ENUM

struct element_info {
    char name[12];
    uint8_t len;
    uint8_t flags;
};

extern const struct element_info ELEMENT_INFO[ELEMENT_COUNT];

/* ELEMENT_NONE when the name is none of the list. ASCII case does not matter. */
enum element element_by_name(desk_slice name);

#endif
