/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about the shape of the graph: cycles, parts that hang together, ways between two. Each
 * is linear in nodes and edges, and none uses the C stack for depth. */
#include "graph/build.h"

#include <stdlib.h>
#include <string.h>

static int by_number(const void *left, const void *right)
{
    const tfr_node_id a = *(const tfr_node_id *)left;
    const tfr_node_id b = *(const tfr_node_id *)right;

    return a < b ? -1 : a > b;
}

void tfr_node_groups_fini(struct tfr_node_groups *groups)
{
    tfr_free(groups->at);
    tfr_free(groups->end);
    *groups = (struct tfr_node_groups){ 0 };
}

/* ---- cycles ------------------------------------------------------------------------------------
 */

/* Tarjan's strongly connected components; a frame holds what a call would. */
struct frame {
    tfr_node_id node;
    uint32_t edge; /* the next one to go along */
};

struct search {
    const struct tfr_graph *graph;
    enum tfr_when when;
    uint32_t *number; /* by node: when it was found, 0: not yet */
    uint32_t *low;    /* by node: the earliest that it leads back to; UINT32_MAX: done with */
    tfr_node_id *open;
    struct frame *frames;
    uint32_t open_count, frame_count, numbers;
    struct tfr_node_groups *out;
    uint32_t kept;
};

static void enter(struct search *search, tfr_node_id node)
{
    search->number[node] = search->low[node] = ++search->numbers;
    search->open[search->open_count++] = node;
    search->frames[search->frame_count++] = (struct frame){ node, 0 };
}

/* Takes a finished component off the stack; one node alone is no cycle, nor is a node that stands
 * for a block part of one. */
static void close_component(struct search *search, tfr_node_id root)
{
    struct tfr_node_groups *out = search->out;
    uint32_t from = search->open_count;
    uint32_t size = 0;

    do {
        const tfr_node_id node = search->open[--from];

        search->low[node] = UINT32_MAX;
        if (search->graph->nodes[node].kind != TFR_NODE_BLOCK)
            out->at[search->kept + size++] = node;
    } while (search->open[from] != root);
    search->open_count = from;
    if (size < 2)
        return;
    qsort(out->at + search->kept, size, sizeof *out->at, by_number);
    search->kept += size;
    out->end[out->count++] = search->kept;
}

static void step(struct search *search)
{
    struct frame *frame = &search->frames[search->frame_count - 1];
    const tfr_node_id node = frame->node;
    const struct tfr_edges edges = tfr_graph_dependencies(search->graph, node);
    tfr_node_id to;

    if (frame->edge < edges.count) {
        const struct tfr_edge *edge = tfr_edge_at(&edges, frame->edge++);

        to = edge->to;
        if (!tfr_edge_is_use(edge, search->when))
            return;
        if (search->number[to] == 0)
            enter(search, to);
        else if (search->low[to] != UINT32_MAX && search->number[to] < search->low[node])
            search->low[node] = search->number[to];
        return;
    }
    if (search->low[node] == search->number[node])
        close_component(search, node);
    if (--search->frame_count > 0 && search->low[node] != UINT32_MAX) {
        to = search->frames[search->frame_count - 1].node;
        if (search->low[node] < search->low[to])
            search->low[to] = search->low[node];
    }
}

static int by_first(const void *left, const void *right)
{
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;

    return a < b ? -1 : a > b;
}

/* Groups in the order of their first members: the search finds them in another. */
static void sort_groups(struct tfr_node_groups *groups)
{
    uint64_t *order = tfr_calloc(groups->count, sizeof *order);
    tfr_node_id *at =
        tfr_calloc(groups->count > 0 ? groups->end[groups->count - 1] : 0, sizeof *at);
    uint32_t *end = tfr_calloc(groups->count, sizeof *end);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < groups->count; i++)
        order[i] = (uint64_t)groups->at[i > 0 ? groups->end[i - 1] : 0] << 32 | i;
    if (groups->count > 0)
        qsort(order, groups->count, sizeof *order, by_first);
    for (uint32_t i = 0; i < groups->count; i++) {
        const uint32_t group = (uint32_t)order[i];
        const uint32_t from = group > 0 ? groups->end[group - 1] : 0;
        const uint32_t size = groups->end[group] - from;

        memcpy(at + kept, groups->at + from, size * sizeof *at);
        kept += size;
        end[i] = kept;
    }
    tfr_free(order);
    tfr_free(groups->at);
    tfr_free(groups->end);
    groups->at = at;
    groups->end = end;
}

