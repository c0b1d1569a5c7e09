/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_ENV_OBJECTS_H
#define TFR_POLICIES_ENV_OBJECTS_H

#include "policies/analyser.h"

/* Variables that name a queue, bucket, table ... that the plan takes away, or that is not there. */
void tfr_check_env_objects(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
