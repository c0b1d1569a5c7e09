/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_CLI_GRAPH_COMMAND_H
#define TFR_CLI_GRAPH_COMMAND_H

/* tfready graph: who depends on whom, as a picture or for programs. @return an exit code */
int tfr_cli_graph(int argc, char **argv);

#endif
