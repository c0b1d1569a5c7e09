/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/context.h"
#include "policies/caches.h"
#include "policies/containers.h"
#include "policies/join.h"
#include "policies/roles.h"

#include <string.h>

struct tfr_briefs *tfr_context_briefs(struct tfr_context *ctx)
{
    if (ctx->briefs == NULL)
        ctx->briefs = tfr_briefs_new(ctx->document, ctx->graph);
    return ctx->briefs;
}

struct tfr_subject tfr_subject_of(struct tfr_context *ctx, const struct tfr_resource *resource)
{
    const struct tfr_brief *brief = tfr_briefs_of(tfr_context_briefs(ctx), resource);
    struct tfr_subject subject = { .resource = resource };

    if (brief != NULL) {
        subject.node = brief->node;
        subject.values = brief->values;
        subject.words = brief->words;
    } else {
        subject.node = ctx->graph != NULL ? tfr_graph_node_of(ctx->graph, resource) : TFR_NO_NODE;
        subject.values = tfr_resource_values(resource);
        subject.words = tfr_change_words(resource);
    }
    if (ctx->mode == TFR_MODE_CHECKOV)
        subject.values = tfr_checkov_view(ctx, resource);
    return subject;
}

uint8_t *tfr_context_recall(struct tfr_context *ctx, const void *part,
                            const struct tfr_resource *resource, bool *known)
{
    const struct tfr_brief *brief = tfr_briefs_of(tfr_context_briefs(ctx), resource);
    const struct tfr_sym *type = brief != NULL ? brief->type : resource->type;
    const uint8_t mode = brief != NULL ? brief->mode : (uint8_t)resource->mode;
    const size_t place = ((uintptr_t)part >> 4u) + ((uintptr_t)type >> 3u) * 7u;
    struct tfr_type_memo *memo = &ctx->types[place % TFR_TYPE_MEMO];

    *known = memo->part == part && memo->type == type && memo->mode == mode;
    if (!*known)
        *memo = (struct tfr_type_memo){ part, type, mode, TFR_ANSWER_NO };
    return &memo->answer;
}

bool tfr_context_has_type(struct tfr_context *ctx, const struct tfr_type_set *types,
                          const struct tfr_resource *resource, const char *provider)
{
    bool known = false;
    uint8_t *answer;

    if (types->taggable) /* each object may have tags or not */
        return tfr_type_set_has(ctx->index, types, resource, provider);
    answer = tfr_context_recall(ctx, types, resource, &known);
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
