/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a workload's role allows what its environment says the workload is for. */
#ifndef TFR_POLICIES_WORKLOAD_ACCESS_H
#define TFR_POLICIES_WORKLOAD_ACCESS_H

#include "policies/containers.h"

/* What a role lacks of a need. */
struct tfr_lack {
    enum tfr_truth_value least; /* may it do the least that makes sense? */
    uint8_t severity;    /* enum tfr_severity; NONE: nothing is lacking, or `least` is MAYBE */
    const char *what;    /* a clause: "may neither read nor write its objects" */
    const char *because; /* of TFR_MAYBE */
    enum tfr_truth_value sends, receives; /* of a queue */
};
/* @param shape of the container, for the direction of a queue */
void tfr_need_lack(const struct tfr_input *in, const struct tfr_role_name *role,
                   const struct tfr_need *need, enum tfr_shape shape, struct tfr_lack *out);
/* May the role do one action on what is needed, at the time of the name? */
enum tfr_truth_value tfr_need_may(const struct tfr_input *in, const struct tfr_role_name *role,
                                  const struct tfr_need *need, const char *action,
                                  struct tfr_permission *out);

/* Analysers. `needs_allowed` has the input `need`: bucket, queue. */
void tfr_check_needs_allowed(const struct tfr_input *in, struct tfr_findings_builder *out);
void tfr_check_needs_role(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
