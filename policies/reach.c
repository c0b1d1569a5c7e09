/* SPDX-License-Identifier: Apache-2.0 */
/* Who has to reach whom, and whether security groups let it: workloads their stores, balancers
 * their targets. Only pairs with a need are looked at. */
#include "policies/reach.h"
#include "policies/context.h"
#include "policies/stores.h"
#include "policies/workloads.h"

#include <string.h>

struct look {
    const struct tfr_input *in;
    struct tfr_firewall firewall;
    struct tfr_findings_builder *out;
    const struct tfr_resource *subject;
    const bool *stores; /* by the id of a type's name, of which there are `types` */
    uint32_t types;
    bool injects, mounts; /* the document has secrets or parameters, file systems */
    bool outside;         /* the subject lies in no VPC */
    uint32_t pairs;
    const char *unknown;
    const struct tfr_resource *blocked; /* the other end that is cut off */
    struct routes **routes;             /* to a target group, by its node; NULL: nobody asked yet */
    long long port;
    bool outwards; /* it is the near end's groups that let nothing out */
};

/* @param near, far the ends; `other` is the one that is not the subject */
static void look_at_pair(struct look *look, const struct tfr_end *near, const struct tfr_end *far,
                         const struct tfr_resource *other, long long port, bool certain)
{
    enum tfr_truth_value inwards = TFR_NO, outwards = TFR_NO;

    look->pairs++;
    if (look->blocked != NULL)
        return;
    inwards = tfr_firewall_in(&look->firewall, near, far, port);
    if (!certain || inwards != TFR_NO)
        outwards = tfr_firewall_out(&look->firewall, near, far, port);
    if (inwards == TFR_YES && outwards == TFR_YES)
        return;
    if (certain && (inwards == TFR_NO || outwards == TFR_NO)) {
        look->blocked = other;
        look->port = port;
        look->outwards = inwards != TFR_NO;
    } else if (look->unknown == NULL) {
        look->unknown = look->firewall.stray != NULL  ? look->firewall.stray
                        : near->groups.opaque != NULL ? near->groups.opaque
                        : far->groups.opaque != NULL  ? far->groups.opaque
                        : near->others                ? "the security groups of this side"
                                                      : "the security groups of the other side";
    }
}

/* ---- where a workload lies ---------------------------------------------------------------------
 */

/* @return false if what it is in the network is not said here */
static bool find_place(struct look *look, const struct tfr_resource *subject)
{
    const bool instance = tfr_sym_is(subject->type, "aws_instance");
    const struct tfr_value *network = tfr_value_get(
        &subject->after,
        tfr_sym_is(subject->type, "aws_ecs_service") ? "network_configuration" : "vpc_config");

    look->subject = subject;
    look->outside = !instance && (tfr_value_missing(network) ||
                                  (network->kind == TFR_LIST && network->count == 0));
    return !look->outside || tfr_sym_is(subject->type, "aws_lambda_function");
}

/* ---- workloads and stores ----------------------------------------------------------------------
 */

/* Is the need certain: does the text hold a name of the store, or does an address of it go in? */
static enum tfr_truth_value needs(const struct tfr_edge *edge, const struct tfr_resource *store,
                                  const struct tfr_value *text)
{
    if (edge->certainty == TFR_BY_VALUE)
        return tfr_store_is_in(store, text) ? TFR_YES : TFR_NO;
    if (text->kind == TFR_STRING)
        return tfr_store_is_in(store, text) ? TFR_YES : TFR_NO;
    if (!tfr_reference_is_address(edge->reference))
        return TFR_NO;
    return edge->certainty == TFR_EXACT ? TFR_YES : TFR_MAYBE;
}

static bool is_store(const struct look *look, enum tfr_mode mode, const struct tfr_sym *type)
{
    return mode == TFR_MANAGED && type->id < look->types && look->stores[type->id];
}

/* The live store of a node; NULL: it is something else. Most are, and show it by their brief. */
static const struct tfr_resource *find_store(const struct look *look, tfr_node_id node)
{
    const struct tfr_brief *brief = tfr_briefs_at(tfr_context_briefs(look->in->ctx), node);
    const struct tfr_resource *resource;

    if (brief != NULL && !is_store(look, (enum tfr_mode)brief->mode, brief->type))
        return NULL;
    resource = tfr_graph_node(look->in->graph, node)->resource;
    return resource != NULL && is_store(look, resource->mode, resource->type) &&
                   tfr_resource_is_live(resource)
               ? resource
               : NULL;
}

/* False: no object of the document is of this type, in whatever part of it. */
static bool may_have(const struct tfr_input *in, const char *type)
{
    return tfr_names_find(in->document->names, type, strlen(type)) != NULL;
}

