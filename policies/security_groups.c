/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/security_groups.h"
#include "policies/context.h"

#include <string.h>

static const char *const group_types[] = { "aws_security_group", "aws_default_security_group",
                                           NULL };
static const char *const rule_types[] = { "aws_security_group_rule",
                                          "aws_vpc_security_group_ingress_rule",
                                          "aws_vpc_security_group_egress_rule", NULL };

/* ---- ends --------------------------------------------------------------------------------------
 */

static bool has_id(const struct tfr_wires *groups, const struct tfr_value *id)
{
    for (uint32_t i = 0; i < groups->count; i++) {
        if (groups->at[i]->mode == TFR_MANAGED &&
            tfr_value_equal(tfr_value_get(&groups->at[i]->after, "id"), id))
            return true;
    }
    return false;
}

static bool is_complete(const struct tfr_end *end)
{
    bool complete = end->groups.opaque == NULL && end->groups.exact;

    for (uint32_t i = 0; i < end->groups.count; i++)
        complete = complete && end->groups.at[i]->mode == TFR_MANAGED;
    for (uint32_t i = 0; end->ids->kind == TFR_LIST && i < end->ids->count; i++) {
        const struct tfr_value *id = &end->ids->items[i];

        complete = complete && (id->kind != TFR_STRING || has_id(&end->groups, id));
    }
    return complete;
}

void tfr_end_of(const struct tfr_input *in, const struct tfr_resource *resource, const char *groups,
                struct tfr_end *out)
{
    *out = (struct tfr_end){ .resource = resource };
    out->ids = tfr_value_path(tfr_resource_values(resource), groups);
    /* Paths of edges count the blocks: everything below the first step is looked at. */
    if (strchr(groups, '.') != NULL) {
        char top[64];
        const size_t len = strcspn(groups, ".");

        memcpy(top, groups, len < sizeof top ? len : sizeof top - 1);
        top[len < sizeof top ? len : sizeof top - 1] = '\0';
        tfr_wires_of(in, resource, top, group_types, &out->groups);
    } else {
        tfr_wires_of(in, resource, groups, group_types, &out->groups);
    }
    out->others = !is_complete(out);
}

void tfr_firewall_init(const struct tfr_input *in, struct tfr_firewall *out)
{
    out->in = in;
    out->blocks = tfr_input_blocks(in);
    out->stray = tfr_wires_opaque(in, "security_group_id", rule_types);
}

/* ---- separate rules ----------------------------------------------------------------------------
 */

struct tfr_group_rules {
    struct tfr_wires live;
    const struct tfr_resource **old; /* rules that stand before the plan */
    uint32_t old_count;
};

static bool is_rule(const struct tfr_resource *resource)
{
    for (const char *const *type = rule_types; *type != NULL; type++) {
        if (tfr_sym_is(resource->type, *type))
            return true;
    }
    return false;
}

static const void *find_rules(const struct tfr_input *in, const struct tfr_resource *group)
{
    const struct tfr_edges edges =
        tfr_graph_dependants(in->graph, tfr_graph_node_of(in->graph, group));
    struct tfr_group_rules *rules = tfr_arena_zalloc(in->scratch, sizeof *rules);

    tfr_wires_to(in, group, "security_group_id", rule_types, &rules->live);
    rules->old = tfr_arena_alloc(in->scratch, (edges.count + 1) * sizeof(struct tfr_resource *));
    for (uint32_t i = 0; i < edges.count; i++) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, i);
        const struct tfr_resource *other;

        if (!tfr_path_begins(edge->path, "security_group_id"))
            continue;
        other = tfr_graph_node(in->graph, edge->from)->resource;
        if (other != NULL && is_rule(other) && other->before.kind == TFR_OBJECT)
            rules->old[rules->old_count++] = other;
    }
    return rules;
}

static const struct tfr_group_rules *rules_of(const struct tfr_firewall *firewall,
                                              const struct tfr_resource *group)
{
    return tfr_context_find(firewall->in, &firewall->in->ctx->group_rules, group, find_rules);
}

/* ---- one rule ----------------------------------------------------------------------------------
 */

/* One rule, whatever its spelling. Lists and single texts are read alike. */
struct rule {
    const struct tfr_value *from, *to, *protocol;
    const struct tfr_value *networks[2], *other_networks[4], *groups;
    bool self;
    const struct tfr_resource *owner; /* where it is written */
    const char *path;                 /* the attribute of `owner` that names groups */
    bool vague;                       /* several blocks: which one names a group cannot be told */
};

/* A question of one direction: do the rules of `group` admit the end `peer`? */
struct question {
    const struct tfr_firewall *firewall;
    const struct tfr_resource *group;
    const struct tfr_end *peer;
    long long port;
    bool egress;
};

