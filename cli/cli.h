/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The commands of tfready. Each one takes its own argv (argv[0] is the command's name) and gives an
 * exit code.
 */
#ifndef TFR_CLI_H
#define TFR_CLI_H

#include "report/report.h"

int cli_check(int argc, char **argv);
int cli_audit(int argc, char **argv);
int cli_trend(int argc, char **argv);
/** Two reports, plans or states side by side. */
int cli_diff(int argc, char **argv);
/** Writes the manual page. */
int cli_manual(int argc, char **argv);

/** Writes one message to standard error: "tfready: NAME: what is wrong", where it is, and what to
 * do. All of it is made safe for a terminal. @param name the input, or NULL @param member its
 * member, or NULL */
void cli_say_error(const char *name, const char *member, const struct tfr_error *error);

/** Writes what time and memory went to, to standard error. @param timing NULL: nothing */
void cli_say_timing(struct tfr_timing *timing);

/** Flushes standard output. @return TFR_EXIT_GO, or TFR_EXIT_ERROR with a message if it could not
 * be written; a reader that went away is no error. */
int cli_close_stdout(void);

#endif
