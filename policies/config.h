/* SPDX-License-Identifier: Apache-2.0 */
/* What evaluation asks of a configuration. All of it answers for NULL: there is none. */
#ifndef TFR_POLICIES_CONFIG_H
#define TFR_POLICIES_CONFIG_H

#include "policies/policies.h"
#include "policies/profile.h"
#include "policies/program.h"

/* What a reviewer knows, or NULL: nobody said so. */
const struct tfr_profile *tfr_config_profile(const struct tfr_config *config);
/* The same to fill, for cases. */
struct tfr_profile *tfr_config_own_profile(struct tfr_config *config);
/* The user's row of a type in the list "stateful", or NULL. */
const struct tfr_type_row *tfr_config_stateful(const struct tfr_config *config, const char *type);
/* All of them, sorted by type. */
const struct tfr_type_row *tfr_config_stateful_rows(const struct tfr_config *config,
                                                    uint32_t *count);
/* The row of a type in a list; for "stateful" the user's row goes before. */
const struct tfr_type_row *tfr_config_type_row(const struct tfr_config *config,
                                               const struct tfr_type_list *list, const char *type);
/* True if the text, as a whole and in any case, is an environment's name of the user. */
bool tfr_config_names(const struct tfr_config *config, const char *text, size_t len,
                      enum tfr_environment *out);

#endif
