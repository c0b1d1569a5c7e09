/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_STATEMENTS_H
#define TFR_POLICIES_STATEMENTS_H

#include "policies/analyser.h"

/**
 * Statements of IAM and resource policies, one by one. Input `find`:
 *  "public": Allow for everybody, without a condition that narrows it; public ACLs and permissions
 *  "admin": Allow of every action on every resource, and the managed policies that come near it;
 * less grave on a role that no workload (task, function, instance) can take "service_wide": Allow
 * of every action of a service that keeps data, on every resource Sources: the grammar of IAM
 * policies and its global condition keys (AWS IAM user guide).
 */
void tfr_check_statements(const struct tfr_input *in, struct tfr_findings_builder *out);

#endif
