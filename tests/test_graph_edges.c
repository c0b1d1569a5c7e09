/* SPDX-License-Identifier: Apache-2.0 */
/* Small stacks with a known answer. */
#include "graph_world.h"

/* ---- pieces of plans ---------------------------------------------------------------------------
 */

#define CREATE(address, type, name, rest)                                                      \
    "{\"address\":\"" address "\",\"mode\":\"managed\",\"type\":\"" type "\",\"name\":\"" name \
    "\"" rest                                                                                  \
    ",\"change\":{\"actions\":[\"create\"],\"after\":{},\"after_unknown\":{\"id\":true}}}"
#define INDEX(index) ",\"index\":" index
#define BLOCK(address, type, name, rest)                                                       \
    "{\"address\":\"" address "\",\"mode\":\"managed\",\"type\":\"" type "\",\"name\":\"" name \
    "\"" rest "}"
#define REFERS(path, references) ",\"expressions\":{\"" path "\":{\"references\":[" references "]}}"
#define PLAN(changes, root)                                      \
    "{\"format_version\":\"1.2\",\"resource_changes\":[" changes \
    "],\"configuration\":{\"root_module\":{" root "}}}"

/* ---- instances ---------------------------------------------------------------------------------
 */

#define TWO_OF(type) \
    CREATE(type ".x[0]", type, "x", INDEX("0")) "," CREATE(type ".x[1]", type, "x", INDEX("1"))

static void count_index_pairs_equal_keys(void **state)
{
    struct world world = build(
        PLAN(TWO_OF("a_a") "," TWO_OF("b_b"),
             "\"resources\":[" BLOCK(
                 "a_a.x", "a_a", "x",
                 REFERS("v", "\"b_b.x\",\"count.index\"")) "," BLOCK("b_b.x", "b_b", "x", "") "]"));

    (void)state;
    assert_non_null(edge(&world, "a_a.x[0]", "b_b.x[0]"));
    assert_non_null(edge(&world, "a_a.x[1]", "b_b.x[1]"));
    assert_null(edge(&world, "a_a.x[0]", "b_b.x[1]"));
    assert_int_equal(edge(&world, "a_a.x[0]", "b_b.x[0]")->certainty, TFR_EXACT);
    end(&world);
}

static void a_written_index_means_that_instance(void **state)
{
    struct world world = build(
        PLAN(CREATE("a_a.x", "a_a", "x", "") "," TWO_OF("b_b"),
             "\"resources\":[" BLOCK("a_a.x", "a_a", "x",
                                     REFERS("v", "\"b_b.x[1].id\",\"b_b.x[1]\",\"b_b.x\"")) "]"));

    (void)state;
    assert_null(edge(&world, "a_a.x", "b_b.x[0]"));
    assert_int_equal(edge(&world, "a_a.x", "b_b.x[1]")->certainty, TFR_EXACT);
    end(&world);
}

static void a_splat_means_all_instances(void **state)
{
    struct world world =
        build(PLAN(CREATE("a_a.x", "a_a", "x", "") "," TWO_OF("b_b"),
                   "\"resources\":[" BLOCK("a_a.x", "a_a", "x", REFERS("v", "\"b_b.x\"")) "]"));

    (void)state;
    assert_non_null(edge(&world, "a_a.x", "b_b.x[0]"));
    assert_non_null(edge(&world, "a_a.x", "b_b.x[1]"));
    assert_int_equal(edge(&world, "a_a.x", "b_b.x[1]")->certainty, TFR_OVER_APPROXIMATE);
    end(&world);
}

/* ---- modules -----------------------------------------------------------------------------------
 */

