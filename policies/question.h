/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a policy asks and says, without its id, its title and its severities: of policies that ask
 * and say the same, and weigh it the same, one speaks for all.
 */
#ifndef TFR_POLICIES_QUESTION_H
#define TFR_POLICIES_QUESTION_H

#include "policies/program.h"

/* Adds bytes that are equal for two programs if, and only if, they ask and say the same. */
void tfr_question_write(struct tfr_buf *out, const struct tfr_program *program);

#endif
