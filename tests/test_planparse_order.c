/* SPDX-License-Identifier: Apache-2.0 */
/* The order of names is learnt, and never claims more than it saw. */
#include "planparse/order.h"
#include "tests/reading.h"

struct known {
    struct tfr_arena arena;
    struct tfr_names *names;
    struct tfr_order order;
};

static int begin(void **state)
{
    static struct known known;

    known = (struct known){ 0 };
    known.names = tfr_names_new(&known.arena);
    *state = &known;
    return 0;
}

static int end(void **state)
{
    struct known *known = *state;

    tfr_order_fini(&known->order);
    tfr_names_free(known->names);
    tfr_arena_free(&known->arena);
    return 0;
}

static const struct tfr_sym *name(struct known *known, const char *text)
{
    return tfr_names_get(known->names, text, strlen(text));
}

static void the_name_that_followed_last_is_the_likely_one(void **state)
{
    struct known *known = *state;
    const uint32_t start = tfr_order_begin(&known->order);
    const uint32_t arn = tfr_order_follow(&known->order, start, name(known, "arn"));
    const uint32_t id = tfr_order_follow(&known->order, start, name(known, "id"));

    assert_int_equal(known->order.nodes[start].likely, id);
    assert_int_equal(tfr_order_follow(&known->order, start, name(known, "arn")), arn);
    assert_int_equal(known->order.nodes[start].likely, arn);
}

static void another_name_is_found_by_its_text(void **state)
{
    struct known *known = *state;
    const uint32_t start = tfr_order_begin(&known->order);
    const uint32_t arn = tfr_order_follow(&known->order, start, name(known, "arn"));

    (void)tfr_order_follow(&known->order, start, name(known, "id"));
    assert_int_equal(tfr_order_find(&known->order, start, "arn\":1", 6), arn);
    assert_int_equal(tfr_order_find(&known->order, start, "arn_suffix\":1", 13), 0);
}

static void a_text_that_ends_in_the_middle_of_a_name_does_not_fit(void **state)
{
    struct known *known = *state;
    const uint32_t start = tfr_order_begin(&known->order);
    const uint32_t arn = tfr_order_follow(&known->order, start, name(known, "arn"));

    assert_true(tfr_order_fits(&known->order.nodes[arn], "arn\"", 4));
    assert_false(tfr_order_fits(&known->order.nodes[arn], "arn\"", 3));
}

static void a_name_and_its_colon_are_compared_in_one_go(void **state)
{
    static const char text[] = "arn\":\"and thirty-two bytes and more behind it\"";
    struct known *known = *state;
    const uint32_t start = tfr_order_begin(&known->order);
    const uint32_t arn = tfr_order_follow(&known->order, start, name(known, "arn"));
    const uint32_t arm = tfr_order_follow(&known->order, start, name(known, "arm"));
    const uint32_t long_name = tfr_order_follow(
        &known->order, start, name(known, "a_name_of_more_bytes_than_are_compared_at_once"));

    assert_int_equal(tfr_order_passes(&known->order.nodes[arn], text, sizeof text), 5);
    assert_int_equal(tfr_order_passes(&known->order.nodes[arm], text, sizeof text), 0);
    assert_int_equal(tfr_order_passes(&known->order.nodes[arn], text, 31), 0);
    assert_int_equal(tfr_order_passes(&known->order.nodes[long_name], text, sizeof text), 0);
}

static void a_name_that_stands_twice_is_not_known(void **state)
{
    struct known *known = *state;
    uint32_t at = tfr_order_begin(&known->order);

    at = tfr_order_follow(&known->order, at, name(known, "a"));
    at = tfr_order_follow(&known->order, at, name(known, "b"));
    assert_int_not_equal(at, 0);
    assert_int_equal(tfr_order_follow(&known->order, at, name(known, "a")), 0);
    assert_int_equal(tfr_order_follow(&known->order, 0, name(known, "c")), 0);
}

static void objects_under_different_names_are_learnt_apart(void **state)
{
    struct known *known = *state;
    const uint32_t start = tfr_order_begin(&known->order);
    const uint32_t tags = tfr_order_follow(&known->order, start, name(known, "tags"));
    const uint32_t root = tfr_order_follow(&known->order, start, name(known, "root"));
    const uint32_t inside = tfr_order_inside(&known->order, tags);

    assert_int_not_equal(inside, tfr_order_inside(&known->order, root));
    assert_int_equal(inside, tfr_order_inside(&known->order, tags));
    assert_int_equal(tfr_order_inside(&known->order, 0), 0);
}

static void it_stays_small_whatever_names_there_are(void **state)
{
    struct known *known = *state;

    for (int object = 0; object < 2000; object++) {
        uint32_t at = tfr_order_begin(&known->order);

        for (int i = 0; i < 100; i++) {
            char text[32];

            (void)snprintf(text, sizeof text, "%d.%d", object, i);
            at = tfr_order_follow(&known->order, at, name(known, text));
        }
    }
    assert_true(known->order.cap <= 8192);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_name_that_followed_last_is_the_likely_one, begin, end),
        cmocka_unit_test_setup_teardown(another_name_is_found_by_its_text, begin, end),
        cmocka_unit_test_setup_teardown(a_text_that_ends_in_the_middle_of_a_name_does_not_fit,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_name_and_its_colon_are_compared_in_one_go, begin, end),
        cmocka_unit_test_setup_teardown(a_name_that_stands_twice_is_not_known, begin, end),
        cmocka_unit_test_setup_teardown(objects_under_different_names_are_learnt_apart, begin, end),
        cmocka_unit_test_setup_teardown(it_stays_small_whatever_names_there_are, begin, end),
    };

    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}
