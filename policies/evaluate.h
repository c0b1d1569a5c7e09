/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_EVALUATE_H
#define TFR_POLICIES_EVALUATE_H

#include "policies/ask.h"
#include "policies/findings.h"

/* record.c: makes results of the answers to the current policy: passes, findings, undecided ones.
 */
void tfr_record(struct tfr_context *ctx, struct tfr_findings_builder *out,
                const struct tfr_answers *answers);

#endif
