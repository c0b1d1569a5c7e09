/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_CLI_POLICIES_COMMAND_H
#define TFR_CLI_POLICIES_COMMAND_H

/* tfready policies list | show | lint | test | explain. @return an exit code */
int tfr_cli_policies(int argc, char **argv);

#endif
