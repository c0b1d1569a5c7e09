/* SPDX-License-Identifier: Apache-2.0 */
/* Objects that stay and still hold an identity of one that the plan destroys. */
#ifndef TFR_POLICIES_HOLDERS_H
#define TFR_POLICIES_HOLDERS_H

#include "policies/analyser.h"

void tfr_check_holders(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
