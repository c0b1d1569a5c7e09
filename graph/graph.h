/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * From facts to who depends on whom: one directed graph over the objects of a document.
 *
 * An edge goes from what depends to what it depends on. Nodes are numbers; edges lie in one flat
 * array by source, with their places by target beside it, built once and then read-only. Every edge
 * says where it comes from and how sure it is, and whether it holds before the apply, after it, or
 * both. All walks are iterative and linear in what they visit.
 */
#ifndef TFR_GRAPH_H
#define TFR_GRAPH_H

#include "planparse/planparse.h"

typedef uint32_t tfr_node_id;
/** Numbers of nodes take as many bits: there are millions of edges, so every byte of one counts. */
#define TFR_NODE_BITS 28
#define TFR_MOST_NODES (((uint32_t)1 << TFR_NODE_BITS) - 1)
#define TFR_NO_NODE UINT32_MAX

enum tfr_node_kind {
    TFR_NODE_RESOURCE,
    TFR_NODE_DATA,
    TFR_NODE_MODULE,
    TFR_NODE_OUTPUT,
    TFR_NODE_VARIABLE,
    TFR_NODE_PROVIDER,
    TFR_NODE_BLOCK, /* all instances of a block, where each of many refers to each of many */
    TFR_NODE_CHECK, /* a check block; what its conditions refer to no plan shows */
};

/** When something holds. A question names one of the first two. */
enum tfr_when { TFR_BEFORE = 1, TFR_AFTER = 2, TFR_BOTH = 3 };

struct tfr_node {
    const struct tfr_sym *address;       /* output.x, var.x, provider.aws for those kinds */
    const struct tfr_resource *resource; /* resource and data nodes: the change, or the object of a
                                            state or of prior_state; NULL for other kinds */
    const struct tfr_sym *block; /* of resources, data sources and TFR_NODE_BLOCK: the address
                                    without any instance key; NULL for other kinds */
    uint8_t kind;                /* enum tfr_node_kind */
    uint8_t when;                /* enum tfr_when: exists before, after, both */
};

enum tfr_origin {
    TFR_ORIGIN_REFERENCE,  /* an expression of configuration */
    TFR_ORIGIN_DEPENDS_ON, /* depends_on of configuration */
    TFR_ORIGIN_STATE,      /* dependencies of a state, reduced */
    TFR_ORIGIN_MODULE,     /* count, for_each or depends_on of an enclosing module call */
    TFR_ORIGIN_ORDER,      /* it lies in a module that is named as a whole: made before, no more */
    TFR_ORIGIN_PROVIDER,   /* the configuration of its provider */
    TFR_ORIGIN_VALUE,      /* an identifier of one stands in an attribute of the other */
    TFR_ORIGIN_DOCUMENT,   /* an identifier stands in an embedded document (policy, container
                              definition ...) */
};

enum tfr_certainty { TFR_EXACT, TFR_OVER_APPROXIMATE, TFR_BY_VALUE };

struct tfr_edge {
    tfr_node_id from : TFR_NODE_BITS;
    uint32_t when : 2;      /* enum tfr_when */
    uint32_t certainty : 2; /* enum tfr_certainty */
    tfr_node_id to : TFR_NODE_BITS;
    uint32_t origin : 4;             /* enum tfr_origin */
    const struct tfr_sym *path;      /* attribute path at `from`; NULL if there is none */
    const struct tfr_sym *reference; /* the expression as written, NULL if there is none */
};

/** A reference that leads nowhere in this document: a local, a loop variable without for_each
 * expression ... */
struct tfr_unresolved {
    tfr_node_id from;
    const struct tfr_sym *path;
    const struct tfr_sym *reference; /* local.environment */
};

struct tfr_graph;

/** Builds the graph. The document is borrowed and must outlive it; its name table grows.
 *  @return yours, end it with tfr_graph_free(); never NULL */
struct tfr_graph *tfr_graph_build(struct tfr_document *document);
/** Memory that the graph takes, bytes. */
size_t tfr_graph_bytes(const struct tfr_graph *graph);
void tfr_graph_free(struct tfr_graph *graph);

uint32_t tfr_graph_node_count(const struct tfr_graph *graph);
uint32_t tfr_graph_edge_count(const struct tfr_graph *graph);
const struct tfr_node *tfr_graph_node(const struct tfr_graph *graph, tfr_node_id id);
/** Node of the current object at an address, TFR_NO_NODE if there is none. */
tfr_node_id tfr_graph_find(const struct tfr_graph *graph, const struct tfr_sym *address);
/** What a node stands for: its resource, or the object of a provider's configuration; NULL for
 * other kinds. */
