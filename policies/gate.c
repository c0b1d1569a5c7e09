/* SPDX-License-Identifier: Apache-2.0 */
/* An `or` of many changes of attributes is false of most objects, as none of its attributes
 * differs: found out at once for all of its conditions. */
#include "policies/context.h"

#define WORD_BITS 64u

/* Whether a condition is false of objects whose attribute is the same before and after. */
static bool needs_difference(const struct tfr_condition *leaf)
{
    return leaf->kind == TFR_COND_CHANGE && leaf->change->path != NULL &&
           tfr_change_is_of_difference(leaf->change) && tfr_path_is_of_names(leaf->change->path);
}

/* The part without which a condition that ends there cannot hold; an `and` needs all of its parts.
 * NULL: it may hold without a difference */
static const struct tfr_condition *difference_of(const struct tfr_block *block, uint32_t end)
{
    const struct tfr_condition *node = &block->at[end - 1];

    if (needs_difference(node))
        return node;
    if (node->kind != TFR_COND_AND)
        return NULL;
    for (uint32_t kid = end - 1; kid > end - node->size; kid -= block->at[kid - 1].size) {
        if (needs_difference(&block->at[kid - 1]))
            return &block->at[kid - 1];
    }
    return NULL;
}

static void open_gate(struct tfr_context *ctx, struct tfr_gate *gate, const struct tfr_block *block)
{
    const size_t names = ctx->document->names != NULL ? tfr_names_count(ctx->document->names) : 0;

    *gate = (struct tfr_gate){ .block = block };
    gate->name_count = (uint32_t)names;
    gate->names = tfr_arena_zalloc(&ctx->batch, (names / WORD_BITS + 1) * sizeof *gate->names);
    for (uint32_t kid = block->count - 1; kid > 0; kid -= block->at[kid - 1].size) {
        const struct tfr_condition *node = &block->at[kid - 1];
        const struct tfr_condition *needed = difference_of(block, kid);

        if (needed != NULL)
            tfr_path_first_names(ctx, needed->change->path, gate->names);
        else
            gate->others |= node->actions != 0 ? node->actions : UINT16_MAX;
    }
}

/* That of a block; NULL if there are too many. */
static const struct tfr_gate *gate_of(struct tfr_context *ctx, const struct tfr_block *block)
{
    for (uint32_t i = 0; i < ctx->gate_count; i++) {
        if (ctx->gates[i].block == block)
            return &ctx->gates[i];
    }
    if (ctx->gate_count == TFR_GATES)
        return NULL;
    open_gate(ctx, &ctx->gates[ctx->gate_count], block);
    return &ctx->gates[ctx->gate_count++];
}

bool tfr_gate_is_shut(struct tfr_context *ctx, const struct tfr_subject *subject,
                      const struct tfr_block *block)
{
    const struct tfr_gate *gate = gate_of(ctx, block);
    const struct tfr_resource *resource = subject->resource;
    const struct tfr_differing *differing;

    if (gate == NULL || gate->others == UINT16_MAX || (gate->others & subject->words) != 0)
        return false;
    if (resource->before.kind != TFR_OBJECT || resource->after.kind != TFR_OBJECT)
        return true;
    differing = tfr_briefs_differing(tfr_context_briefs(ctx), resource);
    for (uint32_t i = 0; differing != NULL && i < differing->count; i++) {
        const uint32_t id = differing->at[i]->id;

        if (id >= gate->name_count || (gate->names[id / WORD_BITS] >> id % WORD_BITS & 1u) != 0)
            return false;
    }
    return differing != NULL;
}
