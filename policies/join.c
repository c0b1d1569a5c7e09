/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/join.h"
#include "policies/tables.h"

#include <string.h>

struct bucket {
    char *key; /* the value as text: numbers and texts that look alike may meet */
    size_t len;
    const struct tfr_join_row *rows;
    UT_hash_handle hh;
};

struct tfr_join {
    const struct tfr_graph_condition *graph;
    struct bucket *table;
    const struct tfr_resource *unknown; /* the first one */
    uint32_t unknown_count, count;
    struct tfr_join *next;
};

static struct bucket *find(const struct tfr_join *join, const char *key, size_t len)
{
    struct bucket *found;

    HASH_FIND(hh, join->table, key, len, found);
    return found;
}

static void add(struct tfr_join *join, struct bucket *bucket)
{
    HASH_ADD_KEYPTR(hh, join->table, bucket->key, bucket->len, bucket);
}

static void drop(struct tfr_join *join, struct bucket *bucket)
{
    HASH_DEL(join->table, bucket);
}

static const struct tfr_join_row *new_row(struct tfr_context *ctx,
                                          const struct tfr_resource *resource,
                                          const struct tfr_join_row *next)
{
    struct tfr_join_row *row = tfr_arena_zalloc(&ctx->batch, sizeof *row);

    row->resource = resource;
    row->next = next;
    return row;
}

static void add_known(struct tfr_context *ctx, struct tfr_join *join,
                      const struct tfr_resource *resource, const struct tfr_value *value)
{
    struct tfr_buf text = { 0 };
    struct bucket *bucket;

    tfr_python_str(&text, value);
    bucket = find(join, tfr_buf_text(&text), text.len);
    if (bucket == NULL) {
        bucket = tfr_calloc(1, sizeof *bucket);
        bucket->key = tfr_arena_text(&ctx->batch, tfr_buf_text(&text), text.len);
        bucket->len = text.len;
        add(join, bucket);
    }
    bucket->rows = new_row(ctx, resource, bucket->rows);
    tfr_buf_fini(&text);
}

/* Whether an unknown value is that of one that is looked for at all: the same for everybody who
 * joins. */
static void add_unknown(struct tfr_context *ctx, struct tfr_join *join,
                        const struct tfr_resource *resource)
{
    const struct tfr_subject other = tfr_subject_of(ctx, resource);

    if (tfr_block_truth(ctx, &other, &join->graph->where).is == TFR_NO)
        return;
    join->unknown = resource;
    join->unknown_count++;
}

/* Backwards, so that the rows of a bucket stand in document order. */
static void fill(struct tfr_context *ctx, struct tfr_join *join)
{
    const struct tfr_resource_run run =
        tfr_type_index_select(ctx->index, &join->graph->types, NULL, &ctx->batch);

    for (uint32_t i = run.count; i-- > 0;) {
        const struct tfr_subject other = { .resource = run.at[i],
                                           .values = tfr_resource_values(run.at[i]),
                                           .node = TFR_NO_NODE };
        const struct tfr_value *value;

        if (!tfr_resource_is_live(run.at[i]))
            continue;
        value = tfr_attribute_first(ctx, &other, join->graph->other);
        if (tfr_value_is_blank(value))
            continue;
        join->count++;
        if (tfr_value_has_unknown(value))
            add_unknown(ctx, join, run.at[i]);
        else
            add_known(ctx, join, run.at[i], value);
    }
}

const struct tfr_join *tfr_join_get(struct tfr_context *ctx,
                                    const struct tfr_graph_condition *graph)
{
    struct tfr_join *join;

    for (join = ctx->joins; join != NULL; join = join->next) {
        if (join->graph == graph)
            return join;
    }
    join = tfr_calloc(1, sizeof *join);
    join->graph = graph;
    join->next = ctx->joins;
    ctx->joins = join;
    fill(ctx, join);
    return join;
}

const struct tfr_join_row *tfr_join_find(const struct tfr_join *join, const struct tfr_value *value)
{
    struct tfr_buf text = { 0 };
    const struct bucket *bucket;

    tfr_python_str(&text, value);
    bucket = find(join, tfr_buf_text(&text), text.len);
    tfr_buf_fini(&text);
    return bucket != NULL ? bucket->rows : NULL;
}

const struct tfr_resource *tfr_join_unknown(const struct tfr_join *join, uint32_t *count)
{
    *count = join->unknown_count;
    return join->unknown;
}

uint32_t tfr_join_count(const struct tfr_join *join)
{
    return join->count;
}

void tfr_joins_free(struct tfr_join *joins)
{
    while (joins != NULL) {
        struct tfr_join *next = joins->next;

        while (joins->table != NULL) {
            struct bucket *bucket = joins->table;

            drop(joins, bucket);
            tfr_free(bucket);
        }
        tfr_free(joins);
        joins = next;
    }
}
