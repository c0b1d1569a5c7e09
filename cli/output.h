/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_CLI_OUTPUT_H
#define TFR_CLI_OUTPUT_H

#include "cli/options.h"

/** Writes every -o of the options. A file is written beside its place and renamed: it is there
 * completely or not at all. A reader of standard output that went away is no error. Errors:
 * TFR_E_IO. */
bool cli_write_outputs(const struct cli_options *options, const struct tfr_report *report,
                       struct tfr_error *err) TFR_CHECKED;

#endif
