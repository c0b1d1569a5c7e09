/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether the way out of private subnets is spread over zones as the workloads are. For each VPC:
 * the zones of its public NAT gateways against the zones of the subnets that hold workloads and go
 * out through one of them. A subnet belongs to a gateway by association, table and default route.
 */
#include "policies/zones.h"

#include "policies/wires.h"

#include <string.h>

/* Zones of one VPC that are told apart; no region has as many. */
#define ZONES 16

static const char *const subnet_types[] = { "aws_subnet", NULL };
static const char *const vpc_types[] = { "aws_vpc", NULL };
static const char *const nat_types[] = { "aws_nat_gateway", NULL };
static const char *const table_types[] = { "aws_route_table", "aws_default_route_table", NULL };

static const struct workload {
    const char *type, *path;
} workloads[] = {
    { "aws_ecs_service", "network_configuration" },
    { "aws_lambda_function", "vpc_config" },
    { "aws_instance", "subnet_id" },
    { "aws_autoscaling_group", "vpc_zone_identifier" },
    { "aws_eks_node_group", "subnet_ids" },
    { "aws_eks_fargate_profile", "subnet_ids" },
    { "aws_batch_compute_environment", "compute_resources" },
};

struct zones {
    const char *at[ZONES];
    uint32_t count;
    uint32_t unknown; /* things whose zone is known after the apply */
};

struct vpc {
    const struct tfr_resource *first; /* NAT gateway by address: the subject; NULL: none */
    struct zones nat, work;
    uint32_t gateways;
    bool regional;                       /* a gateway spans all zones */
    const struct tfr_resource *crossing; /* a subnet whose gateway stands in another zone */
    const char *open;                    /* what will decide it */
};

/* What stands at the other end, and whether it is that one for sure. */
struct link {
    const struct tfr_resource *to;
    bool exact;
};

struct survey {
    const struct tfr_input *in;
    struct vpc *at;
    uint32_t count;
    size_t cap;
    uint32_t *by_name; /* by the id of the VPC's address: index + 1 */
    size_t name_cap;
    uint8_t *used;                  /* by node: subnets with workloads */
    struct link *tables, *gateways; /* by node: of subnets, of tables */
    const char *opaque;             /* a workload whose subnets cannot be told */
};

/* ---- zones -------------------------------------------------------------------------------------
 */

static void add_zone(struct zones *zones, const char *zone)
{
    if (zone == NULL) {
        zones->unknown++;
        return;
    }
    for (uint32_t i = 0; i < zones->count; i++) {
        if (strcmp(zones->at[i], zone) == 0)
            return;
    }
    if (zones->count < ZONES)
        zones->at[zones->count++] = zone;
}

/* NULL: known after the apply, or told by its id while others are told by name. */
static const char *zone_of(const struct tfr_resource *subnet)
{
    const struct tfr_value *name = tfr_value_get(&subnet->after, "availability_zone");
    const struct tfr_value *id = tfr_value_get(&subnet->after, "availability_zone_id");

    if (name->kind == TFR_STRING)
        return name->text;
    return id->kind == TFR_STRING ? id->text : NULL;
}

/* ---- VPCs --------------------------------------------------------------------------------------
 */

static struct vpc *vpc_named(struct survey *survey, const struct tfr_sym *name)
{
    const size_t old = survey->name_cap;

    survey->by_name =
        tfr_grow(survey->by_name, &survey->name_cap, (size_t)name->id + 1, sizeof *survey->by_name);
    if (survey->name_cap > old)
        memset(survey->by_name + old, 0, (survey->name_cap - old) * sizeof *survey->by_name);
    if (survey->by_name[name->id] == 0) {
        survey->at = tfr_grow(survey->at, &survey->cap, survey->count + 1, sizeof *survey->at);
        survey->at[survey->count++] = (struct vpc){ 0 };
        survey->by_name[name->id] = survey->count;
    }
    return &survey->at[survey->by_name[name->id] - 1];
}

/* The VPC of a subnet, by its address here or by its id; all that cannot be told are one. */
static struct vpc *vpc_of(struct survey *survey, const struct tfr_resource *subnet)
{
    const struct tfr_value *id = tfr_value_get(&subnet->after, "vpc_id");
    struct tfr_names *names = survey->in->document->names;
    struct tfr_wires wires;

    tfr_wires_of(survey->in, subnet, "vpc_id", vpc_types, &wires);
    if (wires.count == 1)
        return vpc_named(survey, wires.at[0]->address);
    return vpc_named(survey, id->kind == TFR_STRING ? tfr_names_get(names, id->text, id->count)
                                                    : tfr_names_get(names, "", 0));
}

/* ---- gateways ----------------------------------------------------------------------------------
 */

