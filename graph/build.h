/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_GRAPH_BUILD_H
#define TFR_GRAPH_BUILD_H

#include "graph/graph.h"

struct tfr_graph {
    struct tfr_document *document;
    struct tfr_node *nodes;
    uint32_t node_count;
    size_t node_cap;
    struct tfr_edge *edges; /* sorted by from, to, origin, path */
    uint32_t edge_count;
    uint32_t *in;                      /* edges by to */
    uint32_t *out_start;               /* of node n: edges[out_start[n] .. out_start[n + 1]) */
    uint32_t *in_start;                /* of node n: edges[in[in_start[n] .. in_start[n + 1])] */
    struct tfr_unresolved *unresolved; /* sorted by from */
    uint32_t unresolved_count;
    uint32_t *by_address;  /* by name id: node of the current object + 1 */
    uint32_t *by_block;    /* by name id of a block: its first node + 1 */
    size_t sym_cap;        /* entries of both */
    uint32_t *next;        /* by node: the next node of the same block + 1 */
    uint32_t *by_resource; /* nodes of changes, then of prior: node + 1 */
};

/** An edge before it is packed. */
struct tfr_found_edge {
    tfr_node_id from, to;
    uint8_t origin, certainty, when;
    const struct tfr_sym *path, *reference;
};
/** Edges while they are found. */
struct tfr_edge_list {
    struct tfr_edge *at;
    size_t count, cap;
};
struct tfr_unresolved_list {
    struct tfr_unresolved *at;
    size_t count, cap;
};

/** Instances of a block in one module instance (or in all of them), groups.c. Zero: none. */
struct tfr_group {
    uint32_t first; /* for tfr_group_next() */
    uint32_t size;
    uint32_t hub; /* the node that stands for them + 1 */
};
struct tfr_groups;

struct tfr_graph_builder {
    struct tfr_graph *graph;
    struct tfr_edge_list edges;
    struct tfr_unresolved_list unresolved;
    struct tfr_groups *groups; /* NULL until the first is asked for */
};

/** Room for tables by name id, as names are added while building. */
void tfr_graph_fit(struct tfr_graph *graph);
const struct tfr_sym *tfr_graph_name(struct tfr_graph *graph, const char *text, size_t len);
/** First node of a block, TFR_NO_NODE if it has none; tfr_graph_next_in_block() gives the others.
 */
tfr_node_id tfr_graph_first_in_block(const struct tfr_graph *graph, const struct tfr_sym *block);
tfr_node_id tfr_graph_next_in_block(const struct tfr_graph *graph, tfr_node_id node);
tfr_node_id tfr_graph_add_node(struct tfr_graph *graph, const struct tfr_node *node);
void tfr_graph_add_edge(struct tfr_graph_builder *builder, const struct tfr_found_edge *found);
void tfr_graph_add_unresolved(struct tfr_graph_builder *builder, tfr_node_id from,
                              const struct tfr_sym *path, const struct tfr_sym *reference);

/** The name of the group of those instances of `block` whose module path begins with these `steps`
 * steps (keys and all, `len` bytes). @return NULL if there are none */
const struct tfr_sym *tfr_group_name(struct tfr_graph_builder *builder, const struct tfr_sym *block,
                                     const char *module, size_t len, uint32_t steps);
/** The group of a name; an empty one for NULL. */
struct tfr_group tfr_group_at(const struct tfr_graph_builder *builder, const struct tfr_sym *name);
/** Takes the next node of a group, TFR_NO_NODE behind the last. */
tfr_node_id tfr_group_next(const struct tfr_graph_builder *builder, struct tfr_group *group);
/** The node that stands for all of a group, made at the first call with an edge to each of them. */
tfr_node_id tfr_group_hub(struct tfr_graph_builder *builder, const struct tfr_sym *name,
                          const struct tfr_sym *block, uint32_t steps);
void tfr_groups_free(struct tfr_graph_builder *builder);

/* Beyond this many pairs the edges from all instances of one block to all of another go through one
 * node. */
#define TFR_PAIRS_DRAWN 65536

void tfr_graph_add_nodes(struct tfr_graph_builder *builder);      /* nodes.c */
void tfr_graph_add_references(struct tfr_graph_builder *builder); /* config_edges.c */
/** Sorts by from what was found so far; rows.c. */
void tfr_graph_group_edges(struct tfr_graph_builder *builder);
/** Sorts all edges, makes one of those that tell the same, and finds them by node. */
void tfr_graph_finish_edges(struct tfr_graph_builder *builder);
void tfr_graph_finish_unresolved(struct tfr_graph_builder *builder);
/** Gives back what was reserved for more nodes and names. */
void tfr_graph_finish_nodes(struct tfr_graph *graph); /* nodes.c */
/** Wants the edges of the configuration, grouped; says of them when they hold, too. */
void tfr_graph_add_state(struct tfr_graph_builder *builder);  /* state_edges.c */
void tfr_graph_add_values(struct tfr_graph_builder *builder); /* value_edges.c */

/** The state record of a node: its depends_on. NULL if it has none. */
const struct tfr_resource *tfr_graph_state_of(const struct tfr_graph *graph, tfr_node_id node);
/** Bytes of the first `steps` steps of a module path; `*end_key` the key of the last of them
 * (brackets and all). */
size_t tfr_graph_module_prefix(const struct tfr_sym *module, uint32_t steps, size_t *key_at);

#endif
