/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/containers.h"

#include "policies/context.h"
#include "policies/links.h"
#include "policies/wires.h"

#include <string.h>
#include <strings.h>

/* ---- containers --------------------------------------------------------------------------------
 */

static bool contains(const struct tfr_value *value, const char *word)
{
    return value->kind == TFR_STRING && strstr(value->text, word) != NULL;
}

static bool any_contains(const struct tfr_value *value, const char *word)
{
    if (value->kind != TFR_LIST)
        return contains(value, word);
    for (uint32_t i = 0; i < value->count; i++) {
        if (contains(&value->items[i], word))
            return true;
    }
    return false;
}

static bool runs_one_of(const struct tfr_value *container, const char *const *words, size_t count)
{
    const struct tfr_value *command = tfr_value_get(container, "command");
    const struct tfr_value *entry = tfr_value_get(container, "entryPoint");
    const struct tfr_value *image = tfr_value_get(container, "image");

    for (size_t i = 0; i < count; i++) {
        if (any_contains(command, words[i]) || any_contains(entry, words[i]) ||
            contains(image, words[i]))
            return true;
    }
    return false;
}

bool tfr_container_runs(const struct tfr_value *container, const char *word)
{
    return runs_one_of(container, &word, 1);
}

static const struct tfr_value *env_of(const struct tfr_value *container, const char *name)
{
    const struct tfr_value *list = tfr_value_get(container, "environment");

    for (uint32_t i = 0; list->kind == TFR_LIST && i < list->count; i++) {
        if (tfr_value_is(tfr_value_get(&list->items[i], "name"), name))
            return tfr_value_get(&list->items[i], "value");
    }
    return &tfr_absent;
}

bool tfr_container_reads_other_broker(const struct tfr_value *container)
{
    static const char *const frameworks[] = { "celery", "sidekiq", "bullmq",  "dramatiq",
                                              "huey",   "resque",  "rqworker" };
    static const char *const broker_names[] = { "CELERY_BROKER_URL", "BROKER_URL", "REDIS_URL" };
    const bool found = runs_one_of(container, frameworks, sizeof frameworks / sizeof frameworks[0]);

    for (size_t i = 0; found && i < sizeof broker_names / sizeof broker_names[0]; i++) {
        const struct tfr_value *url = env_of(container, broker_names[i]);

        if (url->kind == TFR_STRING)
            return strncmp(url->text, "sqs://", 6) != 0;
    }
    return found;
}

static bool is_sidecar(const struct tfr_value *container)
{
    static const char *const images[] = { "datadog/",    "datadog-agent",
                                          "aws-otel",    "opentelemetry-collector",
                                          "xray-daemon", "envoy",
                                          "fluent-bit",  "fluentbit",
                                          "fluentd",     "cloudwatch-agent" };
    const struct tfr_value *image = tfr_value_get(container, "image");

    for (size_t i = 0; i < sizeof images / sizeof images[0]; i++) {
        if (contains(image, images[i]))
            return true;
    }
    return false;
}

/* ---- shape -------------------------------------------------------------------------------------
 */

static enum tfr_shape shape_of_service(const struct tfr_resource *service)
{
    static const char *const words[] = { "worker", "consumer", "queue", "job" };
    const struct tfr_value *balancer = tfr_value_get(&service->after, "load_balancer");
    const struct tfr_value *name = tfr_value_get(&service->after, "name");

    if (balancer->kind == TFR_LIST && balancer->count > 0)
        return TFR_SHAPE_WEB;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (contains(name, words[i]))
            return TFR_SHAPE_WORKER;
    }
    return TFR_SHAPE_UNKNOWN;
}

