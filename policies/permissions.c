/* SPDX-License-Identifier: Apache-2.0 */
/* What a role may do, all its policies taken together. */
#include "policies/aws_managed.h"
#include "policies/context.h"
#include "policies/roles.h"
#include "policies/wires.h"

#include <string.h>

/* Policies that lie beside the object they are about, or in it. */
static const struct beside {
    const char *object, *policy; /* types */
    const char *link;            /* the attribute of the policy that names the object */
    bool own;                    /* the object has such an attribute itself */
} beside[] = {
    { "aws_s3_bucket", "aws_s3_bucket_policy", "bucket", true },
    { "aws_sqs_queue", "aws_sqs_queue_policy", "queue_url", true },
    { "aws_sns_topic", "aws_sns_topic_policy", "arn", true },
    { "aws_secretsmanager_secret", "aws_secretsmanager_secret_policy", "secret_arn", true },
    { "aws_kms_key", "aws_kms_key_policy", "key_id", true },
    { "aws_ecr_repository", "aws_ecr_repository_policy", "repository", false },
    { "aws_dynamodb_table", "aws_dynamodb_resource_policy", "resource_arn", false },
};

struct sum {
    enum tfr_truth_value allow;
    bool denied;
    bool seen;      /* some document was there */
    bool delegates; /* one leaves it to the policies of the account's roles */
    const char *because;
    const struct tfr_resource *by;
};

static void add(struct sum *sum, const struct tfr_iam_answer *answer, const struct tfr_resource *by)
{
    sum->denied = sum->denied || answer->deny == TFR_YES;
    if (answer->allow == TFR_YES && sum->allow != TFR_YES) {
        sum->allow = TFR_YES;
        sum->by = by;
    } else if (answer->allow == TFR_MAYBE && sum->allow == TFR_NO) {
        sum->allow = TFR_MAYBE;
        sum->because = answer->because;
    }
}

static void ask_grant(const struct tfr_input *in, const struct tfr_grant *grant,
                      const struct tfr_iam_question *question, struct tfr_iam_answer *out)
{
    if (grant->managed == NULL) {
        tfr_iam_ask(in, &grant->document, question, out);
    } else {
        *out = (struct tfr_iam_answer){
            .allow = tfr_aws_managed_allows(grant->managed, question->action), .because = grant->arn
        };
    }
    if (grant->maybe == NULL)
        return;
    if (out->allow != TFR_NO) {
        out->allow = TFR_MAYBE;
        out->because = grant->maybe;
    }
    out->deny = TFR_NO;
}

static void ask_grants(const struct tfr_input *in, const struct tfr_grant *grant,
                       const struct tfr_iam_question *question, struct sum *sum)
{
    for (; grant != NULL; grant = grant->next) {
        struct tfr_iam_answer answer;

        ask_grant(in, grant, question, &answer);
        add(sum, &answer, grant->from);
    }
}

/* ---- policies of the object --------------------------------------------------------------------
 */

static void ask_document(const struct tfr_input *in, const struct tfr_resource *policy,
                         const struct tfr_iam_question *question, struct sum *sum)
{
    struct tfr_iam_question of_object = *question;
    struct tfr_iam_document document;
    struct tfr_iam_answer answer;

    tfr_iam_document_of(in, policy, "policy", question->when, &document);
    of_object.of_object = true;
    tfr_iam_ask(in, &document, &of_object, &answer);
    sum->seen = sum->seen || !document.missing;
    sum->delegates = sum->delegates || answer.delegated;
    add(sum, &answer, policy);
}

static void ask_beside(const struct tfr_input *in, const struct beside *row,
                       const struct tfr_iam_question *question, struct sum *sum)
{
    const tfr_node_id node = tfr_graph_node_of(in->graph, question->object);
    const struct tfr_edges edges = tfr_graph_dependants(in->graph, node);
    const struct tfr_briefs *briefs = tfr_context_briefs(in->ctx);
    const struct tfr_resource *last = NULL;
    const struct tfr_sym *type = NULL; /* the last one: most neighbours are alike */
    bool is_policy = false;

    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);
        const struct tfr_brief *brief = tfr_briefs_at(briefs, edge->from);
        const struct tfr_resource *policy;

        if (brief != NULL && brief->type != type) {
            type = brief->type;
            is_policy = tfr_sym_is(type, row->policy);
        }
        /* of most that depend on it, the brief tells enough */
        if ((edge->when & question->when) == 0 || (brief != NULL && !is_policy))
            continue;
        policy = tfr_graph_node(in->graph, edge->from)->resource;
        if (policy == NULL || policy == last || !tfr_sym_is(policy->type, row->policy) ||
            (edge->path != NULL && !tfr_path_begins(edge->path, row->link)))
            continue;
        last = policy;
        ask_document(in, policy, question, sum);
    }
}

