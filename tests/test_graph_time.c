/* SPDX-License-Identifier: Apache-2.0 */
/* When an edge holds: before the apply, after it, or both; for what moves, is imported or goes. */
#include "graph_world.h"

#define CHANGE(address, type, name, rest, actions, before, after)                              \
    "{\"address\":\"" address "\",\"mode\":\"managed\",\"type\":\"" type "\",\"name\":\"" name \
    "\"" rest ",\"change\":{\"actions\":[" actions "],\"before\":" before ",\"after\":" after "}}"
#define SAME(address, type, name, rest) CHANGE(address, type, name, rest, "\"no-op\"", "{}", "{}")
#define PLAN(changes, prior, root)                                                              \
    "{\"format_version\":\"1.2\",\"resource_changes\":[" changes                                \
    "],\"prior_state\":{\"format_version\":\"1.0\",\"values\":{\"root_module\":{\"resources\":" \
    "[" prior "]}}},\"configuration\":{\"root_module\":{\"resources\":[" root "]}}}"
#define REFERS_TO(address, to)                                                         \
    "{\"address\":\"" address                                                          \
    "\",\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"a\",\"expressions\":{\"v\":{" \
    "\"references\":[\"" to ".id\",\"" to "\"]}}}"

/* ---- what moved --------------------------------------------------------------------------------
 */

static void a_state_that_names_the_old_address_means_what_moved(void **state)
{
    struct world world = build(PLAN(
        SAME("a_a.a", "a_a", "a", "") "," SAME("b_b.new", "b_b", "new",
                                               ",\"previous_address\":\"b_b.old\""),
        OBJECT("a_a.a", "a_a", "a", "", "\"b_b.old\"") "," OBJECT("b_b.new", "b_b", "new", "", ""),
        REFERS_TO("a_a.a", "b_b.new")));

    (void)state;
    assert_int_equal(edge(&world, "a_a.a", "b_b.new")->origin, TFR_ORIGIN_REFERENCE);
    assert_int_equal(edge(&world, "a_a.a", "b_b.new")->when, TFR_BOTH);
    end(&world);
}

static void what_goes_keeps_its_edge_to_what_moved(void **state)
{
    struct world world = build(PLAN(
        CHANGE("a_a.a", "a_a", "a", "", "\"delete\"", "{}",
               "null") "," SAME("b_b.new", "b_b", "new", ",\"previous_address\":\"b_b.old\""),
        OBJECT("a_a.a", "a_a", "a", "", "\"b_b.old\"") "," OBJECT("b_b.new", "b_b", "new", "", ""),
        ""));

    (void)state;
    assert_int_equal(edge(&world, "a_a.a", "b_b.new")->origin, TFR_ORIGIN_STATE);
    assert_int_equal(edge(&world, "a_a.a", "b_b.new")->when, TFR_BEFORE);
    end(&world);
}

static void a_move_into_a_module_is_followed(void **state)
{
    struct world world = build(
        PLAN(CHANGE("a_a.a", "a_a", "a", "", "\"delete\"", "{}", "null") "," SAME(
                 "module.m[\\\"k\\\"].b_b.b", "b_b", "b",
                 ",\"module_address\":\"module.m[\\\"k\\\"]\",\"previous_address\":\"b_b.b[0]\""),
             OBJECT("a_a.a", "a_a", "a", "", "\"b_b.b\""), ""));

    (void)state;
    assert_non_null(edge(&world, "a_a.a", "module.m[\"k\"].b_b.b"));
    end(&world);
}

/* ---- what is imported, new, gone ---------------------------------------------------------------
 */

static void an_imported_object_stood_on_the_same_before(void **state)
{
    struct world world = build(PLAN(
        "{\"address\":\"a_a.a\",\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"a\",\"change\":{"
        "\"actions\":[\"no-op\"],\"before\":{},\"after\":{},\"importing\":{\"id\":\"x\"}}}," SAME(
            "b_b.b", "b_b", "b", ""),
        OBJECT("a_a.a", "a_a", "a", "", "") "," OBJECT("b_b.b", "b_b", "b", "", ""),
        REFERS_TO("a_a.a", "b_b.b")));

    (void)state;
    assert_int_equal(edge(&world, "a_a.a", "b_b.b")->when, TFR_BOTH);
    end(&world);
}

