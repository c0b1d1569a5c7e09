/* SPDX-License-Identifier: Apache-2.0 */
/* Questions about the shape of the graph, with known answers. */
#include "graph_world.h"

/* An object with an identifier of its own that holds those of others. */
#define THING(name, holds) \
    OBJECT("t_t." name, "t_t", name, "\"id\":\"identifier-" name "\"" holds, "")
#define HOLDS(path, name) ",\"" path "\":\"identifier-" name "\""

static void nodes_are(const struct world *world, const struct tfr_nodes *nodes,
                      const char *const *addresses)
{
    uint32_t count = 0;

    for (; addresses[count] != NULL; count++) {
        bool found = false;

        for (uint32_t i = 0; i < nodes->count; i++)
            found = found || nodes->at[i] == node(world, addresses[count]);
        if (!found)
            fail_msg("%s is not among them", addresses[count]);
    }
    assert_int_equal(nodes->count, count);
}

/* ---- cycles ------------------------------------------------------------------------------------
 */

/* a -> b -> c -> a, d -> a, e <-> f */
static struct world two_cycles(void)
{
    return build(STATE(THING("d", HOLDS("x", "a")) "," THING("a", HOLDS("x", "b")) "," THING(
        "b",
        HOLDS("x", "c")) "," THING("c",
                                   HOLDS("x", "a")) "," THING("f",
                                                              HOLDS("x",
                                                                    "e")) "," THING("e",
                                                                                    HOLDS("x",
                                                                                          "f"))));
}

static void cycles_are_reported_each_once(void **state)
{
    struct world world = two_cycles();
    struct tfr_node_groups cycles;
    struct tfr_nodes one;

    (void)state;
    tfr_graph_cycles(world.graph, TFR_AFTER, &cycles);
    assert_int_equal(cycles.count, 2);
    one = (struct tfr_nodes){ cycles.at, cycles.end[0] };
    nodes_are(&world, &one, (const char *const[]){ "t_t.a", "t_t.b", "t_t.c", NULL });
    one = (struct tfr_nodes){ cycles.at + cycles.end[0], cycles.end[1] - cycles.end[0] };
    nodes_are(&world, &one, (const char *const[]){ "t_t.e", "t_t.f", NULL });
    tfr_node_groups_fini(&cycles);
    end(&world);
}

static void what_terraform_planned_has_no_cycle(void **state)
{
    struct world world =
        world_open(TFREADY_SOURCE_DIR "/testdata/graph/depot-create.plan.json", NULL);
    struct tfr_node_groups cycles;

    (void)state;
    tfr_graph_cycles(world.graph, TFR_AFTER, &cycles);
    assert_int_equal(cycles.count, 0);
    tfr_node_groups_fini(&cycles);
    end(&world);
}

/* ---- components --------------------------------------------------------------------------------
 */

static void components_hang_together_in_any_direction(void **state)
{
    /* a -> b <- c, and d alone */
    struct world world = build(STATE(THING("a", HOLDS("x", "b")) "," THING("d", "") "," THING(
        "b", "") "," THING("c", HOLDS("x", "b"))));
    struct tfr_node_groups parts;
    struct tfr_nodes one;

    (void)state;
    tfr_graph_components(world.graph, TFR_AFTER, &parts);
    assert_int_equal(parts.count, 2);
    one = (struct tfr_nodes){ parts.at, parts.end[0] };
    nodes_are(&world, &one, (const char *const[]){ "t_t.a", "t_t.b", "t_t.c", NULL });
    one = (struct tfr_nodes){ parts.at + parts.end[0], parts.end[1] - parts.end[0] };
    nodes_are(&world, &one, (const char *const[]){ "t_t.d", NULL });
    tfr_node_groups_fini(&parts);
    end(&world);
}

/* ---- ways --------------------------------------------------------------------------------------
 */

/* a -> b -> d -> e, a -> c -> d, f -> d */
static struct world diamond(void)
{
    return build(
        STATE(THING("a", HOLDS("x", "b") HOLDS("y", "c")) "," THING("b", HOLDS("x", "d")) "," THING(
            "c",
            HOLDS("x", "d")) "," THING("d",
                                       HOLDS("x", "e")) "," THING("e",
                                                                  "") "," THING("f",
                                                                                HOLDS("x", "d"))));
}

