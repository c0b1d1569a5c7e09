/* SPDX-License-Identifier: Apache-2.0 */
/* Edges and unresolved references: collected as they are found, then laid in rows by the node they
 * leave. */
#include "graph/build.h"

#include <stdlib.h>
#include <string.h>

/* A row of up to so many is sorted by insertion; nearly all are. */
#define SHORT_ROW 16

/* ---- collecting --------------------------------------------------------------------------------
 */

/* Places in these lists are 32 bits. */
static void check_room(size_t count)
{
    if (count >= UINT32_MAX)
        tfr_oom();
}

void tfr_edges_make_room(struct tfr_edge_list *edges, size_t more)
{
    check_room(edges->count + more);
    edges->at = tfr_grow(edges->at, &edges->cap, edges->count + more, sizeof *edges->at);
}

void tfr_graph_add_unresolved(struct tfr_graph_builder *builder, tfr_node_id from,
                              const struct tfr_sym *path, const struct tfr_sym *reference)
{
    struct tfr_unresolved_list *list = &builder->unresolved;

    if (list->count == list->cap) {
        check_room(list->count);
        list->at = tfr_grow(list->at, &list->cap, list->count + 1, sizeof *list->at);
    }
    list->at[list->count++] = (struct tfr_unresolved){ from, path, reference };
}

/* ---- by node -----------------------------------------------------------------------------------
 */

/* Of each of some items its node. */
typedef tfr_node_id node_getter(const void *items, size_t at);

/* Items stay where they are: a row is made of their places, in the order in which they stand. */
static inline struct tfr_rows rows_by_node(node_getter *node_of, const void *items, size_t count,
                                           uint32_t nodes)
{
    struct tfr_rows rows = { .nodes = nodes };

    rows.start = tfr_calloc((size_t)nodes + 2, sizeof *rows.start);
    rows.at = tfr_malloc(count * sizeof *rows.at);
    /* The count of a row is two places on, and its begin then one place on. That moves on with each
     * item, so that it ends where the next row begins. */
    for (size_t i = 0; i < count; i++)
        rows.start[node_of(items, i) + 2]++;
    for (uint32_t i = 1; i < nodes; i++)
        rows.start[i + 1] += rows.start[i];
    for (size_t i = 0; i < count; i++)
        rows.at[rows.start[node_of(items, i) + 1]++] = (uint32_t)i;
    return rows;
}

static const uint32_t *row_of(const struct tfr_rows *rows, tfr_node_id node, uint32_t *count)
{
    *count = node < rows->nodes ? rows->start[node + 1] - rows->start[node] : 0;
    return *count > 0 ? rows->at + rows->start[node] : NULL;
}

static void free_rows(struct tfr_rows *rows)
{
    tfr_free(rows->start);
    tfr_free(rows->at);
    *rows = (struct tfr_rows){ 0 };
}

static tfr_node_id source_of(const void *edges, size_t at)
{
    return ((const struct tfr_edge *)edges)[at].from;
}

static tfr_node_id target_of(const void *edges, size_t at)
{
    return ((const struct tfr_edge *)edges)[at].to;
}

static tfr_node_id holder_of(const void *unresolved, size_t at)
{
    return ((const struct tfr_unresolved *)unresolved)[at].from;
}

/* The edges of the configuration come first, and by block: they wait until their rows are laid. */
static void sort_configured(struct tfr_graph_builder *builder)
{
    const struct tfr_edge_list *edges = &builder->edges;

    builder->rows = rows_by_node(source_of, edges->at, edges->count, builder->graph->node_count);
    builder->configured = builder->edges;
    builder->edges = (struct tfr_edge_list){ 0 };
}

/* ---- one row -----------------------------------------------------------------------------------
 */

static uint32_t id_of(const struct tfr_sym *name)
{
    return name != NULL ? name->id + 1 : 0;
}

/* What an edge of a row is sorted by. */
struct key {
    uint64_t order; /* target, origin and path */
    uint32_t at;    /* the edge: those that differ in nothing else stay as they were found */
};

/* The row at hand. */
struct row {
    struct key *keys, *spare;
    size_t count, key_cap, spare_cap;
};

/* Name ids follow the order of the document, so this order does too. */
static uint64_t order_of(const struct tfr_edge *edge)
{
    return (uint64_t)edge->to << 36 | (uint64_t)edge->origin << 32 | id_of(edge->path);
}

static void sort_short(struct key *keys, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct key key = keys[i];
        size_t place = i;

        for (; place > 0 && key.order < keys[place - 1].order; place--)
            keys[place] = keys[place - 1];
        keys[place] = key;
    }
}