static bool is_public(const struct tfr_resource *nat)
{
    return !tfr_value_is(tfr_value_get(&nat->after, "connectivity_type"), "private");
}

static const struct tfr_resource *subnet_of(const struct survey *survey,
                                            const struct tfr_resource *nat)
{
    struct tfr_wires wires;

    tfr_wires_of(survey->in, nat, "subnet_id", subnet_types, &wires);
    return wires.count == 1 && wires.exact ? wires.at[0] : NULL;
}

static void look_at_gateway(struct survey *survey, const struct tfr_resource *nat)
{
    const struct tfr_value *mode = tfr_value_get(&nat->after, "availability_mode");
    const struct tfr_resource *subnet = NULL;
    struct tfr_wires wires;
    struct vpc *vpc;

    if (!tfr_resource_is_live(nat) || !is_public(nat))
        return;
    tfr_wires_of(survey->in, nat, "subnet_id", subnet_types, &wires);
    if (wires.count > 0) {
        subnet = wires.count == 1 && wires.exact ? wires.at[0] : NULL;
        vpc = vpc_of(survey, wires.at[0]);
    } else if (tfr_value_is(mode, "regional")) {
        vpc = vpc_of(survey, nat);
    } else {
        return; /* its subnet is another state's: so are zones and VPC */
    }
    if (vpc->first == NULL || strcmp(nat->address->text, vpc->first->address->text) < 0)
        vpc->first = nat;
    vpc->gateways++;
    vpc->regional = vpc->regional || tfr_value_is(mode, "regional");
    if (mode->kind == TFR_UNKNOWN && tfr_wires_written(survey->in, nat, "availability_mode"))
        vpc->open = "availability_mode";
    add_zone(&vpc->nat, subnet != NULL ? zone_of(subnet) : NULL);
}

/* ---- subnets -----------------------------------------------------------------------------------
 */

static void mark_workload(struct survey *survey, const struct tfr_resource *workload,
                          const char *path)
{
    struct tfr_wires wires;

    tfr_wires_of(survey->in, workload, path, subnet_types, &wires);
    for (uint32_t i = 0; i < wires.count; i++) {
        const tfr_node_id node = tfr_graph_node_of(survey->in->graph, wires.at[i]);

        if (node != TFR_NO_NODE)
            survey->used[node] = 1;
    }
    if (wires.opaque != NULL)
        survey->opaque = wires.opaque;
}

static void mark_workloads(struct survey *survey)
{
    for (size_t i = 0; i < sizeof workloads / sizeof workloads[0]; i++) {
        const struct tfr_resource_run run = tfr_input_type(survey->in, workloads[i].type);

        for (uint32_t k = 0; k < run.count; k++) {
            if (tfr_resource_is_live(run.at[k]))
                mark_workload(survey, run.at[k], workloads[i].path);
        }
    }
}

/* Notes for everything at one end of a resource what stands at the other end. */
static void note_links(const struct survey *survey, const struct tfr_resource *resource,
                       const char *from, const char *const *from_types, const char *to,
                       const char *const *to_types, struct link *links)
{
    struct tfr_wires keys, values;

    tfr_wires_of(survey->in, resource, to, to_types, &values);
    if (values.count == 0 || !tfr_resource_is_live(resource))
        return;
    tfr_wires_of(survey->in, resource, from, from_types, &keys);
    for (uint32_t i = 0; i < keys.count; i++) {
        const tfr_node_id node = tfr_graph_node_of(survey->in->graph, keys.at[i]);

        /* Of several that may be meant, instances of one block, any will do. */
        if (node != TFR_NO_NODE && links[node].to == NULL)
            links[node] = (struct link){ values.at[0], keys.count == 1 && values.count == 1 &&
                                                           keys.exact && values.exact };
    }
}

static struct link follow(const struct survey *survey, const struct link *links,
                          const struct tfr_resource *from)
{
    const tfr_node_id node =
        from != NULL ? tfr_graph_node_of(survey->in->graph, from) : TFR_NO_NODE;

    return node != TFR_NO_NODE ? links[node] : (struct link){ NULL, false };
}

/* Tables of subnets, gateways of tables. A route in the table itself counts as well. */
static void note_routes(struct survey *survey)
{
    const struct tfr_input *in = survey->in;
    const struct tfr_resource_run associations = tfr_input_type(in, "aws_route_table_association");
    const struct tfr_resource_run routes = tfr_input_type(in, "aws_route");

    for (uint32_t i = 0; i < associations.count; i++)
        note_links(survey, associations.at[i], "subnet_id", subnet_types, "route_table_id",
                   table_types, survey->tables);
    for (uint32_t i = 0; i < routes.count; i++)
        note_links(survey, routes.at[i], "route_table_id", table_types, "nat_gateway_id", nat_types,
                   survey->gateways);
}

