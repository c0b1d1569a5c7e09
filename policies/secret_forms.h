/* SPDX-License-Identifier: Apache-2.0 */
/* What secrets look like. Asked of values, of which none leaves: the answers are texts of ours. */
#ifndef TFR_POLICIES_SECRET_FORMS_H
#define TFR_POLICIES_SECRET_FORMS_H

#include "policies/policies.h"

/* A text that holds what can be nothing but a secret: "an AWS access key", "a private key" ...;
 * NULL: it holds none. What manuals use as an example is none. */
const char *tfr_secret_form(const struct tfr_value *value);
/* An access key or a private key of any kind, wherever it stands in a text. */
bool tfr_secret_is_key(const struct tfr_value *value);
/* An address with a password in it: scheme://user:password@host, of another machine, or a
 * connection string with server and password. */
bool tfr_secret_in_address(const struct tfr_value *value);
/* What people write where the real one is put later, by hand. */
bool tfr_secret_is_placeholder(const struct tfr_value *value);

#endif
