/* SPDX-License-Identifier: Apache-2.0 */
/* The one table of options, for the parser, --help and the manual page. */
#ifndef TFR_CLI_OPTIONS_TABLE_H
#define TFR_CLI_OPTIONS_TABLE_H

#include "cli/options.h"

#include <stddef.h>

/* What the words behind an option mean. */
enum cli_argument { ARG_NONE, ARG_TEXT, ARG_SIZE, ARG_COUNT, ARG_SECONDS };

enum cli_option_id {
    OPT_OUTPUT = 256,
    OPT_ENV,
    OPT_EXPECT,
    OPT_STATE,
    OPT_FAIL_ON,
    OPT_SOFT_FAIL,
    OPT_CHECK,
    OPT_SKIP_CHECK,
    OPT_POLICY,
    OPT_NO_BUILTIN,
    OPT_POLICY_MODE,
    OPT_UNDECIDED,
    OPT_SHOW_PASSED,
    OPT_QUIET,
    OPT_SUMMARY,
    OPT_NO_COLOR,
    OPT_ASCII,
    OPT_TIMING,
    OPT_MAX_DEPTH,
    OPT_MAX_INPUT,
    OPT_MAX_STRING,
    OPT_MAX_RESOURCES,
    OPT_MAX_UNPACKED,
    OPT_MAX_MEMBERS,
    OPT_MAX_RATIO,
    OPT_TIMEOUT,
    OPT_WAIVERS,
    OPT_NO_WAIVERS,
    OPT_WAIVE_P0,
    OPT_BASELINE,
    OPT_CREATE_BASELINE,
    OPT_AS_OF,
    OPT_CONFIG,
    OPT_PROFILE,
    OPT_NO_CONFIG,
    OPT_SHOW_CONFIG,
    OPT_P1_IN_PRODUCTION,
    OPT_P0_COVERAGE,
    OPT_COVERAGE,
    OPT_JOBS,
    OPT_NO_ACROSS,
    OPT_HISTORY,
    OPT_KEEP_GOING,
    OPT_FORMAT,
    OPT_AROUND,
    OPT_DEPTH,
    OPT_DIRECTION,
    OPT_COLLAPSE,
    OPT_ONLY_CHANGES,
    OPT_ALL,
    OPT_HELP,
    OPT_VERSION,
};

struct cli_option_row {
    int id; /* 0: a heading */
    char letter;
    const char *name;
    enum cli_argument argument;
    const char *word; /* how --help calls the argument */
    const char *help; /* of a heading: its text */
    const char
        *preset; /* what holds if nobody says anything; NULL: the command line alone says it */
};

extern const struct cli_option_row cli_option_rows[];
extern const size_t cli_option_row_count;

/* Does what one option says. Error: TFR_E_USAGE. */
bool cli_option_apply(struct cli_options *options, const struct cli_option_row *row,
                      const char *text, struct tfr_error *err) TFR_CHECKED;

#endif
