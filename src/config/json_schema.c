/* The JSON Schema of the configuration, out of the same table that reads it. A value may always be
 * a variable instead. */
#include <string.h>

#include "article/fields.h"
#include "config/parts.h"
#include "config/show.h"

static const char VARIABLE[] = "{\"type\": \"string\", \"pattern\": \"\\\\$\\\\{.+\\\\}\"}";

static void put_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++)
        fprintf(out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
    fputc('"', out);
}

static void put_words(FILE *out, const struct config_row *row)
{
    fputs("\"enum\": [", out);
    for (const struct config_word *word = row->words; word->name; word++) {
        fputs(word == row->words ? "" : ", ", out);
        put_string(out, word->name);
        /* YAML 1.1 editors read these words as booleans. */
        if (!strcmp(word->name, "on") || !strcmp(word->name, "off"))
            fprintf(out, ", %s", !strcmp(word->name, "on") ? "true" : "false");
    }
    fputs("]", out);
}

static void put_type(FILE *out, const struct config_row *row)
{
    switch (row->type) {
    case TYPE_TEXT:
        fputs("\"type\": \"string\"", out);
        return;
    case TYPE_LIST:
        fputs("\"type\": [\"array\", \"string\"], \"items\": {\"type\": \"string\"}", out);
        return;
    case TYPE_WORD:
        fputs("\"anyOf\": [{", out);
        put_words(out, row);
        break;
    case TYPE_INTEGER:
        fprintf(out, "\"anyOf\": [{\"type\": \"integer\", \"minimum\": %lld, \"maximum\": %lld",
                row->min, row->max);
        break;
    case TYPE_DURATION:
        fputs("\"anyOf\": [{\"type\": \"integer\"}, {\"type\": \"string\", \"pattern\": "
              "\"^[0-9]+ *(ms|s|m|h)?$\"",
              out);
        break;
    case TYPE_SIZE:
        fputs("\"anyOf\": [{\"type\": \"integer\"}, {\"type\": \"string\", \"pattern\": "
              "\"^[0-9]+ *(B|kB|KB|MB|GB|KiB|MiB|GiB)?$\"",
              out);
        break;
    case TYPE_SHARE:
        fputs("\"anyOf\": [{\"type\": \"number\", \"minimum\": 0, \"maximum\": 1", out);
        break;
    }
    fprintf(out, "}, %s]", VARIABLE);
}

static void put_property(FILE *out, const struct config_row *row, const char *name, int indent)
{
    fprintf(out, "%*s", indent, "");
    put_string(out, name);
    fputs(": {", out);
    put_type(out, row);
    if (row->initial) {
        fputs(", \"default\": ", out);
        put_string(out, row->initial);
    }
    fputs(", \"description\": ", out);
    put_string(out, row->help);
    fputs("}", out);
}

static void put_fields(FILE *out)
{
    fputs(",\n        \"fields\": {\"type\": \"object\", \"description\": \"which keys of a JSON "
          "object mean what\", \"additionalProperties\": false, \"properties\": {",
          out);
    for (const char *const *name = input_field_names(); *name; name++)
        fprintf(out,
                "%s\n          \"%s\": {\"type\": [\"array\", \"string\"], \"items\": {\"type\": "
                "\"string\"}}",
                name == input_field_names() ? "" : ",", *name);
    fputs("}}", out);
}

/* Returns the first row behind the section. */
static const struct config_row *put_section(FILE *out, const struct config_row *row)
{
    size_t len = strcspn(row->path, ".");
    const char *section = row->path;
    fprintf(out,
            "    \"%.*s\": {\"type\": [\"object\", \"null\"], \"additionalProperties\": false, "
            "\"properties\": {\n",
            (int)len, section);
    for (bool is_first = true; row->path && !strncmp(row->path, section, len + 1); row++) {
        fputs(is_first ? "" : ",\n", out);
        put_property(out, row, row->path + len + 1, 8);
        is_first = false;
    }
    if (!strncmp(section, "input.", 6))
        put_fields(out);
    fputs("}}", out);
    return row;
}

