/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_EVALUATE_H
#define TFR_POLICIES_EVALUATE_H

#include "policies/ask.h"
#include "policies/findings.h"

/* record.c: makes results of the answers to the current policy: passes, findings, undecided ones.
 */
struct tfr_recorder {
    struct tfr_context *ctx;
    struct tfr_findings_builder *out;
    enum tfr_truth_value fine; /* what finds no fault */
    uint16_t adjusted;         /* changes whose severity may be adjusted */
    size_t most; /* answers that may come, to be set before the first; 0: there is room */
};
struct tfr_recorder tfr_recorder_new(struct tfr_context *ctx, struct tfr_findings_builder *out);
/* Nothing in the scratch memory of the context lasts. */
void tfr_record(struct tfr_recorder *recorder, const struct tfr_answer *answer);

#endif
