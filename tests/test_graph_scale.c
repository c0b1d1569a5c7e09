/* SPDX-License-Identifier: Apache-2.0 */
/* Large graphs: depth does not touch the C stack, all-to-all does not cost its square. */
#include "graph_world.h"

#include <pthread.h>

/* ---- depth -------------------------------------------------------------------------------------
 */

#define CHAIN 100000
/* A call for each link of the chain would need more, whatever a frame holds, bytes. */
#define SMALL_STACK (256 * 1024)

static char *chain_text(void)
{
    struct tfr_buf text = { 0 };

    tfr_buf_puts(&text, "{\"format_version\":\"1.0\",\"values\":{\"root_module\":{\"resources\":[");
    for (int i = 0; i < CHAIN; i++)
        tfr_buf_printf(&text,
                       "%s" OBJECT("a_a.n%d", "a_a", "n%d",
                                   "\"id\":\"identifier-%d\",\"v\":\"identifier-%d\"", ""),
                       i > 0 ? "," : "", i, i, i, i + 1);
    tfr_buf_puts(&text, "]}}}");
    return text.data; /* tfr_free() */
}

/* What a chain answers to each question. */
struct answers {
    const char *text;
    uint32_t reached, hit, cycles, components, steps, between;
};

static void *ask(void *ctx)
{
    struct answers *answers = ctx;
    struct world world = build(answers->text);
    const tfr_node_id first = node(&world, "a_a.n0");
    const tfr_node_id last = node(&world, "a_a.n99999");
    const struct tfr_walk down = { .direction = TFR_DOWN, .when = TFR_AFTER };
    struct tfr_nodes nodes;
    struct tfr_node_groups groups;
    struct tfr_blast blast;
    struct tfr_way way;

    tfr_graph_reach(world.graph, first, &down, &nodes);
    answers->reached = nodes.count;
    tfr_nodes_fini(&nodes);
    tfr_graph_blast(world.graph, last, &blast);
    answers->hit = blast.total;
    tfr_graph_cycles(world.graph, TFR_AFTER, &groups);
    answers->cycles = groups.count;
    tfr_node_groups_fini(&groups);
    tfr_graph_components(world.graph, TFR_AFTER, &groups);
    answers->components = groups.count;
    tfr_node_groups_fini(&groups);
    tfr_graph_way(world.graph, first, last, TFR_AFTER, &way);
    answers->steps = way.count;
    tfr_way_fini(&way);
    tfr_graph_between(world.graph, first, last, TFR_AFTER, &nodes);
    answers->between = nodes.count;
    tfr_nodes_fini(&nodes);
    end(&world);
    return NULL;
}

static void a_chain_of_a_hundred_thousand_needs_no_stack(void **state)
{
    char *text = chain_text();
    struct answers answers = { .text = text };
    pthread_attr_t attributes;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, SMALL_STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, ask, &answers), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    (void)pthread_attr_destroy(&attributes);
    assert_int_equal(answers.reached, CHAIN - 1);
    assert_int_equal(answers.hit, CHAIN - 1);
    assert_int_equal(answers.cycles, 0);
    assert_int_equal(answers.components, 1);
    assert_int_equal(answers.steps, CHAIN - 1);
    assert_int_equal(answers.between, CHAIN - 2);
    tfr_free(text);
}

/* ---- breadth -----------------------------------------------------------------------------------
 */

#define MANY 8000

/* @param rest what stands behind the index */
static void add_instances(struct tfr_buf *text, int count, const char *type, const char *rest)
{
    for (int i = 0; i < count; i++)
        tfr_buf_printf(text,
                       "%c{\"address\":\"%s.x[%d]\",\"mode\":\"managed\",\"type\":\"%s\","
                       "\"name\":\"x\",\"index\":%d,%s}",
                       text->data[text->len - 1] == '[' ? ' ' : ',', type, i, type, i, rest);
}

#define REFERS(attribute, references) "\"" attribute "\":{\"references\":[" references "]}"

/* Instances of a_a.x that refer to as many of b_b.x; @param prior with a state that says so, too */
static struct world each_to_each(int count, const char *expressions, bool prior)
{
    struct tfr_buf text = { 0 };
    struct world world;

