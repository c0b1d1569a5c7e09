/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_CLI_OUTPUT_H
#define TFR_CLI_OUTPUT_H

#include "cli/options.h"

/** What is written: a report, an audit, or a comparison. */
struct cli_subject {
    const struct tfr_report *report;
    const struct tfr_audit *audit;
    const struct tfr_diff *diff;
};

/** Writes every -o of the options. A file is written beside its place and renamed: it is there
 * completely or not at all. A reader of standard output that went away is no error. Errors:
 * TFR_E_IO. */
bool cli_write_outputs(const struct cli_options *options, const struct cli_subject *subject,
                       struct tfr_error *err) TFR_CHECKED;

/** Lines of an audit, written as they come. A file is there completely or not at all. */
struct cli_lines {
    const char *file; /* NULL: standard output */
    FILE *out;
    struct tfr_buf name; /* beside the file */
};
bool cli_lines_open(const struct cli_output *output, struct cli_lines *lines,
                    struct tfr_error *err) TFR_CHECKED;
void cli_lines_add(struct cli_lines *lines, const char *line, size_t len);
bool cli_lines_close(struct cli_lines *lines, struct tfr_error *err) TFR_CHECKED;

#endif
