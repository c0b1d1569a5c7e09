/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_TESTS_GRAPH_WORLD_H
#define TFR_TESTS_GRAPH_WORLD_H

/* A document with its graph, and questions to it that fail a test. */
#include "graph/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct world {
    struct tfr_document *document;
    struct tfr_graph *graph;
};

static inline void world_document(void *ctx, struct tfr_document *document)
{
    struct world *world = ctx;

    world->document = document;
}

static inline void world_refused(void *ctx, const char *name, const char *member,
                                 const struct tfr_error *error)
{
    (void)ctx;
    (void)member;
    fail_msg("%s: %s at %s", name, error->msg, error->path);
}

/* Of a file, or of `text` if it is not NULL. */
static inline struct world world_open(const char *file, const char *text)
{
    const struct tfr_read_options options = { 0 };
    struct world world = { 0 };
    const struct tfr_sink sink = { .ctx = &world,
                                   .document = world_document,
                                   .refused = world_refused };

    if (text != NULL)
        tfr_read_memory(file, text, strlen(text), &options, &sink);
    else
        tfr_read_input(file, &options, &sink);
    assert_non_null(world.document);
    world.graph = tfr_graph_build(world.document);
    return world;
}

static inline struct world build(const char *text)
{
    return world_open("plan.json", text);
}

static inline void end(struct world *world)
{
    tfr_graph_free(world->graph);
    tfr_document_free(world->document);
}

static inline tfr_node_id node(const struct world *world, const char *address)
{
    const struct tfr_sym *sym = tfr_names_find(world->document->names, address, strlen(address));
    const tfr_node_id id = sym != NULL ? tfr_graph_find(world->graph, sym) : TFR_NO_NODE;

    if (id == TFR_NO_NODE)
        fail_msg("no node %s", address);
    return id;
}

/* The first edge between two, NULL if there is none. */
static inline const struct tfr_edge *edge(const struct world *world, const char *from,
                                          const char *to)
{
    const struct tfr_edges edges = tfr_graph_dependencies(world->graph, node(world, from));
    const tfr_node_id target = node(world, to);

    for (uint32_t i = 0; i < edges.count; i++) {
        if (tfr_edge_at(&edges, i)->to == target)
            return tfr_edge_at(&edges, i);
    }
    return NULL;
}

/* The edge between two that comes from there, NULL if there is none. */
static inline const struct tfr_edge *edge_from(const struct world *world, const char *from,
                                               const char *to, enum tfr_origin origin)
{
    const struct tfr_edges edges = tfr_graph_dependencies(world->graph, node(world, from));
    const tfr_node_id target = node(world, to);

    for (uint32_t i = 0; i < edges.count; i++) {
        if (tfr_edge_at(&edges, i)->to == target && tfr_edge_at(&edges, i)->origin == origin)
            return tfr_edge_at(&edges, i);
    }
    return NULL;
}

/* ---- pieces of documents -----------------------------------------------------------------------
 */

#define OBJECT(address, type, name, values, needs)                                             \
    "{\"address\":\"" address "\",\"mode\":\"managed\",\"type\":\"" type "\",\"name\":\"" name \
    "\",\"values\":{" values "},\"depends_on\":[" needs "]}"
#define STATE(objects) \
    "{\"format_version\":\"1.0\",\"values\":{\"root_module\":{\"resources\":[" objects "]}}}"

#endif
