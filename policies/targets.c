/* SPDX-License-Identifier: Apache-2.0 */
/* What a service says of its load balancer, against its task definition, its target group and the
 * listeners. */
#include "policies/targets.h"
#include "policies/containers.h"
#include "policies/workloads.h"

#include <stdlib.h>
#include <string.h>

static const char *const group_types[] = { "aws_lb_target_group", "aws_alb_target_group", NULL };

/* ---- container and port ------------------------------------------------------------------------
 */

/* What is asked of one block load_balancer. */
struct look {
    const struct tfr_input *in;
    const struct tfr_resource *service, *task, *group; /* task, group: NULL if not in here */
    const struct tfr_value *block;
    const char *wrong;   /* a fault that stops the service */
    const char *unknown; /* what decides, if nothing is wrong */
    const char *advice;
};

/* "8000-8010" */
static bool is_in_range(const struct tfr_value *range, long long port)
{
    char *end;
    long long from;

    if (range->kind != TFR_STRING)
        return false;
    from = strtoll(range->text, &end, 10);
    return *end == '-' && from <= port && port <= strtoll(end + 1, NULL, 10);
}

static enum tfr_truth_value maps_port(const struct tfr_value *container,
                                      const struct tfr_value *wanted)
{
    const struct tfr_value *maps = tfr_value_get(container, "portMappings");
    long long port;

    if (!tfr_value_integer(wanted, &port))
        return TFR_MAYBE;
    for (uint32_t i = 0; maps->kind == TFR_LIST && i < maps->count; i++) {
        long long have;

        if (tfr_value_integer(tfr_value_get(&maps->items[i], "containerPort"), &have) &&
            have == port)
            return TFR_YES;
        if (is_in_range(tfr_value_get(&maps->items[i], "containerPortRange"), port))
            return TFR_YES;
    }
    return TFR_NO;
}

static void look_at_container(struct look *look)
{
    const struct tfr_value *name = tfr_input_get(look->in, look->block, "container_name");
    const struct tfr_value *port = tfr_input_get(look->in, look->block, "container_port");
    const struct tfr_value *container = NULL;
    const struct tfr_value *containers;
    const struct tfr_workload *workload = tfr_workload_of(look->in, look->task);

    containers = workload->containers;
    if (workload->because != NULL || name->kind != TFR_STRING) {
        look->unknown =
            workload->because != NULL ? workload->because : "load_balancer.container_name";
        return;
    }
    for (uint32_t i = 0; i < containers->count && containers->kind == TFR_LIST; i++) {
        if (tfr_value_equal(tfr_input_get(look->in, &containers->items[i], "name"), name))
            container = &containers->items[i];
    }
    if (containers->kind == TFR_LIST && container == NULL) {
        look->wrong = "container_name is no container of its task definition";
        return;
    }
    switch (container != NULL ? maps_port(container, port) : TFR_MAYBE) {
    case TFR_NO:
        look->wrong = "container_port is not in the port mappings of that container";
        break;
    case TFR_MAYBE:
        look->unknown = "load_balancer.container_port";
        break;
    default:
        break;
    }
}

/* ---- target group ------------------------------------------------------------------------------
 */

static void look_at_kind(struct look *look)
{
    const struct tfr_value *kind = tfr_input_get(look->in, &look->group->after, "target_type");
    const struct tfr_value *mode = look->task != NULL
                                       ? tfr_input_get(look->in, &look->task->after, "network_mode")
                                       : &tfr_absent;

    if (!tfr_value_is(mode, "awsvpc"))
        return;
    if (kind->kind == TFR_UNKNOWN)
        look->unknown = "target_type of its target group";
    else if (!tfr_value_is(kind, "ip"))
        look->wrong = "its tasks have addresses of their own (awsvpc), and its target group takes "
                      "none (target_type is not ip)";
}

/* Are two objects in different VPCs? Of ones that are not made yet, the block they refer to tells.
 */
