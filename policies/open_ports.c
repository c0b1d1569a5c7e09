/* SPDX-License-Identifier: Apache-2.0 */
/* Ingress rules in their three spellings: a block of aws_security_group, aws_security_group_rule,
 * and aws_vpc_security_group_ingress_rule; groups of Azure are asked in nsg.c, rules of Google
 * Cloud in firewall.c. */
#include "policies/open_ports.h"
#include "policies/firewall.h"
#include "policies/nsg.h"
#include "policies/wires.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One rule, whatever its spelling. */
struct rule {
    const struct tfr_value *from, *to, *protocol;
    const struct tfr_value *sources[4]; /* lists or texts of networks; NULL behind the last */
};

/* What a rule lets in, whoever may come. */
struct range {
    enum tfr_truth_value all; /* every port: all protocols, or TCP from 0 to 65535 */
    bool unknown, tcp;        /* the ports or the protocol are known later; they are of TCP */
    long long first, last;    /* if `tcp`, and not all protocols */
};

/* What a policy is about: numbers with blanks between, read once, or all of them. */
struct port {
    const char *text;
    long long number;
};
struct ports {
    bool all;
    struct port *at;
    uint32_t count;
};

/* What all rules of one object say together, and about which port. */
struct verdict {
    enum tfr_truth_value answer;
    const char *port;    /* of the policy's list; NULL: all of them */
    const char *unknown; /* attribute that decides */
};

enum tfr_truth_value tfr_is_world(const struct tfr_value *source)
{
    enum tfr_truth_value answer = TFR_NO;

    if (source->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    if (tfr_value_is(source, "0.0.0.0/0") || tfr_value_is(source, "::/0"))
        return TFR_YES;
    for (uint32_t i = 0; source->kind == TFR_LIST && i < source->count && answer != TFR_YES; i++) {
        const struct tfr_value *item = &source->items[i];

        if (tfr_value_is(item, "0.0.0.0/0") || tfr_value_is(item, "::/0"))
            answer = TFR_YES;
        else if (item->kind == TFR_UNKNOWN)
            answer = TFR_MAYBE;
    }
    return answer;
}

enum tfr_truth_value tfr_port_range_has(const struct tfr_value *range, long long port)
{
    char *end;
    long long first, last;

    if (range->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    if (range->kind != TFR_STRING && range->kind != TFR_NUMBER)
        return TFR_NO;
    if (strcmp(range->text, "*") == 0)
        return TFR_YES;
    first = strtoll(range->text, &end, 10);
    last = *end == '-' ? strtoll(end + 1, NULL, 10) : first;
    return end != range->text && first <= port && port <= last ? TFR_YES : TFR_NO;
}

static enum tfr_truth_value from_world(const struct rule *rule)
{
    enum tfr_truth_value answer = TFR_NO;

    for (size_t i = 0; i < 4 && rule->sources[i] != NULL; i++)
        answer = tfr_truth_either(answer, tfr_is_world(rule->sources[i]));
    return answer;
}

static bool is_all_protocols(const struct rule *rule)
{
    return tfr_value_is(rule->protocol, "-1") || tfr_value_is(rule->protocol, "all");
}

/* By name, in whatever case it is written, or by number. */
static bool is_tcp(const struct rule *rule)
{
    return tfr_value_is(rule->protocol, "6") ||
           (rule->protocol->kind == TFR_STRING && strcasecmp(rule->protocol->text, "tcp") == 0);
}

static struct range range_of(const struct rule *rule)
{
    struct range range = { .unknown = rule->protocol->kind == TFR_UNKNOWN ||
                                      rule->from->kind == TFR_UNKNOWN ||
                                      rule->to->kind == TFR_UNKNOWN };
    const bool ports =
        tfr_value_integer(rule->from, &range.first) && tfr_value_integer(rule->to, &range.last);

    if (rule->protocol->kind == TFR_STRING && !is_all_protocols(rule) && !is_tcp(rule))
        return (struct range){ 0 }; /* UDP, ICMP ...: whatever its ports will be */
    if (rule->protocol->kind == TFR_UNKNOWN)
        range.all = TFR_MAYBE;
    else if (is_all_protocols(rule))
        range.all = TFR_YES;
    else if (!ports)
        range.all = range.unknown ? TFR_MAYBE : TFR_NO;
    range.tcp = ports && is_tcp(rule);
    if (range.tcp && range.first <= 0 && range.last >= 65535)
        range.all = TFR_YES;
    return range;
}

static enum tfr_truth_value opens(const struct range *range, long long port)
{
    if (range->all == TFR_YES)
        return TFR_NO; /* told by the policy about all ports, once */
    if (range->unknown)
        return TFR_MAYBE;
    return range->tcp && range->first <= port && port <= range->last ? TFR_YES : TFR_NO;
}

static void note(struct verdict *verdict, enum tfr_truth_value answer, const char *port)
{
    if (answer == TFR_YES && verdict->answer != TFR_YES) {
        verdict->answer = TFR_YES;
        verdict->port = port;
    } else if (answer == TFR_MAYBE && verdict->answer == TFR_NO) {
        verdict->answer = TFR_MAYBE;
        verdict->unknown = "the ports or sources of a rule";
    }
}

/* "all", or numbers with blanks between. @return false: neither */
static bool read_ports(const struct tfr_input *in, const char *text, struct ports *out)
{
    if (text == NULL)
        return false;
    out->all = strcmp(text, "all") == 0;
    out->at = tfr_arena_alloc(in->scratch, (strlen(text) + 1) * sizeof *out->at);
    while (!out->all && *text != '\0') {
        char *end;
        const long long number = strtoll(text, &end, 10);

        if (end == text || number < 0 || number > 65535 || (*end != ' ' && *end != '\0'))
            return false;
        out->at[out->count++] = (struct port){ text, number };
        text = end + strspn(end, " ");
    }
    return out->all || out->count > 0;
}

static void look_at_rule(const struct rule *rule, const struct ports *ports,
                         struct verdict *verdict)
{
    const enum tfr_truth_value world = from_world(rule);
    struct range range;

