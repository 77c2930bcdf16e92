/* The verbs of the program, one file each, and what they share.
 *
 * argv[0] is the verb. Each returns an exit code: 0 done, 1 found faults, 2 wrong usage or
 * configuration, 3 failed while running. */
#ifndef COMMANDS_COMMANDS_H
#define COMMANDS_COMMANDS_H

#include <copydesk/copydesk.h>
#include <stdbool.h>
#include <stdio.h>

enum exit_code { EXIT_DONE = 0, EXIT_FAULTS = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

int command_run(int argc, char **argv);
int command_demo(int argc, char **argv);
int command_filter(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_init(int argc, char **argv);
int command_check(int argc, char **argv);
int command_top(int argc, char **argv);
int command_tap(int argc, char **argv);
int command_audit(int argc, char **argv);
int command_redrive(int argc, char **argv);
int command_replay(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_train(int argc, char **argv);
int command_eval(int argc, char **argv);

#endif
