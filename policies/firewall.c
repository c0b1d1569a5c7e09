/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Firewall rules of Google Cloud: each is judged alone, though one that denies may stand before it.
 * What nobody writes is unknown in a first plan: a rule is for who comes in, and one that names no
 * sources is for everybody.
 */
#include "policies/firewall.h"

#include "policies/open_ports.h"
#include "policies/wires.h"

#include <string.h>

bool tfr_is_firewall(const struct tfr_resource *resource)
{
    return tfr_sym_is(resource->type, "google_compute_firewall");
}

/* @param unset the answer where nobody writes the attribute */
static enum tfr_truth_value unknown(const struct tfr_input *in, const struct tfr_resource *rule,
                                    const char *attribute, enum tfr_truth_value unset)
{
    return tfr_wires_written(in, rule, attribute) ? TFR_MAYBE : unset;
}

static enum tfr_truth_value comes_in(const struct tfr_input *in, const struct tfr_resource *rule)
{
    const struct tfr_value *direction = tfr_input_get(in, &rule->after, "direction");
    const struct tfr_value *disabled = tfr_input_get(in, &rule->after, "disabled");

    if (tfr_value_true(disabled) || tfr_value_is(direction, "EGRESS"))
        return TFR_NO;
    if (disabled->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    return direction->kind == TFR_UNKNOWN ? unknown(in, rule, "direction", TFR_YES) : TFR_YES;
}

static bool names_sources(const struct tfr_input *in, const struct tfr_resource *rule)
{
    return !tfr_value_is_blank(tfr_input_get(in, &rule->after, "source_tags")) ||
           !tfr_value_is_blank(tfr_input_get(in, &rule->after, "source_service_accounts"));
}

static enum tfr_truth_value is_from_world(const struct tfr_input *in,
                                          const struct tfr_resource *rule)
{
    const struct tfr_value *ranges = tfr_input_get(in, &rule->after, "source_ranges");

    if (ranges->kind == TFR_UNKNOWN)
        return unknown(in, rule, "source_ranges", names_sources(in, rule) ? TFR_NO : TFR_YES);
    return tfr_is_world(ranges);
}

/* One block `allow`: no ports are all of them. */
static enum tfr_truth_value allows(const struct tfr_input *in, const struct tfr_value *block,
                                   long long port)
{
    const struct tfr_value *protocol = tfr_input_get(in, block, "protocol");
    const struct tfr_value *ports = tfr_input_get(in, block, "ports");
    enum tfr_truth_value answer = TFR_NO;

    if (protocol->kind != TFR_UNKNOWN && !tfr_value_is(protocol, "tcp") &&
        !tfr_value_is(protocol, "6") && !tfr_value_is(protocol, "all"))
        return TFR_NO;
    if (ports->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    if (tfr_value_is_blank(ports))
        answer = TFR_YES;
    for (uint32_t i = 0; ports->kind == TFR_LIST && i < ports->count; i++)
        answer = tfr_truth_either(answer, tfr_port_range_has(&ports->items[i], port));
    return tfr_truth_both(protocol->kind == TFR_UNKNOWN ? TFR_MAYBE : TFR_YES, answer);
}

enum tfr_truth_value tfr_firewall_opens(const struct tfr_input *in,
                                        const struct tfr_resource *resource, long long port)
{
    const struct tfr_value *blocks = tfr_input_get(in, &resource->after, "allow");
    const enum tfr_truth_value who =
        tfr_truth_both(comes_in(in, resource), is_from_world(in, resource));
    enum tfr_truth_value answer = blocks->kind == TFR_UNKNOWN ? TFR_MAYBE : TFR_NO;

    for (uint32_t i = 0; who != TFR_NO && blocks->kind == TFR_LIST && i < blocks->count; i++)
        answer = tfr_truth_either(answer, allows(in, &blocks->items[i], port));
    return tfr_truth_both(who, answer);
}