    if (world == TFR_NO || verdict->answer == TFR_YES)
        return;
    range = range_of(rule);
    if (ports->all)
        note(verdict, tfr_truth_both(world, range.all), NULL);
    for (uint32_t i = 0; i < ports->count; i++)
        note(verdict, tfr_truth_both(world, opens(&range, ports->at[i].number)), ports->at[i].text);
}

static void look_at_blocks(const struct tfr_input *in, const struct tfr_resource *group,
                           const struct ports *ports, struct verdict *verdict)
{
    const struct tfr_value *blocks = tfr_input_get(in, &group->after, "ingress");

    /* A new group without rules of its own shows them as unknown, because the provider computes
     * them. Only if its code refers to something there are rules to wait for; literal ones are
     * known. */
    if (blocks->kind == TFR_UNKNOWN && tfr_wires_written(in, group, "ingress"))
        note(verdict, TFR_MAYBE, NULL);
    for (uint32_t i = 0; blocks->kind == TFR_LIST && i < blocks->count; i++) {
        const struct tfr_value *block = &blocks->items[i];
        const struct rule rule = { .from = tfr_input_get(in, block, "from_port"),
                                   .to = tfr_input_get(in, block, "to_port"),
                                   .protocol = tfr_input_get(in, block, "protocol"),
                                   .sources = { tfr_input_get(in, block, "cidr_blocks"),
                                                tfr_input_get(in, block, "ipv6_cidr_blocks") } };

        look_at_rule(&rule, ports, verdict);
    }
}

/* Of other clouds than AWS. */
static void look_at_ports(const struct tfr_input *in, const struct tfr_resource *resource,
                          const struct ports *ports, struct verdict *verdict)
{
    const bool nsg = tfr_is_nsg(resource);

    for (uint32_t i = 0; i < ports->count; i++) {
        const long long port = ports->at[i].number;

        note(verdict,
             nsg ? tfr_nsg_opens(in, resource, port) : tfr_firewall_opens(in, resource, port),
             ports->at[i].text);
    }
}

static void look_at(const struct tfr_input *in, const struct tfr_resource *resource,
                    const struct ports *ports, struct verdict *verdict)
{
    const struct tfr_value *values = &resource->after;
    const bool old = tfr_sym_is(resource->type, "aws_security_group_rule");
    const struct rule rule = {
        .from = tfr_input_get(in, values, "from_port"),
        .to = tfr_input_get(in, values, "to_port"),
        .protocol = tfr_input_get(in, values, old ? "protocol" : "ip_protocol"),
        .sources = { tfr_input_get(in, values, "cidr_blocks"),
                     tfr_input_get(in, values, "ipv6_cidr_blocks"),
                     tfr_input_get(in, values, "cidr_ipv4"),
                     tfr_input_get(in, values, "cidr_ipv6") },
    };

    if (tfr_sym_is(resource->type, "aws_security_group") ||
        tfr_sym_is(resource->type, "aws_default_security_group"))
        look_at_blocks(in, resource, ports, verdict);
    else if (!old || tfr_value_is(tfr_input_get(in, values, "type"), "ingress"))
        look_at_rule(&rule, ports, verdict);
}

void tfr_check_open_ports(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run subjects = tfr_input_subjects(in);
    struct ports ports = { 0 };
    const bool readable = read_ports(in, tfr_input_param(in, "ports"), &ports);

    for (uint32_t i = 0; i < subjects.count; i++) {
        const struct tfr_resource *resource = subjects.at[i];
        struct verdict verdict = { 0 };

        if (!tfr_resource_is_live(resource))
            continue;
        if (!readable) {
            tfr_findings_undecided(out, resource, "inputs.ports",
                                   "its policy names no ports that can be read");
            continue;
        }
        if (tfr_is_nsg(resource) || tfr_is_firewall(resource))
            look_at_ports(in, resource, &ports, &verdict);
        else
            look_at(in, resource, &ports, &verdict);
        if (verdict.answer == TFR_MAYBE)
            tfr_findings_undecided(out, resource, verdict.unknown,
                                   "whether it lets the whole internet in shows after the apply");
        else if (verdict.answer == TFR_NO)
            tfr_findings_pass(out, resource);
        else if (verdict.port == NULL)
            tfr_findings_add(out, resource, "it lets the whole internet in on every port");
        else
            tfr_findings_add(out, resource, "it lets the whole internet in on port %ld",
                             strtol(verdict.port, NULL, 10));
    }
}
