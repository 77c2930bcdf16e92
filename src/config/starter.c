/* A file to start from: what everybody sets, and every other key as a comment with its default, so
 * that taking a "# " away is all there is to do. */
#include <string.h>

#include "config/parts.h"
#include "config/show.h"

enum { COMMENT_COLUMN = 40 };

static const char HEAD[] =
    "# copydesk's configuration. Every key is described in docs/configuration.md and may be set "
    "by\n"
    "# the environment, too: commit.interval is COPYDESK_COMMIT_INTERVAL. After each change:\n"
    "#   copydesk check -c FILE              all mistakes at once, with their places\n"
    "#   copydesk check -c FILE --connect    brokers, topics and permissions, too\n"
    "#   copydesk check -c FILE --print      what holds, and where it comes from\n"
    "\n"
    "kafka:                                  # any property of librdkafka, for both sides\n"
    "  bootstrap.servers: localhost:9092\n"
    "  # security.protocol: SASL_SSL\n"
    "  # sasl.mechanism: SCRAM-SHA-512\n"
    "  # sasl.username: copydesk\n"
    "  # sasl.password: ${file:/run/secrets/kafka}   # secrets come from files or variables\n"
    "  # consumer: {fetch.min.bytes: 1024}           # of one side\n"
    "  # producer: {compression.type: lz4}\n";

static const char TAIL[] =
    "\n"
    "# Topics by what a record is; the first route that fits decides, output.topic gets the rest.\n"
    "# routes:\n"
    "#   - {when: {subject: medtop:15000000}, topic: articles.sport}\n"
    "#   - {when: {language: [fr, de], source: outlet.example}, topic: articles.outlet}\n"
    "\n"
    "# Files that are read after this one, in order; what they set replaces what is set here.\n"
    "# include: [conf.d/*.yaml]\n";

/* Keys and sections that are no comments. */
static bool is_active(const char *path)
{
    static const char *const paths[] = {"input.topics",
                                        "input.group",
                                        "output.topic",
                                        "rejected.topic",
                                        "create_topics.partitions",
                                        "create_topics.replication",
                                        NULL};
    for (const char *const *known = paths; *known; known++)
        if (!strncmp(*known, path, strlen(path)) && strchr(".", (*known)[strlen(path)]))
            return true;
    return false;
}

static void put_words(const struct config_row *row, FILE *out)
{
    for (const struct config_word *word = row->words; word && word->name; word++)
        fprintf(out, "%s%s", word == row->words ? ": " : ", ", word->name);
}

static void put_row(const struct config_row *row, bool in_active_section, FILE *out)
{
    const char *dot = strchr(row->path, '.'), *name = dot ? dot + 1 : row->path;
    const char *before = is_active(row->path) ? "  "
                         : in_active_section  ? "  # "
                         : dot                ? "#   "
                                              : "# ";
    int column = fprintf(out, "%s%s: %s", before, name, row->initial ? row->initial : "");
    fprintf(out, "%*s# %s", column < COMMENT_COLUMN ? COMMENT_COLUMN - column : 1, "", row->help);
    put_words(row, out);
    fputc('\n', out);
}

/* Returns the first row behind the section. */
static const struct config_row *put_section(const struct config_row *row, FILE *out)
{
    char section[CONFIG_PATH_SIZE];
    size_t len = strcspn(row->path, ".");
    memcpy(section, row->path, len);
    section[len] = '\0';
    bool active = is_active(section);
    fprintf(out, "\n%s%s:\n", active ? "" : "# ", section);
    for (; row->path && !strncmp(row->path, section, len) && row->path[len] == '.'; row++)
        put_row(row, active, out);
    return row;
}

void config_show_starter(FILE *out)
{
    fputs(HEAD, out);
    for (const struct config_row *row = CONFIG_ROWS; row->path;) {
        if (strchr(row->path, '.')) {
            row = put_section(row, out);
        } else {
            fputc('\n', out);
            put_row(row, false, out);
            row++;
        }
    }
    fputs(TAIL, out);
}