void tfr_graph_cycles(const struct tfr_graph *graph, enum tfr_when when,
                      struct tfr_node_groups *out)
{
    const size_t nodes = graph->node_count;
    struct search search = { .graph = graph, .when = when, .out = out };

    *out = (struct tfr_node_groups){ 0 };
    out->at = tfr_calloc(nodes, sizeof *out->at);
    out->end = tfr_calloc(nodes, sizeof *out->end);
    search.number = tfr_calloc(nodes, sizeof *search.number);
    search.low = tfr_calloc(nodes, sizeof *search.low);
    search.open = tfr_calloc(nodes, sizeof *search.open);
    search.frames = tfr_calloc(nodes, sizeof *search.frames);
    for (tfr_node_id node = 0; node < nodes; node++) {
        if (search.number[node] == 0)
            enter(&search, node);
        while (search.frame_count > 0)
            step(&search);
    }
    sort_groups(out);
    tfr_free(search.number);
    tfr_free(search.low);
    tfr_free(search.open);
    tfr_free(search.frames);
}

/* ---- components --------------------------------------------------------------------------------
 */

/* Variables, providers and outputs join what has nothing to do with each other. */
static bool joins(const struct tfr_node *node)
{
    return node->kind == TFR_NODE_RESOURCE || node->kind == TFR_NODE_DATA ||
           node->kind == TFR_NODE_BLOCK;
}

static tfr_node_id root_of(tfr_node_id *parent, tfr_node_id node)
{
    while (parent[node] != node) {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    return node;
}

void tfr_graph_components(const struct tfr_graph *graph, enum tfr_when when,
                          struct tfr_node_groups *out)
{
    const uint32_t nodes = graph->node_count;
    tfr_node_id *parent = tfr_calloc(nodes, sizeof *parent);
    uint32_t *size = tfr_calloc(nodes, sizeof *size); /* by root, then where it goes on in `at` */
    uint32_t *group = tfr_calloc(nodes, sizeof *group);

    *out = (struct tfr_node_groups){ 0 };
    out->at = tfr_calloc(nodes, sizeof *out->at);
    out->end = tfr_calloc(nodes, sizeof *out->end);
    for (tfr_node_id i = 0; i < nodes; i++)
        parent[i] = i;
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const struct tfr_edge *edge = &graph->edges[i];

        if (tfr_edge_is_use(edge, when) && joins(&graph->nodes[edge->from]) &&
            joins(&graph->nodes[edge->to])) {
            const tfr_node_id a = root_of(parent, edge->from);
            const tfr_node_id b = root_of(parent, edge->to);

            parent[a > b ? a : b] = a > b ? b : a; /* the first node is the root */
        }
    }
    for (tfr_node_id i = 0; i < nodes; i++) {
        const bool counts = graph->nodes[i].resource != NULL && (graph->nodes[i].when & when) != 0;
        const tfr_node_id root = root_of(parent, i);

        if (counts && size[root]++ == 0)
            group[root] = out->count++;
    }
    for (tfr_node_id i = 0; i < nodes; i++) {
        if (size[i] > 0)
            out->end[group[i]] = size[i];
    }
    for (uint32_t i = 1; i < out->count; i++)
        out->end[i] += out->end[i - 1];
    for (tfr_node_id i = nodes; i-- > 0;) {
        const tfr_node_id root = root_of(parent, i);

        if (graph->nodes[i].resource != NULL && (graph->nodes[i].when & when) != 0)
            out->at[(group[root] > 0 ? out->end[group[root] - 1] : 0) + --size[root]] = i;
    }
    tfr_free(parent);
    tfr_free(size);
    tfr_free(group);
}

/* ---- ways between two --------------------------------------------------------------------------
 */

void tfr_graph_way(const struct tfr_graph *graph, tfr_node_id from, tfr_node_id to,
                   enum tfr_when when, struct tfr_way *out)
{
    const struct tfr_edge **by = tfr_calloc(graph->node_count, sizeof(struct tfr_edge *));
    tfr_node_id *queue = tfr_calloc(graph->node_count, sizeof *queue);
    uint32_t head = 0;
    uint32_t tail = 0;