static void inputs_and_outputs_of_modules_are_followed(void **state)
{
    struct world world = build(PLAN(
        CREATE("module.one.a_a.x", "a_a", "x", ",\"module_address\":\"module.one\"") "," CREATE(
            "module.two.b_b.y", "b_b", "y",
            ",\"module_address\":\"module.two\"") "," CREATE("module.two.b_b.z", "b_b", "z",
                                                             ",\"module_address\":\"module.two\""),
        "\"module_calls\":{\"one\":{\"expressions\":{\"in\":{\"references\":[\"module.two.out\","
        "\"module.two\"]}},\"module\":{\"resources\":[" BLOCK(
            "a_a.x", "a_a", "x",
            REFERS("v", "\"var.in\"")) "]}},\"two\":{\"module\":{\"outputs\":{\"out\":{"
                                       "\"expression\":{\"references\":["
                                       "\"b_b.y.id\",\"b_b.y\"]}}},\"resources\":[" BLOCK(
                                           "b_b.y", "b_b", "y", "") "," BLOCK("b_b.z", "b_b", "z",
                                                                              "") "]}}}"));

    (void)state;
    assert_int_equal(edge(&world, "module.one.a_a.x", "module.two.b_b.y")->certainty, TFR_EXACT);
    assert_null(edge(&world, "module.one.a_a.x", "module.two.b_b.z"));
    end(&world);
}

static void instances_of_a_module_stay_among_themselves(void **state)
{
    struct world world = build(PLAN(
        CREATE("module.m[\\\"p\\\"].a_a.x", "a_a", "x", ",\"module_address\":\"module.m[\\\"p\\\"]\"") "," CREATE(
            "module.m[\\\"q\\\"].a_a.x", "a_a", "x",
            ",\"module_address\":\"module.m[\\\"q\\\"]\"") "," CREATE("module.m[\\\"p\\\"].b_"
                                                                      "b.x",
                                                                      "b_b", "x",
                                                                      ",\"module_address\":"
                                                                      "\"module.m[\\\"p\\\"]"
                                                                      "\"") "," CREATE("module"
                                                                                       ".m["
                                                                                       "\\\"q"
                                                                                       "\\\"]."
                                                                                       "b_b.x",
                                                                                       "b_b", "x",
                                                                                       ",\"mod"
                                                                                       "ule_"
                                                                                       "addres"
                                                                                       "s\":"
                                                                                       "\"modu"
                                                                                       "le.m["
                                                                                       "\\\"q"
                                                                                       "\\\"]"
                                                                                       "\""),
        "\"module_calls\":{\"m\":{\"module\":{\"resources\":[" BLOCK(
            "a_a.x", "a_a", "x", REFERS("v", "\"b_b.x.id\",\"b_b.x\"")) "]}}}"));

    (void)state;
    assert_non_null(edge(&world, "module.m[\"p\"].a_a.x", "module.m[\"p\"].b_b.x"));
    assert_null(edge(&world, "module.m[\"p\"].a_a.x", "module.m[\"q\"].b_b.x"));
    end(&world);
}

static void depends_on_a_module_means_everything_in_it(void **state)
{
    struct world world =
        build(PLAN(CREATE("a_a.x", "a_a", "x", "") "," CREATE("module.m.b_b.y", "b_b", "y",
                                                              ",\"module_address\":\"module.m\""),
                   "\"resources\":[" BLOCK(
                       "a_a.x", "a_a", "x",
                       ",\"depends_on\":[\"module.m\"]") "],\"module_calls\":{\"m\":{\"module\":{"
                                                         "\"resources\":[" BLOCK("b_b.y", "b_b",
                                                                                 "y", "") "]}}}"));

    (void)state;
    assert_int_equal(edge(&world, "a_a.x", "module.m.b_b.y")->origin, TFR_ORIGIN_DEPENDS_ON);
    end(&world);
}

/* Addresses, module addresses and keys that contradict each other: some edges or none, no crash. */
static void parts_that_disagree_are_survived(void **state)
{
    struct world world = build(PLAN(
        CREATE("b_b.x[0]", "b_b", "x",
               ",\"module_address\":\"module.a.module.b.module.c.module.d\"") "," //
        CREATE("a_a.x", "a_a", "x", INDEX("0")) ","                               //
        CREATE("module.m[0].c_c.x", "c_c", "x", "") ","                           //
        CREATE("d_d.x", "d_d", "x", ",\"module_address\":\"module.m[0]\""),
        "\"resources\":[" BLOCK("a_a.x", "a_a", "x",
                                REFERS("v", "\"b_b.x\",\"count.index\",\"module.m\"")) "," //
        BLOCK("d_d.x", "d_d", "x", REFERS("v", "\"b_b.x\",\"module.m\",\"count.index\""))  //
        "],\"module_calls\":{\"m\":{\"expressions\":{\"in\":{\"references\":[\"b_b.x\",\"count."
        "index\"]}},"
        "\"module\":{\"outputs\":{\"o\":{\"expression\":{\"references\":[\"c_c.x\",\"var.in\"]}}},"
        "\"resources\":[" BLOCK("c_c.x", "c_c", "x", REFERS("v", "\"var.in\"")) "]}}}"));

    (void)state;
    assert_true(tfr_graph_node_count(world.graph) >= 4);
    end(&world);
}

