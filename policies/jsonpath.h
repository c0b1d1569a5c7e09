/* SPDX-License-Identifier: Apache-2.0 */
/* The path language of operators that begin with jsonpath_: the dialect that Checkov uses. */
#ifndef TFR_POLICIES_JSONPATH_H
#define TFR_POLICIES_JSONPATH_H

#include "planparse/planparse.h"

#define TFR_JSONPATH_STEPS 32
#define TFR_JSONPATH_TESTS 8 /* comparisons in one filter */

enum tfr_jsonpath_kind {
    TFR_JSONPATH_NAME,  /* .name */
    TFR_JSONPATH_DEEP,  /* ..name */
    TFR_JSONPATH_ALL,   /* [*] */
    TFR_JSONPATH_SLICE, /* [n] and [a:b] */
    TFR_JSONPATH_FILTER /* [?(@.a == b & @.c)], [?(@.a == b | @.c)] */
};

struct tfr_jsonpath_test {
    const char *path; /* behind @. ; names with dots between */
    char op[3];       /* "", "=", "!=", "<", "<=", ">", ">=", "=~" */
    const char *wanted;
    bool number;   /* a whole number, or a boolean, which is one for Python */
    bool fraction; /* a number with a dot */
};

struct tfr_jsonpath_step {
    enum tfr_jsonpath_kind kind;
    const char *name; /* "*": every member */
    long from, to;    /* of a slice; to LONG_MAX: to the end */
    bool index;       /* of a slice: [n], the item at `from` alone */
    bool either;      /* of a filter: `|` stands between the tests, not `&` */
    struct tfr_jsonpath_test tests[TFR_JSONPATH_TESTS];
    uint32_t test_count;
};

struct tfr_jsonpath {
    struct tfr_jsonpath_step steps[TFR_JSONPATH_STEPS];
    uint32_t step_count;
    bool foreign; /* it has a name that Checkov wants in quotes: there the path raises */
};

/* @return false if the text is no path of the dialect; names are copied into the arena */
bool tfr_jsonpath_parse(struct tfr_arena *arena, const char *text,
                        struct tfr_jsonpath *out) TFR_CHECKED;

#endif
