/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/workload_roles.h"

#include "policies/iam_document.h"

#include <string.h>

static bool is_workload_service(const struct tfr_value *text)
{
    static const char *const services[] = {
        "ecs-tasks.amazonaws.com", "ec2.amazonaws.com",      "lambda.amazonaws.com",
        "eks.amazonaws.com",       "pods.eks.amazonaws.com", "tasks.apprunner.amazonaws.com"
    };

    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (tfr_value_is(text, services[i]))
            return true;
    }
    return false;
}

/* Pods of a cluster take a role by its provider of identities. */
static bool is_cluster(const struct tfr_value *text)
{
    return text->kind == TFR_STRING && strstr(text->text, ":oidc-provider/oidc.eks.") != NULL;
}

static void see_principal(void *ctx, const char *kind, const struct tfr_value *text)
{
    bool *found = ctx;

    if (kind != NULL && strcmp(kind, "Service") == 0)
        *found = *found || is_workload_service(text);
    else if (kind != NULL && strcmp(kind, "Federated") == 0)
        *found = *found || is_cluster(text);
}

static bool is_workload_role(const struct tfr_input *in, const struct tfr_resource *role)
{
    struct tfr_iam_document document;
    bool found = false;

    tfr_iam_document_of(in, role, "assume_role_policy", TFR_AFTER, &document);
    for (uint32_t i = 0; i < tfr_statement_count(&document) && !found; i++) {
        const struct tfr_statement statement = tfr_statement_at(in, &document, i);

        tfr_statement_principals(&statement, see_principal, &found);
    }
    return found;
}

bool tfr_serves_workload(const struct tfr_input *in, const struct tfr_resource *resource)
{
    struct tfr_nodes nodes = { 0 };
    const struct tfr_walk down = { .direction = TFR_DOWN, .when = TFR_AFTER, .depth = 1 };
    const struct tfr_walk around = { .direction = TFR_AROUND, .when = TFR_AFTER, .depth = 2 };
    const bool is_policy = tfr_sym_is(resource->type, "aws_iam_policy");
    bool serves = false;

    if (tfr_sym_is(resource->type, "aws_iam_role"))
        return is_workload_role(in, resource);
    tfr_graph_reach(in->graph, tfr_graph_node_of(in->graph, resource), is_policy ? &around : &down,
                    &nodes);
    for (uint32_t i = 0; i < nodes.count && !serves; i++) {
        const struct tfr_resource *other = tfr_graph_node(in->graph, nodes.at[i])->resource;

        serves =
            other != NULL && tfr_sym_is(other->type, "aws_iam_role") && is_workload_role(in, other);
    }
    tfr_nodes_fini(&nodes);
    return serves;
}
