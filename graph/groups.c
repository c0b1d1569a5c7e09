/* SPDX-License-Identifier: Apache-2.0 */
/* Instances of a block by the module instance they lie in, so that finding those of one module does
 * not walk through those of all others. */
#include "graph/build.h"

#include <string.h>

struct member {
    tfr_node_id node;
    uint32_t next; /* + 1 */
};

/* Beside the modules of a block in its table: which steps it is sorted by. */
#define SORTED_BY 0x80000000U

/* What is known of a block. */
struct block {
    uint32_t size;   /* 0: not counted yet */
    uint32_t sorted; /* the steps it was sorted by last + 1 */
    uint32_t last;   /* the group of it that was asked for last */
};

struct tfr_groups {
    struct tfr_group *at; /* the first one is none */
    size_t count, cap;
    struct tfr_pairs by_place; /* of the name id of a block and a module */
    struct member *members;
    size_t member_count, member_cap;
    struct block *blocks; /* by name id */
    size_t block_cap;     /* no block has a later name */
};

static struct tfr_groups *groups_of(struct tfr_graph_builder *builder)
{
    struct tfr_groups *groups = builder->groups;

    if (groups != NULL)
        return groups;
    groups = builder->groups = tfr_calloc(1, sizeof *groups);
    groups->at = tfr_grow(NULL, &groups->cap, 1, sizeof *groups->at);
    groups->at[groups->count++] = (struct tfr_group){ .block = UINT32_MAX };
    groups->block_cap = tfr_names_count(builder->graph->document->names);
    groups->blocks = tfr_calloc(groups->block_cap, sizeof *groups->blocks);
    return groups;
}

void tfr_groups_free(struct tfr_graph_builder *builder)
{
    struct tfr_groups *groups = builder->groups;

    if (groups == NULL)
        return;
    tfr_free(groups->at);
    tfr_free(groups->members);
    tfr_free(groups->blocks);
    tfr_pairs_fini(&groups->by_place);
    tfr_free(groups);
    builder->groups = NULL;
}

static bool is_group(const struct tfr_groups *groups, size_t number, const struct tfr_sym *block,
                     uint32_t module)
{
    return number < groups->count && groups->at[number].block == block->id &&
           groups->at[number].module == module;
}

/* The group of a place, made if there is none. Neighbours mostly lie in one. */
static struct tfr_group *group_at(struct tfr_groups *groups, const struct tfr_sym *block,
                                  uint32_t module)
{
    uint32_t *number;

    if (is_group(groups, groups->count - 1, block, module))
        return &groups->at[groups->count - 1];
    number = tfr_pair(&groups->by_place, block->id, module);
    if (*number == 0) {
        *number = (uint32_t)groups->count;
        groups->at = tfr_grow(groups->at, &groups->cap, groups->count + 1, sizeof *groups->at);
        groups->at[groups->count++] = (struct tfr_group){ .block = block->id, .module = module };
    }
    return &groups->at[*number];
}

static void add(struct tfr_groups *groups, const struct tfr_sym *block, uint32_t module,
                tfr_node_id node)
{
    struct tfr_group *group = group_at(groups, block, module);

    groups->members = tfr_grow(groups->members, &groups->member_cap, groups->member_count + 1,
                               sizeof *groups->members);
    groups->members[groups->member_count] = (struct member){ node, group->first };
    group->first = (uint32_t)++groups->member_count;
    group->size++;
}

/* Sorts the instances of a block by the first `steps` steps of their module paths, once. */
static void sort_block(struct tfr_graph_builder *builder, struct tfr_groups *groups,
                       const struct tfr_sym *block, uint32_t steps)
{
    const struct tfr_graph *graph = builder->graph;
    uint32_t *done;

    if (groups->blocks[block->id].sorted == steps + 1)
        return;
    groups->blocks[block->id].sorted = steps + 1;
    done = tfr_pair(&groups->by_place, block->id, SORTED_BY | steps);
    if (*done != 0)
        return;
    *done = 1;
    for (tfr_node_id node = tfr_graph_first_in_block(graph, block); node != TFR_NO_NODE;
         node = tfr_graph_next_in_block(graph, node)) {
        const uint32_t module = steps > 0 ? tfr_module_of(builder, node) : TFR_ROOT;

        if (steps == 0)
            add(groups, block, TFR_ROOT, node);
        else if (module != TFR_ROOT)
            add(groups, block, tfr_module_above(builder, module, steps), node);
    }
}

