/* SPDX-License-Identifier: Apache-2.0 */
/* Looking through all values of a large document waits for memory most of the time, unless it is
 * asked for before. Values are laid down object by object in the order of the document, those of
 * one object behind the members at its top: so where they begin tells where the next bytes are.
 * Nothing but time depends on this. */
#include "graph/values.h"

/* Objects ahead of the one at hand, and what is asked for of one, bytes. */
#define RECORDS 8
#define VALUES 3
#define MOST 4096

static const struct tfr_resource *resource_at(const struct tfr_graph *graph, tfr_node_id node)
{
    return node < graph->node_count ? graph->nodes[node].resource : NULL;
}

/* Where the values of an object begin; NULL: it has none. */
static const char *values_of(const struct tfr_resource *resource)
{
    if (resource == NULL)
        return NULL;
    if (resource->before.kind == TFR_OBJECT)
        return (const char *)resource->before.object;
    return resource->after.kind == TFR_OBJECT ? (const char *)resource->after.object : NULL;
}

void tfr_fetch_ahead(const struct tfr_graph *graph, tfr_node_id node)
{
    const struct tfr_resource *record = resource_at(graph, node + RECORDS);
    const uintptr_t from = (uintptr_t)values_of(resource_at(graph, node + VALUES));
    const uintptr_t end = (uintptr_t)values_of(resource_at(graph, node + VALUES + 1));

    if (record != NULL)
        tfr_prefetch(&record->before, sizeof record->before + sizeof record->after);
    if (from != 0 && end > from)
        tfr_prefetch((const void *)from, end - from < MOST ? end - from : MOST);
}