const struct tfr_resource *tfr_graph_object(const struct tfr_graph *graph, tfr_node_id id);
/** Node of this very record (current or deposed, or a provider's configuration). */
tfr_node_id tfr_graph_node_of(const struct tfr_graph *graph, const struct tfr_resource *resource);

/** A run of edges, borrowed. Sorted by the other end's node number, then origin and path. */
struct tfr_edges {
    const struct tfr_edge *edges;
    const uint32_t *places; /* of those that are meant; NULL: the first ones */
    uint32_t count;
};
static inline const struct tfr_edge *tfr_edge_at(const struct tfr_edges *edges, uint32_t at)
{
    return &edges->edges[edges->places != NULL ? edges->places[at] : at];
}
/** True if it says that `from` uses `to` at that time: TFR_ORIGIN_ORDER says that it waits, no
 * more. */
static inline bool tfr_edge_is_use(const struct tfr_edge *edge, enum tfr_when when)
{
    return (edge->when & when) != 0 && edge->origin != TFR_ORIGIN_ORDER;
}
/** What `node` depends on (edges that leave it). */
struct tfr_edges tfr_graph_dependencies(const struct tfr_graph *graph, tfr_node_id node);
/** What depends on `node` (edges that reach it). */
struct tfr_edges tfr_graph_dependants(const struct tfr_graph *graph, tfr_node_id node);
/** Appends what autoscaling calls the cluster that a service of ECS runs in, and a slash: the last
 * part of an ARN, a name, "default" where none is said. @return false: it is not known yet */
bool tfr_add_cluster(struct tfr_buf *text, const struct tfr_value *cluster);
/** References that could not be followed, in document order. */
const struct tfr_unresolved *tfr_graph_unresolved(const struct tfr_graph *graph, uint32_t *count);
/** Those of one node, borrowed. */
const struct tfr_unresolved *tfr_graph_unresolved_of(const struct tfr_graph *graph,
                                                     tfr_node_id node, uint32_t *count);

/** Nodes, sorted by number. Yours: end with tfr_nodes_fini(). */
struct tfr_nodes {
    tfr_node_id *at;
    uint32_t count;
};
void tfr_nodes_fini(struct tfr_nodes *nodes);

enum tfr_direction { TFR_UP, TFR_DOWN, TFR_AROUND }; /* to dependants, to dependencies, both */

struct tfr_walk {
    enum tfr_direction direction;
    enum tfr_when when;
    uint32_t depth;                  /* edges; 0: no bound */
    const struct tfr_sym *only_type; /* give only resources of this type; NULL: all */
    const struct tfr_sym *stop_type; /* do not go beyond resources of this type; NULL: none */
    bool with_order;     /* go along TFR_ORIGIN_ORDER too: what waits, not only what uses */
    bool resources_only; /* modules, outputs, variables and providers are passed through, not given
                          */
};
/** Everything that can be reached from `start` (which is not given itself). */
void tfr_graph_reach(const struct tfr_graph *graph, tfr_node_id start, const struct tfr_walk *walk,
                     struct tfr_nodes *out);

/** The objects at the other end of direct edges, each once; those behind a TFR_NODE_BLOCK count as
 * direct. TFR_AROUND: both sides. TFR_ORIGIN_ORDER is no use of the other and does not count. */
void tfr_graph_neighbours(const struct tfr_graph *graph, tfr_node_id node,
                          enum tfr_direction direction, enum tfr_when when, struct tfr_nodes *out);

/** Groups of nodes, each sorted by number, the groups by their first node. Group i is at[end[i -
 * 1]] up to at[end[i]] (the first begins at 0). Yours: end with tfr_node_groups_fini(). */
struct tfr_node_groups {
    tfr_node_id *at;
    uint32_t *end;
    uint32_t count;
};
void tfr_node_groups_fini(struct tfr_node_groups *groups);
/** Nodes that depend on each other, in groups. No valid configuration has such; values may. */
void tfr_graph_cycles(const struct tfr_graph *graph, enum tfr_when when,
                      struct tfr_node_groups *out);
/** Resources and data sources that hang together by edges of any direction, variables, providers
 * and outputs left aside. One that is alone is a group of its own. */