    *out = (struct tfr_way){ 0 };
    queue[tail++] = from;
    while (head < tail && by[to] == NULL) {
        const struct tfr_edges edges = tfr_graph_dependencies(graph, queue[head++]);

        for (uint32_t i = 0; i < edges.count; i++) {
            const tfr_node_id next = tfr_edge_at(&edges, i)->to;

            if (!tfr_edge_is_use(tfr_edge_at(&edges, i), when) || next == from || by[next] != NULL)
                continue;
            by[next] = tfr_edge_at(&edges, i);
            queue[tail++] = next;
        }
    }
    for (tfr_node_id at = to; from != to && by[at] != NULL; at = by[at]->from)
        out->count++;
    out->at = tfr_calloc(out->count, sizeof(struct tfr_edge *));
    for (uint32_t i = out->count; i-- > 0;) {
        out->at[i] = by[to];
        to = by[to]->from;
    }
    tfr_free((void *)by);
    tfr_free(queue);
}

void tfr_way_fini(struct tfr_way *way)
{
    tfr_free((void *)way->at);
    *way = (struct tfr_way){ 0 };
}

void tfr_graph_between(const struct tfr_graph *graph, tfr_node_id from, tfr_node_id to,
                       enum tfr_when when, struct tfr_nodes *out)
{
    const struct tfr_walk down = { .direction = TFR_DOWN, .when = when };
    const struct tfr_walk up = { .direction = TFR_UP, .when = when };
    struct tfr_nodes above;
    uint32_t kept = 0;

    tfr_graph_reach(graph, from, &down, out);
    tfr_graph_reach(graph, to, &up, &above);
    /* Both are sorted; the ends themselves are in neither of their own. */
    for (uint32_t i = 0, j = 0; i < out->count; i++) {
        while (j < above.count && above.at[j] < out->at[i])
            j++;
        if (j < above.count && above.at[j] == out->at[i] && out->at[i] != from && out->at[i] != to)
            out->at[kept++] = out->at[i];
    }
    out->count = kept;
    tfr_nodes_fini(&above);
}

/* ---- left alone --------------------------------------------------------------------------------
 */

void tfr_graph_unreferenced(const struct tfr_graph *graph, enum tfr_when when,
                            const struct tfr_sym *type, struct tfr_nodes *out)
{
    *out = (struct tfr_nodes){ tfr_calloc(graph->node_count, sizeof *out->at), 0 };
    for (tfr_node_id node = 0; node < graph->node_count; node++) {
        const struct tfr_node *at = &graph->nodes[node];
        const struct tfr_edges in = tfr_graph_dependants(graph, node);
        bool used = false;

        if (at->kind != TFR_NODE_RESOURCE || (at->when & when) == 0 ||
            (type != NULL && at->resource->type != type))
            continue;
        for (uint32_t i = 0; i < in.count && !used; i++)
            used = tfr_edge_is_use(tfr_edge_at(&in, i), when);
        if (!used)
            out->at[out->count++] = node;
    }
}

/* ---- values of neighbours ----------------------------------------------------------------------
 */

/* What is no text and no whole number shares a place in the table with all of its kind. */
static uint64_t hash_value(const struct tfr_value *value)
{
    long long number;

    if (tfr_value_integer(value, &number))
        return (uint64_t)number * 0x9e3779b97f4a7c15u;
    if (value->kind == TFR_STRING)
        return tfr_hash(value->text, value->count);
    return (uint64_t)value->kind << 1 | (value->kind == TFR_BOOL && value->truth);
}

void tfr_graph_distinct(const struct tfr_graph *graph, const struct tfr_nodes *nodes,
                        const char *path, enum tfr_when when, struct tfr_distinct *out)
{
    const struct tfr_value **table; /* open addressing, at most half full */
    size_t mask = 1;

    *out = (struct tfr_distinct){ 0 };
    while (mask < (size_t)nodes->count * 2)
        mask *= 2;
    table = tfr_calloc(mask, sizeof(struct tfr_value *));
    mask--;
    for (uint32_t i = 0; i < nodes->count; i++) {
        const struct tfr_resource *resource = graph->nodes[nodes->at[i]].resource;
        const struct tfr_value *value = &tfr_absent;
        size_t at;

        if (resource != NULL && (graph->nodes[nodes->at[i]].when & when) != 0)
            value = tfr_value_path(when == TFR_BEFORE && resource->before.kind == TFR_OBJECT
                                       ? &resource->before
                                       : tfr_resource_values(resource),
                                   path);
        if (tfr_value_missing(value)) {
            out->missing++;
            continue;
        }
        if (tfr_value_has_unknown(value)) {
            out->unknown++;
            continue;
        }
        at = (size_t)hash_value(value) & mask;
        while (table[at] != NULL && !tfr_value_equal(table[at], value))
            at = (at + 1) & mask;
        out->known += table[at] == NULL;
        table[at] = value;
    }
    tfr_free((void *)table);
}