static void a_way_is_a_chain_of_edges(void **state)
{
    struct world world = diamond();
    struct tfr_way way;

    (void)state;
    tfr_graph_way(world.graph, node(&world, "t_t.a"), node(&world, "t_t.e"), TFR_AFTER, &way);
    assert_int_equal(way.count, 3);
    assert_int_equal(way.at[0]->from, node(&world, "t_t.a"));
    assert_int_equal(way.at[0]->to, way.at[1]->from);
    assert_int_equal(way.at[1]->to, way.at[2]->from);
    assert_int_equal(way.at[2]->to, node(&world, "t_t.e"));
    tfr_way_fini(&way);
    end(&world);
}

static void where_no_way_leads_there_is_none(void **state)
{
    struct world world = diamond();
    struct tfr_way way;

    (void)state;
    tfr_graph_way(world.graph, node(&world, "t_t.e"), node(&world, "t_t.a"), TFR_AFTER, &way);
    assert_int_equal(way.count, 0);
    tfr_way_fini(&way);
    end(&world);
}

static void between_two_lies_what_is_on_any_way(void **state)
{
    struct world world = diamond();
    struct tfr_nodes nodes;

    (void)state;
    tfr_graph_between(world.graph, node(&world, "t_t.a"), node(&world, "t_t.d"), TFR_AFTER, &nodes);
    nodes_are(&world, &nodes, (const char *const[]){ "t_t.b", "t_t.c", NULL });
    tfr_nodes_fini(&nodes);
    end(&world);
}

/* ---- walks -------------------------------------------------------------------------------------
 */

/* a -> b -> c, of three types */
static struct world three_types(void)
{
    return build(STATE(OBJECT("x_a.a", "x_a", "a", "\"v\":\"identifier-b\"", "") "," OBJECT(
        "x_b.b", "x_b", "b", "\"id\":\"identifier-b\",\"v\":\"identifier-c\"",
        "") "," OBJECT("x_c.c", "x_c", "c", "\"id\":\"identifier-c\"", "")));
}

static struct tfr_nodes reach(const struct world *world, const char *from, struct tfr_walk walk)
{
    struct tfr_nodes nodes;

    walk.when = TFR_AFTER;
    tfr_graph_reach(world->graph, node(world, from), &walk, &nodes);
    return nodes;
}

static const struct tfr_sym *name(const struct world *world, const char *text)
{
    return tfr_names_find(world->document->names, text, strlen(text));
}

static void a_walk_gives_all_that_is_below(void **state)
{
    struct world world = three_types();
    struct tfr_nodes nodes = reach(&world, "x_a.a", (struct tfr_walk){ .direction = TFR_DOWN });

    (void)state;
    nodes_are(&world, &nodes, (const char *const[]){ "x_b.b", "x_c.c", NULL });
    tfr_nodes_fini(&nodes);
    end(&world);
}

static void a_walk_stops_at_a_type_and_gives_it(void **state)
{
    struct world world = three_types();
    struct tfr_nodes nodes =
        reach(&world, "x_a.a",
              (struct tfr_walk){ .direction = TFR_DOWN, .stop_type = name(&world, "x_b") });

    (void)state;
    nodes_are(&world, &nodes, (const char *const[]){ "x_b.b", NULL });
    tfr_nodes_fini(&nodes);
    end(&world);
}

static void a_walk_gives_one_type_alone_and_goes_through_others(void **state)
{
    struct world world = three_types();
    struct tfr_nodes nodes =
        reach(&world, "x_c.c",
              (struct tfr_walk){ .direction = TFR_UP, .only_type = name(&world, "x_a") });

    (void)state;
    nodes_are(&world, &nodes, (const char *const[]){ "x_a.a", NULL });
    tfr_nodes_fini(&nodes);
    end(&world);
}

static void a_walk_of_depth_one_gives_what_is_direct(void **state)
{
    struct world world = three_types();
    struct tfr_nodes nodes =
        reach(&world, "x_c.c", (struct tfr_walk){ .direction = TFR_UP, .depth = 1 });

    (void)state;
    nodes_are(&world, &nodes, (const char *const[]){ "x_b.b", NULL });
    tfr_nodes_fini(&nodes);
    end(&world);
}

