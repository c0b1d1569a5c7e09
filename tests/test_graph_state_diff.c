/* SPDX-License-Identifier: Apache-2.0 */
/* Two states of one thing, held side by side. */
#include "graph/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct sides {
    struct tfr_document *old, *now;
    struct tfr_arena arena;
    struct tfr_state_diff diff;
};

static void on_document(void *ctx, struct tfr_document *document)
{
    *(struct tfr_document **)ctx = document;
}

static struct tfr_document *read_state(const char *resources)
{
    const struct tfr_read_options options = { 0 };
    struct tfr_document *document = NULL;
    const struct tfr_sink sink = { .ctx = &document, .document = on_document };
    struct tfr_buf text = { 0 };

    tfr_buf_printf(&text,
                   "{\"version\":4,\"terraform_version\":\"1.9.0\",\"serial\":3,\"lineage\":\"l\","
                   "\"outputs\":{},\"resources\":[%s]}",
                   resources);
    tfr_read_memory("state", text.data, text.len, &options, &sink);
    tfr_buf_fini(&text);
    assert_non_null(document);
    return document;
}

static struct sides compare(const char *old, const char *now)
{
    struct sides sides = { .old = read_state(old), .now = read_state(now) };

    tfr_diff_states(sides.old, sides.now, &sides.arena, &sides.diff);
    return sides;
}

static void end(struct sides *sides)
{
    tfr_document_free(sides->old);
    tfr_document_free(sides->now);
    tfr_arena_free(&sides->arena);
}

#define OBJECT(name, attributes)                                                                 \
    "{\"mode\":\"managed\",\"type\":\"null_x\",\"name\":\"" name                                 \
    "\",\"provider\":\"provider[\\\"a/b/null\\\"]\",\"instances\":[{\"attributes\":{" attributes \
    "}}]}"
#define SECRET(name, attributes)                                                                 \
    "{\"mode\":\"managed\",\"type\":\"null_x\",\"name\":\"" name                                 \
    "\",\"provider\":\"provider[\\\"a/b/null\\\"]\",\"instances\":[{\"attributes\":{" attributes \
    "},\"sensitive_attributes\":[[{\"type\":\"get_attr\",\"value\":\"map\"}]]}]}"

static void the_same_state_has_no_changes(void **state)
{
    struct sides sides = compare(OBJECT("a", "\"id\":\"1\""), OBJECT("a", "\"id\":\"1\""));

    (void)state;
    assert_int_equal(sides.diff.count, 0);
    assert_int_equal(sides.diff.unchanged, 1);
    end(&sides);
}

static void numbers_of_one_value_and_null_for_absent_are_no_change(void **state)
{
    struct sides sides =
        compare(OBJECT("a", "\"n\":1.0,\"policy\":null"), OBJECT("a", "\"n\":1,\"size\":null"));

    (void)state;
    assert_int_equal(sides.diff.count, 0);
    end(&sides);
}

static void an_object_under_another_address_has_moved(void **state)
{
    struct sides sides = compare(OBJECT("a", "\"id\":\"x\""), OBJECT("b", "\"id\":\"x\""));

    (void)state;
    assert_int_equal(sides.diff.count, 1);
    assert_int_equal(sides.diff.at[0].change, TFR_OBJECT_MOVED);
    assert_string_equal(sides.diff.at[0].old_address, "null_x.a");
    assert_string_equal(sides.diff.at[0].address, "null_x.b");
    end(&sides);
}

static void an_id_that_two_objects_share_moves_nothing(void **state)
{
    struct sides sides = compare(OBJECT("a", "\"id\":\"x\"") "," OBJECT("b", "\"id\":\"x\""),
                                 OBJECT("c", "\"id\":\"x\"") "," OBJECT("d", "\"id\":\"x\""));

    (void)state;
    assert_int_equal(sides.diff.count, 4);
    assert_int_equal(sides.diff.at[0].change, TFR_OBJECT_APPEARED);
    assert_int_equal(sides.diff.at[2].change, TFR_OBJECT_GONE);
    end(&sides);
}

static void another_id_under_the_address_is_another_object(void **state)
{
    struct sides sides =
        compare(OBJECT("a", "\"id\":\"x\",\"size\":1"), OBJECT("a", "\"id\":\"y\",\"size\":2"));

    (void)state;
    assert_int_equal(sides.diff.count, 1);
    assert_int_equal(sides.diff.at[0].change, TFR_OBJECT_REPLACED);
    end(&sides);
}

static void attributes_are_named_by_their_paths(void **state)
{
    struct sides sides =
        compare(OBJECT("a", "\"tags\":{\"x\":\"1\",\"y\":\"2\"},\"block\":[{\"p\":1,\"q\":2}]"),
                OBJECT("a", "\"tags\":{\"y\":\"3\",\"z\":\"1\"},\"block\":[{\"p\":1,\"q\":3}]"));

    (void)state;
    assert_int_equal(sides.diff.count, 1);
    assert_int_equal(sides.diff.at[0].attribute_count, 4);
    assert_string_equal(sides.diff.at[0].attributes[0], "block.0.q");
    assert_string_equal(sides.diff.at[0].attributes[1], "tags.x");
    assert_string_equal(sides.diff.at[0].attributes[2], "tags.y");
    assert_string_equal(sides.diff.at[0].attributes[3], "tags.z");
    end(&sides);
}

static void a_list_of_several_differs_as_a_whole(void **state)
{
    struct sides sides = compare(OBJECT("a", "\"rules\":[{\"p\":1},{\"p\":2}]"),
                                 OBJECT("a", "\"rules\":[{\"p\":0},{\"p\":1},{\"p\":2}]"));

    (void)state;
    assert_int_equal(sides.diff.count, 1);
    assert_int_equal(sides.diff.at[0].attribute_count, 1);
    assert_string_equal(sides.diff.at[0].attributes[0], "rules");
    end(&sides);
}

static void the_keys_of_a_sensitive_map_are_not_told(void **state)
{
    struct sides sides = compare(SECRET("a", "\"map\":{\"canary-a\":\"1\"}"),
                                 SECRET("a", "\"map\":{\"canary-b\":\"1\"}"));

    (void)state;
    assert_int_equal(sides.diff.count, 1);
    assert_int_equal(sides.diff.at[0].attribute_count, 1);
    assert_string_equal(sides.diff.at[0].attributes[0], "map");
    end(&sides);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_state_has_no_changes),
        cmocka_unit_test(numbers_of_one_value_and_null_for_absent_are_no_change),
        cmocka_unit_test(an_object_under_another_address_has_moved),
        cmocka_unit_test(an_id_that_two_objects_share_moves_nothing),
        cmocka_unit_test(another_id_under_the_address_is_another_object),
        cmocka_unit_test(attributes_are_named_by_their_paths),
        cmocka_unit_test(a_list_of_several_differs_as_a_whole),
        cmocka_unit_test(the_keys_of_a_sensitive_map_are_not_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
