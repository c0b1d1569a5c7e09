/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/role_trust.h"

#include "policies/context.h"
#include "policies/lookup.h"
#include "policies/roles.h"
#include "policies/wires.h"

#include <string.h>

/* ---- users and the service behind them ---------------------------------------------------------
 */

static const struct {
    const char *type, *attribute;
    const char *service; /* what its principal begins with */
} users[] = {
    { "aws_ecs_task_definition", "task_role_arn", "ecs-tasks" },
    { "aws_ecs_task_definition", "execution_role_arn", "ecs-tasks" },
    { "aws_lambda_function", "role", "lambda" },
    { "aws_iam_instance_profile", "role", "ec2" },
    { "aws_cloudwatch_event_target", "role_arn", "events" },
    { "aws_scheduler_schedule", "target.0.role_arn", "scheduler" },
    { "aws_sfn_state_machine", "role_arn", "states" },
    { "aws_db_instance", "monitoring_role_arn", "monitoring.rds" },
    { "aws_rds_cluster_instance", "monitoring_role_arn", "monitoring.rds" },
    { "aws_pipes_pipe", "role_arn", "pipes" },
    { "aws_eks_cluster", "role_arn", "eks" },
    { "aws_eks_node_group", "node_role_arn", "ec2" },
    { "aws_eks_fargate_profile", "pod_execution_role_arn", "eks-fargate-pods" },
    { "aws_codebuild_project", "service_role", "codebuild" },
    { "aws_codepipeline", "role_arn", "codepipeline" },
    { "aws_flow_log", "iam_role_arn", "vpc-flow-logs" },
    { "aws_backup_selection", "iam_role_arn", "backup" },
};

/* ---- trust -------------------------------------------------------------------------------------
 */

struct trust {
    const char *service; /* asked for, or NULL */
    enum tfr_truth_value is;
    bool only_services; /* everybody who is named is a service */
    bool anybody;       /* somebody is named */
};

/* ecs-tasks.amazonaws.com, states.eu-west-1.amazonaws.com, ec2.amazonaws.com.cn */
static bool is_service(const char *text, const char *service)
{
    const size_t len = strlen(service);

    return strncmp(text, service, len) == 0 && text[len] == '.' &&
           strstr(text + len, "amazonaws.com") != NULL;
}

static void see_principal(void *ctx, const char *kind, const struct tfr_value *text)
{
    struct trust *trust = ctx;
    const bool service = kind != NULL && strcmp(kind, "Service") == 0;

    trust->anybody = true;
    trust->only_services = trust->only_services && service && text->kind == TFR_STRING;
    if (text->kind == TFR_UNKNOWN && trust->is == TFR_NO)
        trust->is = TFR_MAYBE;
    if (text->kind != TFR_STRING || trust->service == NULL)
        return;
    if (tfr_value_is(text, "*") || (service && is_service(text->text, trust->service)))
        trust->is = TFR_YES;
}

/* @return what is not known of it, or NULL */
static const char *read_trust(const struct tfr_input *in, const struct tfr_resource *role,
                              struct trust *trust)
{
    struct tfr_iam_document document;
    uint32_t count;

    tfr_iam_document_of(in, role, "assume_role_policy", TFR_AFTER, &document);
    count = tfr_statement_count(&document);
    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_statement statement = tfr_statement_at(in, &document, i);

        if (tfr_statement_allows(&statement) &&
            tfr_statement_action(&statement, "sts:AssumeRole") != TFR_NO)
            tfr_statement_principals(&statement, see_principal, trust);
        else if (tfr_statement_allows(&statement))
            trust->only_services = false; /* sts:AssumeRoleWithWebIdentity and its like */
    }
    if (document.because != NULL)
        return document.because;
    return document.missing ? "assume_role_policy" : NULL;
}

/* ---- roles that their users may not take -------------------------------------------------------
 */

/* What is known of the users of one role. */
struct used {
    bool asked;
    const struct tfr_resource *refused; /* the first user that may not take it */
    const char *attribute, *service;    /* of it */
    const char *because;
};

