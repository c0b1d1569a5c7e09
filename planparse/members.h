/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_MEMBERS_H
#define TFR_PLANPARSE_MEMBERS_H

#include "planparse/planparse.h"

/**
 * The members that are looked for in every object of a list. Their names are the first of a
 * document's table, so the number of a name says at once which of them it is: one walk over an
 * object finds them all.
 */
enum tfr_member_id {
    /* of an object, wherever it is listed */
    TFR_M_ADDRESS,
    TFR_M_MODE,
    TFR_M_TYPE,
    TFR_M_NAME,
    TFR_M_INDEX,
    TFR_M_PROVIDER_NAME,
    TFR_M_DEPOSED,
    TFR_M_MODULE_ADDRESS,
    /* of resource_changes */
    TFR_M_CHANGE,
    TFR_M_PREVIOUS_ADDRESS,
    TFR_M_ACTION_REASON,
    /* of change */
    TFR_M_ACTIONS,
    TFR_M_BEFORE,
    TFR_M_AFTER,
    TFR_M_AFTER_UNKNOWN,
    TFR_M_BEFORE_SENSITIVE,
    TFR_M_AFTER_SENSITIVE,
    TFR_M_REPLACE_PATHS,
    TFR_M_IMPORTING,
    TFR_M_GENERATED_CONFIG,
    /* of states */
    TFR_M_VALUES,
    TFR_M_SENSITIVE_VALUES,
    TFR_M_DEPENDS_ON,
    TFR_M_TAINTED,
    TFR_M_DEPOSED_KEY,
    TFR_MEMBERS,
};

/** What an object says under each name; tfr_absent where it says nothing, never NULL. */
struct tfr_members {
    const struct tfr_value *at[TFR_MEMBERS];
};

/** Makes the names the first of an empty table. */
void tfr_members_name(struct tfr_names *names);
/** Members of an object of that document; of anything else all are absent. */
void tfr_members_of(const struct tfr_value *object, struct tfr_members *out);

#endif
