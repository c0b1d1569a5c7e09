/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/workloads.h"

const struct tfr_resource *tfr_service_task(const struct tfr_input *in,
                                            const struct tfr_resource *service, const char **opaque)
{
    static const char *const types[] = { "aws_ecs_task_definition", NULL };
    const struct tfr_resource *task = NULL;
    struct tfr_wires wires;
    uint32_t managed = 0;

    tfr_wires_of(in, service, "task_definition", types, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        if (wires.at[i]->mode != TFR_MANAGED)
            continue;
        task = wires.at[i];
        managed++;
    }
    if (managed == 1)
        return task;
    if (wires.opaque != NULL)
        *opaque = wires.opaque;
    else if (managed > 1 || tfr_value_get(&service->after, "task_definition")->kind == TFR_UNKNOWN)
        *opaque = "task_definition";
    return NULL;
}
