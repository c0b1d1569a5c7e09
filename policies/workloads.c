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

const struct tfr_value *tfr_task_containers(const struct tfr_input *in,
                                            const struct tfr_resource *task)
{
    const struct tfr_value *text = tfr_value_get(&task->after, "container_definitions");
    const struct tfr_value *containers;

    if (text->kind == TFR_UNKNOWN)
        return text;
    if (text->kind != TFR_STRING)
        return &tfr_absent;
    containers =
        tfr_text_parse(in->scratch, in->document->names, text->text, text->count, text->sensitive);
    return containers->kind == TFR_LIST ? containers : &tfr_absent;
}

const char *tfr_task_because(const struct tfr_input *in, const struct tfr_resource *task)
{
    const tfr_node_id node = tfr_graph_node_of(in->graph, task);
    uint32_t count = 0;
    const struct tfr_unresolved *all = tfr_graph_unresolved_of(in->graph, node, &count);

    for (uint32_t i = 0; i < count; i++) {
        if (tfr_path_begins(all[i].path, "container_definitions"))
            return all[i].reference->text;
    }
    return "container_definitions";
}