static enum tfr_truth_value in_other_vpc(const struct tfr_input *in, const struct tfr_resource *a,
                                         const struct tfr_resource *b)
{
    static const char *const types[] = { "aws_vpc", NULL };
    const struct tfr_value *x = tfr_input_get(in, &a->after, "vpc_id");
    const struct tfr_value *y = tfr_input_get(in, &b->after, "vpc_id");
    struct tfr_wires of_a, of_b;

    if (x->kind == TFR_STRING && y->kind == TFR_STRING)
        return tfr_value_equal(x, y) ? TFR_NO : TFR_YES;
    tfr_wires_of(in, a, "vpc_id", types, &of_a);
    tfr_wires_of(in, b, "vpc_id", types, &of_b);
    if (tfr_wires_one(&of_a) == NULL || tfr_wires_one(&of_b) == NULL)
        return TFR_MAYBE;
    if (tfr_wires_one(&of_a) == tfr_wires_one(&of_b))
        return TFR_NO;
    return of_a.at[0]->mode == TFR_MANAGED && of_b.at[0]->mode == TFR_MANAGED ? TFR_YES : TFR_MAYBE;
}

static void look_at_vpc(struct look *look)
{
    static const char *const types[] = { "aws_subnet", NULL };
    struct tfr_wires subnets;

    tfr_wires_of(look->in, look->service, "network_configuration", types, &subnets);
    for (uint32_t i = 0; subnets.exact && i < subnets.count && look->wrong == NULL; i++) {
        switch (in_other_vpc(look->in, look->group, subnets.at[i])) {
        case TFR_YES:
            look->wrong = "its target group lies in another VPC than its subnets";
            break;
        case TFR_MAYBE:
            look->unknown = "vpc_id of its target group";
            break;
        default:
            break;
        }
    }
}

static void look_at_port(struct look *look)
{
    const struct tfr_value *port = tfr_input_get(look->in, &look->group->after, "port");
    const struct tfr_value *own = tfr_input_get(look->in, look->block, "container_port");

    if (port->kind == TFR_NUMBER && own->kind == TFR_NUMBER && !tfr_value_equal(port, own))
        look->advice = "the port of its target group is not its container's: tasks register with "
                       "their own, and the group's only misleads";
}

/* The target group of one block: by its value if there are several blocks. */
static const struct tfr_resource *group_of(const struct tfr_input *in,
                                           const struct tfr_wires *groups,
                                           const struct tfr_value *block, uint32_t blocks)
{
    const struct tfr_value *arn = tfr_input_get(in, block, "target_group_arn");

    for (uint32_t i = 0; i < groups->count; i++) {
        if (tfr_value_equal(tfr_input_get(in, &groups->at[i]->after, "arn"), arn))
            return groups->at[i];
    }
    return blocks == 1 ? tfr_wires_one(groups) : NULL;
}

static void look_at_block(struct look *look)
{
    if (look->task != NULL)
        look_at_container(look);
    if (look->group == NULL || look->wrong != NULL)
        return;
    look_at_kind(look);
    if (look->wrong == NULL)
        look_at_vpc(look);
    look_at_port(look);
}

/* Who sets its own tasks says nothing of them here. */
static bool is_external(const struct tfr_resource *service)
{
    return tfr_value_is(tfr_value_path(&service->after, "deployment_controller.type"), "EXTERNAL");
}

static void judge_blocks(const struct tfr_input *in, struct tfr_findings_builder *out,
                         const struct tfr_resource *service, const struct tfr_value *blocks)
{
    static const uint8_t p2[TFR_ENVIRONMENT_COUNT] = { TFR_P2, TFR_P2, TFR_P2 };
    struct look look = { .in = in, .service = service };
    struct tfr_wires groups;

    look.task = tfr_service_task(in, service, &look.unknown);
    tfr_wires_of(in, service, "load_balancer", group_types, &groups);
    if (groups.opaque != NULL)
        look.unknown = groups.opaque;
    for (uint32_t i = 0; i < blocks->count && look.wrong == NULL; i++) {
        look.block = &blocks->items[i];
        look.group = group_of(in, &groups, look.block, blocks->count);
        look_at_block(&look);
    }
    if (look.wrong != NULL) {
        tfr_findings_add(out, service, "%s", look.wrong);
    } else if (look.unknown != NULL) {
        tfr_findings_undecided(out, service, look.unknown,
                               "whether container, port and target group fit shows later");
    } else if (look.advice != NULL) {
        tfr_findings_add(out, service, "%s", look.advice);
        tfr_finding_severity(out, p2);
    } else {
        tfr_findings_pass(out, service);
    }
}

