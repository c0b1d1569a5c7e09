/* SPDX-License-Identifier: Apache-2.0 */
/* Lifecycle rules that delete what people keep in a bucket. */
#ifndef TFR_POLICIES_LIFECYCLE_H
#define TFR_POLICIES_LIFECYCLE_H

#include "policies/analyser.h"

void tfr_check_expiring_content(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
