/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_CLI_EXPLAIN_COMMAND_H
#define TFR_CLI_EXPLAIN_COMMAND_H

/* tfready explain: everything that is known about one object. @return an exit code */
int tfr_cli_explain(int argc, char **argv);

#endif
