/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/context.h"
#include "policies/caches.h"
#include "policies/config.h"
#include "policies/join.h"
#include "policies/lookup.h"
#include "policies/named.h"
#include "policies/roles.h"

#include <string.h>

/* A record of drift stands for the object at its address. */
static tfr_node_id node_of(const struct tfr_context *ctx, const struct tfr_resource *resource)
{
    const struct tfr_resources *drift = &ctx->document->drift;

    if (ctx->graph == NULL)
        return TFR_NO_NODE;
    if (drift->count > 0 && resource >= drift->at && resource < drift->at + drift->count)
        return tfr_graph_find(ctx->graph, resource->address);
    return tfr_graph_node_of(ctx->graph, resource);
}

struct tfr_subject tfr_subject_look(struct tfr_context *ctx, const struct tfr_resource *resource)
{
    const struct tfr_brief *brief = tfr_context_brief(ctx, resource);
    struct tfr_subject subject = { .resource = resource };

    if (brief != NULL) {
        subject = tfr_subject_of_brief(brief, resource);
    } else {
        subject.node = node_of(ctx, resource);
        subject.values = tfr_resource_values(resource);
        subject.words = tfr_change_words(resource);
    }
    if (ctx->mode == TFR_MODE_CHECKOV)
        subject.values = tfr_checkov_view(ctx, resource);
    return subject;
}

bool tfr_context_has_type(struct tfr_context *ctx, const struct tfr_type_set *types,
                          const struct tfr_resource *resource, const char *provider)
{
    const struct tfr_brief *brief = tfr_context_brief(ctx, resource);
    bool known = false;
    uint8_t *answer;

    if (types->taggable) /* each object may have tags or not */
        return tfr_type_set_has(ctx->index, types, resource, provider);
    answer = brief != NULL
                 ? tfr_context_recall(ctx, types, brief->type, brief->mode, &known)
                 : tfr_context_recall(ctx, types, resource->type, (uint8_t)resource->mode, &known);
    if (!known)
        *answer = tfr_type_set_has(ctx->index, types, resource, provider) ? TFR_ANSWER_YES
                                                                          : TFR_ANSWER_NO;
    return *answer == TFR_ANSWER_YES;
}

void tfr_context_set_mode(struct tfr_context *ctx, enum tfr_policy_mode mode)
{
    if (ctx->mode != mode)
        memset(ctx->types, 0, sizeof ctx->types);
    ctx->mode = mode;
    tfr_type_index_set_mode(ctx->index, mode);
}

void tfr_context_next(struct tfr_context *ctx)
{
    tfr_joins_free(ctx->joins);
    ctx->joins = NULL;
    ctx->slots = NULL;
    ctx->jsonpaths = NULL;
    ctx->opaque_count = 0;
    ctx->gate_count = 0;
    tfr_arena_reset(&ctx->batch);
}

void tfr_context_fini(struct tfr_context *ctx)
{
    tfr_joins_free(ctx->joins);
    tfr_type_index_free(ctx->index);
    tfr_briefs_free(ctx->briefs);
    tfr_regex_free(ctx->regex);
    tfr_roles_free(ctx->roles);
    tfr_named_objects_free(ctx->objects);
    tfr_lookup_free(ctx->env_names);
    tfr_caches_free(ctx->caches);
    tfr_views_free(ctx->views);
    tfr_targets_free(ctx->targets);
    tfr_told_free(ctx->told);
    tfr_free(ctx->places);
    tfr_free(ctx->room);
    tfr_arena_free(&ctx->scratch);
    tfr_arena_free(&ctx->batch);
    tfr_arena_free(&ctx->kept);
}

struct tfr_input tfr_context_input(struct tfr_context *ctx)
{
    return (struct tfr_input){ .document = ctx->document,
                               .graph = ctx->graph,
                               .policy = ctx->policy,
                               .profile = tfr_config_profile(ctx->config),
                               .index = ctx->index,
                               .scratch = &ctx->scratch,
                               .ctx = ctx };
}

struct tfr_input tfr_context_keep(const struct tfr_input *in)
{
    struct tfr_input kept = *in;

    kept.scratch = &in->ctx->kept;
    return kept;
}

const void *tfr_context_find(const struct tfr_input *in, struct tfr_found *found,
                             const struct tfr_resource *resource, tfr_find *find)
{
    const struct tfr_input kept = tfr_context_keep(in);
    const tfr_node_id node = tfr_graph_node_of(in->graph, resource);

    if (node == TFR_NO_NODE)
        return find(in, resource);
    if (found->at == NULL)
        found->at =
            tfr_arena_zalloc(kept.scratch, tfr_graph_node_count(in->graph) * sizeof(void *));
    if (found->at[node] == NULL)
        found->at[node] = find(&kept, resource);
    return found->at[node];
}
