/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MOST 400

struct known {
    struct tfr_arena arena;
    struct tfr_names *names;
    const struct tfr_sym *at[MOST];
};

static const struct tfr_sym *name_of(struct known *known, uint32_t number)
{
    char text[32];
    const int len = snprintf(text, sizeof text, "%s_%u", number % 3 == 0 ? "subnet" : "id", number);

    return tfr_names_get(known->names, text, (size_t)len);
}

static int begin(void **state)
{
    struct known *known = tfr_calloc(1, sizeof *known);

    known->names = tfr_names_new(&known->arena);
    for (uint32_t i = 0; i < MOST; i++)
        known->at[i] = name_of(known, i);
    *state = known;
    return 0;
}

static int end(void **state)
{
    struct known *known = *state;

    tfr_names_free(known->names);
    tfr_arena_free(&known->arena);
    tfr_free(known);
    return 0;
}

static uint32_t find(const struct tfr_layout *layout, const char *text, size_t len)
{
    return tfr_layout_find(layout, text, len, tfr_layout_hash(text, len));
}

/* Few names, names with an index, and more than the index can hold. */
static const uint32_t counts[] = { 0, 1, 5, 6, 7, 20, 128, 254, 255, MOST - 1 };

static void every_name_is_found_where_it_stands(void **state)
{
    struct known *known = *state;

    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        const struct tfr_layout *layout = tfr_names_layout(known->names, known->at, counts[k]);

        for (uint32_t i = 0; i < counts[k]; i++) {
            assert_int_equal(find(layout, known->at[i]->text, known->at[i]->len), i);
            assert_int_equal(tfr_layout_place(layout, known->at[i]), i);
        }
    }
}

static void another_name_is_not_found(void **state)
{
    struct known *known = *state;

    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        const struct tfr_layout *layout = tfr_names_layout(known->names, known->at, counts[k]);

        assert_int_equal(find(layout, "", 0), counts[k]);
        assert_int_equal(find(layout, "subnet_", 7), counts[k]);
        for (uint32_t i = counts[k]; i < MOST; i++) {
            assert_int_equal(find(layout, known->at[i]->text, known->at[i]->len), counts[k]);
            assert_int_equal(tfr_layout_place(layout, known->at[i]), counts[k]);
        }
    }
}

static void names_with_a_nul_and_without_letters_are_found(void **state)
{
    struct known *known = *state;
    const struct tfr_sym *names[8] = { tfr_names_get(known->names, "", 0),
                                       tfr_names_get(known->names, "a\0b", 3),
                                       tfr_names_get(known->names, "a\0c", 3) };
    const struct tfr_layout *layout;

    memcpy(names + 3, known->at, 5 * sizeof names[0]);
    layout = tfr_names_layout(known->names, names, 8);
    assert_int_equal(find(layout, "", 0), 0);
    assert_int_equal(find(layout, "a\0b", 3), 1);
    assert_int_equal(find(layout, "a\0c", 3), 2);
    assert_int_equal(find(layout, "a\0d", 3), 8);
}

static void a_layout_exists_once(void **state)
{
    struct known *known = *state;
    const struct tfr_layout *layouts[MOST];

    for (uint32_t i = 0; i < MOST; i++)
        layouts[i] = tfr_names_layout(known->names, known->at + i, 1 + i % 2 * (i < MOST - 1));
    for (uint32_t i = 0; i < MOST; i++)
        assert_ptr_equal(tfr_names_layout(known->names, known->at + i, 1 + i % 2 * (i < MOST - 1)),
                         layouts[i]);
}

static void another_order_is_another_layout(void **state)
{
    struct known *known = *state;
    const struct tfr_sym *const turned[] = { known->at[1], known->at[0] };

    assert_ptr_not_equal(tfr_names_layout(known->names, known->at, 2),
                         tfr_names_layout(known->names, turned, 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_name_is_found_where_it_stands, begin, end),
        cmocka_unit_test_setup_teardown(another_name_is_not_found, begin, end),
        cmocka_unit_test_setup_teardown(names_with_a_nul_and_without_letters_are_found, begin, end),
        cmocka_unit_test_setup_teardown(a_layout_exists_once, begin, end),
        cmocka_unit_test_setup_teardown(another_order_is_another_layout, begin, end),
    };

    return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
