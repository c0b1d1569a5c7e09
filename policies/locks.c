/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Locks of Azure hold for everything below their scope: a subscription, a resource group, a server
 * with its databases, or one object. An object whose group is not in the document is not asked: who
 * has the group has its locks.
 */
#include "policies/locks.h"

#include "policies/wires.h"

#include <string.h>

static const char *const groups[] = { "azurerm_resource_group", NULL };
static const char *const servers[] = { "azurerm_mssql_server", NULL };

struct locks {
    const struct tfr_input *in;
    uint8_t *locked;    /* by node */
    bool all;           /* a whole subscription is */
    const char *opaque; /* what one is about is known later: the reference that decides */
};

/* /subscriptions/ID, and nothing behind it */
static bool is_subscription(const struct tfr_value *scope)
{
    static const char start[] = "/subscriptions/";
    const size_t len = strlen(start);

    return scope->kind == TFR_STRING && strncmp(scope->text, start, len) == 0 &&
           strchr(scope->text + len, '/') == NULL;
}

static void lock_node(struct locks *locks, const struct tfr_resource *resource)
{
    const tfr_node_id node = tfr_graph_node_of(locks->in->graph, resource);

    if (node != TFR_NO_NODE)
        locks->locked[node] = 1;
}

static void take_lock(struct locks *locks, const struct tfr_resource *lock,
                      const char *const *types)
{
    struct tfr_wires wires;

    tfr_wires_of(locks->in, lock, "scope", types, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        if (tfr_sym_is(wires.at[i]->type, "azurerm_subscription"))
            locks->all = true;
        lock_node(locks, wires.at[i]);
    }
    if (is_subscription(tfr_input_get(locks->in, &lock->after, "scope")))
        locks->all = true;
    if (wires.count == 0 && wires.opaque != NULL)
        locks->opaque = wires.opaque;
}

static void find_locks(struct locks *locks)
{
    static const char *const types[] = { "azurerm_subscription",
                                         "azurerm_resource_group",
                                         "azurerm_mssql_server",
                                         "azurerm_mssql_database",
                                         "azurerm_postgresql_flexible_server",
                                         "azurerm_storage_account",
                                         "azurerm_cosmosdb_account",
                                         NULL };
    const struct tfr_resource_run run = tfr_input_type(locks->in, "azurerm_management_lock");

    locks->locked =
        tfr_arena_zalloc(locks->in->scratch, tfr_graph_node_count(locks->in->graph) + 1u);
    for (uint32_t i = 0; i < run.count; i++) {
        if (tfr_resource_is_live(run.at[i]) && !run.at[i]->duplicate)
            take_lock(locks, run.at[i], types);
    }
}

static bool is_locked(const struct locks *locks, const struct tfr_resource *resource)
{
    const tfr_node_id node = tfr_graph_node_of(locks->in->graph, resource);

    return node != TFR_NO_NODE && locks->locked[node] != 0;
}

/* One of the objects that it lies in. @return NULL: it is not in the document */
static const struct tfr_resource *owner(const struct locks *locks,
                                        const struct tfr_resource *resource, const char *attribute,
                                        const char *const *types)
{
    struct tfr_wires wires;

    tfr_wires_of(locks->in, resource, attribute, types, &wires);
    return wires.count > 0 && wires.at[0]->mode == TFR_MANAGED ? wires.at[0] : NULL;
}

static void judge(const struct locks *locks, const struct tfr_resource *resource,
                  struct tfr_findings_builder *out)
{
    const bool database = tfr_sym_is(resource->type, "azurerm_mssql_database");
    const struct tfr_resource *server =
        database ? owner(locks, resource, "server_id", servers) : resource;
    const struct tfr_resource *group =
        server != NULL ? owner(locks, server, "resource_group_name", groups) : NULL;

    if (locks->all || is_locked(locks, resource) || (server != NULL && is_locked(locks, server)) ||
        (group != NULL && is_locked(locks, group)))
        tfr_findings_pass(out, resource);
    else if (group != NULL && locks->opaque != NULL)
        tfr_findings_undecided(out, resource, locks->opaque,
                               "what a lock is about shows after the apply");
    else if (group != NULL)
        tfr_findings_add(out, resource,
                         "no azurerm_management_lock is on it, its group or its subscription");
}

void tfr_check_locks(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run run = tfr_input_subjects(in);
    struct locks locks = { .in = in };

    if (run.count == 0)
        return;
    find_locks(&locks);
    for (uint32_t i = 0; i < run.count; i++) {
        if (tfr_resource_is_live(run.at[i]) && !run.at[i]->duplicate)
            judge(&locks, run.at[i], out);
    }
}
