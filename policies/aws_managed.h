/* SPDX-License-Identifier: Apache-2.0 */
/* What policies that AWS manages allow, as of August 2026: the actions that workloads need. */
#ifndef TFR_POLICIES_AWS_MANAGED_H
#define TFR_POLICIES_AWS_MANAGED_H

#include "policies/operators.h"

struct tfr_aws_managed;

/* The policy with this ARN: arn:aws:iam::aws:policy/..., in any partition; NULL: AWS does not
 * manage it. Static. */
const struct tfr_aws_managed *tfr_aws_managed_find(const char *arn);
/* Does it allow the action, on every resource? TFR_MAYBE: what it allows is not known here, or only
 * in part. */
enum tfr_truth_value tfr_aws_managed_allows(const struct tfr_aws_managed *policy,
                                            const char *action);

#endif