struct look {
    const struct tfr_input *in;
    struct tfr_resource_run roles;
    struct used *used; /* by role */
    struct {
        const char *text, *service;
        enum tfr_truth_value is;
    } last;                      /* what was asked last: many roles have one text */
    struct tfr_lookup *by_place; /* place of a role by its address; from 1 */
};

/* Whether a role lets the service of a row take it. @return what is not known of it, or NULL */
static const char *ask_role(struct look *look, size_t row, const struct tfr_resource *role,
                            enum tfr_truth_value *is)
{
    const struct tfr_value *text = tfr_input_get(look->in, &role->after, "assume_role_policy");
    struct trust trust = { .service = users[row].service };
    const char *because;

    if (text->kind == TFR_STRING && text->text == look->last.text &&
        trust.service == look->last.service) {
        *is = look->last.is;
        return NULL;
    }
    because = read_trust(look->in, role, &trust);
    *is = trust.is;
    if (because == NULL && text->kind == TFR_STRING) {
        look->last.text = text->text;
        look->last.service = trust.service;
        look->last.is = trust.is;
    }
    return because;
}

static void look_at_user(struct look *look, size_t row, const struct tfr_resource *user)
{
    struct tfr_role_name name;
    enum tfr_truth_value is;
    struct used *used;
    const char *because;

    tfr_role_named(look->in, user, users[row].attribute, TFR_AFTER, &name);
    if (name.count != 1 || name.because != NULL)
        return;
    used = &look->used[(size_t)(uintptr_t)tfr_lookup_text(look->by_place,
                                                          name.at[0]->resource->address->text,
                                                          name.at[0]->resource->address->len) -
                       1];
    used->asked = true;
    because = ask_role(look, row, name.at[0]->resource, &is);
    if (is == TFR_YES || used->refused != NULL)
        return;
    if (because != NULL || is == TFR_MAYBE) {
        used->because = because != NULL ? because : "assume_role_policy";
        return;
    }
    used->refused = user;
    used->attribute = users[row].attribute;
    used->service = users[row].service;
}

static void find_users(struct look *look)
{
    for (size_t row = 0; row < sizeof users / sizeof users[0]; row++) {
        const struct tfr_resource_run run = tfr_input_type(look->in, users[row].type);

        for (uint32_t i = 0; i < run.count; i++) {
            if (tfr_resource_is_live(run.at[i]))
                look_at_user(look, row, run.at[i]);
        }
    }
}

static void answer(const struct look *look, struct tfr_findings_builder *out, uint32_t index)
{
    const struct used *used = &look->used[index];
    const struct tfr_resource *role = look->roles.at[index];

    if (!used->asked || !tfr_resource_is_live(role))
        return;
    if (used->refused != NULL) {
        tfr_findings_add(out, role,
                         "%s uses it, and its trust policy does not name %s.amazonaws.com",
                         used->refused->address->text, used->service);
        tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, used->refused->address->text,
                             used->attribute, role->address->text);
        tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, role->address->text, "assume_role_policy",
                             "no statement lets the service take the role");
    } else if (used->because != NULL) {
        tfr_findings_undecided(out, role, used->because, "who may take it shows after the apply");
    } else {
        tfr_findings_pass(out, role);
    }
}

void tfr_check_role_trust(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    struct look look = { .in = in, .roles = tfr_input_type(in, "aws_iam_role") };

    look.used = tfr_arena_zalloc(in->scratch, (look.roles.count + 1) * sizeof *look.used);
    for (uint32_t i = 0; i < look.roles.count; i++) {
        const struct tfr_sym *address = look.roles.at[i]->address;
        const struct tfr_value key = { .kind = TFR_STRING,
                                       .count = address->len,
                                       .text = address->text };

        if (look.roles.at[i]->deposed == NULL)
            tfr_lookup_add(&look.by_place, &key, (void *)(uintptr_t)(i + 1));
    }
    find_users(&look);
    for (uint32_t i = 0; i < look.roles.count; i++)
        answer(&look, out, i);
    tfr_lookup_free(look.by_place);
}

