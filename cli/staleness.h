/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_CLI_STALENESS_H
#define TFR_CLI_STALENESS_H

#include "cli/options.h"

/** Reads the state that --state names. @return yours, end it with tfr_document_free(); NULL: the
 * error is filled if it was asked for and is not one state */
struct tfr_document *cli_load_state(const struct cli_options *options, struct tfr_error *err);

/** Whether a document is of the kind that --expect names. Error: TFR_E_SCHEMA "input.kind" */
bool cli_is_expected(const struct cli_options *options, const struct tfr_document *document,
                     struct tfr_error *err) TFR_CHECKED;

/** Whether a document may be judged beside that state. `state` NULL: yes. Error: TFR_E_SCHEMA
 * "input.stale" */
bool cli_is_fresh(const struct tfr_document *document, const struct tfr_document *state,
                  struct tfr_error *err) TFR_CHECKED;

#endif
