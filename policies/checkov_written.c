/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/checkov_written.h"
#include "policies/tables.h"
#include "policies/wires.h"

#include <stdio.h>
#include <string.h>

#define MOST 2048 /* expressions of a block that are looked at */

/* What a block writes: found out once for all of its objects. */
struct tfr_told {
    const struct tfr_config_resource *block;
    struct tfr_written written;
    UT_hash_handle hh;
};

static struct tfr_told *find_told(struct tfr_told *all, const struct tfr_config_resource *block)
{
    struct tfr_told *told;

    HASH_FIND_PTR(all, &block, told);
    return told;
}

static void add_told(struct tfr_told **all, struct tfr_told *told)
{
    HASH_ADD_PTR(*all, block, told);
}

void tfr_told_free(struct tfr_told *all)
{
    HASH_CLEAR(hh, all);
}

const char *tfr_written_reference(const struct tfr_expression *expression)
{
    for (uint32_t i = 0; i < expression->reference_count; i++) {
        const char *text = expression->references[i]->text;

        if (strncmp(text, "var.", 4) != 0 && strncmp(text, "local.", 6) != 0)
            return text;
    }
    return NULL;
}

/* The block of the root module with the type and name of a resource, but of another mode.
 * @param mode as its address begins */
static const struct tfr_config_resource *find_namesake(const struct tfr_context *ctx,
                                                       const struct tfr_blocks *blocks,
                                                       const struct tfr_resource *resource,
                                                       const char *mode)
{
    struct tfr_buf address = { 0 };
    const struct tfr_sym *name;

    tfr_buf_printf(&address, "%s%s.%s", mode, resource->type->text, resource->name->text);
    name = tfr_names_find(ctx->document->names, tfr_buf_text(&address), address.len);
    tfr_buf_fini(&address);
    return name != NULL ? tfr_blocks_named(blocks, name) : NULL;
}

/* In the root module Checkov asks for the type and the name alone: of a resource and a data source
 * that share them it takes what is written first. Blocks of a module stand in one array. */
static const struct tfr_config_resource *find_block(const struct tfr_context *ctx,
                                                    const struct tfr_blocks *blocks,
                                                    const struct tfr_resource *resource)
{
    const struct tfr_config_resource *block = tfr_blocks_find(blocks, resource);
    static const char *const others[] = { "", "ephemeral." };

    if (block == NULL || resource->module != NULL || resource->mode != TFR_DATA)
        return block;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const struct tfr_config_resource *other = find_namesake(ctx, blocks, resource, others[i]);

        block = other != NULL && other < block ? other : block;
    }
    return block;
}

/* Expressions of a block that refer to something but variables. */
static struct tfr_written list_telling(struct tfr_arena *arena,
                                       const struct tfr_config_resource *block)
{
    const uint32_t count = block->expressions.count < MOST ? block->expressions.count : MOST;
    struct tfr_expression *at = tfr_arena_alloc(arena, (count + 1) * sizeof *at);
    struct tfr_written out = { .at = at };

    for (uint32_t i = 0; i < count; i++) {
        if (tfr_written_reference(&block->expressions.at[i]) != NULL)
            at[out.count++] = block->expressions.at[i];
    }
    return out;
}

struct tfr_written tfr_written_of(struct tfr_context *ctx, const struct tfr_resource *resource)
{
    const struct tfr_input in = tfr_context_input(ctx);
    const struct tfr_config_resource *block = find_block(ctx, tfr_input_blocks(&in), resource);
    struct tfr_told *told;

    if (block == NULL)
        return (struct tfr_written){ NULL, 0, 0 };
    told = find_told(ctx->told, block);
    if (told == NULL) {
        told = tfr_arena_zalloc(&ctx->kept, sizeof *told);
        told->block = block;
        told->written = list_telling(&ctx->kept, block);
        add_told(&ctx->told, told);
    }
    return told->written;
}

/* Those whose paths go on with a step. */
static struct tfr_written below(struct tfr_written written, const char *step, size_t len)
{
    struct tfr_written out = { NULL, 0, written.skip + len + 1 };

    for (uint32_t i = 0; i < written.count; i++) {
        const struct tfr_sym *path = written.at[i].path;
        const bool is = path->len > out.skip && path->text[out.skip - 1] == '.' &&
                        memcmp(path->text + written.skip, step, len) == 0;

        if (!is && out.count > 0)
            break;
        if (is && out.count++ == 0)
            out.at = &written.at[i];
    }
    return out;
}

struct tfr_written tfr_written_in(struct tfr_written written, const struct tfr_sym *name)
{
    return below(written, name->text, name->len);
}

struct tfr_written tfr_written_item(struct tfr_written written, uint32_t index)
{
    char digits[16];
    const int len = snprintf(digits, sizeof digits, "%u", index);

    return below(written, digits, (size_t)len);
}

const char *tfr_written_name(struct tfr_written written, uint32_t index)
{
    const struct tfr_expression *expression = &written.at[index];
    const char *name = expression->path->text + written.skip;

    return strchr(name, '.') == NULL ? name : NULL;
}