/* ---- roles that nobody uses --------------------------------------------------------------------
 */

/* Objects that give a role something, or write about it, without taking it. */
static bool only_gives(const struct tfr_resource *resource)
{
    static const char *const types[] = { "aws_iam_role_policy",
                                         "aws_iam_role_policy_attachment",
                                         "aws_iam_policy_attachment",
                                         "aws_iam_role_policies_exclusive",
                                         "aws_iam_role_policy_attachments_exclusive",
                                         "aws_iam_policy",
                                         "aws_iam_policy_document" };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (tfr_sym_is(resource->type, types[i]))
            return true;
    }
    return false;
}

static bool is_policy_path(const struct tfr_sym *path)
{
    return tfr_path_begins(path, "policy") || tfr_path_begins(path, "assume_role_policy") ||
           tfr_path_begins(path, "access_policies");
}

enum use { UNUSED, OUTSIDE, USED };

/* How the object at the other end uses what it depends on. */
static enum use use_of(const struct tfr_input *in, const struct tfr_edge *edge)
{
    const struct tfr_node *node = tfr_graph_node(in->graph, edge->from);

    if (!tfr_edge_is_use(edge, TFR_AFTER) || edge->origin == TFR_ORIGIN_DEPENDS_ON ||
        edge->origin == TFR_ORIGIN_MODULE)
        return UNUSED;
    if (node->kind == TFR_NODE_OUTPUT)
        return OUTSIDE;
    if (node->kind == TFR_NODE_PROVIDER)
        return USED;
    if (node->resource == NULL || only_gives(node->resource) || is_policy_path(edge->path) ||
        !tfr_resource_is_live(node->resource))
        return UNUSED;
    return USED;
}

static enum use use_of_profile(const struct tfr_input *in, tfr_node_id profile)
{
    const struct tfr_edges edges = tfr_graph_dependants(in->graph, profile);
    enum use use = UNUSED;

    for (uint32_t i = 0; i < edges.count; i++) {
        const enum use one = use_of(in, tfr_edge_at(&edges, i));

        use = one > use ? one : use;
    }
    return use;
}

/* True if a known value names the role. */
static bool names(const struct tfr_value *value, const struct tfr_resource *role)
{
    const struct tfr_value *arn = tfr_value_get(&role->after, "arn");

    return tfr_value_equal(value, arn) ||
           tfr_value_equal(value, tfr_value_get(&role->after, "name")) ||
           (arn->kind == TFR_STRING && strstr(value->text, arn->text) != NULL);
}

/* An expression may name several roles, of which the value is one; what a state lists must only
 * exist before. False if the value, or the time of making, says that it is another role. */
static bool means(const struct tfr_input *in, const struct tfr_edge *edge,
                  const struct tfr_resource *user, const struct tfr_resource *role)
{
    const struct tfr_value *value =
        edge->path != NULL ? tfr_value_path(&user->after, edge->path->text) : &tfr_absent;
    struct tfr_links links;
    bool found = false;

    if (edge->origin == TFR_ORIGIN_STATE) {
        for (uint32_t i = 0; i < user->after.count && !found; i++) {
            const struct tfr_value *member = tfr_member_value(&user->after, i);

            /* What is not known yet cannot be what is known already. */
            found = member->kind == TFR_STRING && names(member, role);
        }
        return found || tfr_value_get(&role->after, "arn")->kind != TFR_STRING;
    }
    if (value->kind == TFR_STRING)
        return names(value, role);
    if (value->kind != TFR_UNKNOWN)
        return true;
    tfr_links_of(in, user, edge->path->text, "aws_iam_role", &links);
    for (uint32_t i = 0; i < links.count; i++)
        found = found || links.at[i] == role;
    return found || links.open || links.others || links.count == 0;
}