void tfr_graph_components(const struct tfr_graph *graph, enum tfr_when when,
                          struct tfr_node_groups *out);

/** Edges, each beginning where the one before ends. Yours: end with tfr_way_fini(). */
struct tfr_way {
    const struct tfr_edge **at; /* the edges are borrowed */
    uint32_t count;             /* 0: there is no way */
};
void tfr_way_fini(struct tfr_way *way);
/** A shortest way by which `from` depends on `to`. */
void tfr_graph_way(const struct tfr_graph *graph, tfr_node_id from, tfr_node_id to,
                   enum tfr_when when, struct tfr_way *out);
/** What lies on any way from `from` to `to`, both left out. */
void tfr_graph_between(const struct tfr_graph *graph, tfr_node_id from, tfr_node_id to,
                       enum tfr_when when, struct tfr_nodes *out);

/** Resources that nothing depends on, not even an output. @param type NULL: of any type */
void tfr_graph_unreferenced(const struct tfr_graph *graph, enum tfr_when when,
                            const struct tfr_sym *type, struct tfr_nodes *out);

/** How many different values an attribute has, such as the zones of subnets. */
struct tfr_distinct {
    uint32_t known;   /* different values */
    uint32_t unknown; /* nodes whose value is not known yet: each may be another one */
    uint32_t missing; /* nodes without: null, absent, or no object at that time */
};
/** Looks at the attribute of each node. @param path see tfr_value_path() */
void tfr_graph_distinct(const struct tfr_graph *graph, const struct tfr_nodes *nodes,
                        const char *path, enum tfr_when when, struct tfr_distinct *out);

/* Nodes of a blast radius that are named; the rest is counted. */
#define TFR_BLAST_NAMED 5

/** What stands and falls with an object that is destroyed or replaced: live objects that depend on
 * it before the apply. */
struct tfr_blast {
    uint32_t direct;       /* resources that depend on it themselves */
    uint32_t total;        /* all, through others too */
    uint32_t also_changed; /* of total: the plan changes them as well (not no-op) */
    uint32_t named_count;
    tfr_node_id named[TFR_BLAST_NAMED]; /* the first of them: direct ones, then by address */
};
void tfr_graph_blast(const struct tfr_graph *graph, tfr_node_id node, struct tfr_blast *out);
/** How many distinct live resources depend on anything the plan destroys or replaces and are not
 * destroyed themselves. */
uint32_t tfr_graph_blast_of_plan(const struct tfr_graph *graph);

/* ---- facts for audits --------------------------------------------------------------------------
 */

/*
 * What a document tells that others may be held against. No value of an attribute is in here but
 * ranges of networks and places of states: identities and names are hashes (tfr_hash_stable()).
 * Texts are borrowed from the document.
 */

/** An object of a state, or one that a plan destroys. */
struct tfr_identity_fact {
    const char *address;
    uint64_t object;   /* of its type and identity */
    uint64_t identity; /* of its ARN, self link or id: one that names it in the whole world */
    uint64_t id;       /* of its id if that is another such text, else 0 */
};
/** An identity that stands among the attributes of an object of a state, and is none of its own
 * objects'. */
struct tfr_use_fact {
    const char *address;
    uint64_t identity;
};
/** A name that may be taken once in the world. */
struct tfr_name_fact {
    const char *address;
    uint64_t name;
    bool made; /* by this plan */
};
struct tfr_network_fact {
    const char *address, *range; /* 10.20.0.0/16 */
};
/** A data source that reads the outputs of another state. */
struct tfr_remote_fact {
    const char *address, *place; /* place: key or path in the backend */
    const char *const *outputs;
    size_t output_count;
};

struct tfr_facts {
    struct tfr_arena *arena;
    uint64_t digest; /* of all objects, in any order */
    const struct tfr_identity_fact *objects;
    const struct tfr_use_fact *uses; /* each identity once */
    const struct tfr_name_fact *names;
    const struct tfr_network_fact *networks;
    const struct tfr_remote_fact *remotes;
    size_t object_count, use_count, name_count, network_count, remote_count;
};

/** Finds the facts of a document. Arrays are `arena`; linear but for one sort. */
void tfr_facts_of(const struct tfr_document *document, struct tfr_arena *arena,
                  struct tfr_facts *out);