static const char HEAD[] =
    "{\n"
    "  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
    "  \"title\": \"Configuration of copydesk\",\n"
    "  \"description\": \"Written by copydesk check --schema; every key is described in "
    "docs/configuration.md\",\n"
    "  \"type\": \"object\",\n"
    "  \"additionalProperties\": false,\n"
    "  \"$defs\": {\n"
    "    \"values\": {\"type\": [\"string\", \"array\"], \"items\": {\"type\": \"string\"}},\n"
    "    \"duration\": {\"anyOf\": [{\"type\": \"integer\"}, {\"type\": \"string\", \"pattern\": "
    "\"^[0-9]+ *(ms|s|m|h)?$\"}]},\n"
    "    \"property\": {\"type\": [\"string\", \"number\", \"boolean\"]}\n"
    "  },\n"
    "  \"properties\": {\n"
    "    \"include\": {\"$ref\": \"#/$defs/values\", \"description\": \"files that are read after "
    "this one, in order\"},\n"
    "    \"kafka\": {\"type\": \"object\", \"description\": \"properties of librdkafka\", "
    "\"additionalProperties\": {\"$ref\": \"#/$defs/property\"}, \"properties\": {\n"
    "        \"consumer\": {\"type\": \"object\", \"additionalProperties\": {\"$ref\": "
    "\"#/$defs/property\"}},\n"
    "        \"producer\": {\"type\": \"object\", \"additionalProperties\": {\"$ref\": "
    "\"#/$defs/property\"}}}},\n"
    "    \"routes\": {\"type\": \"array\", \"description\": \"topics by what a record is; the "
    "first "
    "that fits decides\", \"items\": {\"type\": \"object\", \"additionalProperties\": false, "
    "\"required\": [\"when\", \"topic\"], \"properties\": {\n"
    "        \"topic\": {\"type\": \"string\"},\n"
    "        \"when\": {\"type\": \"object\", \"minProperties\": 1, \"additionalProperties\": "
    "false, "
    "\"properties\": {\n"
    "          \"subject\": {\"$ref\": \"#/$defs/values\"}, \"language\": {\"$ref\": "
    "\"#/$defs/values\"}, \"source\": {\"$ref\": \"#/$defs/values\"},\n"
    "          \"input\": {\"$ref\": \"#/$defs/values\"}, \"rejected\": {\"$ref\": "
    "\"#/$defs/values\"}}}}}},\n"
    "    \"stages\": {\"type\": \"array\", \"maxItems\": 16, \"description\": \"stages of your "
    "own, "
    "docs/plugins.md\", \"items\": {\"type\": \"object\", \"additionalProperties\": false, "
    "\"oneOf\": [{\"required\": [\"load\"]}, {\"required\": [\"command\"]}], \"properties\": {\n"
    "        \"load\": {\"type\": \"string\", \"description\": \"a shared object, relative to this "
    "file\"},\n"
    "        \"command\": {\"type\": \"array\", \"minItems\": 1, \"items\": {\"type\": "
    "\"string\"}, "
    "\"description\": \"a program and its arguments, run in the folder of this file\"},\n"
    "        \"after\": {\"enum\": [\"decode\", \"extract\", \"scrub\", \"normalise\", "
    "\"language\", "
    "\"date\", \"source\", \"subject\", \"entity\", \"quote\", \"fingerprint\"], \"default\": "
    "\"fingerprint\", \"description\": \"the built-in stage it follows\"},\n"
    "        \"name\": {\"type\": \"string\", \"pattern\": \"^[a-z0-9][a-z0-9-]{0,22}$\", "
    "\"description\": \"instead of the stage's own\"},\n"
    "        \"timeout\": {\"$ref\": \"#/$defs/duration\", \"default\": \"1s\", \"description\": "
    "\"for "
    "one article, which is rejected beyond it\"},\n"
    "        \"start_timeout\": {\"$ref\": \"#/$defs/duration\", \"default\": \"30s\", "
    "\"description\": \"for a command to get ready\"},\n"
    "        \"config\": {\"type\": \"object\", \"description\": \"the stage's own keys\"}}}}";

void config_show_schema(FILE *out)
{
    fputs(HEAD, out);
    for (const struct config_row *row = CONFIG_ROWS; row->path;) {
        fputs(",\n", out);
        if (strchr(row->path, '.')) {
            row = put_section(out, row);
        } else {
            put_property(out, row, row->path, 4);
            row++;
        }
    }
    fputs("\n  }\n}\n", out);
}
