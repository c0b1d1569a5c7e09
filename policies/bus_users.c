/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clients of Service Bus: what refers to a queue, a topic or their namespace, watching and guarding
 * aside. Rights and keys of a namespace are for all that is in it. Of a namespace that is not in
 * the document the clients may be elsewhere: what is in it is not asked.
 */
#include "policies/bus_users.h"

#include "policies/context.h"
#include "policies/wires.h"

#include <string.h>

enum use { LOOKED = 1, CLIENT = 2, SUBSCRIPTION = 4 };

struct look {
    const struct tfr_input *in;
    uint8_t *namespaces; /* uses of one, by its node */
    const char *opaque;  /* a reference that could make somebody a client */
};

static bool is_one_of(const struct tfr_sym *type, const char *const *types)
{
    for (; *types != NULL; types++) {
        if (tfr_sym_is(type, *types))
            return true;
    }
    return false;
}

/* What an object that refers to a queue, a topic or a namespace is to it. */
static unsigned use_by(const struct tfr_resource *user, const struct tfr_sym *path)
{
    static const char *const no_clients[] = { "azurerm_management_lock",
                                              "azurerm_monitor_diagnostic_setting",
                                              "azurerm_monitor_metric_alert",
                                              "azurerm_private_endpoint",
                                              "azurerm_servicebus_namespace_network_rule_set",
                                              NULL };
    static const char *const inside[] = { "azurerm_servicebus_queue", "azurerm_servicebus_topic",
                                          "azurerm_servicebus_subscription", NULL };

    if (!tfr_resource_is_live(user) || is_one_of(user->type, no_clients))
        return 0;
    if (!is_one_of(user->type, inside))
        return CLIENT;
    if (path != NULL && strncmp(path->text, "forward_", strlen("forward_")) == 0)
        return CLIENT;
    return tfr_sym_is(user->type, inside[2]) ? SUBSCRIPTION : 0;
}

static unsigned use_of_edge(const struct look *look, const struct tfr_edge *edge)
{
    const struct tfr_node *from = tfr_graph_node(look->in->graph, edge->from);

    if (!tfr_edge_is_use(edge, TFR_AFTER) || edge->origin == TFR_ORIGIN_DEPENDS_ON ||
        edge->origin == TFR_ORIGIN_MODULE)
        return 0;
    if (from->kind == TFR_NODE_OUTPUT)
        return CLIENT; /* of another state */
    return from->resource != NULL ? use_by(from->resource, edge->path) : 0;
}

static unsigned uses_of(const struct look *look, const struct tfr_resource *resource)
{
    const struct tfr_graph *graph = look->in->graph;
    const struct tfr_edges edges = tfr_graph_dependants(graph, tfr_graph_node_of(graph, resource));
    unsigned uses = LOOKED;

    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);
        struct tfr_edges behind = { 0 };

        uses |= use_of_edge(look, edge);
        if (tfr_graph_node(graph, edge->from)->kind == TFR_NODE_BLOCK)
            behind = tfr_graph_dependants(graph, edge->from);
        for (uint32_t k = 0; k < behind.count; k++)
            uses |= use_of_edge(look, tfr_edge_at(&behind, k));
    }
    return uses;
}

static unsigned uses_of_namespace(const struct look *look, const struct tfr_resource *namespace)
{
    uint8_t *uses = &look->namespaces[tfr_graph_node_of(look->in->graph, namespace)];

    if (*uses == 0)
        *uses = (uint8_t)uses_of(look, namespace);
    return *uses;
}

/* Settings, environments and scopes that the document does not show. */
static const char *find_opaque(const struct tfr_input *in)
{
    static const char *const places[] = { "app_settings", "template", "container", "scope" };
    uint32_t count;
    const struct tfr_open *all = tfr_context_open(in->ctx, &count);

    for (uint32_t i = 0; i < count; i++) {
        if (all[i].reference->reference == NULL ||
            strncmp(all[i].resource->type->text, "azurerm_", strlen("azurerm_")) != 0)
            continue;
        for (size_t k = 0; k < sizeof places / sizeof places[0]; k++) {
            if (tfr_path_begins(all[i].reference->path, places[k]))
                return all[i].reference->reference->text;
        }
    }
    return NULL;
}

static void judge(const struct look *look, const struct tfr_resource *resource,
                  struct tfr_findings_builder *out)
{
    static const char *const types[] = { "azurerm_servicebus_namespace", NULL };
    const bool topic = tfr_sym_is(resource->type, "azurerm_servicebus_topic");
    unsigned uses = uses_of(look, resource);
    struct tfr_wires wires;
    bool here;

    tfr_wires_of(look->in, resource, "namespace_id", types, &wires);
    here = wires.count > 0 && wires.at[0]->mode == TFR_MANAGED;
    if (here)
        uses |= uses_of_namespace(look, wires.at[0]) & CLIENT;
    if ((uses & CLIENT) != 0 && (!topic || (uses & SUBSCRIPTION) != 0)) {
        tfr_findings_pass(out, resource);
    } else if ((uses & CLIENT) != 0) {
        tfr_findings_add(out, resource,
                         "no subscription takes from it: what is sent to it is gone");
        tfr_finding_lower(out, 1);
    } else if (here && look->opaque != NULL) {
        tfr_findings_undecided(out, resource, look->opaque, "who uses it shows after the apply");
    } else if (here) {
        tfr_findings_add(out, resource,
                         "nobody sends to it or takes from it: no setting, role assignment or rule "
                         "names it or its namespace");
    }
}

void tfr_check_bus_users(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run run = tfr_input_subjects(in);
    struct look look = { .in = in };

    if (run.count == 0)
        return;
    look.namespaces = tfr_arena_zalloc(in->scratch, tfr_graph_node_count(in->graph) + 1u);
    look.opaque = find_opaque(in);
    for (uint32_t i = 0; i < run.count; i++) {
        if (tfr_resource_is_live(run.at[i]) && !run.at[i]->duplicate &&
            tfr_graph_node_of(in->graph, run.at[i]) != TFR_NO_NODE)
            judge(&look, run.at[i], out);
    }
}