uint32_t tfr_group_of(struct tfr_graph_builder *builder, const struct tfr_sym *block,
                      uint32_t module, uint32_t steps)
{
    struct tfr_groups *groups = groups_of(builder);
    uint32_t *last;

    if (module == TFR_NO_MODULE || block->id >= groups->block_cap)
        return 0;
    sort_block(builder, groups, block, steps);
    /* Who asks goes from one module instance to the next, and groups were made in the same order.
     */
    last = &groups->blocks[block->id].last;
    if (!is_group(groups, *last, block, module)) {
        ++*last;
        if (!is_group(groups, *last, block, module))
            *last = tfr_pair_find(&groups->by_place, block->id, module);
    }
    return *last;
}

struct tfr_group tfr_group_at(const struct tfr_graph_builder *builder, uint32_t group)
{
    return group != 0 ? builder->groups->at[group] : (struct tfr_group){ 0 };
}

tfr_node_id tfr_group_next(const struct tfr_graph_builder *builder, struct tfr_group *group)
{
    const struct member *member;

    if (group->first == 0)
        return TFR_NO_NODE;
    member = &builder->groups->members[group->first - 1];
    group->first = member->next;
    return member->node;
}

static uint32_t block_size(struct tfr_graph_builder *builder, const struct tfr_sym *block)
{
    struct tfr_groups *groups = groups_of(builder);
    uint32_t size = 0;

    if (block->id >= groups->block_cap)
        return 0;
    if (groups->blocks[block->id].size != 0)
        return groups->blocks[block->id].size;
    for (tfr_node_id node = tfr_graph_first_in_block(builder->graph, block); node != TFR_NO_NODE;
         node = tfr_graph_next_in_block(builder->graph, node))
        size++;
    groups->blocks[block->id].size = size;
    return size;
}

bool tfr_makes_many_pairs(struct tfr_graph_builder *builder, uint32_t size,
                          const struct tfr_sym *block, tfr_node_id node, uint32_t steps)
{
    uint32_t module;

    /* Mostly all of the block would be too few. */
    if (size < 2 || (uint64_t)size * block_size(builder, block) <= TFR_PAIRS_DRAWN)
        return false;
    module = tfr_module_of(builder, node);
    if (module == TFR_ROOT)
        steps = 0;
    module = tfr_module_above(builder, module, steps);
    return (uint64_t)size *
               tfr_group_at(builder, tfr_group_of(builder, block, module, steps)).size >
           TFR_PAIRS_DRAWN;
}

/* The module, what of the block's path is below it, and [*]. */
static const struct tfr_sym *hub_address(struct tfr_graph *graph, const struct tfr_sym *block,
                                         const char *module, size_t len, uint32_t steps)
{
    struct tfr_buf text = { 0 };
    const struct tfr_sym *address;
    size_t ignored;

    tfr_buf_add(&text, module, len);
    tfr_buf_printf(&text, "%s[*]", block->text + tfr_graph_module_prefix(block, steps, &ignored));
    address = tfr_graph_name(graph, text.data, text.len);
    tfr_buf_fini(&text);
    return address;
}

tfr_node_id tfr_group_hub(struct tfr_graph_builder *builder, uint32_t number,
                          const struct tfr_sym *block, uint32_t steps)
{
    struct tfr_graph *graph = builder->graph;
    struct tfr_group group = tfr_group_at(builder, number);
    struct tfr_node node = { .kind = TFR_NODE_BLOCK, .when = TFR_BOTH, .block = block };
    const tfr_node_id first = builder->groups->members[group.first - 1].node;
    const struct tfr_module *module =
        tfr_module_at(builder, tfr_module_above(builder, tfr_module_of(builder, first), steps));
    struct tfr_loose_edge edge = { .when = TFR_BOTH,
                                   .certainty = TFR_OVER_APPROXIMATE,
                                   .origin = TFR_ORIGIN_REFERENCE };
    tfr_node_id hub = group.hub;

    if (hub != 0)
        return hub - 1;
    node.address =
        hub_address(graph, block, steps > 0 ? module->path->text : "", module->len, steps);
    hub = tfr_graph_add_node(graph, &node);
    tfr_graph_fit(graph);
    if (graph->by_address[node.address->id] == 0)
        graph->by_address[node.address->id] = hub + 1;
    builder->groups->at[number].hub = hub + 1;
    edge.from = hub & TFR_MOST_NODES;
    for (tfr_node_id to; (to = tfr_group_next(builder, &group)) != TFR_NO_NODE;)
        tfr_graph_add_edge(graph, &builder->hubs, &edge, to);
    return hub;
}
