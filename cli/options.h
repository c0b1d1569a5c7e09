/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_CLI_OPTIONS_H
#define TFR_CLI_OPTIONS_H

#include "report/report.h"

/** What --expect asks for. */
enum cli_expect { CLI_EXPECT_ANY, CLI_EXPECT_PLAN, CLI_EXPECT_STATE };

/** What to fail on: which verdicts give a failing exit code. */
enum cli_fail_on {
    CLI_FAIL_ON_CONDITIONAL, /* NO-GO and CONDITIONAL GO: the default */
    CLI_FAIL_ON_NO_GO,       /* a CONDITIONAL GO exits with 0 */
};

/** Whose command line it is: each has options and formats of its own. */
enum cli_command { CLI_CHECK, CLI_AUDIT, CLI_DIFF, CLI_GRAPH, CLI_EXPLAIN };

/** One -o FORMAT[=FILE]. */
struct cli_output {
    const struct tfr_format *format;      /* of a report */
    const struct tfr_audit_format *audit; /* of an audit */
    bool lines;                           /* of an audit: its lines, as they come */
    enum tfr_diff_form diff;              /* of a comparison */
    bool baseline;                        /* of a report: its open findings */
    const char *file;                     /* NULL: standard output */
};

/** Who said what a setting is: later ones win. */
enum cli_from { CLI_FROM_PRESET, CLI_FROM_FILE, CLI_FROM_ENVIRONMENT, CLI_FROM_FLAG };
struct cli_source {
    enum cli_from from;
    const char *text;
    uint32_t line; /* of the file */
};

/** The command line of `tfready [check]`, `tfready audit` and `tfready diff`, taken apart. Texts
 * are borrowed from argv or the environment. */
struct cli_options {
    const char *const *inputs; /* borrowed from argv */
    size_t input_count;
    struct cli_output *outputs; /* at least one after parsing */
    size_t output_count;
    const char **policy_paths; /* --policy */
    size_t policy_path_count;
    const char **waiver_files; /* --waivers */
    size_t waiver_file_count;
    const char *baseline, *create_baseline; /* or NULL */
    const char *as_of;                      /* a day, or NULL */
    bool no_waivers, waive_p0;
    const char **checks; /* --check */
    size_t check_count;
    const char **skips; /* --skip-check */
    size_t skip_count;
    struct tfr_read_options read;
    struct tfr_evaluate_options evaluate;
    enum cli_fail_on fail_on;
    enum cli_expect expect;
    const char *state;          /* or NULL */
    struct tfr_config *config;  /* yours after parsing; NULL: there is none */
    struct cli_source *sources; /* where each setting comes from, by row of the table */
    const char *config_file;    /* --config, or the one that was found */
    const char *profile;        /* --profile, or NULL */
    bool no_config, show_config;
    char found_config[192];       /* what config_file may point to */
    enum cli_command command;     /* set before parsing */
    struct tfr_draw_options draw; /* of tfready graph */
    unsigned jobs;                /* 0: not said */
    bool no_across;
    const char *history; /* or NULL */
    bool soft_fail;
    bool no_builtin;
    bool show_passed;
    bool quiet, summary;
    bool no_color;
    bool ascii;
    struct tfr_timing *timing; /* yours after parsing; NULL: nobody asked */
    bool help;
    bool version;
};

/**
 * Parses the words behind the command. Reorders argv so that operands stand last.
 * @param out zeroed; end with cli_options_fini() in any case
 * Errors: TFR_E_USAGE.
 */
bool cli_options_parse(int argc, char **argv, struct cli_options *out,
                       struct tfr_error *err) TFR_CHECKED;
void cli_options_fini(struct cli_options *options);

/** Fills a set with the policies that the options ask for. Errors: those of loading, TFR_E_USAGE.
 */
bool cli_load_policies(const struct cli_options *options, struct tfr_policies *policies,
                       struct tfr_error *err) TFR_CHECKED;

/** Writes the help text: made of the same table that the parser reads. */
void cli_options_help(FILE *out);
/** Writes the manual page in man(7) form, from the same table. */
void cli_options_manual(FILE *out);

#endif