enum tfr_shape tfr_container_shape(const struct tfr_input *in, const struct tfr_resource *task,
                                   const struct tfr_value *container)
{
    const tfr_node_id node = tfr_graph_node_of(in->graph, task);
    const struct tfr_edges edges = tfr_graph_dependants(in->graph, node);
    enum tfr_shape shape =
        tfr_container_reads_other_broker(container) ? TFR_SHAPE_WORKER : TFR_SHAPE_UNKNOWN;

    for (uint32_t i = 0; i < edges.count && shape == TFR_SHAPE_UNKNOWN; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);
        const struct tfr_resource *service;

        /* Not any service of the block: the one that runs this definition. */
        if (edge->certainty == TFR_OVER_APPROXIMATE)
            continue;
        service = tfr_input_live(in, edge->from, "aws_ecs_service");
        if (service != NULL)
            shape = shape_of_service(service);
    }
    return shape;
}

static bool is_fargate_service(const struct tfr_resource *service)
{
    const struct tfr_value *providers =
        tfr_value_get(&service->after, "capacity_provider_strategy");

    if (tfr_value_is(tfr_value_get(&service->after, "launch_type"), "FARGATE"))
        return true;
    for (uint32_t i = 0; providers->kind == TFR_LIST && i < providers->count; i++) {
        if (contains(tfr_value_get(&providers->items[i], "capacity_provider"), "FARGATE"))
            return true;
    }
    return false;
}

bool tfr_task_on_fargate(const struct tfr_input *in, const struct tfr_resource *task)
{
    const struct tfr_edges edges =
        tfr_graph_dependants(in->graph, tfr_graph_node_of(in->graph, task));

    if (any_contains(tfr_value_get(&task->after, "requires_compatibilities"), "FARGATE"))
        return true;
    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);
        const struct tfr_resource *service = tfr_edge_is_use(edge, TFR_AFTER)
                                                 ? tfr_input_live(in, edge->from, "aws_ecs_service")
                                                 : NULL;

        if (service != NULL && is_fargate_service(service))
            return true;
    }
    return false;
}

/* ---- variables ---------------------------------------------------------------------------------
 */

static uint32_t count_of(const struct tfr_value *list)
{
    return list->kind == TFR_LIST ? list->count : 0;
}

static void list_variables(const struct tfr_value *container, const char *member, const char *value,
                           struct tfr_env *out, uint32_t *count)
{
    const struct tfr_value *list = tfr_value_get(container, member);

    for (uint32_t i = 0; i < count_of(list); i++) {
        const struct tfr_env env = { container, tfr_value_get(&list->items[i], "name"),
                                     value != NULL ? tfr_value_get(&list->items[i], value)
                                                   : &tfr_absent };

        if (env.name->kind == TFR_STRING)
            out[(*count)++] = env;
    }
}

static void list_of_function(struct tfr_arena *arena, const struct tfr_value *map,
                             struct tfr_workload *workload)
{
    const uint32_t count = map->kind == TFR_OBJECT ? map->count : 0;
    struct tfr_value *names = tfr_arena_alloc(arena, (count + 1) * sizeof *names);
    struct tfr_env *at = tfr_arena_alloc(arena, (count + 1) * sizeof *at);

    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_sym *sym = tfr_member_name(map, i);

        names[i] = (struct tfr_value){
            .kind = TFR_STRING, .sensitive = map->sensitive, .count = sym->len, .text = sym->text
        };
        at[i] = (struct tfr_env){ NULL, &names[i], tfr_member_value(map, i) };
    }
    workload->env = at;
    workload->env_count = count;
}

static void list_of_task(struct tfr_arena *arena, struct tfr_workload *workload)
{
    const struct tfr_value *all = workload->containers;
    struct tfr_env *at;
    uint32_t most = 0;

    for (uint32_t i = 0; i < count_of(all); i++)
        most += count_of(tfr_value_get(&all->items[i], "environment")) +
                count_of(tfr_value_get(&all->items[i], "secrets"));
    workload->env = at = tfr_arena_alloc(arena, (most + 1) * sizeof *at);
    for (uint32_t i = 0; i < count_of(all); i++) {
        if (is_sidecar(&all->items[i]))
            continue;
        list_variables(&all->items[i], "environment", "value", at, &workload->env_count);
        list_variables(&all->items[i], "secrets", NULL, at, &workload->env_count);
    }
}

