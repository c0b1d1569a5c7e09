/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_GRAPH_BUILD_H
#define TFR_GRAPH_BUILD_H

#include "graph/graph.h"

struct tfr_graph {
    struct tfr_document *document;
    struct tfr_node *nodes; /* those of changes first, in their order */
    uint32_t node_count;
    size_t node_cap;
    struct tfr_edge *edges; /* sorted by from, to, origin, path */
    uint32_t edge_count;
    uint32_t *in;                      /* edges by to */
    uint32_t *out_start;               /* of node n: edges[out_start[n] .. out_start[n + 1]) */
    uint32_t *in_start;                /* of node n: edges[in[in_start[n] .. in_start[n + 1])] */
    struct tfr_unresolved *unresolved; /* sorted by from */
    uint32_t unresolved_count;
    uint32_t *unresolved_start; /* of node n: unresolved[unresolved_start[n] .. [n + 1]) */
    uint32_t *by_address;       /* by name id: node of the current object + 1 */
    uint32_t *by_block;         /* by name id of a block: its first node + 1 */
    size_t sym_cap;             /* entries of both */
    uint32_t *next;             /* by node: the next node of the same block + 1 */
    uint32_t *by_resource; /* nodes of prior, then of providers: node + 1; those of changes come in
                              their order */
    uint32_t *providers;   /* of the nodes from first_provider on: index in the document */
    uint32_t first_provider, provider_count;
};

/** An edge until it is laid in its row: small, as all of them are there twice then. */
struct tfr_loose_edge {
    tfr_node_id from : TFR_NODE_BITS;
    uint32_t when : 2;
    uint32_t certainty : 2;
    tfr_node_id to : TFR_NODE_BITS;
    uint32_t origin : 4;
    uint32_t path, reference; /* name ids + 1, 0: none */
};
/** Edges while they are found. */
struct tfr_edge_list {
    struct tfr_loose_edge *at;
    size_t count, cap;
};
struct tfr_unresolved_list {
    struct tfr_unresolved *at;
    size_t count, cap;
};

/** A number for each pair of numbers. Zero is an empty table. */
struct tfr_pairs {
    struct tfr_pair_slot *at;
    size_t mask, count;
};

/** A module instance: the first steps of a module path, keys and all. Its number is TFR_ROOT or
 * above. */
struct tfr_module {
    uint32_t above; /* one step less */
    uint32_t steps;
    const struct tfr_sym
        *path;                 /* of something in it: begins with the `len` bytes of its own path */
    const struct tfr_sym *key; /* of the last step, brackets and all; NULL: none */
    uint32_t len;
};
#define TFR_ROOT 0U
#define TFR_NO_MODULE UINT32_MAX
struct tfr_modules;

/** Instances of a block in one module instance (or in all of them), groups.c. Zero: none. */
struct tfr_group {
    uint32_t first; /* for tfr_group_next() */
    uint32_t size;
    uint32_t hub;           /* the node that stands for them + 1 */
    uint32_t block, module; /* name id of the block, and the module */
};
struct tfr_groups;

struct tfr_graph_builder {
    struct tfr_graph *graph;
    struct tfr_edge_list configured; /* what the configuration states */
    uint32_t *configured_start;      /* once they are by source: tfr_configured() */
    uint32_t configured_nodes;
    struct tfr_edge_list stated, shown, hubs; /* of states, values and blocks; found by source */
    struct tfr_unresolved_list unresolved;
    const struct tfr_config_resource **config_of; /* by name id of a block; NULL: it has none */
    size_t config_cap;                            /* no block has a later name */
    struct tfr_groups *groups;                    /* NULL until the first is asked for */
    struct tfr_modules *modules;                  /* likewise */
};

/** Asks for memory that is wanted soon. */
static inline void tfr_prefetch(const void *memory, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += 64) /* the size of a line */
        TFR_PREFETCH((const char *)memory + at);
}

/** Room for tables by name id, as names are added while building. */
void tfr_graph_fit(struct tfr_graph *graph);
const struct tfr_sym *tfr_graph_name(struct tfr_graph *graph, const char *text, size_t len);
/** First node of a block, TFR_NO_NODE if it has none; tfr_graph_next_in_block() gives the others.
 */
tfr_node_id tfr_graph_first_in_block(const struct tfr_graph *graph, const struct tfr_sym *block);
tfr_node_id tfr_graph_next_in_block(const struct tfr_graph *graph, tfr_node_id node);
tfr_node_id tfr_graph_add_node(struct tfr_graph *graph, const struct tfr_node *node);
/** The number of a name in an edge, 0 for NULL. */
static inline uint32_t tfr_name_number(const struct tfr_sym *name)
{
    return name != NULL ? name->id + 1 : 0;
}
/** Makes room for one more. */
void tfr_edges_grow(struct tfr_edge_list *edges);
/** Adds an edge to a node, unless that is the source itself or is there at another time.
 * @param like but for `to`; `when`: the source has it, if the target is there, too */
