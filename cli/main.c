/* SPDX-License-Identifier: Apache-2.0 */
/* Which command. */
#include "cli/accepted.h"
#include "cli/cli.h"
#include "cli/explain_command.h"
#include "cli/graph_command.h"
#include "cli/options.h"
#include "cli/policies_command.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    bool takes_options; /* of the table, --help among them */
} commands[] = {
    { "audit", cli_audit, true },
    { "check", cli_check, true },
    { "diff", cli_diff, true },
    { "explain", tfr_cli_explain, true },
    { "graph", tfr_cli_graph, true },
    { "manual", cli_manual, false },
    { "policies", tfr_cli_policies, false },
    { "profile", cli_profile, false },
    { "trend", cli_trend, false },
    { "waivers", cli_waivers, false },
};

static bool finished;

/* libarchive leaves by exit(1) when memory ends, and 1 would be a verdict: whoever leaves but
 * main() leaves with 2. */
static void check_exit(void)
{
    if (!finished)
        _exit(TFR_EXIT_ERROR);
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

/* `tfready help` and `tfready version`, unless there are files of this name: those are judged. */
static char *spell_out(char *word)
{
    static char help[] = "--help", version[] = "--version";

    if (strcmp(word, help + 2) == 0 && access(word, F_OK) != 0)
        return help;
    return strcmp(word, version + 2) == 0 && access(word, F_OK) != 0 ? version : word;
}

static int run(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) != 0)
            continue;
        if (!commands[i].takes_options && asks_for_help(argc - 2, argv + 2)) {
            cli_options_help(stdout);
            return cli_close_stdout();
        }
        return commands[i].run(argc - 1, argv + 1);
    }
    if (argc > 1)
        argv[1] = spell_out(argv[1]);
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
