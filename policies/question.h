/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a policy asks, without its id, its texts and its severity: policies that ask the same get
 * the same answers, so one of them is asked for all.
 */
#ifndef TFR_POLICIES_QUESTION_H
#define TFR_POLICIES_QUESTION_H

#include "policies/program.h"

/* Adds bytes that are equal for two programs if, and only if, they ask the same. */
void tfr_question_write(struct tfr_buf *out, const struct tfr_program *program);

#endif
