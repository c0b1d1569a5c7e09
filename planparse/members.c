/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/members.h"

#include <string.h>

void tfr_members_name(struct tfr_names *names)
{
    static const char *const all[TFR_MEMBERS] = {
        [TFR_M_ADDRESS] = "address",
        [TFR_M_MODE] = "mode",
        [TFR_M_TYPE] = "type",
        [TFR_M_NAME] = "name",
        [TFR_M_INDEX] = "index",
        [TFR_M_PROVIDER_NAME] = "provider_name",
        [TFR_M_DEPOSED] = "deposed",
        [TFR_M_MODULE_ADDRESS] = "module_address",
        [TFR_M_CHANGE] = "change",
        [TFR_M_PREVIOUS_ADDRESS] = "previous_address",
        [TFR_M_ACTION_REASON] = "action_reason",
        [TFR_M_ACTIONS] = "actions",
        [TFR_M_BEFORE] = "before",
        [TFR_M_AFTER] = "after",
        [TFR_M_AFTER_UNKNOWN] = "after_unknown",
        [TFR_M_BEFORE_SENSITIVE] = "before_sensitive",
        [TFR_M_AFTER_SENSITIVE] = "after_sensitive",
        [TFR_M_REPLACE_PATHS] = "replace_paths",
        [TFR_M_IMPORTING] = "importing",
        [TFR_M_GENERATED_CONFIG] = "generated_config",
        [TFR_M_VALUES] = "values",
        [TFR_M_SENSITIVE_VALUES] = "sensitive_values",
        [TFR_M_DEPENDS_ON] = "depends_on",
        [TFR_M_TAINTED] = "tainted",
        [TFR_M_DEPOSED_KEY] = "deposed_key",
    };

    for (size_t i = 0; i < TFR_MEMBERS; i++)
        (void)tfr_names_get(names, all[i], strlen(all[i]));
}

void tfr_members_of(const struct tfr_value *object, struct tfr_members *out)
{
    for (size_t i = 0; i < TFR_MEMBERS; i++)
        out->at[i] = &tfr_absent;
    for (uint32_t i = 0; object->kind == TFR_OBJECT && i < object->count; i++) {
        const uint32_t id = tfr_member_name(object, i)->id;

        if (id < TFR_MEMBERS)
            out->at[id] = tfr_member_value(object, i);
    }
}
