/* SPDX-License-Identifier: Apache-2.0 */
/* Modules that are called again: what is shared by two calls, and what is each one's own. */
#include "tests/reading.h"

#define INNER                                                                               \
    "{\"resources\":[{\"address\":\"aws_sqs_queue.q\",\"mode\":\"managed\","                \
    "\"type\":\"aws_sqs_queue\",\"name\":\"q\",\"expressions\":{\"name\":{\"references\":[" \
    "\"var.name\"]}}}],\"variables\":{\"name\":{}}}"
#define OUTER                                                                                   \
    "{\"outputs\":{\"id\":{\"expression\":{\"references\":[\"module.in.id\",\"module.in\"]}}}," \
    "\"module_calls\":{\"in\":{\"source\":\"./in\",\"module\":" INNER "},"                      \
    "\"gone\":{\"source\":\"./gone\"}}}"
#define CALL(name, source, module)                                                           \
    "\"" name "\":{\"source\":\"" source "\",\"expressions\":{\"name\":{\"constant_value\":" \
    "\"" name "\"}},\"module\":" module "}"
#define PLAN(calls)                                                                           \
    "{\"format_version\":\"1.2\",\"resource_changes\":[],\"configuration\":{\"root_module\":" \
    "{\"module_calls\":{" calls "}}}}"

static const char twice[] = PLAN(CALL("a", "./m", OUTER) "," CALL("b", "./m", OUTER));

static const struct tfr_config_call *call(const struct tfr_document *document, uint32_t number)
{
    assert_non_null(document);
    assert_true(number < document->configuration->call_count);
    return &document->configuration->calls[number];
}

static void a_module_that_is_called_again_is_made_once(void **state)
{
    struct got got = read_text(twice);

    (void)state;
    assert_ptr_equal(call(got.document, 0)->module->outputs,
                     call(got.document, 1)->module->outputs);
    assert_ptr_equal(call(got.document, 0)->module->calls[0].module->resources,
                     call(got.document, 1)->module->calls[0].module->resources);
    tfr_document_free(got.document);
}

static void each_call_has_modules_of_its_own(void **state)
{
    struct got got = read_text(twice);
    const struct tfr_config_call *second = call(got.document, 1);
    const struct tfr_config_module *inner = second->module->calls[0].module;

    (void)state;
    assert_string_equal(second->module->path->text, "module.b");
    assert_ptr_equal(second->module->parent, got.document->configuration);
    assert_ptr_equal(second->module->call, second);
    assert_string_equal(inner->path->text, "module.b.module.in");
    assert_ptr_equal(inner->parent, second->module);
    assert_ptr_equal(inner->call, &second->module->calls[0]);
    assert_true(tfr_value_is(&second->expressions.at[0].constant, "b"));
    tfr_document_free(got.document);
}

static void a_module_that_is_called_but_not_written_has_no_path(void **state)
{
    struct got got = read_text(twice);

    (void)state;
    for (uint32_t i = 0; i < 2; i++) {
        assert_string_equal(call(got.document, i)->module->calls[1].name->text, "gone");
        assert_null(call(got.document, i)->module->calls[1].module->path);
    }
    tfr_document_free(got.document);
}

static void another_text_is_another_module(void **state)
{
    struct got got = read_text(PLAN(CALL("a", "./m", OUTER) "," CALL("b", "./m", INNER)));

    (void)state;
    assert_int_equal(call(got.document, 0)->module->resource_count, 0);
    assert_int_equal(call(got.document, 1)->module->resource_count, 1);
    tfr_document_free(got.document);
}

static void the_parser_goes_on_behind_a_module_that_came_again(void **state)
{
    struct got got = read_text(PLAN(CALL("a", "./m", OUTER) "," CALL("b", "./m", OUTER) "," CALL(
        "c", "./m", OUTER) ",\"d\":{\"source\":\"./d\"}"));

    (void)state;
    assert_int_equal(got.document->configuration->call_count, 4);
    assert_string_equal(call(got.document, 3)->source->text, "./d");
    tfr_document_free(got.document);
}

static void what_is_wrong_behind_it_is_found_where_it_stands(void **state)
{
    static const char text[] =
        PLAN(CALL("a", "./m", OUTER) "," CALL("b", "./m", OUTER) ",\"c\":{\"source\":]}");
    struct got got = read_text(text);

    (void)state;
    assert_int_equal(got.refusals, 1);
    assert_string_equal(got.error.id, "input.syntax");
    assert_int_equal(got.error.offset, strchr(strstr(text, "\"c\""), ']') - text);
    assert_string_equal(got.error.path, "configuration.root_module.module_calls.c.source");
}

static void where_the_text_is_cut_changes_nothing(void **state)
{
    (void)state;
    for (size_t piece = 1; piece < sizeof twice; piece++) {
        struct got got = read_in_pieces(twice, sizeof twice - 1, piece);
        const struct tfr_config_module *inner = call(got.document, 1)->module->calls[0].module;

        assert_string_equal(inner->path->text, "module.b.module.in");
        assert_int_equal(inner->resource_count, 1);
        tfr_document_free(got.document);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_module_that_is_called_again_is_made_once),
        cmocka_unit_test(each_call_has_modules_of_its_own),
        cmocka_unit_test(a_module_that_is_called_but_not_written_has_no_path),
        cmocka_unit_test(another_text_is_another_module),
        cmocka_unit_test(the_parser_goes_on_behind_a_module_that_came_again),
        cmocka_unit_test(what_is_wrong_behind_it_is_found_where_it_stands),
        cmocka_unit_test(where_the_text_is_cut_changes_nothing),
    };

    return cmocka_run_group_tests_name("modules", tests, NULL, NULL);
}
