/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/workload_access.h"

#include "policies/lookup.h"
#include "policies/queues.h"
#include "policies/wires.h"

#include <string.h>

/* ---- what is found of one workload -------------------------------------------------------------
 */

struct result {
    bool asked; /* the policy is about it */
    uint8_t severity;
    const char *because;         /* not NULL: undecided */
    const char *what;            /* of a finding */
    const struct tfr_need *need; /* of a finding or doubt */
};

/* A queue that several workloads name. */
struct queue {
    const struct tfr_resource *resource;
    uint32_t namers;
    uint32_t first;              /* workload */
    const struct tfr_need *need; /* of it */
    enum tfr_truth_value sends, receives;
};

struct look {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    enum tfr_need_kind kind;
    struct tfr_workloads workloads;
    struct result *results;
    const struct tfr_value *container; /* of the workload, whose shape was found last, or NULL */
    enum tfr_shape shape;
    uint32_t asked;                /* roles about queues of others */
    struct tfr_lookup *by_address; /* queues */
    struct queue *queues;
    size_t queue_count, queue_cap;
};

/* ---- queues that nobody may fill or empty ------------------------------------------------------
 */

static void note_queue(struct look *look, uint32_t workload, const struct tfr_need *need,
                       const struct tfr_lack *lack)
{
    const struct tfr_sym *address = need->object->address;
    const struct tfr_value key = { .kind = TFR_STRING,
                                   .count = address->len,
                                   .text = address->text };
    const void *found = tfr_lookup_find(look->by_address, &key);
    const size_t place = found != NULL ? (size_t)(uintptr_t)found : look->queue_count + 1;
    struct queue *queue;

    if (found == NULL) {
        look->queues =
            tfr_grow(look->queues, &look->queue_cap, look->queue_count + 1, sizeof *look->queues);
        look->queues[look->queue_count++] =
            (struct queue){ .resource = need->object, .first = workload, .need = need };
        tfr_lookup_add(&look->by_address, &key, (void *)(uintptr_t)place); /* never 0 */
    }
    queue = &look->queues[place - 1];
    queue->namers++;
    queue->sends = tfr_truth_either(queue->sends, lack->sends);
    queue->receives = tfr_truth_either(queue->receives, lack->receives);
}

/* How often roles are asked about queues of others, so that many of both do not make it quadratic.
 * What is left then is undecided. */
#define MOST_ASKED 200000

/* Other roles of the document, and services, fill and empty queues as well. */
static void ask_others(struct look *look, struct queue *queue)
{
    const struct tfr_resource_run roles = tfr_input_type(look->in, "aws_iam_role");
    const struct tfr_need need = { .kind = TFR_NEED_QUEUE,
                                   .object = queue->resource,
                                   .env = { .name = &tfr_absent } };
    struct tfr_need asked = need;
    bool filled = false, emptied = false;

    tfr_queue_service_users(look->in, queue->resource, &filled, &emptied);
    queue->sends = filled ? TFR_YES : queue->sends;
    queue->receives = emptied ? TFR_YES : queue->receives;
    tfr_need_set_arn(look->in, &asked);
    for (uint32_t i = 0; i < roles.count; i++) {
        struct tfr_role_name name = { .at = { tfr_role_of(look->in, roles.at[i]) } };
        struct tfr_permission permission;

        if (queue->sends != TFR_NO && queue->receives != TFR_NO)
            return;
        if (look->asked++ >= MOST_ASKED) {
            queue->sends = tfr_truth_either(queue->sends, TFR_MAYBE);
            queue->receives = tfr_truth_either(queue->receives, TFR_MAYBE);
            return;
        }
        if (name.at[0] == NULL || !tfr_resource_is_live(roles.at[i]))
            continue;
        name.count = 1;
        name.when = TFR_AFTER;
        queue->sends = tfr_truth_either(
            queue->sends, tfr_need_may(look->in, &name, &asked, "sqs:SendMessage", &permission));
        queue->receives =
            tfr_truth_either(queue->receives, tfr_need_may(look->in, &name, &asked,
                                                           "sqs:ReceiveMessage", &permission));
    }
}