    tfr_buf_puts(&text, "{\"format_version\":\"1.2\",\"resource_changes\":[");
    for (int type = 0; type < 2; type++)
        add_instances(&text, count, type == 0 ? "a_a" : "b_b",
                      "\"change\":{\"actions\":[\"no-op\"],\"before\":{},\"after\":{}}");
    tfr_buf_puts(&text, "]");
    if (prior) {
        tfr_buf_puts(&text, ",\"prior_state\":{\"format_version\":\"1.0\",\"values\":{"
                            "\"root_module\":{\"resources\":[");
        add_instances(&text, count, "a_a", "\"values\":{},\"depends_on\":[\"b_b.x\"]");
        add_instances(&text, count, "b_b", "\"values\":{}");
        tfr_buf_puts(&text, "]}}}");
    }
    tfr_buf_printf(&text,
                   ",\"configuration\":{\"root_module\":{\"resources\":[{\"address\":\"a_a.x\","
                   "\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"x\",\"expressions\":{%s}},"
                   "{\"address\":\"b_b.x\",\"mode\":\"managed\",\"type\":"
                   "\"b_b\",\"name\":\"x\"}]}}}",
                   expressions);
    world = build(text.data);
    tfr_buf_fini(&text);
    return world;
}

static struct world many_to_many(const char *expressions, bool prior)
{
    return each_to_each(MANY, expressions, prior);
}

static void all_refer_to_all(const struct world *world)
{
    struct tfr_nodes nodes;
    struct tfr_blast blast;

    assert_int_equal(tfr_graph_edge_count(world->graph), 2 * MANY);
    tfr_graph_blast(world->graph, node(world, "b_b.x[7]"), &blast);
    assert_int_equal(blast.total, MANY);
    assert_int_equal(blast.direct, MANY);
    tfr_graph_neighbours(world->graph, node(world, "a_a.x[7]"), TFR_DOWN, TFR_AFTER, &nodes);
    assert_int_equal(nodes.count, MANY);
    tfr_nodes_fini(&nodes);
}

static void all_to_all_goes_through_one_node(void **state)
{
    struct world world = many_to_many(REFERS("v", "\"b_b.x\""), false);

    (void)state;
    all_refer_to_all(&world);
    end(&world);
}

static void all_to_all_by_reference_and_state_is_told_once(void **state)
{
    struct world world = many_to_many(REFERS("v", "\"b_b.x\""), true);

    (void)state;
    all_refer_to_all(&world);
    end(&world);
}

static void all_to_all_by_the_state_alone_goes_through_one_node(void **state)
{
    struct world world = many_to_many(REFERS("v", "\"local.l\""), true);

    (void)state;
    all_refer_to_all(&world);
    end(&world);
}

static void pairs_of_many_are_one_edge_each(void **state)
{
    struct world world = many_to_many(REFERS("v", "\"b_b.x\",\"count.index\""), true);

    (void)state;
    assert_int_equal(tfr_graph_edge_count(world.graph), MANY);
    assert_int_equal(edge(&world, "a_a.x[7999]", "b_b.x[7999]")->certainty, TFR_EXACT);
    end(&world);
}

/* As many as are drawn one by one. */
#define SOME 200

static void long_rows_are_sorted_by_target_and_path(void **state)
{
    struct world world =
        each_to_each(SOME, REFERS("w", "\"b_b.x\"") "," REFERS("v", "\"b_b.x\""), false);
    const struct tfr_edges row = tfr_graph_dependencies(world.graph, node(&world, "a_a.x[7]"));

    (void)state;
    assert_int_equal(row.count, 2 * SOME);
    for (uint32_t i = 1; i < row.count; i++) {
        const struct tfr_edge *last = tfr_edge_at(&row, i - 1);
        const struct tfr_edge *edge = tfr_edge_at(&row, i);

        assert_true(last->to < edge->to ||
                    (last->to == edge->to && last->path->id < edge->path->id));
    }
    assert_int_equal(tfr_graph_dependants(world.graph, node(&world, "b_b.x[7]")).count, 2 * SOME);
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_of_a_hundred_thousand_needs_no_stack),
        cmocka_unit_test(all_to_all_goes_through_one_node),
        cmocka_unit_test(all_to_all_by_reference_and_state_is_told_once),
        cmocka_unit_test(all_to_all_by_the_state_alone_goes_through_one_node),
        cmocka_unit_test(pairs_of_many_are_one_edge_each),
        cmocka_unit_test(long_rows_are_sorted_by_target_and_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