static enum use use_of_role(const struct tfr_input *in, const struct tfr_resource *role)
{
    const struct tfr_edges edges =
        tfr_graph_dependants(in->graph, tfr_graph_node_of(in->graph, role));
    enum use use = UNUSED;

    for (uint32_t i = 0; i < edges.count && use != USED; i++) {
        const struct tfr_resource *user =
            tfr_graph_node(in->graph, tfr_edge_at(&edges, i)->from)->resource;
        enum use one = use_of(in, tfr_edge_at(&edges, i));

        if (one == USED && user != NULL && !means(in, tfr_edge_at(&edges, i), user, role))
            continue;
        if (one == USED && user != NULL && tfr_sym_is(user->type, "aws_iam_instance_profile"))
            one = use_of_profile(in, tfr_edge_at(&edges, i)->from);
        use = one > use ? one : use;
    }
    return use;
}

/* A reference that could make anybody a user of a role that is made now. */
static const char *opaque_user(const struct tfr_input *in)
{
    uint32_t count;
    const struct tfr_open *all = tfr_context_open(in->ctx, &count);

    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_resource *from = all[i].resource;
        const struct tfr_sym *path = all[i].reference->path;

        if (from->mode == TFR_PROVIDER ||
            (strstr(path->text, "role") == NULL && strstr(path->text, "profile") == NULL))
            continue;
        if (!only_gives(from) && !is_policy_path(path) &&
            tfr_value_path(&from->after, path->text)->kind == TFR_UNKNOWN)
            return all[i].reference->reference->text;
    }
    return NULL;
}

/* Services take these by their name alone. */
static bool is_known_by_name(const struct tfr_resource *role)
{
    static const char *const names[] = { "dms-vpc-role", "dms-cloudwatch-logs-role",
                                         "dms-access-for-endpoint", "rds-monitoring-role",
                                         "vmimport" };
    const struct tfr_value *name = tfr_value_get(&role->after, "name");

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (tfr_value_is(name, names[i]))
            return true;
    }
    return false;
}

/* What the rest of the document says. */
struct others {
    bool used;          /* one role is: users of roles are in this document at all */
    const char *opaque; /* a reference that may make anybody a user of a new role, or NULL */
};

static void judge_unused(const struct tfr_input *in, struct tfr_findings_builder *out,
                         const struct tfr_resource *role, enum use use, const struct others *others)
{
    struct trust trust = { .only_services = true };
    const char *because = read_trust(in, role, &trust);
    const bool is_new = tfr_value_get(&role->after, "arn")->kind == TFR_UNKNOWN;
    const char *opaque = is_new ? others->opaque : NULL;

    if (because == NULL && (!trust.only_services || !trust.anybody)) {
        tfr_findings_pass(out, role);
    } else if (because != NULL || opaque != NULL) {
        tfr_findings_undecided(out, role, because != NULL ? because : opaque,
                               "nothing in this state uses it; who else may shows after the apply");
    } else {
        tfr_findings_add(
            out, role, "nothing in this state uses it, and its trust policy names services alone");
        tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, role->address->text, NULL,
                             "no live object names it as its role");
        if (use == OUTSIDE || !others->used)
            tfr_finding_lower(out, 1);
    }
}

void tfr_check_role_users(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run roles = tfr_input_type(in, "aws_iam_role");
    enum use *uses = tfr_arena_zalloc(in->scratch, (roles.count + 1) * sizeof *uses);
    struct others others = { false, opaque_user(in) };

    for (uint32_t i = 0; i < roles.count; i++) {
        if (tfr_resource_is_live(roles.at[i]))
            uses[i] = use_of_role(in, roles.at[i]);
        others.used = others.used || uses[i] == USED;
    }
    for (uint32_t i = 0; i < roles.count; i++) {
        if (!tfr_resource_is_live(roles.at[i]) || roles.at[i]->duplicate)
            continue;
        if (uses[i] == USED || is_known_by_name(roles.at[i]))
            tfr_findings_pass(out, roles.at[i]);
        else
            judge_unused(in, out, roles.at[i], uses[i], &others);
    }
}
