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

void tfr_edges_grow(struct tfr_edge_list *edges)
{
    check_room(edges->count);
    edges->at = tfr_grow(edges->at, &edges->cap, edges->count + 1, sizeof *edges->at);
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

/* Places of items by node. */
struct rows {
    uint32_t *start; /* of node n: at[start[n]] up to at[start[n + 1]] */
    uint32_t *at;
};

/* Of each of some items its node. */
typedef tfr_node_id node_getter(const void *items, size_t at);

/* Items stay where they are: a row is made of their places, in the order in which they stand. */
static inline struct rows rows_by_node(node_getter *node_of, const void *items, size_t count,
                                       uint32_t nodes)
{
    struct rows rows;

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

static tfr_node_id source_of(const void *edges, size_t at)
{
    return ((const struct tfr_loose_edge *)edges)[at].from;
}

static tfr_node_id target_of(const void *edges, size_t at)
{
    return ((const struct tfr_edge *)edges)[at].to;
}

static tfr_node_id holder_of(const void *unresolved, size_t at)
{
    return ((const struct tfr_unresolved *)unresolved)[at].from;
}

void tfr_graph_sort_configured(struct tfr_graph_builder *builder)
{
    struct tfr_edge_list *edges = &builder->configured;
    struct tfr_loose_edge *sorted = tfr_malloc(edges->count * sizeof *sorted);
    struct rows rows = rows_by_node(source_of, edges->at, edges->count, builder->graph->node_count);

    for (size_t i = 0; i < edges->count; i++)
        sorted[i] = edges->at[rows.at[i]];
    tfr_free(edges->at);
    tfr_free(rows.at);
    edges->at = sorted;
    builder->configured_start = rows.start;
    builder->configured_nodes = builder->graph->node_count;
}

struct tfr_loose_edge *tfr_configured(const struct tfr_graph_builder *builder, tfr_node_id node,
                                      uint32_t *count)
{
    const uint32_t *start = builder->configured_start;

    *count = node < builder->configured_nodes ? start[node + 1] - start[node] : 0;
    return *count > 0 ? builder->configured.at + start[node] : NULL;
}

/* ---- one row -----------------------------------------------------------------------------------
 */

/* What an edge of a row is sorted by. */
struct key {
    uint64_t order; /* target, origin and path; those of one order stay as they were found */
    const struct tfr_loose_edge *edge;
};

/* The row at hand. */
struct row {
    struct key *keys, *spare;
    size_t count, key_cap, spare_cap;
};

/* Name ids follow the order of the document, so this order does too. */
static uint64_t order_of(const struct tfr_loose_edge *edge)
{
    return (uint64_t)edge->to << 36 | (uint64_t)edge->origin << 32 | edge->path;
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

static void sort_row(struct row *row)
{
    if (row->count <= SHORT_ROW)
        sort_short(row->keys, row->count);
    else
        sort_long(row);
}

/* Order tells nothing beside another edge between the two. */
static bool is_mere_order(const struct tfr_edge *kept, const struct tfr_loose_edge *edge)
{
    return edge->origin == TFR_ORIGIN_ORDER && kept->to == edge->to;
}

static const struct tfr_sym *name_of(const struct tfr_names *names, uint32_t number)
{
    return number != 0 ? tfr_names_at(names, number - 1) : NULL;
}

/* Makes one of edges that differ in time or certainty alone. @return how many are left */
static size_t put_row(const struct row *row, const struct tfr_names *names, struct tfr_edge *out)
{
    uint64_t order = 0;
    size_t kept = 0;

    for (size_t i = 0; i < row->count; i++) {
        const struct tfr_loose_edge *edge = row->keys[i].edge;
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
        out[kept++] = (struct tfr_edge){ .from = edge->from,
                                         .when = edge->when,
                                         .certainty = edge->certainty,
                                         .to = edge->to,
                                         .origin = edge->origin,
                                         .path = name_of(names, edge->path),
                                         .reference = name_of(names, edge->reference) };
    }
    return kept;
}

/* ---- all rows ----------------------------------------------------------------------------------
 */

/* Edges by source, and how far they are laid. */
struct laid {
    const struct tfr_edge_list *edges;
    size_t next;
};

/* The next ones, if they leave this node. */
static void add_keys(struct row *row, struct laid *laid, tfr_node_id node)
{
    const struct tfr_loose_edge *at;
    size_t count = 0;

    if (laid->next == laid->edges->count)
        return;
    at = laid->edges->at + laid->next;
    while (laid->next + count < laid->edges->count && at[count].from == node)
        count++;
    row->keys = tfr_grow(row->keys, &row->key_cap, row->count + count, sizeof *row->keys);
    for (size_t i = 0; i < count; i++)
        row->keys[row->count++] = (struct key){ order_of(&at[i]), &at[i] };
    laid->next += count;
}

/* @return how many edges are left */
static size_t lay_rows(const struct tfr_graph_builder *builder, struct tfr_graph *graph)
{
    struct laid laid[] = { { &builder->configured, 0 },
                           { &builder->stated, 0 },
                           { &builder->shown, 0 },
                           { &builder->hubs, 0 } };
    struct row row = { 0 };
    size_t kept = 0;

    for (tfr_node_id node = 0; node < graph->node_count; node++) {
        row.count = 0;
        for (size_t i = 0; i < sizeof laid / sizeof laid[0]; i++)
            add_keys(&row, &laid[i], node);
        sort_row(&row);
        graph->out_start[node] = (uint32_t)kept;
        kept += put_row(&row, graph->document->names, graph->edges + kept);
    }
    graph->out_start[graph->node_count] = (uint32_t)kept;
    tfr_free(row.keys);
    tfr_free(row.spare);
    return kept;
}

/* Each row of `in` is in the order of the edges: by source. */
static void find_dependants(struct tfr_graph *graph)
{
    const struct rows rows =
        rows_by_node(target_of, graph->edges, graph->edge_count, graph->node_count);

    graph->in_start = rows.start;
    graph->in = rows.at;
}

void tfr_graph_finish_edges(struct tfr_graph_builder *builder)
{
    struct tfr_graph *graph = builder->graph;
    const size_t most = builder->configured.count + builder->stated.count + builder->shown.count +
                        builder->hubs.count;
    size_t kept;

    check_room(most);
    graph->edges = tfr_malloc(most * sizeof *graph->edges);
    graph->out_start = tfr_malloc(((size_t)graph->node_count + 1) * sizeof *graph->out_start);
    kept = lay_rows(builder, graph);
    tfr_free(builder->configured_start);
    tfr_free(builder->configured.at);
    tfr_free(builder->stated.at);
    tfr_free(builder->shown.at);
    tfr_free(builder->hubs.at);
    graph->edges = tfr_realloc(graph->edges, kept * sizeof *graph->edges);
    graph->edge_count = (uint32_t)kept;
    find_dependants(graph);
}

/* ---- finishing unresolved references -----------------------------------------------------------
 */

static int compare_syms(const struct tfr_sym *a, const struct tfr_sym *b)
{
    const uint32_t x = tfr_name_number(a);
    const uint32_t y = tfr_name_number(b);

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
    struct rows rows = rows_by_node(holder_of, list->at, list->count, graph->node_count);
    size_t kept = 0;

    graph->unresolved_start =
        tfr_malloc(((size_t)graph->node_count + 1) * sizeof *graph->unresolved_start);
    for (tfr_node_id node = 0; node < graph->node_count; node++) {
        const uint32_t *at = rows.at + rows.start[node];
        const uint32_t count = rows.start[node + 1] - rows.start[node];

        graph->unresolved_start[node] = (uint32_t)kept;
        for (uint32_t i = 0; i < count; i++)
            out[kept + i] = list->at[at[i]];
        sort_unresolved(out + kept, count);
        kept += put_unresolved(out + kept, count);
    }
    graph->unresolved_start[graph->node_count] = (uint32_t)kept;
    graph->unresolved = tfr_realloc(out, kept * sizeof *out);
    graph->unresolved_count = (uint32_t)kept;
    tfr_free(rows.start);
    tfr_free(rows.at);
    tfr_free(list->at);
}