/* Marks types of stores by the ids of their names, and what else the document has. */
static void mark_stores(struct look *look)
{
    const struct tfr_names *names = look->in->document->names;
    bool *stores;

    look->types = tfr_names_count(names);
    look->stores = stores = tfr_arena_zalloc(look->in->scratch, (look->types + 1) * sizeof *stores);
    for (const char *const *type = tfr_store_types; *type != NULL; type++) {
        const struct tfr_sym *name = tfr_names_find(names, *type, strlen(*type));

        if (name != NULL)
            stores[name->id] = true;
    }
    look->injects =
        may_have(look->in, "aws_secretsmanager_secret") || may_have(look->in, "aws_ssm_parameter");
    look->mounts = may_have(look->in, "aws_efs_file_system");
}

static void look_at_store(struct look *look, const struct tfr_resource *store, bool certain)
{
    /* From elsewhere a public one is reached by its public address, past these groups. */
    const bool guarded =
        !tfr_value_true(tfr_input_get(look->in, &store->after, "publicly_accessible"));
    struct tfr_end far;

    if (!tfr_store_end(look->in, store, &far))
        return;
    if (look->outside && look->blocked == NULL && certain && guarded) {
        look->blocked = store;
        look->pairs++;
    } else if (!look->outside)
        look_at_pair(look, tfr_input_end(look->in, look->subject), &far, store,
                     tfr_store_port(look->firewall.blocks, store), certain && guarded);
}

/* Stores that an attribute of `holder` names. Edges are sorted by the other end: one store stands
 * in one run. */
static void look_at_text(struct look *look, const struct tfr_resource *holder, const char *path)
{
    const tfr_node_id node = tfr_graph_node_of(look->in->graph, holder);
    const struct tfr_edges edges = tfr_graph_dependencies(look->in->graph, node);
    const struct tfr_value *text = tfr_value_path(&holder->after, path);
    const struct tfr_resource *seen = NULL;

    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);
        const struct tfr_resource *other;
        const struct tfr_value *value = text;
        enum tfr_truth_value need = TFR_NO;

        if (!tfr_edge_is_use(edge, TFR_AFTER) || !tfr_path_begins(edge->path, path))
            continue;
        other = find_store(look, edge->to);
        if (other == NULL || other == seen)
            continue;
        if (tfr_value_is_container(text)) /* environment of a function */
            value = tfr_value_path(&holder->after, edge->path->text);
        need = needs(edge, other, value);
        if (need == TFR_NO)
            continue;
        seen = other;
        look_at_store(look, other, need == TFR_YES);
    }
}

/* A secret or parameter that is injected may hold the address. */
static void look_at_secrets(struct look *look, const struct tfr_resource *holder, const char *path)
{
    static const char *const secrets[] = { "aws_secretsmanager_secret", NULL };
    static const char *const versions[] = { "aws_secretsmanager_secret_version", NULL };
    static const char *const parameters[] = { "aws_ssm_parameter", NULL };
    struct tfr_wires wires, found;

    tfr_wires_of(look->in, holder, path, secrets, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        if (wires.at[i]->mode != TFR_MANAGED)
            continue;
        tfr_wires_to(look->in, wires.at[i], "secret_id", versions, &found);
        for (uint32_t k = 0; found.exact && k < found.count; k++)
            look_at_text(look, found.at[k], "secret_string");
    }
    tfr_wires_of(look->in, holder, path, parameters, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        if (wires.at[i]->mode == TFR_MANAGED)
            look_at_text(look, wires.at[i], "value");
    }
}

static void look_at_holder(struct look *look, const struct tfr_resource *holder, const char *path)
{
    uint32_t count = 0;
    const struct tfr_unresolved *hidden = tfr_graph_unresolved_of(
        look->in->graph, tfr_graph_node_of(look->in->graph, holder), &count);

    look_at_text(look, holder, path);
    if (look->injects)
        look_at_secrets(look, holder, path);
    if (!tfr_value_has_unknown(tfr_value_path(&holder->after, path)))
        return;
    for (uint32_t i = 0; i < count && look->unknown == NULL; i++) {
        if (tfr_path_begins(hidden[i].path, path))
            look->unknown = hidden[i].reference->text;
    }
}

