/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where containers write their logs: each container of a task definition needs a log driver, and a
 * log group that is named must exist, or the task does not start.
 */
#include "policies/container_logs.h"

#include "policies/keys.h"
#include "policies/wires.h"

#include <string.h>

struct survey {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    struct tfr_keys *groups; /* log groups by name */
    bool any_group;
    const char *unnamed; /* a group whose name is known after the apply */
};

/* What is the matter with the containers of one task definition. */
struct task {
    struct tfr_buf without;             /* names of containers without a driver */
    const struct tfr_value *group;      /* that no task can write to */
    const struct tfr_resource *removed; /* it, where the plan destroys it */
    const char *open;
};

static void file_groups(struct survey *survey)
{
    const struct tfr_resource_run run = tfr_input_type(survey->in, "aws_cloudwatch_log_group");

    for (uint32_t i = 0; i < run.count; i++) {
        const struct tfr_value *name = tfr_value_get(tfr_resource_values(run.at[i]), "name");

        if (run.at[i]->deposed != NULL)
            continue;
        survey->any_group = true;
        if (name->kind == TFR_UNKNOWN)
            survey->unnamed = run.at[i]->address->text;
        else if (name->kind == TFR_STRING)
            tfr_keys_add(survey->groups, "", name->text, name->count, run.at[i]);
    }
}

/* The group of the awslogs driver. One that another state holds cannot be told from one that
 * nobody made, unless this state makes such groups itself. */
static void look_at_group(const struct survey *survey, struct task *task,
                          const struct tfr_value *options)
{
    const struct tfr_value *group = tfr_value_get(options, "awslogs-group");
    const struct tfr_key_entry *entry = NULL;
    const struct tfr_resource *gone = NULL;
    bool live = false;

    if (group->kind != TFR_STRING || tfr_value_true(tfr_value_get(options, "awslogs-create-group")))
        return;
    entry = tfr_keys_find(survey->groups, "", group->text, group->count);
    for (; entry != NULL; entry = entry->next) {
        const bool destroyed = tfr_resource_is_destroyed(entry->resource);

        live = live || !destroyed;
        gone = destroyed ? entry->resource : gone;
    }
    if (live)
        return;
    if (gone == NULL && (!survey->any_group || survey->unnamed != NULL)) {
        task->open = survey->unnamed != NULL ? survey->unnamed : "awslogs-group";
        return;
    }
    task->group = group;
    task->removed = gone;
}

static void look_at_container(const struct survey *survey, struct task *task,
                              const struct tfr_value *container)
{
    const struct tfr_value *logs = tfr_value_get(container, "logConfiguration");
    const struct tfr_value *driver = tfr_value_get(logs, "logDriver");
    const struct tfr_value *name = tfr_value_get(container, "name");

    if (tfr_value_is(driver, "awslogs")) {
        look_at_group(survey, task, tfr_value_get(logs, "options"));
        return;
    }
    /* What takes the logs of the others keeps its own. */
    if (tfr_value_get(container, "firelensConfiguration")->kind == TFR_OBJECT)
        return;
    if (!tfr_value_missing(logs) && !tfr_value_is(driver, "none"))
        return;
    tfr_buf_printf(&task->without, "%s%s", task->without.len > 0 ? ", " : "",
                   name->kind == TFR_STRING ? tfr_findings_show(survey->out, "name", name)
                                            : "one without a name");
}

static void judge(const struct survey *survey, const struct tfr_resource *resource,
                  const struct task *task)
{
    if (task->without.len > 0)
        tfr_findings_add(survey->out, resource, "without a log driver: %s",
                         tfr_buf_text(&task->without));
    else if (task->removed != NULL)
        tfr_findings_add(survey->out, resource,
                         "this plan destroys %s, which its containers write to: they will not "
                         "start",
                         task->removed->address->text);
    else if (task->group != NULL)
        tfr_findings_add(survey->out, resource,
                         "no log group %s is made here, and the driver makes none: its containers "
                         "will not start",
                         tfr_findings_show(survey->out, "name", task->group));
    else if (task->open != NULL)
        tfr_findings_undecided(survey->out, resource, task->open,
                               "where its containers write their logs cannot be told yet");
    else
        tfr_findings_pass(survey->out, resource);
}

/* Of a text that is not known: the reference that hides it. */
static const char *hidden_by(const struct tfr_input *in, const struct tfr_resource *resource)
{
    static const char *const none[] = { NULL };
    struct tfr_wires wires;

    tfr_wires_of(in, resource, "container_definitions", none, &wires);
    return wires.opaque != NULL ? wires.opaque : "container_definitions";
}

void tfr_check_container_logs(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run run = tfr_input_type(in, "aws_ecs_task_definition");
    struct survey survey = { .in = in, .out = out, .groups = tfr_keys_new(in->scratch) };

    file_groups(&survey);
    for (uint32_t i = 0; i < run.count; i++) {
        const struct tfr_value *text = tfr_value_get(&run.at[i]->after, "container_definitions");
        const struct tfr_value *containers = &tfr_absent;
        struct task task = { 0 };

        if (!tfr_resource_is_live(run.at[i]))
            continue;
        if (text->kind == TFR_STRING)
            containers = tfr_document_parse(in->document, text);
        if (containers->kind != TFR_LIST)
            task.open = hidden_by(in, run.at[i]);
        for (uint32_t k = 0; containers->kind == TFR_LIST && k < containers->count; k++)
            look_at_container(&survey, &task, &containers->items[k]);
        judge(&survey, run.at[i], &task);
        tfr_buf_fini(&task.without);
    }
    tfr_keys_free(survey.groups);
}
