/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/order.h"

/* Most nodes; names of one object; followers of one node. Beyond them nothing is learnt: maps with
 * a key for each person or place would fill any tree. */
#define MOST 8192U
#define DEEPEST 512U
#define FOLLOWERS 64U

/* Followers that are compared with a text before it is looked up. */
#define TRIES 12

static uint32_t add(struct tfr_order *order, struct tfr_order_node node)
{
    if (order->count == MOST)
        return 0;
    order->nodes = tfr_grow(order->nodes, &order->cap, (size_t)order->count + 1, sizeof node);
    order->layouts = tfr_grow(order->layouts, &order->layout_cap, (size_t)order->count + 1,
                              sizeof(const struct tfr_layout *));
    order->nodes[order->count] = node;
    order->layouts[order->count] = NULL;
    return order->count++;
}

uint32_t tfr_order_begin(struct tfr_order *order)
{
    if (order->count == 0 || order->count == MOST) {
        order->count = 0;
        (void)add(order, (struct tfr_order_node){ 0 }); /* no node */
        (void)add(order, (struct tfr_order_node){ 0 });
    }
    return 1;
}

uint32_t tfr_order_inside(struct tfr_order *order, uint32_t at)
{
    uint32_t inside;

    if (at == 0 || order->nodes[at].inside != 0)
        return order->nodes[at].inside;
    inside = add(order, (struct tfr_order_node){ 0 });
    order->nodes[at].inside = inside;
    return inside;
}

static bool is_on_the_way(const struct tfr_order *order, uint32_t at, const struct tfr_sym *name)
{
    while (at != 0 && order->nodes[at].name != name)
        at = order->nodes[at].before;
    return at != 0;
}

static void write_plainly(struct tfr_order_node *node)
{
    const size_t len = node->name->len;

    if (len + 2 > TFR_ORDER_WIDTH)
        return;
    memcpy(node->plain, node->name->text, len);
    memcpy(node->plain + len, "\":", 2);
    node->width = (uint8_t)(len + 2);
}

/* Puts a new node into the ring of those that follow `at`. */
static uint32_t learn(struct tfr_order *order, uint32_t at, const struct tfr_sym *name)
{
    const struct tfr_order_node *before = &order->nodes[at];
    uint32_t node;

    if (before->followers == FOLLOWERS || before->depth == DEEPEST ||
        is_on_the_way(order, at, name))
        return 0;
    node = add(order, (struct tfr_order_node){
                          .name = name, .before = at, .depth = (uint16_t)(before->depth + 1) });
    if (node == 0)
        return 0;
    write_plainly(&order->nodes[node]);
    if (order->nodes[at].likely == 0) {
        order->nodes[node].other = node;
    } else {
        struct tfr_order_node *last = &order->nodes[order->nodes[at].likely];

        order->nodes[node].other = last->other;
        last->other = node;
    }
    order->nodes[at].followers++;
    order->nodes[at].likely = node;
    return node;
}

uint32_t tfr_order_follow(struct tfr_order *order, uint32_t at, const struct tfr_sym *name)
{
    const uint32_t first = order->nodes[at].likely;
    uint32_t node = first;

    if (at == 0)
        return 0;
    while (node != 0 && order->nodes[node].name != name) {
        node = order->nodes[node].other;
        if (node == first)
            node = 0;
    }
    if (node == 0)
        return learn(order, at, name);
    order->nodes[at].likely = node;
    return node;
}

uint32_t tfr_order_find(struct tfr_order *order, uint32_t at, const char *text, size_t left)
{
    const uint32_t first = order->nodes[at].likely;
    uint32_t node = first != 0 ? order->nodes[first].other : 0;

    for (int i = 0; i < TRIES && node != first; i++, node = order->nodes[node].other) {
        if (tfr_order_fits(&order->nodes[node], text, left)) {
            order->nodes[at].likely = node;
            return node;
        }
    }
    return 0;
}

const struct tfr_layout *tfr_order_layout(struct tfr_order *order, struct tfr_names *names,
                                          uint32_t at)
{
    const struct tfr_sym *way[DEEPEST];
    const uint32_t count = order->nodes[at].depth;

    if (order->layouts[at] != NULL)
        return order->layouts[at];
    for (uint32_t i = count, node = at; i-- > 0; node = order->nodes[node].before)
        way[i] = order->nodes[node].name;
    order->layouts[at] = tfr_names_layout(names, way, count);
    return order->layouts[at];
}

void tfr_order_fini(struct tfr_order *order)
{
    tfr_free(order->nodes);
    tfr_free(order->layouts);
    *order = (struct tfr_order){ 0 };
}
