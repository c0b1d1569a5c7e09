/* SPDX-License-Identifier: Apache-2.0 */
/* Plans that put an older version of an application in place of the one that runs. */
#ifndef TFR_POLICIES_ROLLBACK_H
#define TFR_POLICIES_ROLLBACK_H

#include "policies/analyser.h"

/* The analyser rollback. */
void tfr_check_rollback(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