/* Where those end that are sorted already, from `at` on. */
static size_t run_end(const struct key *keys, size_t at, size_t count)
{
    for (at++; at < count && keys[at - 1].order <= keys[at].order; at++)
        continue;
    return at;
}

/* Makes one of each two runs. @return how many are left */
static size_t merge_runs(const struct key *from, struct key *to, size_t count)
{
    size_t runs = 0;

    for (size_t i = 0; i < count; runs++) {
        const size_t middle = run_end(from, i, count);
        const size_t end = middle < count ? run_end(from, middle, count) : count;
        size_t left = i;
        size_t right = middle;

        for (; i < end; i++)
            to[i] = right == end || (left < middle && from[left].order <= from[right].order)
                        ? from[left++]
                        : from[right++];
    }
    return runs;
}

/* Turns those that stand last first. None are equal, so that no two change places. */
static void turn_falling_runs(struct key *keys, size_t count)
{
    for (size_t at = 0; at < count;) {
        size_t end = at + 1;

        while (end < count && keys[end - 1].order > keys[end].order)
            end++;
        for (size_t left = at, right = end - 1; left < right; left++, right--) {
            const struct key key = keys[left];

            keys[left] = keys[right];
            keys[right] = key;
        }
        at = end;
    }
}

/* What one reference leads to is found in order, first to last or last to first: a long row is a
 * few runs. */
static void sort_long(struct row *row)
{
    size_t runs;

    turn_falling_runs(row->keys, row->count);
    runs = run_end(row->keys, 0, row->count) < row->count ? 2 : 1;
    row->spare = tfr_grow(row->spare, &row->spare_cap, row->key_cap, sizeof *row->spare);
    while (runs > 1) {
        struct key *merged = row->spare;

        runs = merge_runs(row->keys, merged, row->count);
        row->spare = row->keys;
        row->keys = merged;
    }
}

static void sort_row(struct row *row, const struct tfr_edge_list *edges)
{
    row->count = edges->count;
    row->keys = tfr_grow(row->keys, &row->key_cap, row->count, sizeof *row->keys);
    for (size_t i = 0; i < row->count; i++)
        row->keys[i] = (struct key){ order_of(&edges->at[i]), (uint32_t)i };
    if (row->count <= SHORT_ROW)
        sort_short(row->keys, row->count);
    else
        sort_long(row);
}

/* Order tells nothing beside another edge between the two. */
static bool is_mere_order(const struct tfr_edge *kept, const struct tfr_edge *edge)
{
    return edge->origin == TFR_ORIGIN_ORDER && kept->to == edge->to;
}

/* Makes one of edges that differ in time or certainty alone. @return how many are left */
static size_t put_row(const struct row *row, const struct tfr_edge *edges, struct tfr_edge *out)
{
    uint64_t order = 0;
    size_t kept = 0;

    for (size_t i = 0; i < row->count; i++) {
        const struct tfr_edge *edge = &edges[row->keys[i].at];
        struct tfr_edge *last = kept > 0 ? &out[kept - 1] : NULL;

        if (edge->when == 0 || /* what the configuration names now and did not before */
            (last != NULL && is_mere_order(last, edge)))
            continue;
        if (last != NULL && order == row->keys[i].order) {
            last->when |= edge->when;
            if (edge->certainty < last->certainty)
                last->certainty = edge->certainty;
            continue;
        }
        order = row->keys[i].order;
        out[kept++] = *edge;
    }
    return kept;
}

/* ---- all rows ----------------------------------------------------------------------------------
 */

const uint32_t *tfr_configured(const struct tfr_graph_builder *builder, tfr_node_id node,
                               uint32_t *count)
{
    return row_of(&builder->rows, node, count);
}

/* Edges that the configuration states. */
static void add_configured(struct tfr_graph_builder *builder, tfr_node_id node)
{
    struct tfr_edge_list *edges = &builder->edges;
    uint32_t count;
    const uint32_t *places = tfr_configured(builder, node, &count);

    tfr_edges_fit(edges, count);
    for (uint32_t i = 0; i < count; i++)
        edges->at[edges->count++] = builder->configured.at[places[i]];
}

/* Each row of `in` is in the order of the edges: by source. */
static void find_dependants(struct tfr_graph *graph)
{
    const struct tfr_rows rows =
        rows_by_node(target_of, graph->edges, graph->edge_count, graph->node_count);

    graph->in_start = rows.start;
    graph->in = rows.at;
}

