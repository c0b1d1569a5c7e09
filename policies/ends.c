/* SPDX-License-Identifier: Apache-2.0 */
/* Where workloads and balancers lie in the network. */
#include "policies/context.h"
#include "policies/security_groups.h"

/* The attributes that say who may reach an object, and where it lies. */
static const struct {
    const char *type, *groups, *subnets;
} ends[] = {
    { "aws_ecs_service", "network_configuration.security_groups", "network_configuration" },
    { "aws_instance", "vpc_security_group_ids", "subnet_id" },
    { "aws_lb", "security_groups", "subnets" },
    { "aws_alb", "security_groups", "subnets" },
    { NULL, "vpc_config.security_group_ids", "vpc_config" }, /* functions, and all others */
};

static const char *const subnet_types[] = { "aws_subnet", NULL };

static const void *find_end(const struct tfr_input *in, const struct tfr_resource *resource)
{
    struct tfr_end *end = tfr_arena_alloc(in->scratch, sizeof *end);
    size_t i = 0;

    while (ends[i].type != NULL && !tfr_sym_is(resource->type, ends[i].type))
        i++;
    tfr_end_of(in, resource, ends[i].groups, end);
    tfr_wires_of(in, resource, ends[i].subnets, subnet_types, &end->subnets);
    return end;
}

const struct tfr_end *tfr_input_end(const struct tfr_input *in, const struct tfr_resource *resource)
{
    return tfr_context_find(in, &in->ctx->ends, resource, find_end);
}