static enum tfr_truth_value covers_port(const struct rule *rule, long long port)
{
    long long from;
    long long to;

    if (rule->protocol->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    if (tfr_value_is(rule->protocol, "-1") || tfr_value_is(rule->protocol, "all"))
        return TFR_YES;
    if (!tfr_value_is(rule->protocol, "tcp") && !tfr_value_is(rule->protocol, "6"))
        return TFR_NO;
    if (tfr_value_missing(rule->from) && tfr_value_missing(rule->to))
        return TFR_YES;
    if (port < 0 || !tfr_value_integer(rule->from, &from) || !tfr_value_integer(rule->to, &to))
        return TFR_MAYBE;
    return from <= port && port <= to ? TFR_YES : TFR_NO;
}

static bool same_ports(const struct rule *rule, const struct tfr_value *other)
{
    const struct tfr_value *protocol = tfr_value_get(other, "protocol");

    if (protocol->kind == TFR_ABSENT)
        protocol = tfr_value_get(other, "ip_protocol");
    if (!tfr_value_equal(rule->protocol, protocol))
        return false;
    return tfr_value_is(protocol, "-1") ||
           (tfr_value_equal(rule->from, tfr_value_get(other, "from_port")) &&
            tfr_value_equal(rule->to, tfr_value_get(other, "to_port")));
}

static bool holds(const struct tfr_value *value, const struct tfr_value *text)
{
    for (uint32_t i = 0; value->kind == TFR_LIST && i < value->count; i++) {
        if (tfr_value_equal(&value->items[i], text))
            return true;
    }
    return tfr_value_equal(value, text);
}

/* True if it is a separate rule that stands before the plan and has this source: the group's own
 * attribute tells of it even if the plan deletes or changes it, and as long as it is there it is
 * looked at itself. */
static bool is_withdrawn(const struct question *question, const struct rule *rule,
                         const struct tfr_value *source)
{
    static const char *const names[] = { "source_security_group_id", "referenced_security_group_id",
                                         "cidr_blocks", "cidr_ipv4" };
    const struct tfr_group_rules *rules;

    if (rule->owner != question->group || source->kind != TFR_STRING)
        return false;
    rules = rules_of(question->firewall, question->group);
    for (uint32_t i = 0; i < rules->old_count; i++) {
        const struct tfr_value *old = &rules->old[i]->before;

        for (size_t k = 0; same_ports(rule, old) && k < sizeof names / sizeof names[0]; k++) {
            if (holds(tfr_value_get(old, names[k]), source))
                return true;
        }
    }
    return false;
}

static enum tfr_truth_value is_any_group(const struct question *question, const struct rule *rule)
{
    const struct tfr_end *peer = question->peer;
    const struct tfr_value *ids = peer->ids;
    enum tfr_truth_value answer = TFR_NO;
    struct tfr_wires named;

    if (tfr_value_missing(rule->groups) ||
        (rule->groups->kind == TFR_LIST && rule->groups->count == 0))
        return TFR_NO;
    /* The VPC's own group, or one that is not known yet, may be meant. */
    if (peer->others && (tfr_value_missing(ids) || tfr_value_has_unknown(ids)))
        answer = TFR_MAYBE;
    for (uint32_t i = 0; ids->kind == TFR_LIST && i < ids->count; i++) {
        if (ids->items[i].kind == TFR_STRING && holds(rule->groups, &ids->items[i]) &&
            !is_withdrawn(question, rule, &ids->items[i]))
            return TFR_YES;
    }
    if (!tfr_value_has_unknown(rule->groups))
        return answer;
    tfr_wires_of(question->firewall->in, rule->owner, rule->path, group_types, &named);
    for (uint32_t i = 0; i < named.count; i++) {
        for (uint32_t k = 0; k < peer->groups.count; k++) {
            if (named.at[i] == peer->groups.at[k])
                return named.exact && !rule->vague && peer->groups.exact ? TFR_YES : TFR_MAYBE;
        }
    }
    return named.opaque != NULL || named.count == 0 || peer->groups.opaque != NULL ? TFR_MAYBE
                                                                                   : answer;
}

/* Are all subnets of the peer inside of a network? */
static enum tfr_truth_value holds_subnets(const struct tfr_end *peer,
                                          const struct tfr_value *network)
{
    uint32_t inside = 0;

    if (network->kind == TFR_UNKNOWN || peer->subnets.count == 0)
        return TFR_MAYBE;
    for (uint32_t i = 0; i < peer->subnets.count; i++) {
        const struct tfr_value *own = tfr_value_get(&peer->subnets.at[i]->after, "cidr_block");

        if (own->kind != TFR_STRING)
            return TFR_MAYBE;
        switch (tfr_cidr_within(own, network)) {
        case TFR_YES:
            inside++;
            break;
        case TFR_NO:
            break;
        default:
            return TFR_MAYBE;
        }
    }
    if (inside == peer->subnets.count)
        return peer->subnets.exact && peer->subnets.opaque == NULL ? TFR_YES : TFR_MAYBE;
    return inside > 0 || peer->subnets.opaque != NULL ? TFR_MAYBE : TFR_NO;
}

static enum tfr_truth_value is_network(const struct question *question, const struct rule *rule,
                                       const struct tfr_value *network)
{
    if (tfr_value_missing(network) || is_withdrawn(question, rule, network))
        return TFR_NO;
    if (tfr_value_is(network, "0.0.0.0/0"))
        return TFR_YES;
    return holds_subnets(question->peer, network);
}

static enum tfr_truth_value is_any_network(const struct question *question, const struct rule *rule)
{
    enum tfr_truth_value answer = TFR_NO;

