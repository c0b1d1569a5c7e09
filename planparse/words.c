/* SPDX-License-Identifier: Apache-2.0 */
/* The words of this folder, as reports write them. */
#include "planparse/planparse.h"

const char *tfr_document_kind_name(enum tfr_document_kind kind)
{
    switch (kind) {
    case TFR_PLAN:
        return "plan";
    case TFR_STATE:
        return "state";
    case TFR_RAW_STATE:
        return "raw-state";
    case TFR_BINARY_PLAN:
        return "binary-plan";
    }
    return "unknown";
}

const char *tfr_product_name(enum tfr_product product)
{
    switch (product) {
    case TFR_TERRAFORM:
        return "terraform";
    case TFR_OPENTOFU:
        return "opentofu";
    default:
        return "unknown";
    }
}

const char *tfr_action_name(enum tfr_action action)
{
    static const char *const names[] = {
        [TFR_ACTION_NONE] = "none",
        [TFR_ACTION_NO_OP] = "no-op",
        [TFR_ACTION_CREATE] = "create",
        [TFR_ACTION_READ] = "read",
        [TFR_ACTION_UPDATE] = "update",
        [TFR_ACTION_DELETE] = "delete",
        [TFR_ACTION_DELETE_CREATE] = "replace",
        [TFR_ACTION_CREATE_DELETE] = "replace",
        [TFR_ACTION_FORGET] = "forget",
        [TFR_ACTION_CREATE_FORGET] = "forget",
        [TFR_ACTION_OTHER] = "other",
    };

    return names[action];
}
