/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_EVALUATE_H
#define TFR_POLICIES_EVALUATE_H

#include "policies/context.h"
#include "policies/findings.h"

/* Asks the current policy of one object and records the answer. */
void tfr_evaluate_subject(struct tfr_context *ctx, struct tfr_findings_builder *out,
                          const struct tfr_resource *resource);
/* connection.c: a policy with connections works on sets of objects. */
void tfr_evaluate_connected(struct tfr_context *ctx, struct tfr_findings_builder *out);
/* Makes a result of an answer: pass, finding or undecided. */
void tfr_record(struct tfr_context *ctx, struct tfr_findings_builder *out,
                const struct tfr_subject *subject, struct tfr_truth truth);

#endif