/* ---- who stands alone, who stands where --------------------------------------------------------
 */

static void unreferenced_is_what_nothing_depends_on(void **state)
{
    struct world world = diamond();
    struct tfr_nodes nodes;

    (void)state;
    tfr_graph_unreferenced(world.graph, TFR_AFTER, NULL, &nodes);
    nodes_are(&world, &nodes, (const char *const[]){ "t_t.a", "t_t.f", NULL });
    tfr_nodes_fini(&nodes);
    end(&world);
}

static void a_question_names_its_time(void **state)
{
    struct world world = build(
        "{\"format_version\":\"1.2\",\"resource_changes\":["
        "{\"address\":\"q_q.q\",\"mode\":\"managed\",\"type\":\"q_q\",\"name\":\"q\",\"change\":{"
        "\"actions\":[\"no-op\"],\"before\":{\"id\":\"identifier-q\"},\"after\":{\"id\":"
        "\"identifier-q\"}}},"
        "{\"address\":\"a_a.a\",\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"a\",\"change\":{"
        "\"actions\":[\"update\"],\"before\":{\"v\":\"identifier-q\"},\"after\":{\"v\":\"other\"}}}"
        "]}");
    struct tfr_nodes nodes;

    (void)state;
    tfr_graph_unreferenced(world.graph, TFR_BEFORE, name(&world, "q_q"), &nodes);
    assert_int_equal(nodes.count, 0);
    tfr_nodes_fini(&nodes);
    tfr_graph_unreferenced(world.graph, TFR_AFTER, name(&world, "q_q"), &nodes);
    assert_int_equal(nodes.count, 1);
    tfr_nodes_fini(&nodes);
    end(&world);
}

static void zones_of_neighbours_are_counted_each_once(void **state)
{
    struct world world = build(STATE(OBJECT(
        "g_g.g", "g_g", "g",
        "\"subnets\":[\"subnet-0001\",\"subnet-0002\",\"subnet-0003\",\"subnet-0004\"]",
        "") "," OBJECT("s_s.a", "s_s", "a", "\"id\":\"subnet-0001\",\"zone\":\"eu-1a\"",
                       "") "," OBJECT("s_s.b", "s_s", "b",
                                      "\"id\":\"subnet-0002\",\"zone\":\"eu-1b\"",
                                      "") "," OBJECT("s_s.c", "s_s", "c",
                                                     "\"id\":\"subnet-0003\",\"zone\":\"eu-1a\"",
                                                     "") "," OBJECT("s_s.d", "s_s", "d",
                                                                    "\"id\":\"subnet-0004\"", "")));
    struct tfr_nodes nodes;
    struct tfr_distinct distinct;

    (void)state;
    tfr_graph_neighbours(world.graph, node(&world, "g_g.g"), TFR_DOWN, TFR_AFTER, &nodes);
    tfr_graph_distinct(world.graph, &nodes, "zone", TFR_AFTER, &distinct);
    assert_int_equal(distinct.known, 2);
    assert_int_equal(distinct.missing, 1);
    assert_int_equal(distinct.unknown, 0);
    tfr_nodes_fini(&nodes);
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cycles_are_reported_each_once),
        cmocka_unit_test(what_terraform_planned_has_no_cycle),
        cmocka_unit_test(components_hang_together_in_any_direction),
        cmocka_unit_test(a_way_is_a_chain_of_edges),
        cmocka_unit_test(where_no_way_leads_there_is_none),
        cmocka_unit_test(between_two_lies_what_is_on_any_way),
        cmocka_unit_test(a_walk_gives_all_that_is_below),
        cmocka_unit_test(a_walk_stops_at_a_type_and_gives_it),
        cmocka_unit_test(a_walk_gives_one_type_alone_and_goes_through_others),
        cmocka_unit_test(a_walk_of_depth_one_gives_what_is_direct),
        cmocka_unit_test(unreferenced_is_what_nothing_depends_on),
        cmocka_unit_test(a_question_names_its_time),
        cmocka_unit_test(zones_of_neighbours_are_counted_each_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
