/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether security groups let a connection through. Rules are read in all their spellings: blocks
 * of a group, aws_security_group_rule, and the aws_vpc_security_group_*_rule; blocks that only tell
 * of separate rules do not outlive the rule that this plan deletes.
 */
#ifndef TFR_POLICIES_SECURITY_GROUPS_H
#define TFR_POLICIES_SECURITY_GROUPS_H

#include "policies/wires.h"

/* One end of a connection. */
struct tfr_end {
    const struct tfr_resource *resource;
    struct tfr_wires groups;     /* its groups that are in this document */
    const struct tfr_value *ids; /* what is written of them */
    bool others; /* it has groups whose rules are not here, or perhaps has: the VPC's own group ...
                  */
    bool open;   /* it has no groups at all: everything passes this end */
    struct tfr_wires subnets; /* where it lies; none: not known */
};

/* @param groups the attribute, such as "vpc_config.security_group_ids" */
void tfr_end_of(const struct tfr_input *in, const struct tfr_resource *resource, const char *groups,
                struct tfr_end *out);

/* ends.c: that of an ECS service, a function, an instance or a balancer. Found once for a document.
 */
const struct tfr_end *tfr_input_end(const struct tfr_input *in,
                                    const struct tfr_resource *resource);

struct tfr_firewall {
    const struct tfr_input *in;
    const struct tfr_blocks *blocks;
    const char *stray; /* a separate rule that may belong to any group: what will decide it */
};

/* Arena of `in->scratch`. */
void tfr_firewall_init(const struct tfr_input *in, struct tfr_firewall *out);

/* Does the far end let it in, does the near end let it out? TCP; `port` below 0: not known. */
enum tfr_truth_value tfr_firewall_in(const struct tfr_firewall *firewall,
                                     const struct tfr_end *from, const struct tfr_end *to,
                                     long long port);
enum tfr_truth_value tfr_firewall_out(const struct tfr_firewall *firewall,
                                      const struct tfr_end *from, const struct tfr_end *to,
                                      long long port);

#endif