    for (size_t i = 0; i < 2; i++) {
        const struct tfr_value *list = rule->networks[i];

        if (list->kind != TFR_LIST)
            answer = tfr_truth_either(answer, is_network(question, rule, list));
        for (uint32_t k = 0; list->kind == TFR_LIST && k < list->count; k++)
            answer = tfr_truth_either(answer, is_network(question, rule, &list->items[k]));
    }
    /* Prefix lists and IPv6 may hold the peer as well. */
    for (size_t i = 0; i < 4; i++) {
        const struct tfr_value *list = rule->other_networks[i];

        if (!tfr_value_missing(list) && (list->kind != TFR_LIST || list->count > 0))
            answer = tfr_truth_either(answer, TFR_MAYBE);
    }
    return answer;
}

static enum tfr_truth_value is_self(const struct question *question, const struct rule *rule)
{
    const struct tfr_wires *groups = &question->peer->groups;

    for (uint32_t i = 0; rule->self && i < groups->count; i++) {
        if (groups->at[i] == question->group)
            return groups->exact ? TFR_YES : TFR_MAYBE;
    }
    return TFR_NO;
}

static enum tfr_truth_value admits(const struct question *question, const struct rule *rule)
{
    const enum tfr_truth_value port = covers_port(rule, question->port);
    enum tfr_truth_value peer = TFR_NO;

    if (port == TFR_NO)
        return TFR_NO;
    peer = tfr_truth_either(is_any_group(question, rule), is_self(question, rule));
    if (peer != TFR_YES) /* what it takes to see whether a network holds another is left for last */
        peer = tfr_truth_either(peer, is_any_network(question, rule));
    return tfr_truth_both(port, peer);
}

/* AWS lets no group have more, by whatever quota; of what else is written only the first are looked
 * at, so that many rules and many workloads are not held against each other. */
#define MOST_RULES 1000
#define MOST_BLOCKS 250 /* the same of blocks that are told apart by their ports */

/* ---- all rules of a group ----------------------------------------------------------------------
 */

/* The block of the configuration that an entry stands for: by its ports, if one alone has them.
 * @return false if several could */
static bool find_block(const struct tfr_config_resource *block, const char *attribute,
                       const struct rule *rule, uint32_t count, char path[64])
{
    uint32_t found = 0;

    (void)snprintf(path, 64, "%s", attribute);
    if (count == 1)
        return true;
    if (block == NULL || count > MOST_BLOCKS)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        char step[96];
        const struct tfr_value *from, *to;

        (void)snprintf(step, sizeof step, "%s.%u.from_port", attribute, i);
        from = tfr_block_constant(block, step);
        (void)snprintf(step, sizeof step, "%s.%u.to_port", attribute, i);
        to = tfr_block_constant(block, step);
        if (!tfr_value_equal(from, rule->from) || !tfr_value_equal(to, rule->to))
            continue;
        found++;
        (void)snprintf(path, 64, "%s.%u", attribute, i);
    }
    if (found != 1)
        (void)snprintf(path, 64, "%s", attribute);
    return found == 1;
}

static enum tfr_truth_value look_at_blocks(const struct question *question)
{
    const struct tfr_input *in = question->firewall->in;
    const char *attribute = question->egress ? "egress" : "ingress";
    const struct tfr_value *blocks = tfr_input_get(in, &question->group->after, attribute);
    enum tfr_truth_value answer = TFR_NO;

