/* SPDX-License-Identifier: Apache-2.0 */
/* Walks: what can be reached, and what stands and falls with an object. */
#include "graph/build.h"

#include <stdlib.h>
#include <string.h>

/* Nodes that were seen, in order. A walk costs what it reaches, however large the graph is: many
 * policies walk once for each of their subjects. */
struct front {
    tfr_node_id *queue;
    size_t cap;
    uint32_t head, tail;
    uint32_t *slots; /* open addressing: place in `queue` + 1, 0: free; never more than half full */
    uint32_t mask;
    struct front *opened; /* blocks whose instances, and whose referrers, were visited; or NULL */
};

#define FIRST_SLOTS 32

static void start_front(struct front *front)
{
    *front = (struct front){ .mask = FIRST_SLOTS - 1 };
    front->slots = tfr_calloc(FIRST_SLOTS, sizeof *front->slots);
}

/* Ends all but the queue. */
static void end_seen(struct front *front)
{
    for (int i = 0; front->opened != NULL && i < 2; i++) {
        tfr_free(front->opened[i].slots);
        tfr_free(front->opened[i].queue);
    }
    tfr_free(front->opened);
    tfr_free(front->slots);
}

static void end_front(struct front *front)
{
    end_seen(front);
    tfr_free(front->queue);
}

/* The slot of a node, or the free one where it would be. */
static uint32_t *slot_of(const struct front *front, tfr_node_id node)
{
    uint32_t i = node * 2654435769U >> 7 & front->mask;

    while (front->slots[i] != 0 && front->queue[front->slots[i] - 1] != node)
        i = (i + 1) & front->mask;
    return &front->slots[i];
}

static void double_slots(struct front *front)
{
    front->mask = front->mask * 2 + 1;
    tfr_free(front->slots);
    front->slots = tfr_calloc((size_t)front->mask + 1, sizeof *front->slots);
    for (uint32_t i = 0; i < front->tail; i++)
        *slot_of(front, front->queue[i]) = i + 1;
}

/* @return false if it was visited before */
static bool visit(struct front *front, tfr_node_id node)
{
    uint32_t *slot = slot_of(front, node);

    if (*slot != 0)
        return false;
    if (front->tail == front->cap)
        front->queue =
            tfr_grow(front->queue, &front->cap, (size_t)front->tail + 1, sizeof *front->queue);
    front->queue[front->tail++] = node;
    *slot = front->tail;
    if (front->tail > front->mask / 2)
        double_slots(front);
    return true;
}

/* One that stands for a block is no object: what is behind it is as near as itself. Each is opened
 * once for each direction, or all-to-all would cost its square. */
static void go_to(const struct tfr_graph *graph, struct front *front, tfr_node_id node, bool up)
{
    struct tfr_edges edges;

    if (graph->nodes[node].kind != TFR_NODE_BLOCK) {
        (void)visit(front, node);
        return;
    }
    if (front->opened == NULL) {
        front->opened = tfr_calloc(2, sizeof *front->opened);
        start_front(&front->opened[0]);
        start_front(&front->opened[1]);
    }
    if (!visit(&front->opened[up], node))
        return;
    edges = up ? tfr_graph_dependants(graph, node) : tfr_graph_dependencies(graph, node);
    for (uint32_t i = 0; i < edges.count; i++)
        (void)visit(front, up ? tfr_edge_at(&edges, i)->from : tfr_edge_at(&edges, i)->to);
}

static bool stops(const struct tfr_graph *graph, const struct tfr_walk *walk, tfr_node_id node)
{
    const struct tfr_resource *resource = graph->nodes[node].resource;

    return walk->stop_type != NULL && resource != NULL && resource->type == walk->stop_type;
}

static bool is_taken(const struct tfr_walk *walk, const struct tfr_edge *edge)
{
    return walk->with_order ? (edge->when & walk->when) != 0 : tfr_edge_is_use(edge, walk->when);
}

static void spread(const struct tfr_graph *graph, const struct tfr_walk *walk, struct front *front,
                   tfr_node_id node)
{
    const struct tfr_edges in = tfr_graph_dependants(graph, node);
    const struct tfr_edges out = tfr_graph_dependencies(graph, node);

    for (uint32_t i = 0; walk->direction != TFR_DOWN && i < in.count; i++) {
        if (is_taken(walk, tfr_edge_at(&in, i)))
            go_to(graph, front, tfr_edge_at(&in, i)->from, true);
    }
    for (uint32_t i = 0; walk->direction != TFR_UP && i < out.count; i++) {
        if (is_taken(walk, tfr_edge_at(&out, i)))
            go_to(graph, front, tfr_edge_at(&out, i)->to, false);
    }
}

static bool wanted(const struct tfr_graph *graph, const struct tfr_walk *walk, tfr_node_id node)
{
    const struct tfr_resource *resource = graph->nodes[node].resource;

    if (walk->only_type != NULL)
        return resource != NULL && resource->type == walk->only_type;
    return !walk->resources_only || resource != NULL;
}

static int by_number(const void *left, const void *right)
{
    const tfr_node_id a = *(const tfr_node_id *)left;
    const tfr_node_id b = *(const tfr_node_id *)right;

    return a < b ? -1 : a > b;
}

void tfr_graph_reach(const struct tfr_graph *graph, tfr_node_id start, const struct tfr_walk *walk,
                     struct tfr_nodes *out)
{
    struct front front;
    uint32_t level_end = 1;
    uint32_t depth = 0;