void tfr_check_service_targets(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run services = tfr_input_subjects(in);

    for (uint32_t i = 0; i < services.count; i++) {
        const struct tfr_resource *service = services.at[i];
        const struct tfr_value *blocks = tfr_input_get(in, &service->after, "load_balancer");

        if (!tfr_resource_is_live(service) || is_external(service))
            continue;
        if (blocks->kind == TFR_LIST && blocks->count > 0)
            judge_blocks(in, out, service, blocks);
        else if (blocks->kind == TFR_UNKNOWN && tfr_wires_written(in, service, "load_balancer"))
            tfr_findings_undecided(out, service, "load_balancer",
                                   "whether container, port and target group fit shows later");
    }
}

/* ---- listeners ---------------------------------------------------------------------------------
 */

static const char *const listener_types[] = { "aws_lb_listener", "aws_alb_listener", NULL };
static const char *const rule_types[] = { "aws_lb_listener_rule", "aws_alb_listener_rule", NULL };

/* Who forwards to a target group. Many services may stand behind one group, and many rules before
 * it: they are found once. */
struct forwarders {
    const struct tfr_resource **at; /* listeners and rules, sorted by their places in memory */
    uint32_t count;
    bool made_now;      /* all of them */
    const char *output; /* one that names the group, or NULL */
};

/* Who forwards to the target groups of one service. */
struct routers {
    const struct tfr_input *in;
    const struct forwarders **known; /* by node of the target group */
    const struct tfr_resource *service;
    const struct tfr_resource *lonely; /* a target group that nobody forwards to */
    const char *unknown;
    bool late; /* a router is made in the same plan, and the service does not wait for it */
};

static int by_place(const void *a, const void *b)
{
    const struct tfr_resource *const *left = a, *const *right = b;

    return (*left > *right) - (*left < *right);
}

static void add_forwarders(struct forwarders *out, const struct tfr_wires *wires)
{
    for (uint32_t i = 0; i < wires->count; i++) {
        out->made_now = out->made_now && wires->at[i]->action == TFR_ACTION_CREATE;
        out->at[out->count++] = wires->at[i];
    }
}

static const char *output_of(const struct tfr_input *in, const struct tfr_resource *group)
{
    const struct tfr_edges edges =
        tfr_graph_dependants(in->graph, tfr_graph_node_of(in->graph, group));

    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);
        const struct tfr_node *node = tfr_graph_node(in->graph, edge->from);

        if (node->kind == TFR_NODE_OUTPUT && tfr_edge_is_use(edge, TFR_AFTER))
            return node->address->text;
    }
    return NULL;
}

static const struct forwarders *forwarders_of(const struct routers *look,
                                              const struct tfr_resource *group)
{
    const tfr_node_id node = tfr_graph_node_of(look->in->graph, group);
    struct forwarders *out;
    struct tfr_wires listeners, rules;

    if (look->known[node] != NULL)
        return look->known[node];
    tfr_wires_to(look->in, group, "default_action", listener_types, &listeners);
    tfr_wires_to(look->in, group, "action", rule_types, &rules);
    out = tfr_arena_zalloc(look->in->scratch, sizeof *out);
    out->at = tfr_arena_alloc(look->in->scratch, ((size_t)listeners.count + rules.count + 1) *
                                                     sizeof(struct tfr_resource *));
    out->made_now = true;
    out->output = output_of(look->in, group);
    add_forwarders(out, &listeners);
    add_forwarders(out, &rules);
    qsort(out->at, out->count, sizeof(struct tfr_resource *), by_place);
    look->known[node] = out;
    return out;
}