void tfr_workload_each_env(const struct tfr_workload *workload,
                           void (*visit)(void *ctx, const struct tfr_env *env), void *ctx)
{
    for (uint32_t i = 0; i < workload->env_count; i++)
        visit(ctx, &workload->env[i]);
}

/* ---- workloads ---------------------------------------------------------------------------------
 */

/* The reference that will decide an attribute, or the attribute. */
static const char *because_of(const struct tfr_input *in, const struct tfr_resource *resource,
                              const char *attribute)
{
    uint32_t count;
    const struct tfr_unresolved *unresolved =
        tfr_graph_unresolved_of(in->graph, tfr_graph_node_of(in->graph, resource), &count);

    for (uint32_t i = 0; i < count; i++) {
        if (tfr_path_begins(unresolved[i].path, attribute))
            return unresolved[i].reference->text;
    }
    return attribute;
}

const char *tfr_workload_role_path(const struct tfr_workload *workload)
{
    return workload->function ? "role" : "task_role_arn";
}

static void read_function(const struct tfr_input *in, struct tfr_workload *workload)
{
    const struct tfr_resource *function = workload->resource;
    const struct tfr_value *variables = tfr_value_path(&function->after, "environment.variables");

    if (variables->kind == TFR_UNKNOWN && tfr_wires_written(in, function, "environment"))
        workload->because = because_of(in, function, "environment");
    list_of_function(in->scratch, variables, workload);
}

static void read_task(const struct tfr_input *in, struct tfr_workload *workload)
{
    const struct tfr_resource *task = workload->resource;
    const struct tfr_value *text = tfr_input_get(in, &task->after, "container_definitions");

    if (text->kind != TFR_UNKNOWN)
        workload->containers = tfr_input_enter(in, text);
    if (text->kind == TFR_UNKNOWN ||
        (text->kind == TFR_STRING && workload->containers->kind != TFR_LIST))
        workload->because = because_of(in, task, "container_definitions");
    list_of_task(in->scratch, workload);
}

static bool is_key(const struct tfr_env *env)
{
    return strcasecmp(env->name->text, "AWS_ACCESS_KEY_ID") == 0 && !tfr_value_is(env->value, "");
}

static const void *find_workload(const struct tfr_input *in, const struct tfr_resource *resource)
{
    struct tfr_workload *out = tfr_arena_zalloc(in->scratch, sizeof *out);
    struct tfr_role_name *role = tfr_arena_alloc(in->scratch, sizeof *role);

    out->resource = resource;
    out->containers = &tfr_absent;
    out->function = tfr_sym_is(resource->type, "aws_lambda_function");
    if (out->function)
        read_function(in, out);
    else
        read_task(in, out);
    for (uint32_t i = 0; i < out->env_count && !out->has_keys; i++)
        out->has_keys = is_key(&out->env[i]);
    tfr_role_named(in, resource, tfr_workload_role_path(out), TFR_AFTER, role);
    out->role = role;
    return out;
}

const struct tfr_workload *tfr_workload_of(const struct tfr_input *in,
                                           const struct tfr_resource *resource)
{
    return tfr_context_find(in, &in->ctx->workloads, resource, find_workload);
}

struct tfr_workloads tfr_input_workloads(const struct tfr_input *in)
{
    const struct tfr_resource_run run = tfr_input_subjects(in);
    const struct tfr_workload **at = tfr_arena_alloc(in->scratch, (run.count + 1) * sizeof *at);
    struct tfr_workloads out = { at, 0 };

    for (uint32_t i = 0; i < run.count; i++) {
        const bool known = tfr_sym_is(run.at[i]->type, "aws_ecs_task_definition") ||
                           tfr_sym_is(run.at[i]->type, "aws_lambda_function");

        if (known && tfr_resource_is_live(run.at[i]) && !run.at[i]->duplicate)
            at[out.count++] = tfr_workload_of(in, run.at[i]);
    }
    return out;
}
