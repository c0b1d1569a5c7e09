/* SPDX-License-Identifier: Apache-2.0 */
/* Which command. */
#include "cli/accepted.h"
#include "cli/cli.h"
#include "cli/explain_command.h"
#include "cli/graph_command.h"
#include "cli/policies_command.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    { "audit", cli_audit },           { "check", cli_check },     { "diff", cli_diff },
    { "explain", tfr_cli_explain },   { "graph", tfr_cli_graph }, { "manual", cli_manual },
    { "policies", tfr_cli_policies }, { "profile", cli_profile }, { "trend", cli_trend },
    { "waivers", cli_waivers },
};

static bool finished;

/* libarchive leaves by exit(1) when memory ends, and 1 would be a verdict: whoever leaves but
 * main() leaves with 2. */
static void check_exit(void)
{
    if (!finished)
        _exit(TFR_EXIT_ERROR);
}

static int run(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    return cli_check(argc, argv);
}

int main(int argc, char **argv)
{
    int code;

    /* A reader of our output that goes away must not kill the gate before it has said its exit
     * code. */
    (void)signal(SIGPIPE, SIG_IGN);
    if (atexit(check_exit) != 0)
        return TFR_EXIT_ERROR;
    code = run(argc, argv);
    finished = true;
    return code;
}
