/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that stand in the environment of workloads. */
#ifndef TFR_POLICIES_SECRET_VARIABLES_H
#define TFR_POLICIES_SECRET_VARIABLES_H

#include "policies/analyser.h"

/* The analyser secret_variables. */
void tfr_check_secret_variables(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
