/* SPDX-License-Identifier: Apache-2.0 */
/* Changes made outside of Terraform that the plan takes back. */
#ifndef TFR_POLICIES_REVERTS_H
#define TFR_POLICIES_REVERTS_H

#include "policies/analyser.h"

void tfr_check_reverts(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
