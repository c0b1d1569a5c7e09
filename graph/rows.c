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

void tfr_graph_add_edge(struct tfr_graph_builder *builder, const struct tfr_found_edge *found)
{
    struct tfr_edge_list *edges = &builder->edges;

    if (edges->count == edges->cap) {
        check_room(edges->count);
        edges->at = tfr_grow(edges->at, &edges->cap, edges->count + 1, sizeof *edges->at);
    }
    edges->at[edges->count++] = (struct tfr_edge){ .from = found->from & TFR_MOST_NODES,
                                                   .when = found->when & 3U,
                                                   .certainty = found->certainty & 3U,
                                                   .to = found->to & TFR_MOST_NODES,
                                                   .origin = found->origin & 15U,
                                                   .path = found->path,
                                                   .reference = found->reference };
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

/* ---- by source ---------------------------------------------------------------------------------
 */

/* Makes places of counts: the count of a row is two places on, and then its begin one place on. Who
 * puts each item there and moves the begin on leaves the begins of all rows, and the end of the
 * last. */
static void start_rows(uint32_t *start, size_t rows)
{
    for (size_t i = 1; i < rows; i++)
        start[i + 1] += start[i];
}

/* Edges of one source stay in the order in which they were found. */
static uint32_t *group_edges(struct tfr_edge_list *list, size_t nodes)
{
    uint32_t *start = tfr_calloc(nodes + 2, sizeof *start);
    struct tfr_edge *grouped = tfr_malloc(list->count * sizeof *grouped);

    for (size_t i = 0; i < list->count; i++)
        start[list->at[i].from + 2]++;
    start_rows(start, nodes);
    for (size_t i = 0; i < list->count; i++)
        grouped[start[list->at[i].from + 1]++] = list->at[i];
    tfr_free(list->at);
    list->at = grouped;
    list->cap = list->count;
    return start;
}

void tfr_graph_group_edges(struct tfr_graph_builder *builder)
{
    tfr_free(group_edges(&builder->edges, builder->graph->node_count));
}

/* ---- one row -----------------------------------------------------------------------------------
 */

/* What an edge of a row is sorted by. */
struct key {
    uint64_t order; /* target, origin and path */
    uint32_t at;    /* the edge: those that differ in nothing else stay as they were found */
};

/* The row at hand. */
struct row {
    struct tfr_edge *edges;
    struct key *keys;
    size_t count, edge_cap, key_cap;
};

/* Name ids follow the order of the document, so this order does too. */
static uint64_t order_of(const struct tfr_edge *edge)
{
    return (uint64_t)edge->to << 36 | (uint64_t)edge->origin << 32 |
           (edge->path != NULL ? edge->path->id + 1 : 0);
}

static bool goes_before(const struct key *a, const struct key *b)
{
    return a->order < b->order || (a->order == b->order && a->at < b->at);
}

/* For qsort(). */
static int compare_keys(const void *left, const void *right)
{
    return goes_before(left, right) ? -1 : goes_before(right, left);
}

static void sort_keys(struct key *keys, size_t count)
{
    if (count > SHORT_ROW) {
        qsort(keys, count, sizeof *keys, compare_keys);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        const struct key key = keys[i];
        size_t place = i;

        for (; place > 0 && goes_before(&key, &keys[place - 1]); place--)
            keys[place] = keys[place - 1];
        keys[place] = key;
    }
}

static void take_row(struct row *row, const struct tfr_edge *edges, size_t count)
{
    row->edges = tfr_grow(row->edges, &row->edge_cap, count, sizeof *row->edges);
    row->keys = tfr_grow(row->keys, &row->key_cap, count, sizeof *row->keys);
    row->count = count;
    for (size_t i = 0; i < count; i++) {
        row->edges[i] = edges[i];
        row->keys[i] = (struct key){ order_of(&edges[i]), (uint32_t)i };
    }
    sort_keys(row->keys, count);
}

/* Order tells nothing beside another edge between the two. */
static bool is_mere_order(const struct tfr_edge *kept, const struct tfr_edge *edge)
{
    return edge->origin == TFR_ORIGIN_ORDER && kept->to == edge->to;
}

/* Makes one of edges that differ in time or certainty alone. @return how many are left */
static size_t put_row(const struct row *row, struct tfr_edge *out)
{
    size_t kept = 0;

    for (size_t i = 0; i < row->count; i++) {
        const struct tfr_edge *edge = &row->edges[row->keys[i].at];
        struct tfr_edge *last = kept > 0 ? &out[kept - 1] : NULL;

        if (edge->when == 0 || /* what the configuration names now and did not before */
            (last != NULL && is_mere_order(last, edge)))
            continue;
        if (last != NULL && order_of(last) == row->keys[i].order) {
            last->when |= edge->when;
            if (edge->certainty < last->certainty)
                last->certainty = edge->certainty;
            continue;
        }
        out[kept++] = *edge;
    }
    return kept;
}

/* ---- finishing edges ---------------------------------------------------------------------------
 */

/* Each row of `in` is in the order of the edges: by source. */
static void find_dependants(struct tfr_graph *graph)
{
    graph->in_start = tfr_calloc((size_t)graph->node_count + 2, sizeof *graph->in_start);
    graph->in = tfr_malloc(graph->edge_count * sizeof *graph->in);
    for (uint32_t i = 0; i < graph->edge_count; i++)
        graph->in_start[graph->edges[i].to + 2]++;
    start_rows(graph->in_start, graph->node_count);
    for (uint32_t i = 0; i < graph->edge_count; i++)
        graph->in[graph->in_start[graph->edges[i].to + 1]++] = i;
}

void tfr_graph_finish_edges(struct tfr_graph_builder *builder)
{
    struct tfr_graph *graph = builder->graph;
    struct tfr_edge *edges;
    uint32_t *start = group_edges(&builder->edges, graph->node_count);
    struct row row = { 0 };
    size_t kept = 0;

    edges = builder->edges.at;
    for (size_t i = 0; i < graph->node_count; i++) {
        const uint32_t end = start[i + 1];

        take_row(&row, edges + start[i], end - start[i]);
        start[i] = (uint32_t)kept;
        kept += put_row(&row, edges + kept);
    }
    start[graph->node_count] = (uint32_t)kept;
    tfr_free(row.edges);
    tfr_free(row.keys);
    graph->out_start = start;
    graph->edges = tfr_realloc(edges, kept * sizeof *edges);
    graph->edge_count = (uint32_t)kept;
    find_dependants(graph);
}

/* ---- finishing unresolved references -----------------------------------------------------------
 */

static int compare_syms(const struct tfr_sym *a, const struct tfr_sym *b)
{
    const uint32_t x = a != NULL ? a->id + 1 : 0;
    const uint32_t y = b != NULL ? b->id + 1 : 0;

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

static uint32_t *group_unresolved(struct tfr_unresolved_list *list, size_t nodes)
{
    uint32_t *start = tfr_calloc(nodes + 2, sizeof *start);
    struct tfr_unresolved *grouped = tfr_malloc(list->count * sizeof *grouped);

    for (size_t i = 0; i < list->count; i++)
        start[list->at[i].from + 2]++;
    start_rows(start, nodes);
    for (size_t i = 0; i < list->count; i++)
        grouped[start[list->at[i].from + 1]++] = list->at[i];
    tfr_free(list->at);
    list->at = grouped;
    return start;
}

void tfr_graph_finish_unresolved(struct tfr_graph_builder *builder)
{
    struct tfr_graph *graph = builder->graph;
    struct tfr_unresolved_list *list = &builder->unresolved;
    uint32_t *start = group_unresolved(list, graph->node_count);
    size_t kept = 0;

    for (size_t i = 0; i < graph->node_count; i++)
        sort_unresolved(list->at + start[i], start[i + 1] - start[i]);
    tfr_free(start);
    for (size_t i = 0; i < list->count; i++) {
        const struct tfr_unresolved *last = kept > 0 ? &list->at[kept - 1] : NULL;

        if (last == NULL || last->from != list->at[i].from ||
            compare_unresolved(last, &list->at[i]) != 0)
            list->at[kept++] = list->at[i];
    }
    graph->unresolved = tfr_realloc(list->at, kept * sizeof *list->at);
    graph->unresolved_count = (uint32_t)kept;
    graph->unresolved_start = tfr_calloc((size_t)graph->node_count + 1, sizeof(uint32_t));
    for (size_t i = 0; i < kept; i++)
        graph->unresolved_start[graph->unresolved[i].from + 1]++;
    for (size_t i = 0; i < graph->node_count; i++)
        graph->unresolved_start[i + 1] += graph->unresolved_start[i];
}
