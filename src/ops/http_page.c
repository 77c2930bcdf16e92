/* Putting the page together. The template is a page of its own, as a web server would give it with
 * its files beside it; here they are written into it. */
#include "ops/http_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/slice.h"
#include "rulebook/rulebook.h"

extern const char desk_page_files_start[];
extern const char desk_page_files_end[];
extern const char desk_chart_files_start[];
extern const char desk_chart_files_end[];

/* What is replaced: opening, name, closing; and the element that comes instead. */
struct inclusion {
    const char *open, *close, *tag;
};

static const struct inclusion INCLUSIONS[] = {
    {"<link rel=\"stylesheet\" href=\"", "\">", "style"},
    {"<script src=\"", "\"></script>", "script"},
};
enum { INCLUSION_COUNT = sizeof INCLUSIONS / sizeof INCLUSIONS[0] };

/* --- putting together ------------------------------------------------------------------------ */

/* The first inclusion at or behind `from`, and where it is; NULL: no more. */
static const struct inclusion *next_inclusion(desk_slice template, size_t from, size_t *at)
{
    const struct inclusion *best = NULL;
    for (size_t i = 0; i < INCLUSION_COUNT; i++) {
        size_t found = slice_find(template, slice_from_cstr(INCLUSIONS[i].open), from);
        if (found != DESK_SLICE_NONE && (!best || found < *at)) {
            best = &INCLUSIONS[i];
            *at = found;
        }
    }
    return best;
}

static void include(struct http_page *page, FILE *out, const struct inclusion *inclusion,
                    desk_slice content)
{
    if (!content.len || page->nonces_count == PAGE_NONCES_MAX)
        return;
    fprintf(out, "<%s nonce=\"", inclusion->tag);
    page->nonces[page->nonces_count++] = (size_t)ftell(out);
    fprintf(out, "%*s\">\n", PAGE_NONCE_LEN, "");
    fwrite(content.data, 1, content.len, out);
    fprintf(out, "</%s>", inclusion->tag);
}

static void compose(struct http_page *page, FILE *out, page_finder find)
{
    desk_slice template = find("monitor.html", strlen("monitor.html"));
    size_t from = 0, at = 0;
    const struct inclusion *inclusion;
    while ((inclusion = next_inclusion(template, from, &at))) {
        size_t name = at + strlen(inclusion->open);
        size_t end = slice_find(template, slice_from_cstr(inclusion->close), name);
        if (end == DESK_SLICE_NONE)
            break;
        fwrite(template.data + from, 1, at - from, out);
        include(page, out, inclusion, find(template.data + name, end - name));
        from = end + strlen(inclusion->close);
    }
    fwrite(template.data + from, 1, template.len - from, out);
}

bool http_page_open(struct http_page *page, page_finder find)
{
    *page = (struct http_page){.html = NULL};
    FILE *out = open_memstream(&page->html, &page->len);
    if (!out)
        return false;
    compose(page, out, find);
    if (!ferror(out) && !fclose(out))
        return true;
    http_page_close(page);
    return false;
}

void http_page_close(struct http_page *page)
{
    free(page->html);
    page->html = NULL;
}

/* --- one answer ------------------------------------------------------------------------------ */

static bool make_nonce(char nonce[PAGE_NONCE_LEN + 1])
{
    unsigned char bytes[PAGE_NONCE_LEN / 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return false;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(nonce + 2 * i, 3, "%02x", bytes[i]);
    return true;
}

char *http_page_make(const struct http_page *page, char policy[PAGE_POLICY_SIZE])
{
    char nonce[PAGE_NONCE_LEN + 1];
    char *html = make_nonce(nonce) ? malloc(page->len + 1) : NULL;
    if (!html)
        return NULL;
    memcpy(html, page->html, page->len);
    for (size_t i = 0; i < page->nonces_count; i++)
        memcpy(html + page->nonces[i], nonce, PAGE_NONCE_LEN);
    snprintf(policy, PAGE_POLICY_SIZE,
             "default-src 'none'; script-src 'nonce-%s'; style-src 'nonce-%s'; connect-src 'self'; "
             "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
             "require-trusted-types-for 'script'; trusted-types 'none'",
             nonce, nonce);
    return html;
}

/* --- what was built in ----------------------------------------------------------------------- */

static desk_slice find_in(const char *start, const char *end, desk_slice name)
{
    desk_slice content = {NULL, 0};
    struct rulebook_files files = rulebook_unpack(start, end);
    for (size_t i = 0; i < files.count; i++)
        if (slice_equal(files.items[i].path, name))
            content = files.items[i].content;
    free((desk_rulebook_file *)(size_t)files.items);
    return content;
}

desk_slice http_page_builtin(const char *name, size_t len)
{
    desk_slice wanted = slice_of(name, len);
    desk_slice content = find_in(desk_page_files_start, desk_page_files_end, wanted);
    return content.len ? content : find_in(desk_chart_files_start, desk_chart_files_end, wanted);
}
