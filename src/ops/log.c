/* Building a line in a local buffer and writing it whole. */
#include "ops/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_SIZE = 4096 };

struct line {
    char data[LINE_SIZE];
    size_t len;
};

static void put(struct line *line, const char *text, size_t len)
{
    if (len > sizeof line->data - 2 - line->len)
        len = sizeof line->data - 2 - line->len;
    memcpy(line->data + line->len, text, len);
    line->len += len;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

/* In quotes, with what JSON and logfmt both escape. */
static void put_quoted(struct line *line, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    put(line, "\"", 1);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            char pair[2] = {'\\', (char)c};
            put(line, pair, 2);
        } else if (c == '\n') {
            put(line, "\\n", 2);
        } else if (c < 0x20) {
            char escape[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
            put(line, escape, 6);
        } else {
            put(line, (const char *)&c, 1);
        }
    }
    put(line, "\"", 1);
}

/* The length of the secret that `text` starts with, or 0. */
static size_t secret_at(const struct config_list *secrets, const char *text)
{
    size_t longest = 0;
    for (size_t i = 0; i < secrets->count; i++) {
        size_t len = strlen(secrets->items[i]);
        if (len > longest && !strncmp(text, secrets->items[i], len))
            longest = len;
    }
    return longest;
}

/* Copies text into `out` with each secret replaced; what is longer than a line is cut. */
static const char *redacted(const struct config_list *secrets, const char *text,
                            char out[LINE_SIZE])
{
    static const char mark[] = "[secret]";
    size_t used = 0;
    if (!secrets || !secrets->count)
        return text;
    while (*text && used + sizeof mark < LINE_SIZE) {
        size_t len = secret_at(secrets, text);
        if (len) {
            memcpy(out + used, mark, sizeof mark - 1);
            used += sizeof mark - 1;
            text += len;
        } else {
            out[used++] = *text++;
        }
    }
    out[used] = '\0';
    return out;
}

static bool needs_quotes(const char *text)
{
    return !*text || text[strcspn(text, " \"=\n\t\\")] != '\0';
}

static void put_field(struct line *line, enum config_log_format format, const char *name,
                      const char *text, long long number)
{
    char digits[32];
    if (format == LOG_JSON) {
        put_text(line, line->len > 1 ? "," : "");
        put_quoted(line, name);
        put(line, ":", 1);
    } else {
        put_text(line, line->len ? " " : "");
        put_text(line, name);
        put(line, "=", 1);
    }
    if (!text) {
        snprintf(digits, sizeof digits, "%lld", number);
        put_text(line, digits);
    } else if (format == LOG_JSON || needs_quotes(text)) {
        put_quoted(line, text);
    } else {
        put_text(line, text);
    }
}

static void put_time(struct line *line, enum config_log_format format)
{
    struct timespec now;
    struct tm parts;
    char text[80], whole[40];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    strftime(whole, sizeof whole, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text, sizeof text, "%s.%03dZ", whole, (int)(now.tv_nsec / 1000000 % 1000));
    put_field(line, format, "time", text, 0);
}

void log_write(const struct log_settings *settings, enum config_log_level level,
               const char *message, const struct log_field *fields)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    struct line line = {.len = 0};
    if (level < settings->level)
        return;
    if (settings->format == LOG_JSON)
        put(&line, "{", 1);
    put_time(&line, settings->format);
    put_field(&line, settings->format, "level", levels[level], 0);
    char said[LINE_SIZE];
    put_field(&line, settings->format, "msg", redacted(settings->secrets, message, said), 0);
    for (const struct log_field *field = fields; field && field->name; field++) {
        char shown[LINE_SIZE];
        put_field(&line, settings->format, field->name,
                  field->text ? redacted(settings->secrets, field->text, shown) : NULL,
                  field->number);
    }
    if (settings->format == LOG_JSON && line.len < sizeof line.data - 1)
        line.data[line.len++] = '}';
    line.data[line.len++] = '\n';
    for (size_t done = 0; done < line.len;) {
        ssize_t written = write(STDERR_FILENO, line.data + done, line.len - done);
        if (written <= 0)
            break;
        done += (size_t)written;
    }
}
