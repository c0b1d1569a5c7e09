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
/* The containers of a task definition: a list; TFR_UNKNOWN if they are not known yet; tfr_absent if
 * it has none that can be read. Arena of `in->scratch`. */
const struct tfr_value *tfr_task_containers(const struct tfr_input *in,
                                            const struct tfr_resource *task);
/* What will decide containers that are not known yet: a reference, or the attribute. */
const char *tfr_task_because(const struct tfr_input *in, const struct tfr_resource *task);

#endif