/* Where one workload alone names a queue, the other end may lie in another document. */
static void judge_queues(struct look *look)
{
    for (size_t i = 0; i < look->queue_count; i++) {
        struct queue *queue = &look->queues[i];
        struct result *result = &look->results[queue->first];

        if (queue->namers < 2 || (queue->sends != TFR_NO && queue->receives != TFR_NO))
            continue;
        ask_others(look, queue);
        if (look->asked > MOST_ASKED && result->because == NULL)
            result->because = "more roles and queues than are held against each other";
        if ((queue->sends != TFR_NO && queue->receives != TFR_NO) || result->severity >= TFR_P1)
            continue;
        result->severity = TFR_P1;
        result->need = queue->need;
        result->what = queue->sends == TFR_NO
                           ? "may empty it like all others that name it: no role may fill it"
                           : "may fill it like all others that name it: no role may empty it";
    }
}

/* ---- one workload ------------------------------------------------------------------------------
 */

static void look_at_need(struct look *look, uint32_t index, const struct tfr_need *need)
{
    const struct tfr_workload *workload = look->workloads.at[index];
    struct result *result = &look->results[index];
    struct tfr_lack lack;

    result->asked = true;
    if (need->env.container != look->container) {
        look->container = need->env.container;
        look->shape = look->container != NULL
                          ? tfr_container_shape(look->in, workload->resource, look->container)
                          : TFR_SHAPE_UNKNOWN;
    }
    tfr_need_lack(look->in, workload->role, need, look->shape, &lack);
    if (need->kind == TFR_NEED_QUEUE && need->object != NULL && lack.least == TFR_YES)
        note_queue(look, index, need, &lack);
    if (lack.severity > result->severity) {
        result->severity = lack.severity;
        result->what = lack.what;
        result->need = need;
    } else if (lack.least == TFR_MAYBE && result->because == NULL) {
        result->because = lack.because != NULL ? lack.because : "its policies";
    }
    if (result->need == NULL)
        result->need = need;
}

static void look_at(struct look *look, uint32_t index)
{
    const struct tfr_workload *workload = look->workloads.at[index];
    struct result *result = &look->results[index];
    struct tfr_needs needs;

    if (workload->role->none || workload->has_keys)
        return;
    if (workload->because != NULL) {
        result->asked = true;
        result->because = workload->because;
        return;
    }
    needs = tfr_workload_needs(look->in, workload);
    look->container = NULL;
    look->shape = TFR_SHAPE_UNKNOWN;
    for (uint32_t i = 0; i < needs.count; i++) {
        if (needs.at[i].kind == look->kind)
            look_at_need(look, index, &needs.at[i]);
    }
}

static const char *role_address(const struct tfr_role_name *role)
{
    return role->count == 1 ? role->at[0]->resource->address->text : "its role";
}

static void report(struct look *look, const struct tfr_workload *workload,
                   const struct result *result)
{
    static const char *const words[] = { [TFR_NEED_BUCKET] = "bucket", [TFR_NEED_QUEUE] = "queue" };
    struct tfr_findings_builder *out = look->out;
    const struct tfr_resource *resource = workload->resource;
    const struct tfr_role_name *role = workload->role;
    const struct tfr_need *need = result->need;
    const uint8_t severity[TFR_ENVIRONMENT_COUNT] = { result->severity, result->severity,
                                                      result->severity };

    tfr_findings_add(out, resource, "its variable %s names the %s %s, and %s %s",
                     tfr_findings_show(out, "name", need->env.name), words[look->kind],
                     need->object != NULL ? need->object->address->text : "of that name",
                     role_address(role), result->what);
    tfr_finding_severity(out, severity);
    if (role->count == 1) {
        tfr_finding_group(out, role_address(role));
        tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, role_address(role), NULL,
                             "no policy of the role, and none of the object, allows it");
    }
    if (need->object != NULL)
        tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, resource->address->text,
                             need->env.container != NULL ? "container_definitions"
                                                         : "environment.variables",
                             need->object->address->text);
}