/* File systems that the task mounts. */
static void look_at_volumes(struct look *look, const struct tfr_resource *task)
{
    static const char *const systems[] = { "aws_efs_file_system", NULL };
    static const char *const targets[] = { "aws_efs_mount_target", NULL };
    struct tfr_wires wires, found;

    tfr_wires_of(look->in, task, "volume", systems, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        if (wires.at[i]->mode != TFR_MANAGED)
            continue;
        tfr_wires_to(look->in, wires.at[i], "file_system_id", targets, &found);
        for (uint32_t k = 0; k < found.count; k++)
            look_at_store(look, found.at[k], wires.exact && found.exact);
    }
}

static void look_at_needs(struct look *look)
{
    const struct tfr_resource *task;

    if (tfr_sym_is(look->subject->type, "aws_lambda_function")) {
        look_at_holder(look, look->subject, "environment");
    } else if (tfr_sym_is(look->subject->type, "aws_instance")) {
        look_at_holder(look, look->subject, "user_data");
    } else {
        task = tfr_service_task(look->in, look->subject, &look->unknown);
        if (task == NULL)
            return;
        look_at_holder(look, task, "container_definitions");
        if (look->mounts)
            look_at_volumes(look, task);
    }
}

static void say_blocked(const struct look *look, const char *near, const char *far)
{
    if (look->outside)
        tfr_findings_add(look->out, look->subject, "%s lies in no VPC, and %s answers in its own",
                         near, far);
    else if (look->outwards)
        tfr_findings_add(look->out, look->subject,
                         "the security groups of %s let nothing out to %s", near, far);
    else
        tfr_findings_add(look->out, look->subject, "the security groups of %s do not let %s in",
                         far, near);
    if (!look->outside && look->port >= 0) {
        struct tfr_buf note = { 0 };

        tfr_buf_printf(&note, "TCP port %lld", look->port);
        tfr_finding_evidence(look->out, TFR_EVIDENCE_ABSENCE, look->blocked->address->text, NULL,
                             tfr_buf_text(&note));
        tfr_buf_fini(&note);
    }
}

static bool has_stores(const struct tfr_input *in)
{
    for (const char *const *type = tfr_store_types; *type != NULL; type++) {
        const struct tfr_resource_run run = tfr_input_type(in, *type);

        for (uint32_t i = 0; i < run.count; i++) {
            if (tfr_resource_is_live(run.at[i]))
                return true;
        }
    }
    return tfr_input_type(in, "aws_efs_mount_target").count > 0;
}

static void judge_workload(struct look *look)
{
    if (look->blocked != NULL)
        say_blocked(look, look->subject->address->text, look->blocked->address->text);
    else if (look->unknown != NULL)
        tfr_findings_undecided(look->out, look->subject, look->unknown,
                               "whether it may reach its databases and caches shows later");
    else if (look->pairs > 0)
        tfr_findings_pass(look->out, look->subject);
}

void tfr_check_store_reach(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run subjects = tfr_input_subjects(in);
    struct look all = { .in = in, .out = out };

    if (subjects.count == 0 || !has_stores(in))
        return;
    tfr_firewall_init(in, &all.firewall);
    mark_stores(&all);
    for (uint32_t i = 0; i < subjects.count; i++) {
        struct look look = all;

        if (!tfr_resource_is_live(subjects.at[i]) || !find_place(&look, subjects.at[i]))
            continue;
        look_at_needs(&look);
        judge_workload(&look);
    }
}

/* ---- balancers and services --------------------------------------------------------------------
 */

static const char *const group_types[] = { "aws_lb_target_group", "aws_alb_target_group", NULL };
static const char *const listener_types[] = { "aws_lb_listener", "aws_alb_listener", NULL };
static const char *const rule_types[] = { "aws_lb_listener_rule", "aws_alb_listener_rule", NULL };
static const char *const balancer_types[] = { "aws_lb", "aws_alb", NULL };

static void look_at_balancer(struct look *look, const struct tfr_resource *balancer,
                             const struct tfr_resource *group, bool certain)
{
    const struct tfr_value *blocks =
        tfr_input_get(look->in, &look->subject->after, "load_balancer");
    const struct tfr_value *health = tfr_value_path(&group->after, "health_check.port");
    const bool network =
        tfr_value_is(tfr_input_get(look->in, &balancer->after, "load_balancer_type"), "network");
    const struct tfr_end *far = tfr_input_end(look->in, look->subject);
    struct tfr_end near = *tfr_input_end(look->in, balancer);
    long long port;

    /* A network balancer may have no groups, and shows its targets the clients' addresses. */
    near.open = network && near.groups.count == 0;
    certain = certain && !near.open;
    for (uint32_t i = 0; blocks->kind == TFR_LIST && i < blocks->count; i++) {
        const struct tfr_value *arn =
            tfr_input_get(look->in, &blocks->items[i], "target_group_arn");

        if (blocks->count > 1 && !tfr_value_equal(arn, tfr_value_get(&group->after, "arn")))
            continue;
        if (tfr_value_integer(tfr_input_get(look->in, &blocks->items[i], "container_port"), &port))
            look_at_pair(look, &near, far, balancer, port, certain);
    }
    if (tfr_value_integer(health, &port))
        look_at_pair(look, &near, far, balancer, port, certain);
}

