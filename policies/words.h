/* SPDX-License-Identifier: Apache-2.0 */
/* The words of policy files and what they mean. */
#ifndef TFR_POLICIES_WORDS_H
#define TFR_POLICIES_WORDS_H

#include "policies/program.h"

/* P0, P1, P2, info, none, or a word of Checkov. @return false if it is none */
bool tfr_severity_parse(const char *text, uint8_t *out) TFR_CHECKED;
/* A category of ours, or a word of Checkov; anything else counts as Security, as Checkov checks
 * nothing. */
enum tfr_category tfr_category_parse(const char *text);
/* An attribute operator (without jsonpath_). @return false if it is none */
bool tfr_operator_parse(const char *text, uint8_t *op, bool *negate) TFR_CHECKED;
bool tfr_graph_operator_parse(const char *text, uint8_t *out) TFR_CHECKED;
/* A word of `actions`: bits of enum tfr_change_word, 0 if it is none. */
uint16_t tfr_change_word_parse(const char *text);
bool tfr_direction_parse(const char *text, uint8_t *out) TFR_CHECKED;
bool tfr_objects_parse(const char *text, uint8_t *out) TFR_CHECKED;
bool tfr_field_parse(const char *text, uint8_t *out) TFR_CHECKED;
bool tfr_condition_kind_parse(const char *text, uint8_t *out) TFR_CHECKED;
/* The nearest operator, for hints; or NULL. */
const char *tfr_operator_nearest(const char *text);
const char *tfr_operator_name(enum tfr_operator op, bool negate);

#endif