    *out = (struct tfr_nodes){ 0 };
    start_front(&front);
    (void)visit(&front, start);
    while (front.head < front.tail && (walk->depth == 0 || depth < walk->depth)) {
        const tfr_node_id node = front.queue[front.head++];

        if (node == start || !stops(graph, walk, node))
            spread(graph, walk, &front, node);
        if (front.head == level_end) {
            depth++;
            level_end = front.tail;
        }
    }
    for (uint32_t i = 1; i < front.tail; i++) {
        if (wanted(graph, walk, front.queue[i]))
            front.queue[out->count++] = front.queue[i];
    }
    out->at = front.queue;
    if (out->count > 0)
        qsort(out->at, out->count, sizeof *out->at, by_number);
    end_seen(&front);
}

void tfr_graph_neighbours(const struct tfr_graph *graph, tfr_node_id node,
                          enum tfr_direction direction, enum tfr_when when, struct tfr_nodes *out)
{
    const struct tfr_walk walk = { .direction = direction, .when = when, .depth = 1 };

    tfr_graph_reach(graph, node, &walk, out);
}

void tfr_nodes_fini(struct tfr_nodes *nodes)
{
    tfr_free(nodes->at);
    *nodes = (struct tfr_nodes){ 0 };
}

/* ---- blast radius ------------------------------------------------------------------------------
 */

/* Shorter identifiers are not looked for in values, so their absence proves nothing, bytes. */
#define TELLING_ID 8

/* A state lists what must be made first, through locals and conditions that came to nothing as
 * well. Where the object has an identifier and none of the dependant's values holds it, the
 * dependency is one of order: nothing breaks. */
static bool is_order_only(const struct tfr_graph *graph, const struct tfr_edge *edge)
{
    const struct tfr_resource *target = graph->nodes[edge->to].resource;
    const struct tfr_value *id;

    if (edge->origin == TFR_ORIGIN_ORDER)
        return true;
    if (edge->origin != TFR_ORIGIN_STATE || target == NULL)
        return false;
    id = tfr_value_get(target->before.kind == TFR_OBJECT ? &target->before : &target->after, "id");
    return id->kind == TFR_STRING && id->count >= TELLING_ID;
}

static void spread_harm(const struct tfr_graph *graph, struct front *front, tfr_node_id node)
{
    const struct tfr_edges in = tfr_graph_dependants(graph, node);

    for (uint32_t i = 0; i < in.count; i++) {
        if ((tfr_edge_at(&in, i)->when & TFR_BEFORE) != 0 &&
            !is_order_only(graph, tfr_edge_at(&in, i)))
            go_to(graph, front, tfr_edge_at(&in, i)->from, true);
    }
}

static bool is_hit(const struct tfr_node *node)
{
    return node->resource != NULL && node->kind == TFR_NODE_RESOURCE &&
           (node->resource->deletes || node->resource->forgets);
}

/* An object that lives on counts as hit by what it stands on; one that goes away as well only
 * passes it on. */
static bool counts(const struct tfr_node *node)
{
    return node->resource != NULL && node->kind == TFR_NODE_RESOURCE &&
           tfr_resource_is_live(node->resource);
}

static bool named_before(const struct tfr_graph *graph, tfr_node_id a, tfr_node_id b)
{
    return strcmp(graph->nodes[a].address->text, graph->nodes[b].address->text) < 0;
}

/* Puts a node among those that are named, if it is one of the first. @param from of its kind */
static void name_node(const struct tfr_graph *graph, struct tfr_blast *out, uint32_t from,
                      tfr_node_id node)
{
    uint32_t place = out->named_count;

    while (place > from && named_before(graph, node, out->named[place - 1]))
        place--;
    if (place == TFR_BLAST_NAMED)
        return;
    if (out->named_count < TFR_BLAST_NAMED)
        out->named_count++;
    memmove(&out->named[place + 1], &out->named[place],
            (out->named_count - 1 - place) * sizeof *out->named);
    out->named[place] = node;
}

/* Nodes that were reached, from one place of the queue to another. */
static void add_reached(const struct tfr_graph *graph, const struct front *front, uint32_t from,
                        uint32_t end, struct tfr_blast *out)
{
    const uint32_t first = out->named_count;

    for (uint32_t i = from; i < end; i++) {
        const struct tfr_node *at = &graph->nodes[front->queue[i]];

        if (at->resource == NULL || at->kind != TFR_NODE_RESOURCE || (at->when & TFR_BEFORE) == 0)
            continue;
        out->total++;
        out->also_changed +=
            at->resource->action != TFR_ACTION_NO_OP && at->resource->action != TFR_ACTION_NONE;
        name_node(graph, out, first, front->queue[i]);
    }
}

void tfr_graph_blast(const struct tfr_graph *graph, tfr_node_id node, struct tfr_blast *out)
{
    struct front front;
    uint32_t direct_end;

    *out = (struct tfr_blast){ 0 };
    start_front(&front);
    (void)visit(&front, node);
    spread_harm(graph, &front, front.queue[front.head++]);
    direct_end = front.tail;
    while (front.head < front.tail)
        spread_harm(graph, &front, front.queue[front.head++]);
    add_reached(graph, &front, 1, direct_end, out);
    out->direct = out->total;
    add_reached(graph, &front, direct_end, front.tail, out);
    end_front(&front);
}

uint32_t tfr_graph_blast_of_plan(const struct tfr_graph *graph)
{
    struct front front;
    uint32_t started;
    uint32_t count = 0;

    start_front(&front);
    for (tfr_node_id i = 0; i < graph->node_count; i++) {
        if (is_hit(&graph->nodes[i]))
            (void)visit(&front, i);
    }
    started = front.tail;
    while (front.head < front.tail)
        spread_harm(graph, &front, front.queue[front.head++]);
    for (uint32_t i = started; i < front.tail; i++)
        count += counts(&graph->nodes[front.queue[i]]);
    end_front(&front);
    return count;
}