/* The gateway that a subnet goes out through, NULL if there is none. */
static struct link gateway_of(const struct survey *survey, const struct tfr_resource *subnet)
{
    const struct link table = follow(survey, survey->tables, subnet);
    struct link gateway = follow(survey, survey->gateways, table.to);
    struct tfr_wires wires;

    if (table.to != NULL && gateway.to == NULL) {
        tfr_wires_of(survey->in, table.to, "route", nat_types, &wires);
        if (wires.count > 0)
            gateway = (struct link){ wires.at[0], wires.exact && wires.count == 1 };
    }
    gateway.exact = gateway.exact && table.exact;
    return gateway;
}

static void look_at_subnet(struct survey *survey, const struct tfr_resource *subnet)
{
    const tfr_node_id node = tfr_graph_node_of(survey->in->graph, subnet);
    const struct tfr_resource *home = NULL;
    struct link nat;
    struct vpc *vpc;

    if (!tfr_resource_is_live(subnet) || node == TFR_NO_NODE || survey->used[node] == 0)
        return;
    nat = gateway_of(survey, subnet);
    if (nat.to == NULL || nat.to->mode != TFR_MANAGED || !is_public(nat.to))
        return;
    vpc = vpc_of(survey, subnet);
    add_zone(&vpc->work, zone_of(subnet));
    home = nat.exact ? subnet_of(survey, nat.to) : NULL;
    if (home != NULL && home->mode == TFR_MANAGED && zone_of(home) != NULL &&
        zone_of(subnet) != NULL && strcmp(zone_of(home), zone_of(subnet)) != 0)
        vpc->crossing = subnet;
}

/* ---- answers -----------------------------------------------------------------------------------
 */

/* Zones with a gateway: at most as many as gateways, wherever the unknown ones stand. */
static enum tfr_truth_value is_spread(const struct vpc *vpc)
{
    const uint32_t nat = vpc->nat.count + vpc->nat.unknown;

    if (vpc->regional)
        return TFR_YES;
    if (nat < vpc->work.count || vpc->crossing != NULL)
        return vpc->open != NULL ? TFR_MAYBE : TFR_NO;
    return vpc->work.unknown > 0 && nat < vpc->work.count + vpc->work.unknown ? TFR_MAYBE : TFR_YES;
}

static void judge(const struct survey *survey, const struct vpc *vpc,
                  struct tfr_findings_builder *out)
{
    enum tfr_truth_value spread = is_spread(vpc);

    if (spread == TFR_YES && survey->opaque != NULL && !vpc->regional)
        spread = TFR_MAYBE;
    if (spread == TFR_MAYBE)
        tfr_findings_undecided(out, vpc->first,
                               vpc->open != NULL        ? vpc->open
                               : survey->opaque != NULL ? survey->opaque
                                                        : "availability_zone",
                               "in how many zones workloads need a way out is known after the "
                               "apply");
    else if (spread == TFR_YES)
        tfr_findings_pass(out, vpc->first);
    else if (vpc->nat.count + vpc->nat.unknown < vpc->work.count)
        tfr_findings_add(out, vpc->first,
                         "private workloads run in %u zones, and NAT gateways stand in %u",
                         vpc->work.count, vpc->nat.count + vpc->nat.unknown);
    else
        tfr_findings_add(out, vpc->first, "%s goes out through a NAT gateway in another zone",
                         vpc->crossing->address->text);
}

void tfr_check_nat_spread(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run nats = tfr_input_type(in, "aws_nat_gateway");
    const struct tfr_resource_run subnets = tfr_input_type(in, "aws_subnet");
    struct survey survey = { .in = in };
    size_t nodes;

    if (nats.count == 0)
        return;
    nodes = (size_t)tfr_graph_node_count(in->graph) + 1;
    survey.used = tfr_arena_zalloc(in->scratch, nodes);
    survey.tables = tfr_arena_zalloc(in->scratch, nodes * sizeof *survey.tables);
    survey.gateways = tfr_arena_zalloc(in->scratch, nodes * sizeof *survey.gateways);
    mark_workloads(&survey);
    note_routes(&survey);
    for (uint32_t i = 0; i < nats.count; i++)
        look_at_gateway(&survey, nats.at[i]);
    for (uint32_t i = 0; i < subnets.count; i++)
        look_at_subnet(&survey, subnets.at[i]);
    for (uint32_t i = 0; i < survey.count; i++) {
        const struct vpc *vpc = &survey.at[i];

        if (vpc->first != NULL &&
            (vpc->work.count + vpc->work.unknown > 0 || survey.opaque != NULL))
            judge(&survey, vpc, out);
    }
    tfr_free(survey.at);
    tfr_free(survey.by_name);
}
