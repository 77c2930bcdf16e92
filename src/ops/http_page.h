/* The monitor page: one HTML document with its style and scripts inside, put together at the start
 * from the sources in web/ and, where npm was there when copydesk was built, from the chart
 * library.
 *
 * Nothing on it comes from a record: what it shows, its script fetches from /events. The content
 * security policy allows what bears the answer's nonce and connections to the same server, nothing
 * else. */
#ifndef OPS_HTTP_PAGE_H
#define OPS_HTTP_PAGE_H

#include <copydesk/slice.h>
#include <stdbool.h>
#include <stddef.h>

/* 128 random bits in hexadecimal digits. */
enum { PAGE_NONCE_LEN = 32, PAGE_NONCES_MAX = 32, PAGE_POLICY_SIZE = 384 };

struct http_page {
    char *html; /* with a place of PAGE_NONCE_LEN bytes for each nonce */
    size_t len;
    size_t nonces[PAGE_NONCES_MAX], nonces_count; /* offsets of the places */
};

/* Where a file of the page is found by name; empty: there is none. */
typedef desk_slice (*page_finder)(const char *name, size_t len);

/* Puts the page together from its template monitor.html: each link to a style sheet and each script
 * with a source, written as in it, is replaced by the file's content; by nothing when there is no
 * such file. False when out of memory. */
bool http_page_open(struct http_page *page, page_finder find);
void http_page_close(struct http_page *page);
/* A copy of the page with a fresh nonce, on the heap, and the policy that goes with it. NULL when
 * out of memory, or when the system has no random numbers. */
char *http_page_make(const struct http_page *page, char policy[PAGE_POLICY_SIZE]);
/* The finder of the files that were built in. */
desk_slice http_page_builtin(const char *name, size_t len);

#endif