static void answer(struct look *look, uint32_t index)
{
    const struct tfr_workload *workload = look->workloads.at[index];
    const struct tfr_resource *resource = workload->resource;
    const struct result *result = &look->results[index];

    if (!result->asked)
        return;
    if (result->severity >= TFR_P1 || (result->severity == TFR_P2 && result->because == NULL))
        report(look, workload, result);
    else if (result->because != NULL)
        tfr_findings_undecided(look->out, resource, result->because,
                               "whether its role allows what its environment names shows after "
                               "the apply");
    else
        tfr_findings_pass(look->out, resource);
}

void tfr_check_needs_allowed(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const char *need = tfr_input_param(in, "need");
    struct look look = { .in = in, .out = out, .workloads = tfr_input_workloads(in) };

    look.kind = need != NULL && strcmp(need, "queue") == 0 ? TFR_NEED_QUEUE : TFR_NEED_BUCKET;
    look.results = tfr_arena_zalloc(in->scratch, (look.workloads.count + 1) * sizeof *look.results);
    for (uint32_t i = 0; i < look.workloads.count; i++)
        look_at(&look, i);
    judge_queues(&look);
    for (uint32_t i = 0; i < look.workloads.count; i++)
        answer(&look, i);
    tfr_lookup_free(look.by_address);
    tfr_free(look.queues);
}

/* ---- no role at all ----------------------------------------------------------------------------
 */

static bool commands_aws(const struct tfr_workload *workload)
{
    const struct tfr_value *all = workload->containers;

    for (uint32_t i = 0; all->kind == TFR_LIST && i < all->count; i++) {
        if (tfr_container_runs(&all->items[i], "aws s3 ") ||
            tfr_container_runs(&all->items[i], "aws sqs ") ||
            tfr_container_runs(&all->items[i], "s3://"))
            return true;
    }
    return false;
}

static void judge_without_role(const struct tfr_input *in, struct tfr_findings_builder *out,
                               const struct tfr_workload *workload)
{
    const struct tfr_needs needs = tfr_workload_needs(in, workload);
    const struct tfr_resource *task = workload->resource;
    const struct tfr_need *need = NULL;

    for (uint32_t i = 0; i < needs.count && need == NULL; i++)
        need = needs.at[i].certain ? &needs.at[i] : NULL;
    if (need == NULL && !commands_aws(workload)) {
        if (needs.count > 0)
            tfr_findings_undecided(out, task, "container_definitions",
                                   "a variable has the name of something on AWS, and nothing in "
                                   "this document is called what it says");
        return;
    }
    if (!tfr_task_on_fargate(in, task)) {
        tfr_findings_undecided(out, task, "launch_type",
                               "it has no task role; on instances it would use theirs");
        return;
    }
    if (need != NULL && need->object != NULL)
        tfr_findings_add(out, task, "its variable %s names %s, and it has no task role",
                         tfr_findings_show(out, "name", need->env.name),
                         need->object->address->text);
    else
        tfr_findings_add(out, task, "it uses AWS and has no task role");
    tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, task->address->text, "task_role_arn",
                         "task_role_arn is not set, and no keys are in the environment");
}

void tfr_check_needs_role(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_workloads workloads = tfr_input_workloads(in);

    for (uint32_t i = 0; i < workloads.count; i++) {
        const struct tfr_workload *workload = workloads.at[i];

        if (!workload->role->none || workload->has_keys) {
            tfr_findings_pass(out, workload->resource);
        } else if (workload->because != NULL) {
            tfr_findings_undecided(
                out, workload->resource, workload->because,
                "it has no task role; whether it needs one shows after the apply");
        } else {
            judge_without_role(in, out, workload);
        }
    }
}
