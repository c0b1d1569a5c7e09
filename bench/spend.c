/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a command and says what it and its children spent, on file descriptor 3: user and system
 * time and time on the clock in seconds, peak memory in KiB, exit code. A small program of its own,
 * because a child counts the memory of whoever forked it, until it becomes another program. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

static double clock_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    struct rusage spent;
    double start;
    pid_t child;
    int status;

    if (argc < 2) {
        (void)fprintf(stderr, "usage: spend COMMAND ARGUMENT... 3> RESULT\n");
        return 2;
    }
    start = clock_now();
    child = fork();
    if (child == 0) {
        (void)close(3);
        (void)execvp(argv[1], argv + 1);
        (void)fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &spent) != child) {
        perror("spend");
        return 2;
    }
    (void)dprintf(3, "%.6f %.6f %.6f %ld %d\n", seconds(&spent.ru_utime), seconds(&spent.ru_stime),
                  clock_now() - start, spent.ru_maxrss,
                  WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