/* Finds what else leaves a node. */
static void add_others(struct tfr_graph_builder *builder, struct tfr_states *states,
                       struct tfr_values *values, tfr_node_id node)
{
    if (builder->graph->nodes[node].resource != NULL) {
        tfr_state_edges(states, node);
        tfr_value_edges(values, node);
    }
    tfr_hub_edges(builder, node);
}

/* Nodes that stand for blocks are made on the way. */
static void lay_rows(struct tfr_graph_builder *builder, struct tfr_edge_list *out)
{
    struct tfr_graph *graph = builder->graph;
    struct tfr_states *states = tfr_states_new(builder);
    struct tfr_values *values = tfr_values_new(builder);
    struct row row = { 0 };
    size_t cap = 0;

    graph->out_start =
        tfr_grow(NULL, &cap, (size_t)graph->node_count + 1, sizeof *graph->out_start);
    graph->out_start[0] = 0;
    for (tfr_node_id node = 0; node < graph->node_count; node++) {
        builder->edges.count = 0;
        add_configured(builder, node);
        add_others(builder, states, values, node);
        sort_row(&row, &builder->edges);
        tfr_edges_fit(out, row.count);
        out->count += put_row(&row, builder->edges.at, out->at + out->count);
        graph->out_start =
            tfr_grow(graph->out_start, &cap, (size_t)node + 2, sizeof *graph->out_start);
        graph->out_start[node + 1] = (uint32_t)out->count;
    }
    tfr_free(row.keys);
    tfr_free(row.spare);
    tfr_states_free(states);
    tfr_values_free(values);
}

void tfr_graph_lay_rows(struct tfr_graph_builder *builder)
{
    struct tfr_graph *graph = builder->graph;
    struct tfr_edge_list out = { 0 };

    sort_configured(builder);
    /* Mostly enough, as growing by steps would move them. */
    tfr_edges_fit(&out, 2 * builder->configured.count + 4 * (size_t)graph->node_count);
    lay_rows(builder, &out);
    free_rows(&builder->rows);
    tfr_free(builder->configured.at);
    tfr_free(builder->edges.at);
    graph->edge_count = (uint32_t)out.count;
    graph->edges = tfr_realloc(out.at, out.count * sizeof *graph->edges);
    find_dependants(graph);
}

/* ---- finishing unresolved references -----------------------------------------------------------
 */

static int compare_syms(const struct tfr_sym *a, const struct tfr_sym *b)
{
    const uint32_t x = id_of(a);
    const uint32_t y = id_of(b);

    return x < y ? -1 : x > y;
}

/* Of one row, for qsort(). */
static int compare_unresolved(const void *left, const void *right)
{
    const struct tfr_unresolved *a = left;
    const struct tfr_unresolved *b = right;
    const int paths = compare_syms(a->path, b->path);

    return paths != 0 ? paths : compare_syms(a->reference, b->reference);
}

/* They are mostly found in order. */
static void sort_unresolved(struct tfr_unresolved *at, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        if (compare_unresolved(&at[i - 1], &at[i]) > 0) {
            qsort(at, count, sizeof *at, compare_unresolved);
            return;
        }
    }
}

/* Makes one of those that are the same. */
static size_t put_unresolved(struct tfr_unresolved *row, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || compare_unresolved(&row[kept - 1], &row[i]) != 0)
            row[kept++] = row[i];
    }
    return kept;
}

void tfr_graph_finish_unresolved(struct tfr_graph_builder *builder)
{
    struct tfr_graph *graph = builder->graph;
    const struct tfr_unresolved_list *list = &builder->unresolved;
    struct tfr_unresolved *out = tfr_malloc(list->count * sizeof *out);
    struct tfr_rows rows = rows_by_node(holder_of, list->at, list->count, graph->node_count);
    size_t kept = 0;

    graph->unresolved_start =
        tfr_malloc(((size_t)graph->node_count + 1) * sizeof *graph->unresolved_start);
    for (tfr_node_id node = 0; node < graph->node_count; node++) {
        uint32_t count;
        const uint32_t *at = row_of(&rows, node, &count);

        graph->unresolved_start[node] = (uint32_t)kept;
        for (uint32_t i = 0; i < count; i++)
            out[kept + i] = list->at[at[i]];
        sort_unresolved(out + kept, count);
        kept += put_unresolved(out + kept, count);
    }
    graph->unresolved_start[graph->node_count] = (uint32_t)kept;
    graph->unresolved = tfr_realloc(out, kept * sizeof *out);
    graph->unresolved_count = (uint32_t)kept;
    free_rows(&rows);
    tfr_free(list->at);
}
