/* Fields of /proc/self/stat: proc(5). */
#include "ops/process.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

struct stat_fields {
    unsigned long long user_ticks, system_ticks, threads, start_ticks, virtual_bytes,
        resident_pages;
};

/* The program's name stands in brackets and may hold anything: the last bracket ends it. */
static bool read_stat(struct stat_fields *fields)
{
    char text[1024];
    FILE *file = fopen("/proc/self/stat", "r");
    size_t len = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    text[len] = '\0';
    const char *rest = strrchr(text, ')');
    return rest &&
           sscanf(rest + 1,
                  " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %*d %*d %*d %*d %llu "
                  "%*d %llu %llu %llu",
                  &fields->user_ticks, &fields->system_ticks, &fields->threads,
                  &fields->start_ticks, &fields->virtual_bytes, &fields->resident_pages) == 6;
}

/* Seconds since 1970 when the machine started; 0 when not known. */
static unsigned long long boot_time(void)
{
    char line[256];
    unsigned long long seconds = 0;
    FILE *file = fopen("/proc/stat", "r");
    while (file && !seconds && fgets(line, sizeof line, file))
        sscanf(line, "btime %llu", &seconds);
    if (file)
        fclose(file);
    return seconds;
}

static unsigned long long count_open_files(void)
{
    unsigned long long count = 0;
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *entry; folder && (entry = readdir(folder));)
        count += entry->d_name[0] != '.';
    if (folder)
        closedir(folder);
    return count ? count - 1 : 0; /* the folder itself was open */
}

static void put(struct exposition *page, enum family family, double value)
{
    exposition_family(page, family);
    exposition_value(page, NULL, value);
}

void process_collect(struct exposition *page)
{
    struct stat_fields fields;
    struct rlimit files;
    double ticks = (double)sysconf(_SC_CLK_TCK);
    if (read_stat(&fields)) {
        put(page, FAMILY_PROCESS_CPU, (double)(fields.user_ticks + fields.system_ticks) / ticks);
        put(page, FAMILY_PROCESS_RESIDENT,
            (double)fields.resident_pages * (double)sysconf(_SC_PAGESIZE));
        put(page, FAMILY_PROCESS_VIRTUAL, (double)fields.virtual_bytes);
        put(page, FAMILY_PROCESS_THREADS, (double)fields.threads);
        put(page, FAMILY_PROCESS_START, (double)boot_time() + (double)fields.start_ticks / ticks);
    }
    put(page, FAMILY_PROCESS_OPEN_FDS, (double)count_open_files());
    if (!getrlimit(RLIMIT_NOFILE, &files))
        put(page, FAMILY_PROCESS_MAX_FDS, (double)files.rlim_cur);
}