static bool waits_for(const struct tfr_input *in, const struct tfr_resource *service,
                      const struct forwarders *routers)
{
    const struct tfr_walk down = { .direction = TFR_DOWN, .when = TFR_AFTER, .depth = 3 };
    struct tfr_nodes nodes = { 0 };
    bool waits = false;

    tfr_graph_reach(in->graph, tfr_graph_node_of(in->graph, service), &down, &nodes);
    for (uint32_t i = 0; i < nodes.count && !waits; i++) {
        const struct tfr_resource *node = tfr_graph_node(in->graph, nodes.at[i])->resource;

        waits = node != NULL && bsearch(&node, routers->at, routers->count,
                                        sizeof(struct tfr_resource *), by_place) != NULL;
    }
    tfr_nodes_fini(&nodes);
    return waits;
}

static void look_at_group(struct routers *look, const struct tfr_resource *group,
                          const char *opaque)
{
    const struct tfr_value *balancers = tfr_value_get(&group->after, "load_balancer_arns");
    const struct forwarders *forwarders = forwarders_of(look, group);

    if (forwarders->count > 0) {
        look->late =
            look->late || (look->service->action == TFR_ACTION_CREATE && forwarders->made_now &&
                           !waits_for(look->in, look->service, forwarders));
    } else if (balancers->kind == TFR_LIST && balancers->count > 0) {
        return;
    } else if (forwarders->output != NULL || opaque != NULL) {
        look->unknown = opaque != NULL ? opaque : forwarders->output;
    } else {
        look->lonely = group;
    }
}

static void judge_routers(struct tfr_findings_builder *out, const struct routers *look)
{
    static const uint8_t p2[TFR_ENVIRONMENT_COUNT] = { TFR_P2, TFR_P2, TFR_P2 };

    if (look->lonely != NULL) {
        tfr_findings_add(out, look->service, "no listener forwards to its target group %s",
                         look->lonely->address->text);
        tfr_finding_member(out, look->lonely->address->text);
        tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, look->lonely->address->text, NULL,
                             "no listener and no rule names it");
    } else if (look->unknown != NULL) {
        tfr_findings_undecided(out, look->service, look->unknown,
                               "a listener may forward to its target group");
    } else if (look->late) {
        tfr_findings_add(out, look->service,
                         "the listener is made in the same apply, and the service does not wait "
                         "for it (depends_on)");
        tfr_finding_severity(out, p2);
    } else {
        tfr_findings_pass(out, look->service);
    }
}

static const char *opaque_router(const struct tfr_input *in)
{
    const char *opaque = tfr_wires_opaque(in, "default_action", listener_types);

    return opaque != NULL ? opaque : tfr_wires_opaque(in, "action", rule_types);
}

void tfr_check_service_listener(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run services = tfr_input_subjects(in);
    const char *opaque = services.count > 0 ? opaque_router(in) : NULL;
    const struct forwarders **known = tfr_arena_zalloc(
        in->scratch, ((size_t)tfr_graph_node_count(in->graph) + 1) * sizeof(struct forwarders *));

    for (uint32_t i = 0; i < services.count; i++) {
        struct routers look = { .in = in, .known = known, .service = services.at[i] };
        struct tfr_wires groups;
        uint32_t managed = 0;

        if (!tfr_resource_is_live(look.service))
            continue;
        tfr_wires_of(in, look.service, "load_balancer", group_types, &groups);
        for (uint32_t k = 0; k < groups.count; k++) {
            if (groups.at[k]->mode != TFR_MANAGED)
                continue;
            look_at_group(&look, groups.at[k], opaque);
            managed++;
        }
        if (groups.opaque != NULL)
            look.unknown = groups.opaque;
        if (managed > 0 || groups.opaque != NULL)
            judge_routers(out, &look);
    }
}
