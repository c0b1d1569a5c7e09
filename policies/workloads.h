/* SPDX-License-Identifier: Apache-2.0 */
/* ECS services and the task definitions that they run. */
#ifndef TFR_POLICIES_WORKLOADS_H
#define TFR_POLICIES_WORKLOADS_H

#include "policies/wires.h"

/* The task definition that a service runs, or NULL; `opaque` is set if it is one of this document
 * and nobody can tell which. A data source that looks up the newest revision is not it. */
const struct tfr_resource *tfr_service_task(const struct tfr_input *in,
                                            const struct tfr_resource *service,
                                            const char **opaque);
#endif
