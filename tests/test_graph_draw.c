/* SPDX-License-Identifier: Apache-2.0 */
/* What is drawn, and that hostile names stay inside of their quotes. */
#include "graph/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char plan[] =
    "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.0\",\"resource_changes\":["
    "{\"address\":\"t_a.x[\\\"\\\\\\\"]; "
    "evil<b>&`#\\\\n\\\"]\",\"mode\":\"managed\",\"type\":\"t_a\","
    "\"name\":\"x\",\"index\":\"e\",\"change\":{\"actions\":[\"delete\"],\"before\":{},\"after\":"
    "null}},"
    "{\"address\":\"t_a.kept\",\"mode\":\"managed\",\"type\":\"t_a\",\"name\":\"kept\","
    "\"change\":{\"actions\":[\"no-op\"],\"before\":{},\"after\":{}}}]}";

static void on_document(void *ctx, struct tfr_document *document)
{
    *(struct tfr_document **)ctx = document;
}

static void on_refused(void *ctx, const char *name, const char *member,
                       const struct tfr_error *error)
{
    (void)ctx;
    (void)name;
    (void)member;
    fail_msg("%s at %s", error->msg, error->path);
}

static bool draw_text(const char *text, const struct tfr_draw_options *options, struct tfr_buf *out,
                      struct tfr_drawn *drawn)
{
    const struct tfr_read_options read = { 0 };
    struct tfr_document *document = NULL;
    const struct tfr_sink sink = { .ctx = &document,
                                   .document = on_document,
                                   .refused = on_refused };
    struct tfr_graph *graph;
    bool found;

    tfr_read_memory("plan.json", text, strlen(text), &read, &sink);
    assert_non_null(document);
    graph = tfr_graph_build(document);
    found = tfr_graph_write(graph, options, out, drawn);
    tfr_graph_free(graph);
    tfr_document_free(document);
    return found;
}

static bool draw(const struct tfr_draw_options *options, struct tfr_buf *out,
                 struct tfr_drawn *drawn)
{
    return draw_text(plan, options, out, drawn);
}

static void add_change(struct tfr_buf *text, unsigned index, const char *action)
{
    tfr_buf_printf(text,
                   "%s{\"address\":\"t_a.n%u\",\"mode\":\"managed\",\"type\":\"t_a\","
                   "\"name\":\"n%u\",\"change\":{\"actions\":[\"%s\"],\"before\":{},\"after\":{}}}",
                   index > 0 ? "," : "", index, index, action);
}

/* The grave changes stay, wherever they stand. */
static void limit(void **state)
{
    const struct tfr_draw_options some = { .format = TFR_DRAW_DOT };
    const struct tfr_draw_options all = { .format = TFR_DRAW_DOT, .all = true };
    struct tfr_buf text = { 0 };
    struct tfr_buf out = { 0 };
    struct tfr_drawn drawn;

    (void)state;
    tfr_buf_puts(&text, "{\"format_version\":\"1.2\",\"terraform_version\":\"1.9.0\","
                        "\"resource_changes\":[");
    for (unsigned i = 0; i < 2 * TFR_DRAW_NODES; i++)
        add_change(&text, i, "update");
    add_change(&text, 9999, "delete");
    tfr_buf_puts(&text, "]}");
    assert_true(draw_text(text.data, &some, &out, &drawn));
    assert_int_equal(drawn.nodes, TFR_DRAW_NODES);
    assert_int_equal(drawn.left_out_nodes, TFR_DRAW_NODES + 1);
    assert_non_null(strstr(out.data, "n9999"));
    assert_true(draw_text(text.data, &all, &out, &drawn));
    assert_int_equal(drawn.nodes, 2 * TFR_DRAW_NODES + 1);
    assert_int_equal(drawn.left_out_nodes, 0);
    tfr_buf_fini(&text);
    tfr_buf_fini(&out);
}

static void globs(void **state)
{
    (void)state;
    assert_true(tfr_address_glob("a.b[0]", "a.b[0]"));
    assert_true(tfr_address_glob("*.b[?]", "module.x.a.b[0]"));
    assert_true(tfr_address_glob("*", ""));
    assert_false(tfr_address_glob("a.b", "a.b[0]"));
    assert_true(tfr_address_glob("a.b[k]", "a.b[\"k\"]"));
    assert_true(tfr_address_glob("a.b['k']", "a.b[\"k\"]"));
    assert_true(tfr_address_glob("a.b[\"k\"]", "a.b[\"k\"]"));
    assert_true(tfr_address_glob("m[?].b['*']", "m[\"x\"].b[\"k l\"]"));
    assert_false(tfr_address_glob("a.b[l]", "a.b[\"k\"]"));
    assert_false(tfr_address_glob("a*c", "abcd"));
}

