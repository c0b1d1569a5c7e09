/* SPDX-License-Identifier: Apache-2.0 */
/* Writes loaded policies and type lists as C: `static const` data that needs no start-up. */
#ifndef TFR_POLICIES_EMIT_H
#define TFR_POLICIES_EMIT_H

#include "policies/program.h"

#include <stdio.h>

void tfr_emit(FILE *out, const struct tfr_policies *policies,
              const struct tfr_type_list *const *lists, uint32_t list_count);

#endif
