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

/* Where the row of each node begins. `place` holds the node of each item, and then the place where
 * the item goes: items of one node stay in the order in which they were found. */
static uint32_t *start_rows(uint32_t *place, size_t count, size_t nodes)
{
    uint32_t *start = tfr_calloc(nodes + 2, sizeof *start); /* of a node, two places on */

    for (size_t i = 0; i < count; i++)
        start[place[i] + 2]++;
    for (size_t i = 1; i < nodes; i++)
        start[i + 1] += start[i];
    for (size_t i = 0; i < count; i++)
        place[i] = start[place[i] + 1]++;
    return start; /* now the last but one is the end of all rows */
}

/* Moves each item of `size` bytes to its place, without a second array. */
static inline void move_items(void *items, size_t size, uint32_t *place, size_t count)
{
    char *at = items;
    char held[32];

    for (size_t i = 0; i < count; i++) {
        while (place[i] != i) {
            const uint32_t to = place[i];

            memcpy(held, at + to * size, size);
            memcpy(at + to * size, at + i * size, size);
            memcpy(at + i * size, held, size);
            place[i] = place[to];
            place[to] = to;
        }
    }
}

static uint32_t *group_edges(struct tfr_edge_list *list, size_t nodes)
{
    uint32_t *place = tfr_malloc(list->count * sizeof *place);
    uint32_t *start;

    for (size_t i = 0; i < list->count; i++)
        place[i] = list->at[i].from;
    start = start_rows(place, list->count, nodes);
    move_items(list->at, sizeof *list->at, place, list->count);
    tfr_free(place);
    return start;
}

void tfr_graph_group_edges(struct tfr_graph_builder *builder)
{
    tfr_free(group_edges(&builder->edges, builder->graph->node_count));
}

/* ---- within a row ------------------------------------------------------------------------------
 */

static int compare_syms(const struct tfr_sym *a, const struct tfr_sym *b)
{
    const uint32_t x = a != NULL ? a->id + 1 : 0;
    const uint32_t y = b != NULL ? b->id + 1 : 0;

    return x < y ? -1 : x > y;
}

/* Of one row. Name ids follow the order of the document, so this order does too. */
static bool goes_before(const struct tfr_edge *a, const struct tfr_edge *b)
{
    if (a->to != b->to)
        return a->to < b->to;
    if (a->origin != b->origin)
        return a->origin < b->origin;
    return compare_syms(a->path, b->path) < 0;
}

static void sort_short(struct tfr_edge *at, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct tfr_edge edge = at[i];
        size_t place = i;

        for (; place > 0 && goes_before(&edge, &at[place - 1]); place--)
            at[place] = at[place - 1];
        at[place] = edge;
    }
}

static void merge(struct tfr_edge *out, const struct tfr_edge *at, size_t middle, size_t count)
{
    size_t left = 0;
    size_t right = middle;

    for (size_t i = 0; i < count; i++) {
        const bool second = left == middle || (right < count && goes_before(&at[right], &at[left]));

        out[i] = second ? at[right++] : at[left++];
    }
}

/* Of edges that differ in nothing they are sorted by, the one that was found first stays first. */
static void sort_row(struct tfr_edge *at, size_t count)
{
    struct tfr_edge *spare;

    for (size_t i = 0; i < count; i += SHORT_ROW)
        sort_short(at + i, count - i < SHORT_ROW ? count - i : SHORT_ROW);
    if (count <= SHORT_ROW)
        return;
    spare = tfr_malloc(count * sizeof *spare);
    for (size_t run = SHORT_ROW; run < count; run *= 2) {
        for (size_t i = 0; i < count; i += run * 2) {
            const size_t left = count - i;

            merge(spare + i, at + i, left < run ? left : run, left < run * 2 ? left : run * 2);
        }
        memcpy(at, spare, count * sizeof *spare);
    }
    tfr_free(spare);
}

/* ---- finishing edges ---------------------------------------------------------------------------
 */

static bool same_edge(const struct tfr_edge *a, const struct tfr_edge *b)
{
    return a->from == b->from && a->to == b->to && a->origin == b->origin && a->path == b->path;
}

/* Order tells nothing beside another edge between the two. */
static bool is_mere_order(const struct tfr_edge *kept, const struct tfr_edge *edge)
{
    return edge->origin == TFR_ORIGIN_ORDER && kept->from == edge->from && kept->to == edge->to;
}

/* Makes one of edges that differ in time or certainty alone. */
static void finish_edges(struct tfr_graph *graph, struct tfr_edge_list *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        const struct tfr_edge *edge = &list->at[i];
        struct tfr_edge *last = kept > 0 ? &list->at[kept - 1] : NULL;

        if (edge->when == 0 || /* what the configuration names now and did not before */
            (last != NULL && is_mere_order(last, edge)))
            continue;
        if (last != NULL && same_edge(last, edge)) {
            last->when |= edge->when;
            if (edge->certainty < last->certainty)
                last->certainty = edge->certainty;
            continue;
        }
        list->at[kept++] = *edge;
    }
    graph->edges = tfr_realloc(list->at, kept * sizeof *list->at);
    graph->edge_count = (uint32_t)kept;
}

/* Each row of `in` is in the order of the edges: by source. */
static void find_rows(struct tfr_graph *graph)
{
    const uint32_t count = graph->edge_count;
    uint32_t *place = tfr_malloc(count * sizeof *place);

    graph->out_start = tfr_calloc((size_t)graph->node_count + 1, sizeof *graph->out_start);
    for (uint32_t i = 0; i < count; i++) {
        graph->out_start[graph->edges[i].from + 1]++;
        place[i] = graph->edges[i].to;
    }
    for (size_t i = 0; i < graph->node_count; i++)
        graph->out_start[i + 1] += graph->out_start[i];
    graph->in_start = start_rows(place, count, graph->node_count);
    graph->in = tfr_malloc(count * sizeof *graph->in);
    for (uint32_t i = 0; i < count; i++)
        graph->in[place[i]] = i;
    tfr_free(place);
}

void tfr_graph_finish_edges(struct tfr_graph_builder *builder)
{
    struct tfr_edge_list *list = &builder->edges;
    const size_t nodes = builder->graph->node_count;
    uint32_t *start = group_edges(list, nodes);

    for (size_t i = 0; i < nodes; i++)
        sort_row(list->at + start[i], start[i + 1] - start[i]);
    tfr_free(start);
    finish_edges(builder->graph, list);
    find_rows(builder->graph);
}

/* ---- finishing unresolved references -----------------------------------------------------------
 */

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

void tfr_graph_finish_unresolved(struct tfr_graph_builder *builder)
{
    struct tfr_graph *graph = builder->graph;
    struct tfr_unresolved_list *list = &builder->unresolved;
    uint32_t *place = tfr_malloc(list->count * sizeof *place);
    uint32_t *start;
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        place[i] = list->at[i].from;
    start = start_rows(place, list->count, graph->node_count);
    move_items(list->at, sizeof *list->at, place, list->count);
    tfr_free(place);
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
}
