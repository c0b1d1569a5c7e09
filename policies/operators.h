/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operators of attribute conditions on one value, with the coercions of Checkov (which are
 * Python's). Who calls has already dealt with unknown values; a missing value is TFR_ABSENT or
 * TFR_NULL.
 */
#ifndef TFR_POLICIES_OPERATORS_H
#define TFR_POLICIES_OPERATORS_H

#include "policies/program.h"

/* Kleene's three values, and one more: Checkov would have raised an exception here. */
enum tfr_truth_value { TFR_NO, TFR_YES, TFR_MAYBE, TFR_BROKEN };

struct tfr_regex; /* compiled expressions, by text: regex.c */
struct tfr_regex *tfr_regex_new(void);
void tfr_regex_free(struct tfr_regex *cache);
/* Matches at the start of `text`. TFR_MAYBE: the limits of a match were reached. */
enum tfr_truth_value tfr_regex_match(struct tfr_regex *cache, const char *pattern, const char *text,
                                     size_t len);
/* The same anywhere in the text. */
enum tfr_truth_value tfr_regex_search(struct tfr_regex *cache, const char *pattern,
                                      const char *text, size_t len);
/* @return NULL if the expression is fine, else what is wrong with it (static text) */
const char *tfr_regex_check(const char *pattern);

/* The operator without its negation. "true" and "false" are booleans already: tfr_python_value().
 */
enum tfr_truth_value tfr_operator_apply(enum tfr_operator op, const struct tfr_value *value,
                                        const struct tfr_value *wanted, struct tfr_regex *regex);

/* cidr.c: is each network of `value` inside one of `wanted`? TFR_BROKEN: not a network. */
enum tfr_truth_value tfr_cidr_within(const struct tfr_value *value, const struct tfr_value *wanted);

/* ranges.c: does any number or range of `value` overlap with one of `wanted`? */
enum tfr_truth_value tfr_ranges_meet(const struct tfr_value *value, const struct tfr_value *wanted);

/* In the mode of Checkov a map that was no text holds where it stands as well: a file and lines.
 * checkov_view.c marks the others with `truth`. */
static inline bool tfr_value_is_placed(const struct tfr_value *value)
{
    return value->kind == TFR_OBJECT && !value->truth;
}

/* pytext.c: what Python says of JSON values. */
void tfr_python_str(struct tfr_buf *out, const struct tfr_value *value);
/* The same with members that every map has at its end, as they are written there; NULL: none. */
void tfr_python_str_of_maps(struct tfr_buf *out, const struct tfr_value *value, const char *places);
/* The same as a text: `room` is used where it must be made. Ends with `room` and `value`. */
const char *tfr_python_text(const struct tfr_value *value, struct tfr_buf *room, size_t *len);
bool tfr_python_float(const struct tfr_value *value, double *out) TFR_CHECKED;
/* int(): numbers lose their fraction, texts must be whole; none otherwise. */
struct tfr_whole {
    bool is;
    long long value;
};
struct tfr_whole tfr_python_int(const struct tfr_value *value);
struct tfr_whole tfr_python_int_text(const char *text, size_t len);
bool tfr_python_equal(const struct tfr_value *a, const struct tfr_value *b);
/* "true" and "false" in any case are booleans for Checkov. */
struct tfr_value tfr_python_value(const struct tfr_value *value);

#endif
