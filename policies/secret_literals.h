/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets that stand in the code. */
#ifndef TFR_POLICIES_SECRET_LITERALS_H
#define TFR_POLICIES_SECRET_LITERALS_H

#include "policies/analyser.h"

/* The analyser secret_literals. */
void tfr_check_secret_literals(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