/* One way to a target group. */
struct route {
    const struct tfr_resource *balancer; /* NULL: what decides it is `opaque` */
    const char *opaque;
    bool exact;
};

struct routes {
    struct route *at;
    size_t count, cap;
};

/* Most rules of a group are of one balancer, and say the same. */
static void add_route(struct routes *routes, struct route route)
{
    const struct route *last = routes->count > 0 ? &routes->at[routes->count - 1] : NULL;

    if (last != NULL && last->balancer == route.balancer && last->opaque == route.opaque &&
        last->exact == route.exact)
        return;
    routes->at = tfr_grow(routes->at, &routes->cap, routes->count + 1, sizeof *routes->at);
    routes->at[routes->count++] = route;
}

static void add_listeners(const struct tfr_input *in, struct routes *routes,
                          const struct tfr_wires *listeners, bool exact)
{
    struct tfr_wires balancers;

    for (uint32_t i = 0; i < listeners->count; i++) {
        tfr_wires_of(in, listeners->at[i], "load_balancer_arn", balancer_types, &balancers);
        if (tfr_wires_one(&balancers) != NULL && balancers.at[0]->mode == TFR_MANAGED)
            add_route(routes, (struct route){ balancers.at[0], NULL, exact && listeners->exact });
        else if (balancers.opaque != NULL)
            add_route(routes, (struct route){ NULL, balancers.opaque, false });
    }
}

/* Found once for each group: many services may share one. */
static const struct routes *routes_of(const struct look *look, const struct tfr_resource *group)
{
    struct routes **place = &look->routes[tfr_graph_node_of(look->in->graph, group)];
    struct tfr_wires listeners, rules;

    if (*place != NULL)
        return *place;
    *place = tfr_arena_zalloc(look->in->scratch, sizeof **place);
    tfr_wires_to(look->in, group, "default_action", listener_types, &listeners);
    add_listeners(look->in, *place, &listeners, true);
    tfr_wires_to(look->in, group, "action", rule_types, &rules);
    for (uint32_t i = 0; i < rules.count; i++) {
        tfr_wires_of(look->in, rules.at[i], "listener_arn", listener_types, &listeners);
        add_listeners(look->in, *place, &listeners, rules.exact);
    }
    return *place;
}

static void look_at_group(struct look *look, const struct tfr_resource *group, bool certain)
{
    const struct routes *routes = routes_of(look, group);

    for (size_t i = 0; i < routes->count; i++) {
        const struct route *route = &routes->at[i];

        if (route->balancer != NULL)
            look_at_balancer(look, route->balancer, group, certain && route->exact);
        else
            look->unknown = route->opaque;
    }
}

static void judge_service(struct look *look)
{
    if (look->blocked != NULL)
        say_blocked(look, look->blocked->address->text, look->subject->address->text);
    else if (look->unknown != NULL)
        tfr_findings_undecided(look->out, look->subject, look->unknown,
                               "whether its load balancer may reach it shows later");
    else if (look->pairs > 0)
        tfr_findings_pass(look->out, look->subject);
}

void tfr_check_balancer_reach(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run subjects = tfr_input_subjects(in);
    const uint32_t nodes = tfr_graph_node_count(in->graph);
    struct look all = { .in = in, .out = out };

    if (subjects.count == 0)
        return;
    tfr_firewall_init(in, &all.firewall);
    all.routes = tfr_arena_zalloc(in->scratch, (nodes + 1) * sizeof *all.routes);
    for (uint32_t i = 0; i < subjects.count; i++) {
        struct look look = all;
        struct tfr_wires groups;

        if (!tfr_resource_is_live(subjects.at[i]) || !find_place(&look, subjects.at[i]))
            continue;
        tfr_wires_of(in, look.subject, "load_balancer", group_types, &groups);
        look.unknown = groups.opaque;
        for (uint32_t k = 0; k < groups.count; k++) {
            if (groups.at[k]->mode == TFR_MANAGED)
                look_at_group(&look, groups.at[k], groups.exact);
        }
        judge_service(&look);
    }
    for (uint32_t i = 0; i < nodes; i++) {
        if (all.routes[i] != NULL)
            tfr_free(all.routes[i]->at);
    }
}
