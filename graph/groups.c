/* SPDX-License-Identifier: Apache-2.0 */
/* Instances of a block by the module instance they lie in, so that finding those of one module does
 * not walk through those of all others. */
#include "graph/build.h"

#include <string.h>

struct member {
    tfr_node_id node;
    uint32_t next; /* + 1 */
};

/* By name id of the group: a block as a whole is named by itself, its part in a module instance by
 * MODULE|BLOCK. No block holds a bar. */
struct tfr_groups {
    struct tfr_group *at;
    size_t cap;
    struct member *members;
    size_t member_count, member_cap;
    const struct tfr_sym *sorted; /* what was asked for last */
    uint32_t sorted_steps;
};

static struct tfr_groups *groups_of(struct tfr_graph_builder *builder)
{
    struct tfr_groups *groups = builder->groups;
    const size_t need = tfr_names_count(builder->graph->document->names);

    if (groups == NULL)
        groups = builder->groups = tfr_calloc(1, sizeof *groups);
    if (need > groups->cap) {
        const size_t old = groups->cap;

        groups->at = tfr_grow(groups->at, &groups->cap, need, sizeof *groups->at);
        memset(groups->at + old, 0, (groups->cap - old) * sizeof *groups->at);
    }
    return groups;
}

void tfr_groups_free(struct tfr_graph_builder *builder)
{
    if (builder->groups == NULL)
        return;
    tfr_free(builder->groups->at);
    tfr_free(builder->groups->members);
    tfr_free(builder->groups);
    builder->groups = NULL;
}

static void add(struct tfr_groups *groups, const struct tfr_sym *name, tfr_node_id node)
{
    struct tfr_group *group = &groups->at[name->id];

    groups->members = tfr_grow(groups->members, &groups->member_cap, groups->member_count + 1,
                               sizeof *groups->members);
    groups->members[groups->member_count] = (struct member){ node, group->first };
    group->first = (uint32_t)++groups->member_count;
    group->size++;
}

static const struct tfr_sym *part_name(struct tfr_graph *graph, const char *module, size_t len,
                                       const struct tfr_sym *block, bool make)
{
    struct tfr_buf text = { 0 };
    const struct tfr_sym *name;

    tfr_buf_add(&text, module, len);
    tfr_buf_putc(&text, '|');
    tfr_buf_add(&text, block->text, block->len);
    name = make ? tfr_graph_name(graph, text.data, text.len)
                : tfr_names_find(graph->document->names, text.data, text.len);
    tfr_buf_fini(&text);
    return name;
}

/* Sorts the instances of a block by the first `steps` steps of their module paths, once. */
static void sort_block(struct tfr_graph_builder *builder, const struct tfr_sym *block,
                       uint32_t steps)
{
    struct tfr_graph *graph = builder->graph;
    struct tfr_groups *groups = groups_of(builder);
    char digits[16];
    const struct tfr_sym *done;
    size_t ignored;

    if (groups->sorted == block && groups->sorted_steps == steps)
        return;
    groups->sorted = block;
    groups->sorted_steps = steps;
    if (steps == 0 && groups->at[block->id].size > 0)
        return;
    done = steps == 0
               ? block
               : part_name(graph, digits, (size_t)snprintf(digits, sizeof digits, "#%u", steps),
                           block, true);
    groups = groups_of(builder);
    if (steps > 0 && groups->at[done->id].size > 0)
        return;
    groups->at[done->id].size = steps > 0;
    for (tfr_node_id node = tfr_graph_first_in_block(graph, block); node != TFR_NO_NODE;
         node = tfr_graph_next_in_block(graph, node)) {
        const struct tfr_sym *module = graph->nodes[node].resource->module;
        const struct tfr_sym *name = block;

        if (steps > 0 && module == NULL)
            continue;
        if (steps > 0)
            name = part_name(graph, module->text, tfr_graph_module_prefix(module, steps, &ignored),
                             block, true);
        groups = groups_of(builder);
        add(groups, name, node);
    }
}

const struct tfr_sym *tfr_group_name(struct tfr_graph_builder *builder, const struct tfr_sym *block,
                                     const char *module, size_t len, uint32_t steps)
{
    sort_block(builder, block, steps);
    return steps == 0 ? block : part_name(builder->graph, module, len, block, false);
}

struct tfr_group tfr_group_at(const struct tfr_graph_builder *builder, const struct tfr_sym *name)
{
    return name != NULL && builder->groups != NULL && name->id < builder->groups->cap
               ? builder->groups->at[name->id]
               : (struct tfr_group){ 0 };
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

tfr_node_id tfr_group_hub(struct tfr_graph_builder *builder, const struct tfr_sym *name,
                          const struct tfr_sym *block, uint32_t steps)
{
    struct tfr_graph *graph = builder->graph;
    struct tfr_group group = tfr_group_at(builder, name);
    struct tfr_node node = { .kind = TFR_NODE_BLOCK, .when = TFR_BOTH, .block = block };
    struct tfr_buf text = { 0 };
    tfr_node_id hub = group.hub;
    size_t below = 0;

    if (hub != 0)
        return hub - 1;
    /* MODULE|BLOCK becomes MODULE, what of the block's path is below it, and [*]. */
    if (name != block) {
        size_t ignored;

        tfr_buf_add(&text, name->text, name->len - block->len - 1);
        below = tfr_graph_module_prefix(block, steps, &ignored);
    }
    tfr_buf_printf(&text, "%s[*]", block->text + below);
    node.address = tfr_graph_name(graph, text.data, text.len);
    tfr_buf_fini(&text);
    hub = tfr_graph_add_node(graph, &node);
    tfr_graph_fit(graph);
    if (graph->by_address[node.address->id] == 0)
        graph->by_address[node.address->id] = hub + 1;
    groups_of(builder)->at[name->id].hub = hub + 1;
    for (tfr_node_id to; (to = tfr_group_next(builder, &group)) != TFR_NO_NODE;)
        tfr_graph_add_edge(builder, &(struct tfr_found_edge){ .from = hub,
                                                              .to = to,
                                                              .origin = TFR_ORIGIN_REFERENCE,
                                                              .certainty = TFR_OVER_APPROXIMATE,
                                                              .when = graph->nodes[to].when });
    return hub;
}
