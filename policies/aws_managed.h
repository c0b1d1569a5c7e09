/* SPDX-License-Identifier: Apache-2.0 */
/* What policies that AWS manages allow, as of August 2026: the actions that workloads need. */
#ifndef TFR_POLICIES_AWS_MANAGED_H
#define TFR_POLICIES_AWS_MANAGED_H

#include "policies/operators.h"

/* Does the managed policy with this ARN allow the action, on every resource? TFR_MAYBE: the policy
 * is not in the table, or in part. */
enum tfr_truth_value tfr_aws_managed_allows(const char *arn, const char *action);
/* True for arn:aws:iam::aws:policy/..., in any partition. */
bool tfr_is_aws_managed(const char *arn);

#endif
