/* SPDX-License-Identifier: Apache-2.0 */
/* Whether rights end up with a workload, by who may take the role. */
#ifndef TFR_POLICIES_WORKLOAD_ROLES_H
#define TFR_POLICIES_WORKLOAD_ROLES_H

#include "policies/analyser.h"

/* True if a task, function, instance or pod may take one of the roles that this object gives rights
 * to: itself, the role it names, the roles of its attachments. */
bool tfr_serves_workload(const struct tfr_input *in, const struct tfr_resource *resource);

#endif
