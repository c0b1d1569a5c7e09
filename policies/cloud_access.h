/* SPDX-License-Identifier: Apache-2.0 */
/* Services of Google Cloud whose account has no role on what they are given. */
#ifndef TFR_POLICIES_CLOUD_ACCESS_H
#define TFR_POLICIES_CLOUD_ACCESS_H

#include "policies/analyser.h"

void tfr_check_cloud_access(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
