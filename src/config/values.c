/* Reading single values. */
#include "config/values.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "base/wipe.h"

enum { FILE_BYTES_MAX = 1 << 20 };

/* --- variables ----------------------------------------------------------------------------- */

struct text {
    char *data;
    size_t len, capacity;
};

static bool append(struct text *out, const char *data, size_t len)
{
    if (out->capacity - out->len <= len) {
        size_t wanted = 2 * out->capacity + len + 64;
        char *grown = realloc(out->data, wanted);
        if (!grown)
            return false;
        out->data = grown;
        out->capacity = wanted;
    }
    memcpy(out->data + out->len, data, len);
    out->len += len;
    out->data[out->len] = '\0';
    return true;
}

static bool append_file(struct text *out, const char *path, char *error, size_t error_size)
{
    FILE *file = fopen(path, "rb");
    char *data = file ? malloc(FILE_BYTES_MAX) : NULL;
    size_t len = data ? fread(data, 1, FILE_BYTES_MAX, file) : 0;
    bool good = data && !ferror(file);
    if (!good)
        snprintf(error, error_size, "${file:%s}: %s", path, strerror(errno));
    while (len && (data[len - 1] == '\n' || data[len - 1] == '\r'))
        len--;
    good = good && append(out, data, len);
    wipe(data, data ? FILE_BYTES_MAX : 0);
    free(data);
    if (file)
        fclose(file);
    return good;
}

static bool append_variable(struct text *out, desk_slice name, char *error, size_t error_size)
{
    char buffer[1024];
    if (name.len >= sizeof buffer) {
        snprintf(error, error_size, "the variable's name is too long");
        return false;
    }
    memcpy(buffer, name.data, name.len);
    buffer[name.len] = '\0';
    if (!strncmp(buffer, "file:", 5))
        return append_file(out, buffer + 5, error, error_size);
    char *otherwise = strstr(buffer, ":-");
    if (otherwise) {
        *otherwise = '\0';
        otherwise += 2;
    }
    const char *value = getenv(buffer);
    if (otherwise && (!value || !*value))
        value = otherwise;
    if (!value) {
        snprintf(error, error_size,
                 "the environment variable %s is not set; set it or write ${%s:-default}", buffer,
                 buffer);
        return false;
    }
    return append(out, value, strlen(value));
}

char *value_expand(desk_slice text, char *error, size_t error_size)
{
    struct text out = {NULL, 0, 0};
    bool good = append(&out, "", 0);
    *error = '\0';
    for (size_t i = 0; good && i < text.len;) {
        size_t at = slice_find(text, slice_from_cstr("${"), i), end;
        if (at == DESK_SLICE_NONE) {
            good = append(&out, text.data + i, text.len - i);
            break;
        }
        end = slice_find_byte(text, '}', at);
        if (end == DESK_SLICE_NONE) {
            snprintf(error, error_size, "\"${\" without its \"}\"");
            good = false;
            break;
        }
        good = append(&out, text.data + i, at - i) &&
               append_variable(&out, slice_sub(text, at + 2, end), error, error_size);
        i = end + 1;
    }
    if (good)
        return out.data;
    if (!*error)
        snprintf(error, error_size, "out of memory");
    free(out.data);
    return NULL;
}

/* --- numbers ------------------------------------------------------------------------------- */

struct unit {
    const char *name;
    long long factor;
};

static bool number_with_unit(const char *text, const struct unit *units, long long *out)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno || end == text || number < 0)
        return false;
    while (*end == ' ')
        end++;
    for (const struct unit *unit = units; unit->name; unit++)
        if (!strcmp(end, unit->name)) {
            if (unit->factor > 1 &&
                number > (long long)((~0ULL >> 1) / (unsigned long long)unit->factor))
                return false;
            *out = number * unit->factor;
            return true;
        }
    return false;
}

bool value_duration(const char *text, long long *ms)
{
    static const struct unit units[] = {{"ms", 1},      {"s", 1000}, {"m", 60000},
                                        {"h", 3600000}, {"", 1},     {NULL, 0}};
    return number_with_unit(text, units, ms);
}

bool value_size(const char *text, long long *bytes)
{
    static const struct unit units[] = {{"B", 1},           {"kB", 1000},       {"KB", 1000},
                                        {"MB", 1000000},    {"GB", 1000000000}, {"KiB", 1LL << 10},
                                        {"MiB", 1LL << 20}, {"GiB", 1LL << 30}, {"", 1},
                                        {NULL, 0}};
    return number_with_unit(text, units, bytes);
}

bool value_integer(const char *text, long long *number)
{
    char *end = NULL;
    errno = 0;
    *number = strtoll(text, &end, 10);
    return !errno && end != text && !*end;
}

bool value_share(const char *text, long long *millionths)
{
    long long number = 0, unit = 1000000;
    bool has_point = false, has_digit = false;
    for (; *text; text++) {
        if (*text == '.' && !has_point) {
            has_point = true;
            continue;
        }
        if (*text < '0' || *text > '9' || (has_point && unit == 1))
            return false;
        has_digit = true;
        if (has_point)
            unit /= 10;
        number = has_point ? number + (*text - '0') * unit : number * 10 + (*text - '0') * unit;
        if (number > 1000000)
            return false;
    }
    *millionths = number;
    return has_digit;
}