static void ask_object(const struct tfr_input *in, const struct tfr_iam_question *question,
                       struct sum *sum)
{
    const struct tfr_resource *object = question->object;

    for (size_t i = 0; object != NULL && i < sizeof beside / sizeof beside[0]; i++) {
        if (!tfr_sym_is(object->type, beside[i].object))
            continue;
        ask_beside(in, &beside[i], question, sum);
        if (beside[i].own)
            ask_document(in, object, question, sum);
        return;
    }
}

/* ---- all together ------------------------------------------------------------------------------
 */

static void bound(const struct tfr_input *in, const struct tfr_grant *boundary,
                  const struct tfr_iam_question *question, struct sum *sum)
{
    struct tfr_iam_answer answer;

    if (boundary == NULL || sum->allow == TFR_NO)
        return;
    ask_grant(in, boundary, question, &answer);
    sum->denied = sum->denied || answer.allow == TFR_NO || answer.deny == TFR_YES;
    if (answer.allow == TFR_MAYBE) {
        sum->allow = TFR_MAYBE;
        sum->because = answer.because;
    }
}

/* A key is the exception: its own policy must allow, either the role or the account, and only then
 * the policies of the role count. */
static void ask_key(const struct tfr_input *in, const struct tfr_iam_question *question,
                    struct sum *sum)
{
    struct sum own = { .allow = TFR_NO };

    ask_object(in, question, &own);
    sum->denied = sum->denied || own.denied;
    if (!own.seen || own.delegates)
        return;
    if (own.allow == TFR_MAYBE && sum->allow == TFR_YES)
        return; /* not known yet, and keys of one's own account usually leave it to the account */
    sum->allow = own.allow;
    sum->because = own.because;
    sum->by = own.by;
}

void tfr_role_may(const struct tfr_input *in, const struct tfr_role *role,
                  const struct tfr_iam_question *question, struct tfr_permission *out)
{
    struct tfr_iam_question asked = *question;
    struct sum sum = { .allow = TFR_NO };
    const enum tfr_when when = question->when;

    asked.role = when == TFR_BEFORE ? &role->resource->before : &role->resource->after;
    ask_grants(in, role->grants[when], &asked, &sum);
    if (when == TFR_AFTER)
        ask_grants(in, tfr_roles_strays(in, role, when), &asked, &sum);
    if (asked.object != NULL && tfr_sym_is(asked.object->type, "aws_kms_key"))
        ask_key(in, &asked, &sum);
    else
        ask_object(in, &asked, &sum);
    bound(in, role->boundary[when], &asked, &sum);
    *out = (struct tfr_permission){ sum.denied ? TFR_NO : sum.allow, sum.because, sum.by };
}

void tfr_named_may(const struct tfr_input *in, const struct tfr_role_name *name,
                   const struct tfr_iam_question *question, struct tfr_permission *out)
{
    struct tfr_iam_question asked = *question;

    asked.when = name->when;
    *out = (struct tfr_permission){ TFR_MAYBE, name->because, NULL };
    if (name->elsewhere)
        out->because = "the policies of a role that is not in this document";
    if (name->count == 0)
        return;
    tfr_role_may(in, name->at[0], &asked, out);
    for (uint32_t i = 1; i < name->count; i++) {
        struct tfr_permission other;

        tfr_role_may(in, name->at[i], &asked, &other);
        if (other.is != out->is)
            *out = (struct tfr_permission){ TFR_MAYBE, name->at[i]->resource->address->text, NULL };
    }
    if (name->because != NULL)
        *out = (struct tfr_permission){ TFR_MAYBE, name->because, NULL };
}
