/* Instructions that this thread has executed, where the machine counts them: unlike times, they are
 * the same however busy it is. Virtual machines often count none, and the kernel may forbid it
 * (perf_event_paranoid above 2). */
#ifndef COMMANDS_BENCH_COUNTER_H
#define COMMANDS_BENCH_COUNTER_H

/* A counter of user-space instructions of this thread, running; -1 where there is none. */
int bench_counter_open(void);
/* What it has counted so far; 0 for -1 and when it cannot be read. */
unsigned long long bench_counter_read(int counter);
void bench_counter_close(int counter);

#endif