static void an_import_by_an_unknown_id_hides_what_it_refers_to(void **state)
{
    struct world world = build(PLAN(
        "{\"address\":\"a_a.a\",\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"a\",\"change\":{"
        "\"actions\":[\"create\"],\"before\":null,\"after\":{},\"importing\":{\"unknown\":true}}}",
        "", ""));
    uint32_t count;
    const struct tfr_unresolved *hidden =
        tfr_graph_unresolved_of(world.graph, node(&world, "a_a.a"), &count);

    (void)state;
    assert_int_equal(count, 1);
    assert_string_equal(hidden->reference->text, "the id of an import");
    end(&world);
}

static void a_reference_that_is_new_holds_only_after(void **state)
{
    struct world world = build(
        PLAN(SAME("a_a.a", "a_a", "a", "") "," SAME("b_b.b", "b_b", "b", ""),
             OBJECT("a_a.a", "a_a", "a", "", "\"c_c.c\"") "," OBJECT("b_b.b", "b_b", "b", "", ""),
             REFERS_TO("a_a.a", "b_b.b")));

    (void)state;
    assert_int_equal(edge(&world, "a_a.a", "b_b.b")->when, TFR_AFTER);
    end(&world);
}

static void what_triggers_made_is_hidden(void **state)
{
    struct world world =
        build("{\"format_version\":\"1.2\",\"resource_changes\":[{\"address\":\"a_a.a\",\"mode\":"
              "\"managed\","
              "\"type\":\"a_a\",\"name\":\"a\",\"change\":{\"actions\":[\"delete\",\"create\"],"
              "\"before\":{},"
              "\"after\":{}},\"action_reason\":\"replace_by_triggers\"}],\"configuration\":{"
              "\"root_module\":{}}}");
    uint32_t count;
    const struct tfr_unresolved *hidden =
        tfr_graph_unresolved_of(world.graph, node(&world, "a_a.a"), &count);

    (void)state;
    assert_int_equal(count, 1);
    assert_string_equal(hidden->reference->text, "replace_triggered_by");
    end(&world);
}

/* ---- too much ----------------------------------------------------------------------------------
 */

#define OUTPUTS 100005

/* One step for the expression and one for each output: six more than are taken. */
static void all_that_is_not_followed_any_more_is_said(void **state)
{
    struct tfr_buf text = { 0 };
    struct world world;
    uint32_t count;

    (void)state;
    tfr_buf_puts(&text, "{\"format_version\":\"1.2\",\"resource_changes\":[" CHANGE(
                            "a_a.a", "a_a", "a", "", "\"create\"", "null", "{}") //
                 "],\"configuration\":{\"root_module\":{\"resources\":[{\"address\":\"a_a.a\","
                 "\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"a\",\"expressions\":{\"v\":{"
                 "\"references\":[\"module.m\"]}}}],\"module_calls\":{\"m\":{\"module\":{"
                 "\"outputs\":{");
    for (int i = 0; i < OUTPUTS; i++)
        tfr_buf_printf(&text, "%s\"o%d\":{\"expression\":{\"references\":[\"b_b.n%d\"]}}",
                       i > 0 ? "," : "", i, i);
    tfr_buf_puts(&text, "}}}}}}}");
    world = build(text.data);
    (void)tfr_graph_unresolved_of(world.graph, node(&world, "a_a.a"), &count);
    assert_int_equal(count, 6);
    end(&world);
    tfr_buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_state_that_names_the_old_address_means_what_moved),
        cmocka_unit_test(what_goes_keeps_its_edge_to_what_moved),
        cmocka_unit_test(a_move_into_a_module_is_followed),
        cmocka_unit_test(an_imported_object_stood_on_the_same_before),
        cmocka_unit_test(an_import_by_an_unknown_id_hides_what_it_refers_to),
        cmocka_unit_test(a_reference_that_is_new_holds_only_after),
        cmocka_unit_test(what_triggers_made_is_hidden),
        cmocka_unit_test(all_that_is_not_followed_any_more_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
