/* SPDX-License-Identifier: Apache-2.0 */
/* What the profile says there must be. */
#ifndef TFR_POLICIES_COMPONENTS_H
#define TFR_POLICIES_COMPONENTS_H

#include "policies/analyser.h"

/* Components that the stack must have. */
void tfr_check_components(const struct tfr_input *in, struct tfr_findings_builder *out);
/* Documentation that somebody answers for. */
void tfr_check_documentation(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
