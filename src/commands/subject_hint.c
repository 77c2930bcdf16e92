/* Looks a subject up in the configured rulebook. */
#include "commands/subject_hint.h"

#include <copydesk/copydesk.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/slice.h"
#include "config/config.h"
#include "kafka/tap_filter.h"
#include "rulebook/rulebook.h"
#include "tag/lexicon.h"
#include "yaml/yaml.h"

/* Names are compared in lower case, as the filter does. */
static char *name_of(desk_slice text)
{
    char *name = calloc(1, text.len + 1);
    for (size_t i = 0; name && i < text.len; i++) {
        char c = text.data[i];
        name[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return name;
}

static void say(const char *verb, const char *subject, const char *near)
{
    fprintf(stderr,
            "copydesk: %s: the rulebook has no subject '%s'%s%s%s; records have it only if a "
            "stage or another rulebook gave it\n",
            verb, subject, near ? ", did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* The list of all URIs, or of all names, ends with NULL. */
static void look_up(const char *verb, const char *subject, const struct lexicon *lexicon)
{
    char uri[TAP_URI_SIZE];
    bool has_uri = tap_subject_uri(subject, uri), is_known = false;
    char **known = calloc((size_t)lexicon->topics_count + 1, sizeof *known);
    char *wanted = name_of(slice_from_cstr(has_uri ? uri : subject));
    for (size_t i = 0; known && i < lexicon->topics_count; i++)
        known[i] = name_of(has_uri ? lexicon->topics[i].uri : lexicon->topics[i].name);
    for (char **at = known; wanted && at && *at; at++)
        is_known |= !strcmp(*at, wanted);
    if (wanted && known && !is_known)
        say(verb, subject, yaml_nearest(slice_from_cstr(wanted), (const char *const *)known));
    for (char **at = known; at && *at; at++)
        free(*at);
    free((void *)known);
    free(wanted);
}

void subject_hint(const char *verb, const char *subject, const struct config *config)
{
    desk_rulebook *rulebook = NULL;
    const char *folder = config_rulebook_folder(config);
    desk_status status = folder ? desk_rulebook_load_folder(folder, &rulebook, NULL)
                                : desk_rulebook_load_builtin(&rulebook, NULL);
    if (status == DESK_OK && rulebook->lexicon)
        look_up(verb, subject, rulebook->lexicon);
    desk_rulebook_release(rulebook);
}