static void a_local_is_said_to_lead_nowhere(void **state)
{
    struct world world =
        build(PLAN(CREATE("a_a.x", "a_a", "x", ""),
                   "\"resources\":[" BLOCK("a_a.x", "a_a", "x", REFERS("v", "\"local.l\"")) "]"));
    uint32_t count;
    const struct tfr_unresolved *unresolved =
        tfr_graph_unresolved_of(world.graph, node(&world, "a_a.x"), &count);

    (void)state;
    assert_int_equal(count, 1);
    assert_string_equal(unresolved[0].reference->text, "local.l");
    end(&world);
}

static void outputs_depend_on_what_they_show(void **state)
{
    struct world world =
        build(PLAN(CREATE("a_a.x", "a_a", "x", ""),
                   "\"outputs\":{\"o\":{\"expression\":{\"references\":[\"a_a.x.id\",\"a_a.x\"]}}},"
                   "\"resources\":[" BLOCK("a_a.x", "a_a", "x", "") "]"));

    (void)state;
    assert_non_null(edge(&world, "output.o", "a_a.x"));
    end(&world);
}

/* ---- states and values -------------------------------------------------------------------------
 */

static void the_closure_of_a_state_is_reduced(void **state)
{
    struct world world =
        build(STATE(OBJECT("a_a.a", "a_a", "a", "\"id\":\"1\"", "\"b_b.b\",\"c_c.c\"") "," OBJECT(
            "b_b.b", "b_b", "b", "\"id\":\"2\"", "\"c_c.c\"") "," OBJECT("c_c.c", "c_c", "c",
                                                                         "\"id\":\"3\"", "")));

    (void)state;
    assert_non_null(edge(&world, "a_a.a", "b_b.b"));
    assert_null(edge(&world, "a_a.a", "c_c.c"));
    end(&world);
}

static void an_identifier_in_a_value_is_an_edge(void **state)
{
    struct world world = build(
        STATE(OBJECT("a_a.a", "a_a", "a", "\"target\":\"arn:aws:sqs:eu:1:jobs\"",
                     "") "," OBJECT("b_b.b", "b_b", "b", "\"arn\":\"arn:aws:sqs:eu:1:jobs\"", "")));

    (void)state;
    assert_int_equal(edge(&world, "a_a.a", "b_b.b")->origin, TFR_ORIGIN_VALUE);
    assert_int_equal(edge(&world, "a_a.a", "b_b.b")->certainty, TFR_BY_VALUE);
    assert_string_equal(edge(&world, "a_a.a", "b_b.b")->path->text, "target");
    end(&world);
}

static void an_identifier_in_an_embedded_document_is_an_edge(void **state)
{
    struct world world = build(STATE(OBJECT(
        "a_a.a", "a_a", "a", "\"policy\":\"{\\\"Resource\\\":\\\"arn:aws:s3:::uploads/*\\\"}\"",
        "") "," OBJECT("b_b.b", "b_b", "b", "\"arn\":\"arn:aws:s3:::uploads\"", "")));

    (void)state;
    assert_int_equal(edge(&world, "a_a.a", "b_b.b")->origin, TFR_ORIGIN_DOCUMENT);
    end(&world);
}

static void short_texts_and_numbers_are_no_identifiers(void **state)
{
    struct world world = build(
        STATE(OBJECT("a_a.a", "a_a", "a", "\"v\":\"main\",\"n\":\"123456789012\"", "") "," OBJECT(
            "b_b.b", "b_b", "b", "\"id\":\"main\"", "") "," OBJECT("c_c.c", "c_c", "c",
                                                                   "\"id\":\"123456789012\"", "")));

    (void)state;
    assert_null(edge(&world, "a_a.a", "b_b.b"));
    assert_null(edge(&world, "a_a.a", "c_c.c"));
    end(&world);
}

