/* The head of the page that explain --html writes: its policy and its style, for light and dark. */
#ifndef COMMANDS_EXPLAIN_HTML_PAGE_H
#define COMMANDS_EXPLAIN_HTML_PAGE_H

/* Up to and without the title element. */
extern const char EXPLAIN_HTML_HEAD[];

#endif
