/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_CLI_GRAPH_COMMAND_H
#define TFR_CLI_GRAPH_COMMAND_H

#include "cli/options_table.h"

/* tfready graph: who depends on whom, as a picture or for programs. @return an exit code */
int tfr_cli_graph(int argc, char **argv);

/* Does what one of its options says. Error: TFR_E_USAGE. */
bool cli_graph_set(struct tfr_draw_options *options, const struct cli_option_row *row,
                   const char *text, struct tfr_error *err) TFR_CHECKED;

#endif
