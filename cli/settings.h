/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings from everywhere: command line > environment (TFREADY_FAIL_ON for --fail-on) > file >
 * what the program does by itself.
 */
#ifndef TFR_CLI_SETTINGS_H
#define TFR_CLI_SETTINGS_H

#include "cli/options_table.h"

/** The file that is looked for, here and above, up to the root of the repository. */
#define CLI_CONFIG ".tfready.yaml"

/** An option as it stands on the command line. */
struct cli_word {
    const struct cli_option_row *row;
    const char *text; /* NULL if it takes none */
};

/** Applies the file, the environment and then the words. With --help or --version neither file nor
 * environment is looked at. Errors: those of the file, TFR_E_USAGE. */
bool cli_settle(struct cli_options *options, const struct cli_word *words, size_t count,
                struct tfr_error *err) TFR_CHECKED;

/** Writes every setting, its value and where it comes from. @return an exit code */
int cli_show_config(const struct cli_options *options);
/** True if the user asks about the program: --help, --show-config. */
bool cli_is_question(const struct cli_options *options);
/** Answers it. @return an exit code */
int cli_answer(const struct cli_options *options);

#endif
