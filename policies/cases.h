/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of policies: from a small fragment in YAML to a document, and what is expected of it. */
#ifndef TFR_POLICIES_CASES_H
#define TFR_POLICIES_CASES_H

#include "policies/policies.h"
#include "policies/yaml.h"

/* case_document.c: writes the plan or state that a case describes as JSON text. */
bool tfr_case_document(const struct tfr_yaml_file *file, const struct tfr_yaml *one,
                       struct tfr_buf *out, struct tfr_error *err) TFR_CHECKED;
/* case_configuration.c: adds the member "configuration". @param arena for names */
void tfr_case_configuration(struct tfr_arena *arena, const struct tfr_yaml *one,
                            struct tfr_buf *out);
/* json_text.c: a value as JSON, for documents of cases only (never for output: it does not redact).
 */
void tfr_json_value(struct tfr_buf *out, const struct tfr_value *value);
void tfr_json_string(struct tfr_buf *out, const char *text, size_t len);
void tfr_json_add_text(struct tfr_buf *out, const char *text);
/* A key and its colon. */
void tfr_json_add_key(struct tfr_buf *out, const char *key);
/* A comma and a member, nothing if `node` is NULL. */
void tfr_json_add_member(struct tfr_buf *out, const char *key, const struct tfr_yaml *node);

#endif
