/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/context.h"
#include "policies/caches.h"
#include "policies/containers.h"
#include "policies/join.h"
#include "policies/roles.h"

struct tfr_subject tfr_subject_of(struct tfr_context *ctx, const struct tfr_resource *resource)
{
    const tfr_node_id node =
        ctx->graph != NULL ? tfr_graph_node_of(ctx->graph, resource) : TFR_NO_NODE;

    return (struct tfr_subject){
        resource,
        ctx->mode == TFR_MODE_CHECKOV ? tfr_checkov_view(ctx, resource)
                                      : tfr_resource_values(resource),
        node,
    };
}

void tfr_context_next(struct tfr_context *ctx)
{
    tfr_joins_free(ctx->joins);
    ctx->joins = NULL;
    ctx->slots = NULL;
    ctx->jsonpaths = NULL;
    ctx->opaque_count = 0;
    tfr_arena_reset(&ctx->batch);
}

void tfr_context_fini(struct tfr_context *ctx)
{
    tfr_joins_free(ctx->joins);
    tfr_type_index_free(ctx->index);
    tfr_regex_free(ctx->regex);
    tfr_roles_free(ctx->roles);
    tfr_named_objects_free(ctx->objects);
    tfr_caches_free(ctx->caches);
    tfr_views_free(ctx->views);
    tfr_free(ctx->places);
    tfr_free(ctx->room);
    tfr_arena_free(&ctx->scratch);
    tfr_arena_free(&ctx->batch);
    tfr_arena_free(&ctx->kept);
}

struct tfr_input tfr_context_keep(const struct tfr_input *in)
{
    struct tfr_input kept = *in;

    kept.scratch = &in->ctx->kept;
    return kept;
}
