/* Building a line in a local buffer and writing it whole. */
#include "ops/log.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What must stay free while a value is written: its closing quote, the number of repeats, a
 * bracket and the line's end. And what a field must find free to be begun. */
enum { ROOM_TO_CLOSE = 64, ROOM_TO_BEGIN = 128 };

/* What a line says. */
struct log_entry {
    enum config_log_level level;
    const char *message;
    const struct log_field *fields;
};

static size_t room(const struct log_line *line)
{
    return sizeof line->data - line->len;
}

/* The callers leave room. */
static void put(struct log_line *line, const char *text, size_t len)
{
    if (len > room(line))
        len = room(line);
    memcpy(line->data + line->len, text, len);
    line->len += len;
}

static void put_text(struct log_line *line, const char *text)
{
    put(line, text, strlen(text));
}

/* Whether a value's next byte still fits: a cut falls between characters. */
static bool fits(const struct log_line *line, const char *text)
{
    bool is_inside = ((unsigned char)*text & 0xc0) == 0x80;
    return room(line) > ROOM_TO_CLOSE || (is_inside && room(line) > ROOM_TO_CLOSE - 4);
}

/* In quotes, with what JSON and logfmt both escape. */
static void put_quoted(struct log_line *line, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    put(line, "\"", 1);
    for (; *text && fits(line, text); text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            char pair[2] = {'\\', (char)c};
            put(line, pair, 2);
        } else if (c == '\n') {
            put(line, "\\n", 2);
        } else if (c < 0x20 || c == 0x7f) {
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
                            char out[LOG_LINE_SIZE])
{
    static const char mark[] = "[secret]";
    size_t used = 0;
    if (!secrets || !secrets->count)
        return text;
    while (*text && used + sizeof mark < LOG_LINE_SIZE) {
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

/* A bare value ends at a space, and control characters are only escaped within quotes. */
static bool needs_quotes(const char *text)
{
    const char *c = text;
    while ((unsigned char)*c > ' ' && *c != 0x7f && !strchr("\"=\\", *c))
        c++;
    return !*text || *c;
}

static void put_field(struct log_line *line, enum config_log_format format, const char *name,
                      const char *text, long long number)
{
    char digits[32];
    if (room(line) < ROOM_TO_BEGIN + strlen(name))
        return;
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
        for (; *text && fits(line, text); text++)
            put(line, text, 1);
    }
}

static void put_time(struct log_line *line, enum config_log_format format)
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

/* --- repeats ------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, const char *text)
{
    for (bool was_digit = false; *text; text++) {
        bool is_digit = *text >= '0' && *text <= '9';
        if (!is_digit || !was_digit) /* FNV-1a; a run of digits counts as one of them */
            hash = (hash ^ (unsigned char)(is_digit ? '#' : *text)) * 1099511628211u;
        was_digit = is_digit;
    }
    return hash;
}

/* Lines that differ only in numbers within texts (times, offsets, ports) are the same; fields that
 * are numbers, such as the lane, tell them apart. */
static uint64_t key_of(const char *message, const struct log_field *fields)
{
    uint64_t hash = mix(14695981039346656037u, message);
    for (; fields && fields->name; fields++)
        hash = fields->text ? mix(hash, fields->text)
                            : (hash ^ (uint64_t)fields->number) * 1099511628211u;
    return hash;
}

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- lines --------------------------------------------------------------------------------- */

static void write_line(const struct log_settings *settings, struct log_line *line)
{
    put(line, settings->format == LOG_JSON ? "}\n" : "\n", settings->format == LOG_JSON ? 2 : 1);
    for (size_t done = 0; done < line->len;) {
        ssize_t written = write(STDERR_FILENO, line->data + done, line->len - done);
        if (written <= 0)
            break;
        done += (size_t)written;
    }
}

/* All but its end. */
static void make_line(const struct log_settings *settings, struct log_line *line,
                      const struct log_entry *entry)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    char said[LOG_LINE_SIZE];
    if (settings->format == LOG_JSON)
        put(line, "{", 1);
    put_time(line, settings->format);
    put_field(line, settings->format, "level", levels[entry->level], 0);
    put_field(line, settings->format, "msg", redacted(settings->secrets, entry->message, said), 0);
    for (const struct log_field *field = entry->fields; field && field->name; field++)
        put_field(line, settings->format, field->name,
                  field->text ? redacted(settings->secrets, field->text, said) : NULL,
                  field->number);
}

void log_flush(const struct log_settings *settings, bool is_all)
{
    struct log_line line;
    unsigned long long count;
    while (settings->repeats &&
           (count = log_repeats_take(settings->repeats, now_ms(), is_all, &line)) > 0) {
        char field[48];
        int len =
            snprintf(field, sizeof field,
                     settings->format == LOG_JSON ? ",\"repeated\":%llu" : " repeated=%llu", count);
        put(&line, field, (size_t)len);
        write_line(settings, &line);
    }
}

void log_write(const struct log_settings *settings, enum config_log_level level,
               const char *message, const struct log_field *fields)
{
    struct log_line line = {.len = 0};
    if (level < settings->level)
        return;
    log_flush(settings, false);
    make_line(settings, &line, &(struct log_entry){level, message, fields});
    if (settings->repeats && level >= LOG_WARN &&
        !log_repeats_pass(settings->repeats, key_of(message, fields), now_ms(), &line))
        return;
    write_line(settings, &line);
}
