/* SPDX-License-Identifier: Apache-2.0 */
/* Which command. */
#include "cli/cli.h"
#include "cli/explain_command.h"
#include "cli/graph_command.h"
#include "cli/policies_command.h"

#include <signal.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    { "check", cli_check },   { "explain", tfr_cli_explain },   { "graph", tfr_cli_graph },
    { "manual", cli_manual }, { "policies", tfr_cli_policies },
};

int main(int argc, char **argv)
{
    /* A reader of our output that goes away must not kill the gate before it has said its exit
     * code. */
    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    }
    return cli_check(argc, argv);
}
