/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/role_switch.h"

#include "policies/workload_access.h"

#include <string.h>

/* Actions that a need implies, and what losing one of them alone means: P0 for the work itself, P1
 * for what goes with it. In a group that may be split between workloads (filling and emptying a
 * queue) it is a loss only if nothing of it is left. */
static const struct {
    const char *actions[5];
    uint8_t severity[5];
    bool splits;
} implied[TFR_NEED_KINDS] = {
    [TFR_NEED_BUCKET] = { { "s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:DeleteObject" },
                          { TFR_P0, TFR_P0, TFR_P1, TFR_P1 },
                          false },
    [TFR_NEED_QUEUE] = { { "sqs:SendMessage", "sqs:ReceiveMessage" }, { TFR_P0, TFR_P0 }, true },
    [TFR_NEED_TOPIC] = { { "sns:Publish" }, { TFR_P0 }, false },
    [TFR_NEED_TABLE] = { { "dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem",
                           "dynamodb:UpdateItem" },
                         { TFR_P0, TFR_P0, TFR_P0, TFR_P0 },
                         true },
    [TFR_NEED_STREAM] = { { "kinesis:PutRecord", "kinesis:GetRecords" }, { TFR_P0, TFR_P0 }, true },
    [TFR_NEED_SECRET] = { { "secretsmanager:GetSecretValue" }, { TFR_P0 }, false },
};

struct look {
    const struct tfr_input *in;
    const struct tfr_workload *workload;
    struct tfr_role_name before, after;
    struct tfr_buf lost; /* actions of the need that is told of */
    uint8_t severity;
    const struct tfr_need *need;   /* of it */
    const struct tfr_resource *by; /* who gave it before, or NULL */
    const char *because;
};

/* What became of one action. */
enum fate { KEPT, GONE, NEVER, DOUBT };

static enum fate fate_of(struct look *look, const struct tfr_need *need, const char *action,
                         const struct tfr_resource **by)
{
    struct tfr_permission before, after = { TFR_NO, NULL, NULL };

    (void)tfr_need_may(look->in, &look->before, need, action, &before);
    if (!look->after.none)
        (void)tfr_need_may(look->in, &look->after, need, action, &after);
    if (after.is == TFR_YES)
        return KEPT;
    if (before.is == TFR_NO)
        return NEVER;
    if (before.is == TFR_MAYBE || after.is == TFR_MAYBE) {
        if (look->because == NULL)
            look->because = after.because != NULL ? after.because : before.because;
        return DOUBT;
    }
    *by = before.by;
    return GONE;
}

static bool matters(const struct look *look, const struct tfr_need *need, size_t action,
                    enum tfr_shape shape)
{
    (void)look;
    if (need->kind != TFR_NEED_QUEUE || shape == TFR_SHAPE_UNKNOWN)
        return true;
    return (shape == TFR_SHAPE_WEB) == (action == 0);
}

static void look_at_need(struct look *look, const struct tfr_need *need)
{
    const enum tfr_shape shape =
        need->env.container != NULL
            ? tfr_container_shape(look->in, look->workload->resource, need->env.container)
            : TFR_SHAPE_UNKNOWN;
    const struct tfr_resource *by = NULL;
    struct tfr_buf lost = { 0 };
    uint8_t severity = TFR_SEVERITY_NONE;
    bool kept = false;

    for (size_t i = 0; i < 5 && implied[need->kind].actions[i] != NULL; i++) {
        const char *action = implied[need->kind].actions[i];
        enum fate fate;

        if (!matters(look, need, i, shape))
            continue;
        fate = fate_of(look, need, action, &by);
        kept = kept || fate == KEPT || fate == DOUBT;
        if (fate != GONE)
            continue;
        tfr_buf_printf(&lost, "%s%s", lost.len > 0 ? ", " : "", action);
        if (implied[need->kind].severity[i] > severity)
            severity = implied[need->kind].severity[i];
    }
    if (kept && implied[need->kind].splits)
        severity = TFR_SEVERITY_NONE;
    if (severity > look->severity) {
        look->severity = severity;
        look->need = need;
        look->by = by;
        tfr_buf_fini(&look->lost);
        look->lost = lost;
        return;
    }
    tfr_buf_fini(&lost);
}