/** The hash of an object's identity, 0 if it has none. */
uint64_t tfr_identity_hash(const struct tfr_value *values);

/** How what a plan found differs from a state; all zero: the plan was made from it, as far as can
 * be told. */
struct tfr_stale {
    size_t only_in_plan, only_in_state;
    size_t other_objects; /* one address, two identities */
};
void tfr_compare_states(const struct tfr_document *plan, const struct tfr_document *state,
                        struct tfr_stale *out);

/** What became of an object of a state. */
enum tfr_object_change {
    TFR_OBJECT_APPEARED,
    TFR_OBJECT_GONE,
    TFR_OBJECT_REPLACED, /* another object under the address: another ARN, self link or id */
    TFR_OBJECT_MOVED,    /* the same object under another address */
    TFR_OBJECT_CHANGED,
    TFR_OBJECT_CHANGES
};
struct tfr_object_diff {
    enum tfr_object_change change;
    bool is_output;                /* `address` is the name of an output */
    const char *address;           /* of one that is gone: in the old state */
    const char *deposed;           /* its key, or NULL */
    const char *old_address;       /* of one that moved, else NULL */
    const char *const *attributes; /* that differ, as paths, sorted; no value is told */
    size_t attribute_count;
};
struct tfr_state_diff {
    const struct tfr_object_diff *at; /* by change and address */
    size_t count, unchanged;
    long long old_serial, new_serial; /* -1: not said */
    bool other_lineage;               /* these are no two states of one thing */
};
/** Holds two states side by side: managed objects and outputs. Everything in `out` is `arena`;
 * linear but for sorting. Values are compared and not kept: a sensitive one is told as a whole. */
void tfr_diff_states(const struct tfr_document *old, const struct tfr_document *now,
                     struct tfr_arena *arena, struct tfr_state_diff *out);

/** The day since when an object stands, as YYYY-MM-DD, if one of its attributes tells. */
bool tfr_resource_since(const struct tfr_resource *resource, char day[11]);

/* ---- drawing -----------------------------------------------------------------------------------
 */

enum tfr_drawing { TFR_DRAW_DOT, TFR_DRAW_MERMAID, TFR_DRAW_JSON, TFR_DRAW_GRAPHML };
enum tfr_collapse { TFR_COLLAPSE_NONE, TFR_COLLAPSE_COUNT, TFR_COLLAPSE_MODULE };

/** Nodes that are drawn unless `all` is set. */
#define TFR_DRAW_NODES 150
/** Arrows of a Mermaid picture; its renderers refuse more. */
#define TFR_DRAW_MERMAID_EDGES 450
/** Text of a Mermaid picture, bytes, likewise. */
#define TFR_DRAW_MERMAID_BYTES 50000

struct tfr_draw_options {
    enum tfr_drawing format;
    enum tfr_collapse collapse;   /* not for JSON, which names every object */
    const char *around;           /* address or glob (see tfr_address_glob()), NULL: everything */
    enum tfr_direction direction; /* from `around`; TFR_UP: what depends on it */
    uint32_t depth;               /* edges from `around`, 0: no bound */
    bool only_changes;            /* nothing that stays as it is */
    bool all;                     /* every node, of every kind */
};

struct tfr_drawn {
    uint32_t nodes, edges;                   /* that are in the picture */
    uint32_t left_out_nodes, left_out_edges; /* that were wanted and beyond the limit */
    bool found;                              /* something matches `around`; true without it */
};

/** Appends a drawing. Nodes and edges are sorted by address: the same input gives the same bytes.
 *  @return false if nothing matches `around`; then nothing is appended */
bool tfr_graph_write(const struct tfr_graph *graph, const struct tfr_draw_options *options,
                     struct tfr_buf *out, struct tfr_drawn *drawn);

/** True if `text` matches: `*` stands for any bytes, `?` for one; brackets are meant as they stand.
 * Quotes around a key may be left out or be single: m[a], m['a'] and m["a"] are the same. */
bool tfr_address_glob(const char *glob, const char *text);

const char *tfr_node_kind_name(enum tfr_node_kind kind); /* "resource", "data" ... */
const char *tfr_origin_name(enum tfr_origin origin);     /* "reference", "depends_on" ... */
const char *tfr_certainty_name(
    enum tfr_certainty certainty);             /* "exact", "over-approximate", "by value" */
const char *tfr_when_name(enum tfr_when when); /* "before", "after", "both" */

#endif
