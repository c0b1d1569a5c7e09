/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of network security groups: blocks of azurerm_network_security_group, where one that denies
 * may stand before one that allows, and azurerm_network_security_rule, which is judged alone.
 */
#include "policies/nsg.h"

#include "policies/open_ports.h"
#include "policies/wires.h"

#include <string.h>
#include <strings.h>

#define LAST_PRIORITY 4096 /* the weakest that a rule can have */

bool tfr_is_nsg(const struct tfr_resource *resource)
{
    return tfr_sym_is(resource->type, "azurerm_network_security_group") ||
           tfr_sym_is(resource->type, "azurerm_network_security_rule");
}

static enum tfr_truth_value is_word(const struct tfr_value *value, const char *word)
{
    if (value->kind == TFR_UNKNOWN)
        return TFR_MAYBE;
    return value->kind == TFR_STRING && strcasecmp(value->text, word) == 0 ? TFR_YES : TFR_NO;
}

/* ---- one rule ----------------------------------------------------------------------------------
 */

static enum tfr_truth_value is_world(const struct tfr_value *source, long long port)
{
    static const char *const words[] = { "*", "Internet", "Any", "0.0.0.0/0", "::/0" };
    enum tfr_truth_value answer = TFR_NO;

    (void)port;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        answer = tfr_truth_either(answer, is_word(source, words[i]));
    return answer;
}

/* An attribute for one value, and one for several. */
static enum tfr_truth_value any_of(const struct tfr_value *one, const struct tfr_value *several,
                                   enum tfr_truth_value (*fits)(const struct tfr_value *value,
                                                                long long port),
                                   long long port)
{
    enum tfr_truth_value answer =
        tfr_truth_either(fits(one, port), several->kind == TFR_UNKNOWN ? TFR_MAYBE : TFR_NO);

    for (uint32_t i = 0; several->kind == TFR_LIST && i < several->count; i++)
        answer = tfr_truth_either(answer, fits(&several->items[i], port));
    return answer;
}

/* Whether it is about everybody who comes in on the port of TCP. */
static enum tfr_truth_value is_about(const struct tfr_input *in, const struct tfr_value *rule,
                                     long long port)
{
    const struct tfr_value *protocol = tfr_input_get(in, rule, "protocol");
    enum tfr_truth_value answer = is_word(tfr_input_get(in, rule, "direction"), "Inbound");

    if (!tfr_value_missing(protocol))
        answer = tfr_truth_both(answer,
                                tfr_truth_either(is_word(protocol, "Tcp"), is_word(protocol, "*")));
    answer = tfr_truth_both(answer, any_of(tfr_input_get(in, rule, "source_address_prefix"),
                                           tfr_input_get(in, rule, "source_address_prefixes"),
                                           is_world, port));
    return tfr_truth_both(answer, any_of(tfr_input_get(in, rule, "destination_port_range"),
                                         tfr_input_get(in, rule, "destination_port_ranges"),
                                         tfr_port_range_has, port));
}

static enum tfr_truth_value rule_does(const struct tfr_input *in, const struct tfr_value *rule,
                                      const char *access, long long port)
{
    const enum tfr_truth_value does = is_word(tfr_input_get(in, rule, "access"), access);

    return does == TFR_NO ? TFR_NO : tfr_truth_both(does, is_about(in, rule, port));
}

/* ---- those of a group --------------------------------------------------------------------------
 */

static long long priority_of(const struct tfr_input *in, const struct tfr_value *rule)
{
    long long priority = LAST_PRIORITY;

    (void)tfr_value_integer(tfr_input_get(in, rule, "priority"), &priority);
    return priority;
}

/* The rule with the smallest number decides; one that surely denies ends the search. */
static enum tfr_truth_value rules_open(const struct tfr_input *in, const struct tfr_value *rules,
                                       long long port)
{
    enum tfr_truth_value answer = TFR_NO;
    long long denied = LAST_PRIORITY + 1;

    for (uint32_t i = 0; i < rules->count; i++) {
        const long long priority = priority_of(in, &rules->items[i]);

        if (priority < denied && rule_does(in, &rules->items[i], "Deny", port) == TFR_YES)
            denied = priority;
    }
    for (uint32_t i = 0; i < rules->count && answer != TFR_YES; i++) {
        if (priority_of(in, &rules->items[i]) < denied)
            answer = tfr_truth_either(answer, rule_does(in, &rules->items[i], "Allow", port));
    }
    return answer;
}

enum tfr_truth_value tfr_nsg_opens(const struct tfr_input *in, const struct tfr_resource *resource,
                                   long long port)
{
    const struct tfr_value *values = &resource->after;
    const struct tfr_value *rules;

    if (tfr_sym_is(resource->type, "azurerm_network_security_rule"))
        return rule_does(in, values, "Allow", port);
    rules = tfr_input_get(in, values, "security_rule");
    if (rules->kind == TFR_UNKNOWN && tfr_wires_written(in, resource, "security_rule"))
        return TFR_MAYBE; /* what nobody writes is made by the provider */
    return rules->kind == TFR_LIST ? rules_open(in, rules, port) : TFR_NO;
}