/* ---- nothing changed ---------------------------------------------------------------------------
 */

static bool is_kept(const struct tfr_resource *resource)
{
    return resource == NULL || resource->action == TFR_ACTION_NO_OP;
}

static bool are_kept(const struct tfr_grant *grant)
{
    for (; grant != NULL; grant = grant->next) {
        if (!is_kept(grant->from) || !is_kept(grant->text))
            return false;
    }
    return true;
}

static bool is_same(const struct tfr_role_name *before, const struct tfr_role_name *after)
{
    const struct tfr_role *role = before->at[0];

    return before->count == 1 && after->count == 1 && after->because == NULL &&
           role == after->at[0] && is_kept(role->resource) && are_kept(role->grants[TFR_BEFORE]) &&
           are_kept(role->grants[TFR_AFTER]) && are_kept(role->boundary[TFR_AFTER]);
}

/* A role of elsewhere that stays the same: what it may do is not this plan's matter. */
static bool is_same_elsewhere(const struct look *look)
{
    const char *path = tfr_workload_role_path(look->workload);
    const struct tfr_resource *resource = look->workload->resource;

    return look->before.elsewhere && tfr_value_equal(tfr_value_get(&resource->before, path),
                                                     tfr_value_get(&resource->after, path));
}

/* ---- the analyser ------------------------------------------------------------------------------
 */

static const char *address_of(const struct tfr_role_name *name)
{
    if (name->none)
        return "without a role it";
    return name->count == 1 ? name->at[0]->resource->address->text : "its new role";
}

static void report(const struct look *look, struct tfr_findings_builder *out)
{
    const uint8_t severity[TFR_ENVIRONMENT_COUNT] = { look->severity, look->severity,
                                                      look->severity };
    const struct tfr_need *need = look->need;
    const struct tfr_resource *resource = look->workload->resource;

    tfr_findings_add(
        out, resource, "it loses %s on %s, which its variable %s names: %s had it, %s has not",
        tfr_buf_text(&look->lost), need->object != NULL ? need->object->address->text : "what",
        tfr_findings_show(out, "name", need->env.name), address_of(&look->before),
        address_of(&look->after));
    tfr_finding_severity(out, severity);
    if (look->after.count == 1)
        tfr_finding_group(out, address_of(&look->after));
    if (look->by != NULL)
        tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, look->by->address->text, NULL,
                             "it gave the permission before");
    tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, resource->address->text,
                         tfr_workload_role_path(look->workload), "the role it runs as");
}

static void look_at(const struct tfr_input *in, struct tfr_findings_builder *out,
                    const struct tfr_workload *workload)
{
    const struct tfr_resource *resource = workload->resource;
    const char *path = tfr_workload_role_path(workload);
    struct look look = { .in = in, .workload = workload };
    struct tfr_needs needs;

    if (resource->before.kind != TFR_OBJECT || workload->has_keys)
        return;
    look.before = look.after = *workload->role;
    look.before.when = TFR_BEFORE;
    if (resource->before.object != resource->after.object)
        tfr_role_named(in, resource, path, TFR_BEFORE, &look.before);
    if (look.before.none)
        return;
    if (is_same(&look.before, &look.after) || is_same_elsewhere(&look)) {
        tfr_findings_pass(out, resource);
        return;
    }
    if (workload->because != NULL) {
        tfr_findings_undecided(out, resource, workload->because,
                               "its role changes; what it needs shows after the apply");
        return;
    }
    needs = tfr_workload_needs(in, workload);
    for (uint32_t i = 0; i < needs.count; i++)
        look_at_need(&look, &needs.at[i]);
    if (look.severity != TFR_SEVERITY_NONE)
        report(&look, out);
    else if (look.because != NULL)
        tfr_findings_undecided(out, resource, look.because,
                               "its role changes; what the new one may do shows after the apply");
    else
        tfr_findings_pass(out, resource);
    tfr_buf_fini(&look.lost);
}

void tfr_check_role_switch(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_workloads workloads = tfr_input_workloads(in);

    for (uint32_t i = 0; i < workloads.count; i++)
        look_at(in, out, workloads.at[i]);
}
