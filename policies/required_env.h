/* SPDX-License-Identifier: Apache-2.0 */
/* Variables that the profile says a service needs, or must not have. */
#ifndef TFR_POLICIES_REQUIRED_ENV_H
#define TFR_POLICIES_REQUIRED_ENV_H

#include "policies/analyser.h"

void tfr_check_required_env(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
