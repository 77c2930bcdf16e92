/* A hint for who names a subject that is none. */
#ifndef COMMANDS_SUBJECT_HINT_H
#define COMMANDS_SUBJECT_HINT_H

struct config;

/* Says on stderr, in the verb's name, that the configured rulebook has no such subject, with the
 * nearest one it has. It is no mistake: records of a loaded stage, or of another rulebook, may
 * carry it. Silent when the rulebook cannot be loaded here. */
void subject_hint(const char *verb, const char *subject, const struct config *config);

#endif