static void the_object_owns_an_identifier_that_its_parts_share(void **state)
{
    struct world world =
        build(STATE(OBJECT("s3.a", "s3", "a", "\"id\":\"the-bucket\"",
                           "") "," OBJECT("s3_versioning.b", "s3_versioning", "b",
                                          "\"id\":\"the-bucket\",\"bucket\":\"the-bucket\"", "")));

    (void)state;
    assert_non_null(edge(&world, "s3_versioning.b", "s3.a"));
    assert_null(edge(&world, "s3.a", "s3_versioning.b"));
    end(&world);
}

/* ---- time and blast radius ---------------------------------------------------------------------
 */

static void what_is_deleted_keeps_its_edges_before(void **state)
{
    struct world world =
        build("{\"format_version\":\"1.2\",\"resource_changes\":["
              "{\"address\":\"q_q.q\",\"mode\":\"managed\",\"type\":\"q_q\",\"name\":\"q\","
              "\"change\":{\"actions\":"
              "[\"delete\"],\"before\":{\"arn\":\"arn:aws:sqs:eu:1:jobs\"},\"after\":null}},"
              "{\"address\":\"a_a.a\",\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"a\","
              "\"change\":{\"actions\":"
              "[\"update\"],\"before\":{\"target\":\"arn:aws:sqs:eu:1:jobs\"},\"after\":{"
              "\"target\":null}}}],"
              "\"configuration\":{\"root_module\":{}}}");
    struct tfr_blast blast;

    (void)state;
    assert_int_equal(edge(&world, "a_a.a", "q_q.q")->when, TFR_BEFORE);
    tfr_graph_blast(world.graph, node(&world, "q_q.q"), &blast);
    assert_int_equal(blast.direct, 1);
    assert_int_equal(blast.total, 1);
    assert_int_equal(blast.also_changed, 1);
    assert_int_equal(blast.named_count, 1);
    assert_int_equal(blast.named[0], node(&world, "a_a.a"));
    assert_int_equal(tfr_graph_blast_of_plan(world.graph), 1);
    end(&world);
}

static void a_cycle_ends(void **state)
{
    struct world world = build(STATE(OBJECT(
        "a_a.a", "a_a", "a", "\"id\":\"identifier-a\",\"v\":\"identifier-b\"",
        "") "," OBJECT("b_b.b", "b_b", "b", "\"id\":\"identifier-b\",\"v\":\"identifier-a\"", "")));
    const struct tfr_walk walk = { .direction = TFR_DOWN, .when = TFR_BOTH };
    struct tfr_nodes nodes;

    (void)state;
    tfr_graph_reach(world.graph, node(&world, "a_a.a"), &walk, &nodes);
    assert_int_equal(nodes.count, 1);
    tfr_nodes_fini(&nodes);
    end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(count_index_pairs_equal_keys),
        cmocka_unit_test(a_written_index_means_that_instance),
        cmocka_unit_test(a_splat_means_all_instances),
        cmocka_unit_test(inputs_and_outputs_of_modules_are_followed),
        cmocka_unit_test(instances_of_a_module_stay_among_themselves),
        cmocka_unit_test(depends_on_a_module_means_everything_in_it),
        cmocka_unit_test(parts_that_disagree_are_survived),
        cmocka_unit_test(a_local_is_said_to_lead_nowhere),
        cmocka_unit_test(outputs_depend_on_what_they_show),
        cmocka_unit_test(the_closure_of_a_state_is_reduced),
        cmocka_unit_test(an_identifier_in_a_value_is_an_edge),
        cmocka_unit_test(an_identifier_in_an_embedded_document_is_an_edge),
        cmocka_unit_test(short_texts_and_numbers_are_no_identifiers),
        cmocka_unit_test(the_object_owns_an_identifier_that_its_parts_share),
        cmocka_unit_test(what_is_deleted_keeps_its_edges_before),
        cmocka_unit_test(a_cycle_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