static inline void tfr_graph_add_edge(const struct tfr_graph *graph, struct tfr_edge_list *edges,
                                      const struct tfr_loose_edge *like, tfr_node_id to)
{
    const uint32_t when = like->when & graph->nodes[to].when;
    struct tfr_loose_edge *edge;

    if (to == like->from || when == 0)
        return;
    if (edges->count == edges->cap)
        tfr_edges_grow(edges);
    edge = &edges->at[edges->count++];
    *edge = *like;
    edge->to = to & TFR_MOST_NODES;
    edge->when = when & 3U;
}
void tfr_graph_add_unresolved(struct tfr_graph_builder *builder, tfr_node_id from,
                              const struct tfr_sym *path, const struct tfr_sym *reference);

/** The number of a pair, to be set if it is 0. Valid until the next call. */
uint32_t *tfr_pair(struct tfr_pairs *pairs, uint32_t a, uint32_t b);
/** The number of a pair, 0 if it has none. */
uint32_t tfr_pair_find(const struct tfr_pairs *pairs, uint32_t a, uint32_t b);
void tfr_pairs_fini(struct tfr_pairs *pairs);

/** The module instance that the resource of a node lies in; modules.c. */
uint32_t tfr_module_of(struct tfr_graph_builder *builder, tfr_node_id node);
/** Valid once a number was asked for; borrowed. */
const struct tfr_module *tfr_module_at(const struct tfr_graph_builder *builder, uint32_t module);
/** The first `steps` steps of a module instance, itself if it has no more. */
uint32_t tfr_module_above(const struct tfr_graph_builder *builder, uint32_t module, uint32_t steps);
/** One step further, the dot in front of it included; TFR_NO_MODULE if nothing lies there. */
uint32_t tfr_module_below(struct tfr_graph_builder *builder, uint32_t module, const char *step,
                          size_t len);
void tfr_modules_free(struct tfr_graph_builder *builder);

/** The group of those instances of `block` whose module path begins with these `steps` steps.
 * @return its number, 0 if there are none */
uint32_t tfr_group_of(struct tfr_graph_builder *builder, const struct tfr_sym *block,
                      uint32_t module, uint32_t steps);
/** A group by its number; an empty one for 0. */
struct tfr_group tfr_group_at(const struct tfr_graph_builder *builder, uint32_t group);
/** Takes the next node of a group, TFR_NO_NODE behind the last. */
tfr_node_id tfr_group_next(const struct tfr_graph_builder *builder, struct tfr_group *group);
/** The node that stands for all of a group, made at the first call with an edge to each of them. */
tfr_node_id tfr_group_hub(struct tfr_graph_builder *builder, uint32_t group,
                          const struct tfr_sym *block, uint32_t steps);
void tfr_groups_free(struct tfr_graph_builder *builder);

/* Beyond this many pairs the edges from all instances of one block to all of another go through one
 * node. */
#define TFR_PAIRS_DRAWN 65536
/** Whether those instances of a block in the module instance of so many steps around a node, and
 * `size` others are more. */
bool tfr_makes_many_pairs(struct tfr_graph_builder *builder, uint32_t size,
                          const struct tfr_sym *block, tfr_node_id node, uint32_t steps);

void tfr_graph_add_nodes(struct tfr_graph_builder *builder);      /* nodes.c */
void tfr_graph_add_references(struct tfr_graph_builder *builder); /* config_edges.c */
/** Sorts the edges of the configuration by source, when all of them are found; rows.c. */
void tfr_graph_sort_configured(struct tfr_graph_builder *builder);
/** Those of a node, in the order in which they were found; NULL: none. */
struct tfr_loose_edge *tfr_configured(const struct tfr_graph_builder *builder, tfr_node_id node,
                                      uint32_t *count);
/** Lays all edges in rows, makes one of those that tell the same, and finds them by the node they
 * reach. Ends the lists. */
void tfr_graph_finish_edges(struct tfr_graph_builder *builder);
void tfr_graph_finish_unresolved(struct tfr_graph_builder *builder);
/** Gives back what was reserved for more nodes and names. */
void tfr_graph_finish_nodes(struct tfr_graph *graph); /* nodes.c */

/** Says of the edges of the configuration when they hold, too. */
void tfr_graph_add_state(struct tfr_graph_builder *builder);  /* state_edges.c */
void tfr_graph_add_values(struct tfr_graph_builder *builder); /* value_edges.c */

/** The state record of a node: its depends_on. NULL if it has none. */
const struct tfr_resource *tfr_graph_state_of(const struct tfr_graph *graph, tfr_node_id node);
/** Bytes of the first `steps` steps of a module path; the key of the last of them (brackets and
 * all) begins at `*key_at`. */
size_t tfr_graph_module_prefix(const struct tfr_sym *module, uint32_t steps, size_t *key_at);

/** End of the step of a module path behind `at`, where the one before ends. */
size_t tfr_graph_module_step(const struct tfr_sym *module, size_t at, size_t *key_at);

#endif
