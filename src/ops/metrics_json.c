/* The text of /metrics as one line of JSON:
 * {"time_ms":N,"metrics":{"NAME":[{"labels":{"lane":"0"},"value":12}]}}. */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ops/metrics.h"

/* `lane="0",code="x"` */
static void put_labels(FILE *out, const char *at, const char *end)
{
    fputs("{\"labels\":{", out);
    while (at < end) {
        const char *equal = memchr(at, '=', (size_t)(end - at));
        const char *quote = equal ? memchr(equal + 2, '"', (size_t)(end - equal - 2)) : NULL;
        if (!quote)
            break;
        fprintf(out, "\"%.*s\":%.*s", (int)(equal - at), at, (int)(quote + 1 - equal - 1),
                equal + 1);
        at = quote + 1;
        if (at < end && *at == ',') {
            fputc(',', out);
            at++;
        }
    }
    fputs("},\"value\":", out);
}

static void put_line(FILE *out, const char *line, size_t len, char last[96])
{
    size_t name_len = strcspn(line, "{ ");
    const char *value = line + len;
    while (*value != ' ')
        value--;
    char name[96];
    snprintf(name, sizeof name, "%.*s", (int)name_len, line);
    if (strcmp(name, last) != 0) {
        fprintf(out, "%s\"%s\":[", *last ? "]," : "", name);
        strcpy(last, name);
    } else {
        fputc(',', out);
    }
    const char *from = line + name_len + 1;
    const char *to = line[name_len] == '{' ? value - 1 : from;
    put_labels(out, from, to);
    fprintf(out, "%.*s}", (int)(len - (size_t)(value + 1 - line)), value + 1);
}

char *metrics_json(struct metrics *metrics, size_t *len)
{
    size_t text_len = 0;
    char *json = NULL, *text = metrics_text(metrics, &text_len), last[96] = "";
    struct timespec now;
    FILE *out = text ? open_memstream(&json, len) : NULL;
    if (!out)
        return NULL;
    clock_gettime(CLOCK_REALTIME, &now);
    fprintf(out, "{\"time_ms\":%lld,\"metrics\":{",
            (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    for (char *line = text; *line;) {
        size_t line_len = strcspn(line, "\n");
        if (*line != '#')
            put_line(out, line, line_len, last);
        line += line_len + (line[line_len] == '\n');
    }
    fputs(*last ? "]}}" : "}}", out);
    fclose(out);
    free(text);
    return json;
}