static void hostile_names(void **state)
{
    static const char *const raw[] = { "\"]; evil", "evil<b>", NULL, "evil<b>" };

    (void)state;
    for (int format = TFR_DRAW_DOT; format <= TFR_DRAW_GRAPHML; format++) {
        const struct tfr_draw_options options = { .format = (enum tfr_drawing)format,
                                                  .direction = TFR_AROUND };
        struct tfr_buf out = { 0 };
        struct tfr_drawn drawn;

        assert_true(draw(&options, &out, &drawn));
        assert_int_equal(drawn.nodes, 1);
        assert_non_null(strstr(out.data, "delete"));
        if (format == TFR_DRAW_DOT)
            assert_non_null(strstr(out.data, "\\\"]; evil"));
        else if (raw[format] != NULL)
            assert_null(strstr(out.data, raw[format]));
        tfr_buf_fini(&out);
    }
}

/* Renderers refuse more than 50,000 bytes, whatever --all says. */
static void long_names_in_mermaid(void **state)
{
    const struct tfr_draw_options options = { .all = true, .format = TFR_DRAW_MERMAID };
    struct tfr_buf text = { 0 };
    struct tfr_buf out = { 0 };
    struct tfr_drawn drawn;

    (void)state;
    tfr_buf_puts(&text, "{\"format_version\":\"1.2\",\"resource_changes\":[");
    for (int i = 0; i < 400; i++)
        tfr_buf_printf(&text,
                       "%s{\"address\":\"t_a.%0300d\",\"mode\":\"managed\",\"type\":\"t_a\","
                       "\"name\":\"%0300d\",\"change\":{\"actions\":[\"create\"],\"after\":{}}}",
                       i > 0 ? "," : "", i, i);
    tfr_buf_puts(&text, "]}");
    assert_true(draw_text(text.data, &options, &out, &drawn));
    assert_true(out.len <= TFR_DRAW_MERMAID_BYTES);
    assert_true(drawn.nodes > 100);
    assert_int_equal(drawn.nodes + drawn.left_out_nodes, 400);
    tfr_buf_fini(&text);
    tfr_buf_fini(&out);
}

/* What a module is waited for as a whole is in the data and not in the picture. */
static void order_alone(void **state)
{
    static const char text[] =
        "{\"format_version\":\"1.2\",\"resource_changes\":["
        "{\"address\":\"a_a.a\",\"mode\":\"managed\",\"type\":\"a_a\",\"name\":\"a\",\"change\":{"
        "\"actions\":[\"create\"],\"after\":{}}},"
        "{\"address\":\"module.m.b_b.b\",\"module_address\":\"module.m\",\"mode\":\"managed\","
        "\"type\":\"b_b\",\"name\":\"b\",\"change\":{\"actions\":[\"create\"],\"after\":{}}}],"
        "\"configuration\":{\"root_module\":{\"resources\":[{\"address\":\"a_a.a\",\"mode\":"
        "\"managed\","
        "\"type\":\"a_a\",\"name\":\"a\",\"expressions\":{\"v\":{\"references\":[\"module.m\"]}}}],"
        "\"module_calls\":{\"m\":{\"module\":{\"resources\":[{\"address\":\"b_b.b\",\"mode\":"
        "\"managed\","
        "\"type\":\"b_b\",\"name\":\"b\"}]}}}}}}";
    struct tfr_buf out = { 0 };
    struct tfr_drawn drawn;

    (void)state;
    assert_true(
        draw_text(text, &(struct tfr_draw_options){ .format = TFR_DRAW_DOT }, &out, &drawn));
    assert_int_equal(drawn.edges, 0);
    assert_true(
        draw_text(text, &(struct tfr_draw_options){ .format = TFR_DRAW_JSON }, &out, &drawn));
    assert_int_equal(drawn.edges, 1);
    tfr_buf_fini(&out);
}

static void selection(void **state)
{
    const struct tfr_draw_options nowhere = { .around = "t_b.*" };
    const struct tfr_draw_options around = { .around = "t_a.kept", .direction = TFR_UP };
    const struct tfr_draw_options all = { .all = true };
    const struct tfr_draw_options count = { .all = true, .collapse = TFR_COLLAPSE_COUNT };
    struct tfr_buf out = { 0 };
    struct tfr_drawn drawn;

    (void)state;
    assert_false(draw(&nowhere, &out, &drawn));
    assert_int_equal(out.len, 0);
    assert_true(draw(&around, &out, &drawn));
    assert_int_equal(drawn.nodes, 1);
    assert_true(draw(&all, &out, &drawn));
    assert_int_equal(drawn.nodes, 2);
    assert_true(draw(&count, &out, &drawn));
    assert_int_equal(drawn.nodes, 2);
    tfr_buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs),       cmocka_unit_test(hostile_names),
        cmocka_unit_test(limit),       cmocka_unit_test(long_names_in_mermaid),
        cmocka_unit_test(order_alone), cmocka_unit_test(selection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
