/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Variables that the profile says a service needs, or must not have. A workload is the service of
 * the profile whose name fits its family, its function's name or a service that runs it; a variable
 * of any of its containers counts.
 */
#include "policies/required_env.h"

#include "policies/containers.h"
#include "policies/operators.h"
#include "policies/profile.h"
#include "policies/wires.h"

#include <string.h>

struct look {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    struct tfr_regex *regex;
    const struct tfr_profile_service *service;
    const struct tfr_profile_variable *wanted; /* NULL: forbidden ones are looked for */
    bool found;
    struct tfr_buf problems;
    const char *open;
};

static void problem(struct look *look, const char *name, const char *what)
{
    tfr_buf_printf(&look->problems, "%s%s %s", look->problems.len > 0 ? ", " : "", name, what);
}

/* ---- one variable ------------------------------------------------------------------------------
 */

/* Is the value one that is allowed? The text of a secret is not read. */
static enum tfr_truth_value is_allowed(struct look *look, const struct tfr_value *value)
{
    const struct tfr_profile_variable *wanted = look->wanted;

    if (wanted->values == NULL && wanted->pattern == NULL)
        return TFR_YES;
    if (value->kind != TFR_STRING)
        return TFR_MAYBE;
    if (wanted->pattern != NULL)
        return tfr_regex_search(look->regex, wanted->pattern, value->text, value->count);
    for (const char *const *one = wanted->values; *one != NULL; one++) {
        if (tfr_value_is(value, *one))
            return TFR_YES;
    }
    return TFR_NO;
}

static void look_at_env(void *ctx, const struct tfr_env *env)
{
    struct look *look = ctx;
    enum tfr_truth_value allowed;

    if (look->wanted == NULL) {
        const char *const *name = look->service->forbidden;

        while (name != NULL && *name != NULL && !tfr_address_glob(*name, env->name->text))
            name++;
        if (name != NULL && *name != NULL)
            problem(look, env->name->text, "must not be set");
        return;
    }
    if (strcmp(env->name->text, look->wanted->name) != 0)
        return;
    look->found = true;
    allowed = is_allowed(look, env->value);
    if (allowed == TFR_NO)
        problem(look, look->wanted->name, "has a value that the profile does not allow");
    else if (allowed != TFR_YES)
        look->open = look->wanted->name;
}

/* ---- one workload ------------------------------------------------------------------------------
 */

static const struct tfr_profile_service *named(const struct tfr_input *in,
                                               const struct tfr_resource *resource,
                                               const char *attribute)
{
    const struct tfr_value *name = tfr_value_get(&resource->after, attribute);

    return name->kind == TFR_STRING ? tfr_profile_service(in->profile, name->text) : NULL;
}

static const struct tfr_profile_service *service_of(const struct tfr_input *in,
                                                    const struct tfr_workload *workload)
{
    static const char *const types[] = { "aws_ecs_service", NULL };
    const struct tfr_profile_service *found =
        named(in, workload->resource, workload->function ? "function_name" : "family");
    struct tfr_wires wires;

    if (found != NULL || workload->function)
        return found;
    tfr_wires_to(in, workload->resource, "task_definition", types, &wires);
    for (uint32_t i = 0; i < wires.count && found == NULL; i++)
        found = named(in, wires.at[i], "name");
    return found;
}

static void judge(struct look *look, const struct tfr_resource *resource)
{
    const uint8_t level = look->service->severity;
    const uint8_t own[TFR_ENVIRONMENT_COUNT] = { level, level, level };

    if (look->problems.len > 0)
        tfr_findings_add(look->out, resource, "the profile of %s says: %s", look->service->name,
                         tfr_buf_text(&look->problems));
    else if (look->open != NULL)
        tfr_findings_undecided(look->out, resource, look->open,
                               "whether it has what the profile of %s asks for is known after the "
                               "apply",
                               look->service->name);
    else
        tfr_findings_pass(look->out, resource);
    if (level != TFR_SEVERITY_NONE && (look->problems.len > 0 || look->open != NULL))
        tfr_finding_severity(look->out, own);
}

static void look_at_workload(struct look *look, const struct tfr_workload *workload)
{
    look->open = workload->because;
    for (size_t i = 0; i < look->service->required_count && workload->because == NULL; i++) {
        look->wanted = &look->service->required[i];
        look->found = false;
        tfr_workload_each_env(workload, look_at_env, look);
        if (!look->found)
            problem(look, look->wanted->name, "is missing");
    }
    look->wanted = NULL;
    if (workload->because == NULL)
        tfr_workload_each_env(workload, look_at_env, look);
    judge(look, workload->resource);
    tfr_buf_fini(&look->problems);
}

void tfr_check_required_env(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    struct tfr_workloads workloads = { NULL, 0 };
    struct tfr_regex *regex = NULL;

    if (in->profile == NULL || in->profile->service_count == 0)
        return;
    regex = tfr_regex_new();
    workloads = tfr_input_workloads(in);
    for (uint32_t i = 0; i < workloads.count; i++) {
        struct look look = { .in = in, .out = out, .regex = regex };

        look.service = service_of(in, workloads.at[i]);
        if (look.service != NULL &&
            (look.service->required_count > 0 || look.service->forbidden != NULL))
            look_at_workload(&look, workloads.at[i]);
    }
    tfr_regex_free(regex);
}