    /* A new group without blocks of its own has no rules, not even AWS' own way out. */
    if (blocks->kind == TFR_UNKNOWN && tfr_wires_written(in, question->group, attribute))
        answer = TFR_MAYBE;
    if (blocks->kind == TFR_LIST && blocks->count > MOST_RULES)
        answer = TFR_MAYBE;
    for (uint32_t i = 0;
         blocks->kind == TFR_LIST && i < blocks->count && i < MOST_RULES && answer != TFR_YES;
         i++) {
        const struct tfr_value *block = &blocks->items[i];
        char path[64] = "";
        struct rule rule = {
            .from = tfr_input_get(in, block, "from_port"),
            .to = tfr_input_get(in, block, "to_port"),
            .protocol = tfr_input_get(in, block, "protocol"),
            .networks = { tfr_input_get(in, block, "cidr_blocks"), &tfr_absent },
            .other_networks = { tfr_input_get(in, block, "ipv6_cidr_blocks"),
                                tfr_input_get(in, block, "prefix_list_ids"), &tfr_absent,
                                &tfr_absent },
            .groups = tfr_input_get(in, block, "security_groups"),
            .self = tfr_value_true(tfr_input_get(in, block, "self")),
            .owner = question->group,
            .path = path,
        };

        /* Only groups that are not known yet are looked for in the configuration. */
        rule.vague = tfr_value_has_unknown(rule.groups) &&
                     !find_block(tfr_blocks_find(question->firewall->blocks, question->group),
                                 attribute, &rule, blocks->count, path);
        answer = tfr_truth_either(answer, admits(question, &rule));
    }
    return answer;
}

static bool is_of_direction(const struct tfr_input *in, const struct tfr_resource *rule,
                            bool egress)
{
    if (tfr_sym_is(rule->type, "aws_security_group_rule"))
        return tfr_value_is(tfr_input_get(in, &rule->after, "type"), egress ? "egress" : "ingress");
    return tfr_sym_is(rule->type, egress ? "aws_vpc_security_group_egress_rule"
                                         : "aws_vpc_security_group_ingress_rule");
}

static enum tfr_truth_value look_at_separate(const struct question *question)
{
    const struct tfr_input *in = question->firewall->in;
    const struct tfr_wires rules = rules_of(question->firewall, question->group)->live;
    enum tfr_truth_value answer = TFR_NO;

    if (question->firewall->stray != NULL || rules.opaque != NULL || rules.count > MOST_RULES)
        answer = TFR_MAYBE;
    for (uint32_t i = 0; i < rules.count && i < MOST_RULES && answer != TFR_YES; i++) {
        const struct tfr_value *values = &rules.at[i]->after;
        const bool old = tfr_sym_is(rules.at[i]->type, "aws_security_group_rule");
        const char *path = old ? "source_security_group_id" : "referenced_security_group_id";
        const struct rule rule = {
            .from = tfr_input_get(in, values, "from_port"),
            .to = tfr_input_get(in, values, "to_port"),
            .protocol = tfr_input_get(in, values, old ? "protocol" : "ip_protocol"),
            .networks = { tfr_input_get(in, values, "cidr_blocks"),
                          tfr_input_get(in, values, "cidr_ipv4") },
            .other_networks = { tfr_input_get(in, values, "ipv6_cidr_blocks"),
                                tfr_input_get(in, values, "cidr_ipv6"),
                                tfr_input_get(in, values, "prefix_list_ids"),
                                tfr_input_get(in, values, "prefix_list_id") },
            .groups = tfr_input_get(in, values, path),
            .self = tfr_value_true(tfr_input_get(in, values, "self")),
            .owner = rules.at[i],
            .path = path,
        };

        if (is_of_direction(in, rules.at[i], question->egress))
            answer = tfr_truth_either(
                answer, tfr_truth_both(admits(question, &rule), rules.exact ? TFR_YES : TFR_MAYBE));
    }
    return answer;
}

static enum tfr_truth_value ask(const struct tfr_firewall *firewall, const struct tfr_end *own,
                                const struct tfr_end *peer, long long port, bool egress)
{
    enum tfr_truth_value answer = own->others ? TFR_MAYBE : TFR_NO;

    if (own->open)
        return TFR_YES;
    for (uint32_t i = 0; i < own->groups.count && answer != TFR_YES; i++) {
        const struct question question = {
            .firewall = firewall,
            .group = own->groups.at[i],
            .peer = peer,
            .port = port,
            .egress = egress,
        };

        if (own->groups.at[i]->mode != TFR_MANAGED)
            continue;
        answer = tfr_truth_either(answer, look_at_blocks(&question));
        if (answer != TFR_YES)
            answer = tfr_truth_either(answer, look_at_separate(&question));
    }
    return own->others && !own->groups.exact && own->groups.count > 0
               ? tfr_truth_both(answer, TFR_MAYBE)
               : answer;
}

enum tfr_truth_value tfr_firewall_in(const struct tfr_firewall *firewall,
                                     const struct tfr_end *from, const struct tfr_end *to,
                                     long long port)
{
    return ask(firewall, to, from, port, false);
}

enum tfr_truth_value tfr_firewall_out(const struct tfr_firewall *firewall,
                                      const struct tfr_end *from, const struct tfr_end *to,
                                      long long port)
{
    return ask(firewall, from, to, port, true);
}
