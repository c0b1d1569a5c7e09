/* SPDX-License-Identifier: Apache-2.0 */
/* Where containers write their logs. */
#ifndef TFR_POLICIES_CONTAINER_LOGS_H
#define TFR_POLICIES_CONTAINER_LOGS_H

#include "policies/analyser.h"

void tfr_check_container_logs(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
